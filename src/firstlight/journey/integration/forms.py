from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.offered import RecordField


class NoteForm(forms.Form):
    """A shared note: what was agreed, and in which visit."""

    visit = RecordField(label=_("Visit"), required=False)
    text = forms.CharField(
        label=_("What you agreed on"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The team and the parent read this. What was said in confidence does not belong here."),
        strip=True,
    )

    def __init__(self, *args: object, visits: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as it came
        self.fields["visit"].choices = [("", "–"), *visits]  # type: ignore[attr-defined]  # a ChoiceField, as declared above
