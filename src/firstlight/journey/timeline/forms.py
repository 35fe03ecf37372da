from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.ground.people.forms.care import DateField
from firstlight.journey.timeline.life import life


class EventForm(forms.Form):
    """An event in a life: what, when, in which words, and whether the other side reads it."""

    kind = forms.ChoiceField(label=_("What happened"))
    on_date = DateField(label=_("When"))
    words = forms.CharField(label=_("In a few words"), max_length=life().most_letters, required=False)
    shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, silent: bool, shared: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.key, text(kind.label)) for kind in life().offered(silent=silent)]
        self.fields["kind"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]  # a ChoiceField, as declared above
        self.fields["shared"].label = shared
