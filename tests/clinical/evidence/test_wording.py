"""Words by language, and one text made of several."""

from firstlight.clinical.evidence import joined, text


def test_joined_text_has_the_languages_that_all_parts_have() -> None:
    whole = joined({"en": "One.", "es": "Uno."}, {"en": "Two.", "es": "Dos.", "fr": "Deux."})

    assert whole == {"en": "One. Two.", "es": "Uno. Dos."}


def test_joined_text_with_an_untranslated_part_is_english() -> None:
    assert text(joined({"en": "One.", "es": "Uno."}, {"en": "Two."}), "es") == "One. Two."
