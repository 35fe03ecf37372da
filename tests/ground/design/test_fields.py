"""A field says what it is, what is wrong with it, and keeps what was typed."""

import re

import pytest
from django import forms
from django.template import Context, Template


class BaselineForm(forms.Form):
    """One field of each kind."""

    weight = forms.DecimalField(label="Weight", help_text="Measured today.")
    heart_rate = forms.IntegerField(label="Heart rate", min_value=20, max_value=250)
    sleep = forms.ChoiceField(
        label="Trouble sleeping",
        widget=forms.RadioSelect,
        required=False,
        help_text="Over two weeks.",
        choices=[("0", "Not at all"), ("1", "Several days")],
    )
    read = forms.BooleanField(label="I have read this.")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def shown(source: str, form: forms.Form) -> str:
    """Render one tag with a form."""
    return Template(source).render(Context({"form": form}))


def test_control_keeps_what_its_widget_is_described_by() -> None:
    form = BaselineForm({"weight": "700x"})
    form.fields["weight"].widget.attrs["aria-describedby"] = "how-to-weigh"

    assert 'aria-describedby="how-to-weigh id_weight_helptext id_weight_error"' in shown(
        "{% field form.weight %}", form
    )
    tag = "{% field form.heart_rate aria_describedby='beside' unit='beats/min' %}"
    assert 'aria-describedby="beside id_heart_rate_unit"' in shown(tag, BaselineForm())


def test_control_is_described_by_hint_unit_and_error() -> None:
    html = shown('{% field form.weight unit="kg" %}', BaselineForm({"weight": "700x"}))

    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert described[1].split() == ["id_weight_helptext", "id_weight_unit", "id_weight_error"]
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html
    assert '<label class="field-label" for="id_weight">' in html


def test_number_that_is_none_is_shown_as_it_was_typed() -> None:
    html = shown("{% field form.weight %}", BaselineForm({"weight": "7O kilo"}))

    assert 'value="7O kilo"' in html
    assert 'type="text"' in html
    assert 'type="number"' not in html
    assert 'inputmode="decimal"' in html


def test_whole_number_brings_the_number_pad_and_its_limits() -> None:
    html = shown("{% field form.heart_rate %}", BaselineForm())

    assert 'inputmode="numeric"' in html
    assert 'data-min="20"' in html
    assert 'data-max="250"' in html
    assert " min=" not in html


def test_field_without_error_is_not_marked() -> None:
    html = shown("{% field form.weight %}", BaselineForm())

    assert "aria-invalid" not in html
    assert "field-error" not in html


def test_typed_script_is_shown_as_text() -> None:
    html = shown("{% field form.note %}", BaselineForm({"note": "</textarea><script>alert(1)</script>"}))

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_radios_become_rows_with_a_legend() -> None:
    html = shown("{% field form.sleep %}", BaselineForm({"sleep": "1"}))

    assert html.count('<label class="choice"') == 2
    assert re.search(r"<legend[^>]*>Trouble sleeping", html)
    assert re.search(r'value="1"[^>]*checked', html)
    assert 'aria-describedby="id_sleep_helptext"' in html


def test_choice_that_does_not_exist_is_refused_beside_the_rows() -> None:
    html = shown("{% field form.sleep %}", BaselineForm({"sleep": "9"}))

    assert 'id="id_sleep_error"' in html
    assert 'aria-describedby="id_sleep_helptext id_sleep_error"' in html


@pytest.mark.parametrize(("name", "optional"), [("sleep", True), ("note", True), ("weight", False), ("read", False)])
def test_optional_field_says_so(name: str, optional: bool) -> None:
    assert ("optional" in shown(f"{{% field form.{name} %}}", BaselineForm())) is optional


def test_hidden_field_is_refused() -> None:
    with pytest.raises(ValueError, match="secret is hidden"):
        shown("{% field form.secret %}", BaselineForm())


def test_attributes_of_the_page_reach_the_control() -> None:
    assert 'autocomplete="off"' in shown('{% field form.note autocomplete="off" %}', BaselineForm())


def test_stepper_names_its_buttons() -> None:
    html = shown("{% stepper form.heart_rate step=5 %}", BaselineForm({"heart_rate": "72"}))

    assert 'data-stepper="5"' in html
    assert "Heart rate lower" in html
    assert "Heart rate higher" in html
    assert 'value="72"' in html


def test_refused_form_lists_what_is_wrong_and_where() -> None:
    form = BaselineForm({"weight": "x", "read": "on", "heart_rate": "72"})
    form.add_error(None, "The day is over.")
    html = shown("{% errors form %}", form)

    assert 'role="alert"' in html
    assert '<a href="#id_weight">Weight</a>' in html
    assert "The day is over." in html
    assert "id_heart_rate" not in html


def test_error_in_a_group_of_rows_leads_to_its_first_row() -> None:
    html = shown("{% errors form %}{% field form.sleep %}", BaselineForm({"sleep": "9"}))
    target = re.search(r'<a href="#([^"]+)">Trouble sleeping', html)

    assert target
    assert f'id="{target[1]}"' in html


def test_form_that_was_not_sent_lists_nothing() -> None:
    assert shown("{% errors form %}", BaselineForm()).strip() == ""
