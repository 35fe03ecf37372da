"""How a bound form field becomes label, hint, error and control, wired for screen readers."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

ROWS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True, slots=True)
class FieldParts:
    """What `design/_field.html` needs. `kind` is rows, tick, text or control; `unit` stands behind the control."""

    bound: BoundField
    kind: str
    control: SafeString
    hint_id: str
    error_id: str
    described_by: str
    unit: str
    width: str
    say_optional: bool = True

    @property
    def optional(self) -> bool:
        """Say so beside the label, because a star would not be read."""
        return self.say_optional and not self.bound.field.required and self.kind != "tick"


def kind_of(bound: BoundField) -> str:
    """Return how the control is laid out: rows of choices, a single tick, long text, or a plain control."""
    widget = bound.field.widget
    if isinstance(widget, ROWS):
        return "rows"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "text" if isinstance(widget, forms.Textarea) else "control"


def keep_typed(bound: BoundField) -> None:
    """Make a number box a text box with a number pad: a browser empties a number box that holds 7O instead of 70."""
    widget = bound.field.widget
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        whole = not isinstance(bound.field, forms.DecimalField | forms.FloatField)
        limits = {f"data-{name}": widget.attrs.pop(name) for name in ("min", "max") if name in widget.attrs}
        widget.attrs.pop("step", None)
        widget.attrs.update(limits, inputmode="numeric" if whole else "decimal", autocomplete="off")


def parts(
    bound: BoundField, *, unit: str = "", width: str = "", say_optional: bool = True, **attributes: Any
) -> FieldParts:
    """Split one bound field. Extra attributes go to the control, with `_` for `-`. Hidden fields raise ValueError.

    `say_optional=False`: the field may wait, but calling it optional would be wrong.
    """
    if bound.is_hidden:
        raise ValueError(f"The field {bound.name} is hidden: print it as it is.")
    hint_id = f"{bound.auto_id}_helptext" if bound.help_text else ""
    error_id = f"{bound.auto_id}_error" if bound.errors else ""
    unit_id = f"{bound.auto_id}_unit" if unit else ""
    attrs: dict[str, Any] = {name.replace("_", "-"): value for name, value in attributes.items()}
    own = attrs.get("aria-describedby") or bound.field.widget.attrs.get("aria-describedby", "")
    described_by = " ".join(part for part in (own, hint_id, unit_id, error_id) if part)
    if described_by:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
    keep_typed(bound)
    kind = kind_of(bound)
    control = SafeString("") if kind == "rows" else bound.as_widget(attrs=attrs)
    return FieldParts(bound, kind, control, hint_id, error_id, described_by, unit, width, say_optional)
