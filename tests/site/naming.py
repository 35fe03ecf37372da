"""Where a form, a query or a body can name a record: found in the forms and in the source, so that a new one is met."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

from django import forms

import firstlight
from tests.architecture.source import modules

BAGS = {"POST", "GET"}
LOOKS = {"get", "getlist", "pop"}


def open_fields() -> dict[str, forms.Field]:
    """Return every form field whose possible values are not written down: filled at run time, hidden, or an id by type."""
    found = [(form, name, field) for form in all_forms() for name, field in form.base_fields.items()]
    return {name_of(form, name): field for form, name, field in found if is_open(field)}


def name_of(form: type[forms.BaseForm], field: str) -> str:
    """Return a field's name with its form and where that stands."""
    return f"{form.__module__.removeprefix('firstlight.')}.{form.__name__}.{field}"


def is_open(field: forms.Field) -> bool:
    """Tell whether a field may hold an id, as far as its class says."""
    if isinstance(field, forms.UUIDField | forms.ModelChoiceField):
        return True
    if isinstance(field, forms.ChoiceField):
        return not list(field.choices)  # type: ignore[arg-type]  # the stubs allow what has no length
    return isinstance(field.widget, forms.HiddenInput)


def all_forms() -> list[type[forms.Form]]:
    """Return every form class of the product."""
    for found in walk_packages(firstlight.__path__, "firstlight."):
        if ".forms" in found.name:
            import_module(found.name)
    return sorted(_below(forms.Form), key=lambda one: (one.__module__, one.__name__))


def _below(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for one in form.__subclasses__():
        if one.__module__.startswith("firstlight."):
            yield one
        yield from _below(one)


def read_by_name() -> set[str]:
    """Return what the code takes out of `request.POST` and `request.GET` by name, past every form."""
    return {name for _path, node in _nodes() for name in _names(node)}


def handed_on_whole() -> set[str]:
    """Return who is given `request.POST` or `request.GET` as a whole and is no form."""
    calls = [node for _path, node in _nodes() if isinstance(node, ast.Call)]
    found = {ast.unparse(node.func) for node in calls if any(_is_bag(one) for one in _given(node))}
    return {name for name in found if not name.endswith(("Form", "FormSet"))}


def reads_bodies() -> set[str]:
    """Return where the code reads a body that is no form."""
    named = [(path, node) for path, node in _nodes() if isinstance(node, ast.Attribute) and node.attr == "body"]
    return {path for path, node in named if _is_request(node.value)}


@cache
def _nodes() -> list[tuple[str, ast.AST]]:
    """Return what the modules that are asked something are written of."""
    asked = [(path, text) for path, text in modules() if "request" in text]
    return [(path, node) for path, text in asked for node in ast.walk(ast.parse(text))]


def _given(call: ast.Call) -> list[ast.expr]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return given + [part for one in given if isinstance(one, ast.BoolOp | ast.IfExp) for part in ast.iter_child_nodes(one)
                    if isinstance(part, ast.expr)]  # fmt: skip


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and _is_bag(node.value):
        yield _written(node.slice)
    elif isinstance(node, ast.Compare) and any(_is_bag(one) for one in node.comparators):
        yield _written(node.left)
    elif isinstance(node, ast.Call) and _looks_up(node.func):
        yield _written(node.args[0])


def _looks_up(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in LOOKS and _is_bag(node.value)


def _written(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _is_bag(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in BAGS and _is_request(node.value)


def _is_request(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "request") or (
        isinstance(node, ast.Attribute) and node.attr == "request"
    )
