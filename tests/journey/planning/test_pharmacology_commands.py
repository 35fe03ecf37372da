"""`firstlight models`, `simulate` and `milk`: one document each, status 2 for bad input, no database opened."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

IV = ("--model", "otto2021", "--route", "iv", "--dose-mg", "35", "--duration-min", "40", "--weight-kg", "70")
MUSCLE = ("--model", "clements1981", "--route", "im", "--dose-mg", "35", "--weight-kg", "70")


def told(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def document(command: str, *options: str) -> Any:
    return json.loads(told(command, *options, "--json"))


def test_models_are_listed_with_what_they_are() -> None:
    listed = {model["name"]: model for model in document("models")}

    assert list(listed) == ["otto2021", "simons2022", "perezruixo2021", "domino1984", "clements1981", "kamp2020"]
    otto = listed["otto2021"]
    assert (otto["route"], otto["isomer"], otto["site"]) == (["iv"], "s", "venous")
    assert otto["analytes"] == ["ketamine", "s_ketamine", "norketamine"]
    assert otto["doi"] == "10.1007/s00228-021-03104-1"
    assert listed["kamp2020"]["tag"].startswith("second-hand")
    assert listed["domino1984"]["site"] == "unknown"
    assert "otto2021" in told("models")


def test_one_model_is_printed_with_its_tables_and_what_its_paper_leaves_blank() -> None:
    simons, domino = document("models", "simons2022"), document("models", "domino1984")

    assert {"symbols": ["VK1"], "of": "between people", "scale": "log", "lower": [[0.057]]} in simons["omega"]
    assert [(one["analyte"], one["kind"], one["sd"], one["unit"]) for one in simons["sigma"]][1:3] == [
        ("norketamine", "proportional", 0.102, ""),
        ("norketamine", "additive", 0.058, "nmol/mL"),
    ]
    assert simons["not_published"] == []
    assert domino["not_published"] == ["omega", "sigma"]
    words = told("models", "perezruixo2021")
    assert "s_ketamine   log           0.276 (that of phase I and II)" in words
    assert "Not published in what was read: omega of kmet" in words
    assert "Assumed: variability of kmet 0 (0–30) %" in words
    assert "CL           0.026048    0.02261" in told("models", "otto2021")
    with pytest.raises(CommandError, match="models are otto2021") as refusal:
        told("models", "otto")
    assert refusal.value.returncode == 2


def test_model_tells_its_covariates_its_people_and_where_to_read_it() -> None:
    ranges = {
        one["name"]: (one["low"], one["high"], one["unit"]) for one in document("models", "simons2022")["covariates"]
    }
    groups = {one["name"]: one["groups"] for one in document("models", "perezruixo2021")["covariates"]}

    assert ranges == {"weight": (53, 93, "kg"), "age": (19, 32, "years")}
    assert groups["ancestry"] == ["japanese", "other_asian", "other"]
    words = told("models", "otto2021")
    assert "48 adults, mean weights of the groups 68 to 71 kg" in words
    assert "doi 10.1007/s00228-021-03104-1 [found in one citable source]" in words
    assert "Covariate: weight: 68 to 71 kg." in words
    assert "https://pubmed.ncbi.nlm.nih.gov/6488686/" in told("models", "domino1984")
    assert "Covariate: weight: published range unknown here." in told("models", "domino1984")


def test_variability_that_a_paper_leaves_blank_can_be_chosen_and_stands_in_the_output() -> None:
    spray = (
        "--model",
        "perezruixo2021",
        "--route",
        "intranasal",
        "--dose-mg",
        "28",
        "--weight-kg",
        "70",
        "--at-min",
        "40",
    )
    chosen = document("simulate", *spray, "--n", "50", "--cv-percent", "kmet=30")

    named = {one["name"]: one for one in chosen["assumptions"]}["variability of kmet"]
    assert (named["value"], named["low"], named["high"], named["unit"]) == (30.0, 0.0, 30.0, "%")
    with pytest.raises(CommandError, match="give percent, 0 to 30") as refusal:
        told("simulate", *spray, "--cv-percent", "kmet=31")
    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="such as kmet=30"):
        told("simulate", *spray, "--cv-percent", "kmet")


def test_simulation_prints_one_document_with_the_typical_person() -> None:
    printed = document("simulate", *IV, "--at-min", "10,40,80")

    ketamine = printed["analytes"]["ketamine"]
    assert set(printed) == {"model", "analytes", "sources", "assumptions"}
    assert set(printed["analytes"]) == {"ketamine", "s_ketamine", "norketamine"}
    assert (ketamine["site"], ketamine["isomer"], ketamine["unit"]) == ("venous", "s", "ng/mL")
    assert ketamine["at_min"] == [10, 40, 80]
    # 158 ng/mL at the end of 0.5 mg/kg over 40 min (reference, section 0)
    assert ketamine["value"][1] == pytest.approx(158, abs=0.5)
    assert "p50" not in ketamine
    assert printed["sources"][0]["key"] == "OTTO-21"
    assert [one["name"] for one in printed["assumptions"]] == ["isomer of the dose"]


def test_simulation_of_many_people_has_a_band_that_the_seed_decides() -> None:
    one, again, other = (
        document("simulate", *IV, "--at-min", "40", "--n", "500", "--seed", seed)["analytes"]["ketamine"]
        for seed in ("1", "1", "2")
    )

    assert one["p05"][0] < one["p50"][0] < one["p95"][0]
    assert one == again
    assert one["p05"] != other["p05"]


def test_compiled_kernel_draws_the_same_people() -> None:
    asked = ("simulate", *IV, "--at-min", "20,40,60", "--n", "50")
    plain, compiled = document(*asked)["analytes"], document(*asked, "--kernel")["analytes"]

    for name, course in plain.items():
        for quantile in ("p05", "p50", "p95"):
            assert compiled[name][quantile] == pytest.approx(course[quantile], rel=1e-9)


def test_racemate_is_the_sum_of_two_isomers() -> None:
    analytes = document("simulate", *IV, "--isomer", "racemate", "--at-min", "40")["analytes"]

    total, s, r = (analytes[name]["value"][0] for name in ("ketamine", "s_ketamine", "r_ketamine"))
    assert total == pytest.approx(s + r, rel=1e-5)
    assert [analytes[name]["isomer"] for name in ("ketamine", "s_ketamine", "r_ketamine")] == ["racemate", "s", "r"]


def test_two_sprays_begin_when_they_are_said_to() -> None:
    spray = ("--model", "perezruixo2021", "--route", "intranasal", "--weight-kg", "70", "--dose-mg", "28,28")
    together, apart = (
        document("simulate", *spray, "--start-min", starts, "--at-min", "3")["analytes"]["ketamine"]["value"][0]
        for starts in ("0,0", "0,5")
    )

    assert together > 1.5 * apart


def test_default_model_is_named_with_the_reason() -> None:
    default = ("--route", "film", "--isomer", "s", "--dose-mg", "50", "--weight-kg", "70", "--at-min", "30")
    printed = document("simulate", *default)

    assert printed["model"] == "simons2022"
    assert printed["assumptions"][0]["name"] == "model simons2022"


def test_simulation_tells_people_a_table_with_its_basis() -> None:
    lines = told("simulate", *IV, "--at-min", "40", "--n", "200").splitlines()

    assert lines[0] == "Model: otto2021"
    assert lines[2].split() == ["at_min", "value", "p05", "p50", "p95"]
    assert any(line.startswith("Source [OTTO-21]") for line in lines)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "otto2022", *IV[2:], "--at-min", "1"), "otto2021"),
        ((*IV[:6], *IV[8:], "--at-min", "1"), "write 0 for a bolus"),
        ((*IV, "--at-min", "40,10"), "later than the one before"),
        ((*IV, "--at-min", "nan"), "minutes from time zero"),
        ((*IV, "--at-min", "1", "--n", "0"), "draw 1 to"),
        ((*IV, "--at-min", "1", "--n", "10", "--seed", "-1"), "seed"),
        ((*IV, "--at-min", "1", "--start-min", "0,5"), "each of the 1 doses"),
        ((*IV, "--at-min", "1", "--age-years", "9"), "for adults"),
        ((*IV[2:], "--at-min", "1"), "name a model"),
        ((*IV, "--at-min", "1", "--site", "arterial"), "site of otto2021 is venous; .* take simons2022 for arterial"),
        (
            (*MUSCLE, "--at-min", "1", "--site", "venous"),
            "site of clements1981 is unknown; .* take otto2021 for venous",
        ),
        (
            (
                *("--model", "perezruixo2021", "--route", "intranasal"),
                *IV[4:6],
                *IV[8:],
                "--at-min",
                "1",
                "--site",
                "venous",
            ),
            "site of perezruixo2021 is unknown; leave the site out, no model of this route is venous",
        ),
        ((*MUSCLE[:-1], "3", "--at-min", "1"), "weight: 3.0 .* is for adults .* 30 kg or more"),
        ((*MUSCLE, "--at-min", "1", "--n", "10"), "no variability"),
        ((*MUSCLE, "--isomer", "s", "--at-min", "1"), "fitted to the racemate"),
        ((*MUSCLE[:-1], "-70", "--at-min", "1"), "kilograms"),
        ((*MUSCLE[:4], "--dose-mg=-35", *MUSCLE[6:], "--at-min", "1"), "above 0 mg"),
        (
            ("--model", "otto2021", "--route", "film", "--dose-mg", "50", "--weight-kg", "70", "--at-min", "1"),
            "simons2022",
        ),
    ],
)
def test_bad_input_ends_with_status_2_and_says_what_would_be_right(options: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        told("simulate", *options)

    assert refused.value.returncode == 2


def test_milk_prints_feeds_doses_studies_and_advice() -> None:
    printed = document("milk", *MUSCLE, "--feeds-at-h", "3,6,9,12", "--infant-kg", "5")

    ketamine = printed["analytes"]["ketamine"]
    # Wolfson's 51 mcg/L at 0.66 is 61.8 at the ratio of 0.8 that is taken (reference, section 3)
    assert ketamine["feeds"][0]["average"]["value"] == pytest.approx(51 / 0.66 * 0.8, rel=0.01)
    assert ketamine["relative_infant_dose_percent"]["mean_of_intervals"]["value"] == pytest.approx(
        0.63 / 0.66 * 0.8, rel=0.01
    )
    assert printed["not_modelled"] == ["norketamine"]
    assert [study["people"] for study in printed["studies"]] == [4, 4, 1]
    assert {advice["source"] for advice in printed["advice"]} >= {"S-LABEL", "LACT", "WOLFSON-22"}
    assert printed["unknown"]


def test_milk_tells_people_everything_that_its_document_holds() -> None:
    printed = document("milk", *MUSCLE, "--feeds-at-h", "3,6", "--infant-kg", "4")
    words = told("milk", *MUSCLE, "--feeds-at-h", "3,6", "--infant-kg", "4")

    assert "Model: clements1981, sampling site unknown, infant of 4 kg" in words
    assert "Not counted: norketamine. clements1981 does not give it" in words
    assert [study["design"] for study in printed["studies"] if study["design"] not in words] == []
    found = printed["analytes"]["ketamine"]
    for feed in found["feeds"]:
        taken = feed["infant_dose_mcg"]
        assert f"taken in {taken['value']:.3g} ({taken['low']:.3g}–{taken['high']:.3g}) mcg" in words
    first, later, latest = (one["relative_infant_dose_percent"]["value"] for one in found["milk_not_given_for_h"])
    assert f"all milk of 48 h: {first:.3g} (" in words
    assert f"all milk of 48 h without the first 12 h: {later:.3g} (" in words
    assert f"all milk of 48 h without the first 24 h: {latest:.3g} (" in words
    assert "Not counted" not in told("milk", *IV, "--feeds-at-h", "3")


def test_milk_refuses_a_site_that_the_model_does_not_have() -> None:
    with pytest.raises(CommandError, match="site of clements1981 is unknown") as refused:
        told("milk", *MUSCLE, "--feeds-at-h", "3", "--site", "venous")

    assert refused.value.returncode == 2


def test_milk_says_that_no_infant_weight_was_given() -> None:
    printed = document("milk", *MUSCLE, "--feeds-at-h", "3")

    assert printed["assumptions"][1] | {"why": ""} == {
        "name": "infant weight",
        "value": 5.0,
        "low": None,
        "high": None,
        "unit": "kg",
        "why": "",
        "sources": [],
    }


def test_milk_never_says_safe() -> None:
    words = told("milk", *MUSCLE, "--feeds-at-h", "3,6") + told("milk", *MUSCLE, "--feeds-at-h", "3,6", "--json")

    assert "safe" not in words.lower()


@pytest.mark.parametrize(
    ("feeds", "words"),
    [("6,3", "later than the one before"), ("0,3", "after the first dose"), ("nan", "number of hours")],
)
def test_feeds_that_cannot_be_end_with_status_2(feeds: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        told("milk", *MUSCLE, "--feeds-at-h", feeds)

    assert refused.value.returncode == 2
