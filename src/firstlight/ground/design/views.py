"""The living page: every component and chart in light, dark and dim. It is routed from `conf`."""

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from firstlight.ground.design import samples
from firstlight.ground.design.charts import sparkline
from firstlight.ground.design.icons import ICONS, STATE_WORDS, STRENGTH_WORDS

THEMES = ("light", "dark", "dim")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As on the licence."))
    weight = forms.CharField(label=_("Weight"), help_text=_("Measured today."))
    heart_rate = forms.IntegerField(label=_("Heart rate"), min_value=20, max_value=250)
    feeding = forms.ChoiceField(label=_("Feeding"), choices=[("", _("not chosen")), ("breast", _("breast"))])
    sleep = forms.ChoiceField(
        label=_("Trouble sleeping"),
        widget=forms.RadioSelect,
        required=False,
        choices=[("0", _("Not at all")), ("1", _("Several days")), ("2", _("More than half the days"))],
    )
    read = forms.BooleanField(label=_("I have read this."))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean_weight(self) -> str:
        """Refuse what is no number, so that the page shows a refusal."""
        weight: str = self.cleaned_data["weight"]
        if not weight.isdecimal():
            raise forms.ValidationError(_("Write a weight such as 70 kg."))
        return weight


def living_page(request: HttpRequest) -> HttpResponse:
    """Show everything that a page can be built from."""
    now = samples.day(40.4)
    typed = {"name": "Ana Ruiz", "weight": "7OO", "heart_rate": "72", "feeding": "breast", "sleep": "1", "read": "on"}
    context = {
        "themes": [(theme, SampleForm(typed, auto_id=f"{theme}_%s")) for theme in THEMES],
        "icons": sorted(ICONS),
        "states": STATE_WORDS,
        "strengths": STRENGTH_WORDS,
        "charts": samples.charts(),
        "spark": sparkline("PHQ-9", samples.own_line().answers, low=0, high=27),
        "born": date(1994, 4, 17),
        "notices": {
            "emergency": _("Oxygen saturation 88 %. Below 90 %."),
            "act": _("Systolic 163 mmHg. Above 160 mmHg."),
            "warn": _("Heart rate 118 beats/min."),
        },
        "now": now,
        "soon": now + timedelta(minutes=12),
        "late": now - timedelta(minutes=7),
        "zone": samples.ZONE,
    }
    return render(request, "design/living.html", context)
