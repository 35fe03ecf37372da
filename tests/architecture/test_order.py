"""What import-linter cannot see: foreign keys given as strings, templates, addresses by name."""

import ast
import re
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.order import may_know, ranks
from tests.architecture.source import app_of, modules, templates

TAG = re.compile(r"{%-?\s*(extends|include|url)\s+(?P<what>[^\s%]+)")
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
ADDRESS_FUNCTIONS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
RENDER_FUNCTIONS = {"render", "render_to_string", "get_template"}


def upward_keys(found: Iterable[type[models.Model]]) -> Iterator[str]:
    """Name every relation whose target stands higher than its owner."""
    for model in found:
        owner = model._meta.app_label
        for field in model._meta.get_fields():
            remote = getattr(field, "remote_field", None)
            if remote is None or field.auto_created or remote.model == "self":
                continue
            target = remote.model if isinstance(remote.model, str) else remote.model._meta.label
            other = target.split(".")[0]
            if other in ranks() and not may_know(owner, other):
                yield f"{model._meta.label}.{field.name} points up to {target}"


def upward_tags(name: str, owner: str, text: str) -> Iterator[str]:
    """Name every extends, include and url of a template that reaches for a higher app, or cannot be read."""
    for tag in TAG.finditer(COMMENT.sub("", text)):
        what = tag["what"]
        if not what.startswith(("'", '"')):
            if owner != "design":  # the shells fill design's inclusion points from settings
                yield f"{name}: {tag[0]} is not a name that can be checked"
            continue
        other = re.split("[:/]", what.strip("\"'"))[0]
        if other not in ranks():
            yield f"{name}: {tag[0]} names no app"
        elif not may_know(owner, other):
            yield f"{name}: {tag[0]} reaches up from {owner}"


def upward_names(name: str, owner: str, text: str) -> Iterator[str]:
    """Name every address and template that a module asks for by a string and that stands higher."""
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call):
            continue
        called = getattr(call.func, "id", getattr(call.func, "attr", ""))
        separator = ":" if called in ADDRESS_FUNCTIONS else "/" if called in RENDER_FUNCTIONS else ""
        for argument in call.args[:2] if separator else []:
            if not isinstance(argument, ast.Constant) or separator not in str(argument.value):
                continue
            other = str(argument.value).split(separator)[0]
            if other in ranks() and not may_know(owner, other):
                yield f"{name}:{call.lineno}: {called}({argument.value!r}) reaches up from {owner}"


def test_foreign_keys_point_down() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in ranks()]

    assert list(upward_keys(ours)) == []
    assert ours


@isolate_apps("firstlight.ground.people", "firstlight.journey.dosing")
def test_foreign_key_that_points_up_is_found() -> None:
    class Visit(models.Model):
        session = models.ForeignKey("dosing.Session", on_delete=models.PROTECT)

        class Meta:
            app_label = "people"

    assert list(upward_keys([Visit])) == ["people.Visit.session points up to dosing.Session"]


def test_templates_reach_down() -> None:
    assert [line for name, owner, text in templates() for line in upward_tags(name, owner, text)] == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('{% extends "design/clinic.html" %}', False),
        ('{% extends "desk/home.html" %}', True),
        ('{% include "timeline/_chart.html" with small=1 %}', True),
        ("{% url 'people:sign_in' %}", False),
        ("{% url 'portal:home' %}", True),
        ('{% url "no_namespace" %}', True),
        ("{% include chosen %}", True),
        ('{# {% url "portal:home" %} #}', False),
    ],
)
def test_template_that_reaches_up_is_found(planted: str, found: bool) -> None:
    assert bool(list(upward_tags("planted.html", "worklist", planted))) == found


def test_modules_name_what_stands_lower() -> None:
    found = [line for name, text in modules() if app_of(name) for line in upward_names(name, app_of(name), text)]

    assert found == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('redirect("portal:home")', True),
        ('reverse("people:sign_in")', False),
        ('render(request, "timeline/chart.html", {})', True),
        ('render(request, "design/clinic.html", {})', False),
    ],
)
def test_module_that_names_what_stands_higher_is_found(planted: str, found: bool) -> None:
    assert bool(list(upward_names("planted.py", "worklist", planted))) == found


def test_template_lives_in_a_folder_of_its_own_app() -> None:
    assert [name for name, owner, _ in templates() if f"/templates/{owner}/" not in name] == []
