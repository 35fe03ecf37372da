"""Forms about the text of questionnaires."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instruments
from firstlight.doors.fhir.languages import MOST_LANGUAGE
from firstlight.doors.fhir.questionnaire import Binding
from firstlight.journey.screening.services.holding import HOLDER_LENGTH, PERMISSION_LENGTH

DOCUMENT_LENGTH = 300_000


class FileForm(forms.Form):
    """A Questionnaire as text, and what the file does not say itself."""

    document = forms.CharField(
        label=_("The file's text"),
        max_length=DOCUMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("A FHIR R4 Questionnaire in JSON. Choose the file above, or paste its text here."),
        error_messages={
            "required": _("Choose a file, or paste its text."),
            "max_length": _("This is too long for the page. Use the command “firstlight import instrument”."),
        },
        strip=False,
    )
    named = forms.ChoiceField(label=_("Which questionnaire it is"), required=False)
    language = forms.CharField(
        label=_("Language of the words"),
        max_length=MOST_LANGUAGE,
        required=False,
        help_text=_("As in en or de. Only if the file does not say."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted((text(one.title), one.name) for one in instruments().values())
        choices = [("", _("The file says so")), *((name, title) for title, name in known)]
        self.fields["named"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class PermissionForm(FileForm):
    """The same file, checked, and who allowed its use."""

    permission = forms.CharField(
        label=_("Who allowed the use, and when"),
        max_length=PERMISSION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("As in: letter of the Royal College of Psychiatrists, 3 March 2026."),
        error_messages={"required": _("Write who allowed it, and when. It stays with the text.")},
    )
    holder = forms.CharField(label=_("Whom it was allowed"), max_length=HOLDER_LENGTH)
    compared = forms.BooleanField(
        error_messages={"required": _("Compare these first: an answer to them calls for help.")},
    )

    def __init__(self, *args: Any, watched: Sequence[Binding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("document", "named", "language"):
            self.fields[name].widget = forms.HiddenInput()
        numbers = ", ".join(str(one.item.number) for one in watched)
        if watched:
            self.fields["compared"].label = ngettext(
                "I compared item %(numbers)s word by word with the printed form: an answer to it calls for help.",
                "I compared items %(numbers)s word by word with the printed form: an answer to them calls for help.",
                len(watched),
            ) % {"numbers": numbers}
        else:
            del self.fields["compared"]
