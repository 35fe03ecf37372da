"""Pages for the browser: each shell with what is hardest on it. Only tests route them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from firstlight.ground.design import samples, views
from firstlight.ground.design.charts import parent_line, session_trend
from firstlight.ground.design.navigation import Link, Shell
from firstlight.ground.people.policies import anyone

TABS = (
    "Overview",
    "Timeline",
    "Answers",
    "Safety",
    "Response",
    "Baseline",
    "Assessment",
    "Consent",
    "Plan",
    "Documents",
)
SHELL = Shell(
    home_url="/me/first/",
    exit_url="/left/",
    help_url="/me/help/",
    sign_out_url="/me/out/",
    items=(
        Link("Your page", "/me/first/", "home", current=True),
        Link("Messages", "/me/messages/", "message", count=2),
    ),
    person="Nora Wells",
    place="Harbour Clinic",
    record_links=lambda record_id: tuple(Link(tab, "#", current=tab == "Assessment") for tab in TABS),
)
PARENT = """{% extends "design/parent.html" %}
{% block horizon %}<p class="eyebrow">Sunday evening</p><h1>Lower than when you began.</h1><p>19 before the first dose.</p>
{% horizon 7 31 %}{% endblock %}
{% block content %}{% figure line bare=True %}
<form method="post" id="answers" class="things">{% once %}{% errors form %}
{% field form.weight unit="kg" width="short" %}{% field form.sleep %}
{% stepper form.rate step=5 %}</form>{% endblock %}
{% block action %}<button class="button main" form="answers" data-saving="Saving"><span>Save</span></button>
<a class="button" href="/me/first/">Stop here</a>{% endblock %}"""
CLINIC = """{% extends "design/clinic.html" %}
{% block identity %}{% include "design/_identity.html" with initials="AR" name="Ana Ruiz" age=32 %}{% endblock %}
{% block tabs %}{% record_tabs 1 as tabs %}{% include "design/_tabs.html" %}{% endblock %}
{% block horizon %}<h1>Assessment</h1>{% endblock %}
{% block content %}<section><h2>Rules</h2>{% include "design/_table.html" with table=line.table %}</section>
<section><h2>Baseline</h2><form method="post">{% errors form %}
<div class="field-row">{% field form.weight unit="kg" %}{% field form.rate %}</div>
{% field form.sleep %}</form></section>{% endblock %}
{% block aside %}<h2>Who decides</h2><p>{% state "ok" "In plan" %} {% due_time soon %} {% elapsed late %}</p>{% endblock %}
{% block action %}<button class="button">Put off</button><button class="button main">Sign</button>
<a class="button" href="#">Ask somebody else</a><a class="button" href="#">Leave it as it is</a>{% endblock %}"""
SESSION = """{% extends "design/session.html" %}
{% block identity %}{% include "design/_identity.html" with initials="AR" name="Ana Ruiz" age=32 %}{% endblock %}
{% block session_state %}{% state "ok" "Connected" %}{% endblock %}
{% block horizon %}<h1 class="quiet-text">Session</h1>{% endblock %}
{% block content %}<div class="readings">
{% for label, unit, value, kind, words in readings %}{% include "design/_reading.html" with age="2 min ago" %}{% endfor %}
</div>{% include "design/_notice.html" with level="emergency" text="Oxygen saturation 88." %}
{% include "design/_notice.html" with level="act" text="Systolic 163 mmHg." %}
<form method="post">{% stepper form.rate step=5 unit="beats/min" %}</form>{% figure trend %}{% endblock %}
{% block action %}<button class="button main">Save all</button><button class="button">Pause</button>{% endblock %}"""


class SampleForm(forms.Form):
    """Three kinds of fields."""

    weight = forms.DecimalField(label="Weight", help_text="Measured today.")
    rate = forms.IntegerField(label="Heart rate", min_value=20, max_value=250)
    sleep = forms.ChoiceField(
        label="Trouble sleeping", widget=forms.RadioSelect, choices=[("0", "Not at all"), ("1", "Several days")]
    )


def context_of(request: HttpRequest) -> dict[str, Any]:
    """Return what the pages show; `?refused` for a form that was."""
    now = request.now  # type: ignore[attr-defined]  # our requests carry the moment
    typed = {"weight": "7OO", "rate": "248"}
    return {
        "shell": SHELL,
        "form": SampleForm(typed) if "refused" in request.GET else SampleForm(initial={"rate": 72}),
        "line": parent_line(samples.own_line()),
        "trend": session_trend(samples.session()),
        "readings": (
            ("Blood pressure", "mmHg", "163/98", "look", "Above plan"),
            ("Heart rate", "beats/min", "88", "ok", "In plan"),
            ("Oxygen saturation", "%", "97", "due", "Due"),
        ),
        "soon": now + timedelta(minutes=12),
        "late": now - timedelta(minutes=7),
    }


def page(source: str) -> Any:
    """Return a view of one page; a POST is answered slowly enough to be sent twice."""

    @anyone("a page of the tests")
    def show(request: HttpRequest) -> HttpResponse:
        posted.append(request.path) if request.method == "POST" else None
        context = Context({"request": request, **context_of(request)})
        return HttpResponse(Template(source).render(context))

    return show


@anyone("a page of the tests")
def living(request: HttpRequest) -> HttpResponse:
    """Show the living page."""
    return views.living_page(request)


@anyone("a page of the tests")
def left(request: HttpRequest) -> HttpResponse:
    """Stand for the neutral site."""
    return HttpResponse("<title>Weather</title><p>Weather</p>")


posted: list[str] = []
urlpatterns = [
    path("me/first/", page('{% extends "design/parent.html" %}{% block horizon %}<h1>Start</h1>{% endblock %}')),
    path("me/page/", page(PARENT)),
    path("clinic/page/", page(CLINIC)),
    path("clinic/bare/", page('{% extends "design/clinic.html" %}{% block horizon %}<h1>Audit</h1>{% endblock %}')),
    path("clinic/session/", page(SESSION)),
    path("living/", living),
    path("left/", left),
]
