"""The manuals once more, as plainly as can be, without the engine: what its scores are held against.

Each function takes the item scores as keyed, in printed order, every item answered (None only where an item may not
apply, or where the manual counts the answered items alone), and returns the total. `PRINTED` is what the options are
worth in printed order, item by item.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Values = Sequence[int | None]

FOUR = [0, 1, 2, 3]
FIVE = [0, 1, 2, 3, 4]
YES_NO = [1, 0]


@dataclass(frozen=True)
class Expected:
    """What a manual says of one set of answers. `band` "" where it has none."""

    total: float | None
    max: int | None
    band: str = ""
    subscales: dict[str, float] = field(default_factory=dict)
    findings: dict[str, bool] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()


def plus(values: Values, *numbers: int) -> int:
    """Add the items with these numbers, from 1."""
    return sum(values[number - 1] or 0 for number in numbers)


def count(values: Values, first: int, last: int, least: int) -> int:
    """How many items from `first` to `last` have at least `least`."""
    return sum((values[number - 1] or 0) >= least for number in range(first, last + 1))


def plain(values: Values) -> int:
    return sum(value or 0 for value in values)


def highest(values: Values) -> int:
    return max(value or 0 for value in values)


def flags(**fired: bool) -> frozenset[str]:
    return frozenset(name.replace("_", "-") for name, fires in fired.items() if fires)


def phq_9(values: Values) -> Expected:
    total = plain(values)
    if total < 5:
        band = "minimal"
    elif total < 10:
        band = "mild"
    elif total < 15:
        band = "moderate"
    elif total < 20:
        band = "moderately severe"
    else:
        band = "severe"
    core = count(values, 1, 2, 2) >= 1
    symptoms = count(values, 1, 8, 2) + (values[8] >= 1)
    return Expected(
        total,
        27,
        band,
        findings={
            "major_depressive_syndrome": core and symptoms >= 5,
            "other_depressive_syndrome": core and 2 <= symptoms <= 4,
        },
        flags=flags(phq_9_item_9=values[8] > 0),
    )


def phq_2(values: Values) -> Expected:
    total = plain(values)
    return Expected(total, 6, "3 or more: ask the PHQ-9" if total >= 3 else "below 3")


def phq_4(values: Values) -> Expected:
    total = plain(values)
    band = ["normal"] * 3 + ["mild"] * 3 + ["moderate"] * 3 + ["severe"] * 4
    return Expected(total, 12, band[total], {"anxiety": values[0] + values[1], "depression": values[2] + values[3]})


def gad_7(values: Values) -> Expected:
    total = plain(values)
    if total >= 15:
        return Expected(total, 21, "severe")
    if total >= 10:
        return Expected(total, 21, "moderate")
    return Expected(total, 21, "mild" if total >= 5 else "minimal")


def pcl_5(values: Values) -> Expected:
    total = plain(values)
    if total >= 33:
        band = "at or above the cut-off of 33"
    elif total >= 31:
        band = "in the range of the cut-offs (31 to 33)"
    else:
        band = "below the cut-offs"
    provisional = (
        count(values, 1, 5, 2) >= 1
        and count(values, 6, 7, 2) >= 1
        and count(values, 8, 14, 2) >= 2
        and count(values, 15, 20, 2) >= 2
    )
    parts = {
        "b_intrusion": plus(values, 1, 2, 3, 4, 5),
        "c_avoidance": plus(values, 6, 7),
        "d_cognition_and_mood": plus(values, 8, 9, 10, 11, 12, 13, 14),
        "e_arousal": plus(values, 15, 16, 17, 18, 19, 20),
    }
    return Expected(total, 80, band, parts, {"provisional_ptsd": provisional}, flags(pcl_5_item_16=values[15] >= 2))


def pc_ptsd_5(values: Values) -> Expected:
    total = plain(values[1:]) if values[0] == 1 else 0
    if total >= 4:
        return Expected(total, 5, "positive")
    return Expected(total, 5, "positive at the sensitive cut-off of 3" if total == 3 else "negative")


def asq(values: Values) -> Expected:
    positive = any(value in {1, 2} for value in values[:4])
    acute = values[4] in {1, 2}
    if acute:
        band = "acute positive screen (imminent risk)"
    else:
        band = "non-acute positive screen (potential risk)" if positive else "negative screen"
    return Expected(None, None, band, flags=flags(asq_acute=acute, asq_positive=positive))


def c_ssrs(values: Values) -> Expected:
    """The triage of the screener, by what was answered: a plan or an intention, or something done in the last three months."""
    wish, thoughts, method, intent, plan, done, recently = values
    if intent or plan or recently:
        band = "high risk"
    elif method or done:
        band = "moderate risk"
    else:
        band = "low risk" if wish or thoughts else "no question answered with yes"
    fired = flags(
        c_ssrs_high=bool(intent or plan or recently),
        c_ssrs_moderate=bool(method or done),
        c_ssrs_low=bool(wish or thoughts),
    )
    return Expected(None, None, band, flags=fired)


def city_bits(values: Values) -> Expected:
    a = values[0] == 1 or values[1] == 1
    b = count(values, 3, 7, 1) >= 1
    c = count(values, 8, 9, 1) >= 1
    d = count(values, 10, 16, 1) >= 2
    e = count(values, 17, 22, 1) >= 2
    f = values[25] >= 1
    g = values[26] >= 1 or values[27] >= 1
    h = values[28] == 0
    ptsd = a and b and c and d and e and f and g and h
    findings = {f"criterion_{letter}": met for letter, met in zip("abcdefgh", (a, b, c, d, e, f, g, h), strict=True)}
    findings["ptsd"] = ptsd
    findings["dissociative"] = ptsd and (values[22] >= 1 or values[23] >= 1)
    findings["delayed_onset"] = ptsd and values[24] == 2
    findings["before_birth"] = count(values, 3, 24, 1) >= 1 and values[24] == 0
    return Expected(
        plus(values, *range(3, 23)),
        60,
        "diagnostic criteria met" if ptsd else "diagnostic criteria not met",
        {"birth_related": plus(values, *range(3, 13)), "general": plus(values, *range(13, 23))},
        findings,
        flags(city_bits_impairment=g),
    )


def pbq(values: Values) -> Expected:
    total = plain(values)
    return Expected(
        total,
        125,
        "13 or more (cut-off in Spanish mothers)" if total >= 13 else "below 13",
        {
            "f1_general": plus(values, 1, 2, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17),
            "f2_rejection_and_anger": plus(values, 3, 4, 5, 11, 14, 21, 23),
            "f3_infant_anxiety": plus(values, 19, 20, 22, 25),
            "f4_incipient_abuse": plus(values, 18, 24),
        },
        flags=flags(pbq_harm=values[17] > 0 or values[23] > 0),
    )


def epds(values: Values) -> Expected:
    total = plain(values)
    band = "probable depression" if total >= 13 else "possible depression" if total >= 10 else "below 10"
    return Expected(total, 30, band, {"anxiety": plus(values, 3, 4, 5)}, flags=flags(epds_item_10=values[9] >= 1))


def pba(values: Values) -> Expected:
    total = plain(values)
    side = (
        "at or above the cut-off for severe burnout (86.3)" if total >= 86.3 else "below the cut-off for severe burnout"
    )
    return Expected(total, 138, side)


def wsas(values: Values) -> Expected:
    if values[0] is None:
        return Expected(plain(values[1:]), 32)
    total = plain(values)
    if total > 20:
        return Expected(total, 40, "moderately severe or worse")
    return Expected(total, 40, "significant" if total >= 10 else "sub-clinical")


def perinatal_anxiety(values: Values) -> Expected:
    total = plain(values)
    return Expected(total, 93, "minimal" if total <= 20 else "mild to moderate" if total <= 41 else "severe")


def mdq(values: Values) -> Expected:
    yes = plain(values[:13])
    positive = yes >= 7 and values[13] == 1 and values[14] >= 2
    return Expected(
        yes,
        13,
        "positive screen" if positive else "negative screen",
        findings={"positive": positive},
        flags=flags(mdq_positive=positive),
    )


def qids(values: Values) -> Expected:
    sleep, weight, pace = (highest(values[first:last]) for first, last in ((0, 4), (5, 9), (14, 16)))
    total = sleep + values[4] + weight + plain(values[9:14]) + pace
    bands = ["none"] * 6 + ["mild"] * 5 + ["moderate"] * 5 + ["severe"] * 5 + ["very severe"] * 7
    return Expected(total, 27, bands[total], flags=flags(qids_sr16_item_12=values[11] >= 1))


def who_5(values: Values) -> Expected:
    raw = plain(values)
    return Expected(raw * 4, 100, "low well-being" if raw < 13 else "not low")


def madrs_s(values: Values) -> Expected:
    total = plain(values)
    if total >= 35:
        band = "severe"
    elif total >= 20:
        band = "moderate"
    else:
        band = "mild" if total >= 13 else "none or minimal"
    return Expected(total, 54, band, flags=flags(madrs_s_item_9=values[8] >= 4))


def b_ipf(values: Values) -> Expected:
    answered = [value for value in values if value is not None]
    return Expected(sum(answered) / (6 * len(answered)) * 100 if answered else None, 100)


def daily_life(values: Values) -> Expected:
    answered = [value for value in values if value is not None]
    return Expected(sum(answered) / (10 * len(answered)) * 100 if answered else None, 100)


def mibs(values: Values) -> Expected:
    hostile = values[1] > 0 or values[4] > 0 or values[7] > 0
    return Expected(plain(values), 24, flags=flags(mibs_hostile_feeling=hostile))


def kss(values: Values) -> Expected:
    return Expected(values[0], 9, "7 or more (sleepy by day)" if values[0] in {7, 8, 9} else "below 7")


def wai_sr(values: Values) -> Expected:
    return Expected(
        plain(values),
        60,
        subscales={
            "task": plus(values, 1, 2, 10, 12),
            "bond": plus(values, 3, 5, 7, 9),
            "goal": plus(values, 4, 6, 8, 11),
        },
    )


def cadss(values: Values) -> Expected:
    return Expected(plain(values), 92, subscales={"cadss_6": plus(values, 1, 2, 6, 7, 15, 22)})


def aldrete(values: Values) -> Expected:
    total = plain(values)
    return Expected(total, 10, "recovered (9 or more)" if total >= 9 else "not recovered")


def side_effects(values: Values) -> Expected:
    return Expected(
        None,
        None,
        subscales={"bladder": plus(values, 14, 15, 16, 17)},
        flags=flags(
            side_effects_blood=values[16] == 1,
            side_effects_bladder=count(values, 14, 16, 2) > 0,
            side_effects_craving=values[12] >= 2,
        ),
    )


def other_parent(values: Values) -> Expected:
    urge, harm = values[4], values[6]
    return Expected(None, None, flags=flags(other_parent_harm=(urge or 0) > 0 or (harm or 0) > 0))


def unscored(values: Values) -> Expected:
    return Expected(None, None, flags=flags(check_in_harm=len(values) == 8 and values[7] == 1))


def right_now(values: Values) -> Expected:
    return Expected(None, None, flags=flags(right_now_harm=values[4] == 1))


def health(values: Values) -> Expected:
    return Expected(None, None, flags=flags(health_10_warning=values[5] in {1, 2}))


def mind_talk(values: Values) -> Expected:
    psychosis = any(value in {1, 2} for value in values[:3])
    return Expected(None, None, flags=flags(mind_talk_psychosis=psychosis, mind_talk_driven=values[3] in {1, 2}))


def mpas(values: Values) -> Expected:
    """Each question from 1 to 5, whatever it is printed with: in tenths, so that nothing is rounded."""
    five = {2: [10, 50], 3: [10, 30, 50], 4: [10, 23, 36, 50], 5: [10, 20, 30, 40, 50]}
    tenths = [five[len(printed)][(value or 0) - 1] for printed, value in zip(PRINTED["mpas"], values, strict=True)]
    parts = {
        "quality": [3, 4, 5, 6, 7, 10, 14, 18, 19],
        "absence_of_hostility": [1, 2, 15, 16, 17],
        "pleasure": [8, 9, 11, 12, 13],
    }
    return Expected(
        sum(tenths) / 10,
        95,
        subscales={name: sum(tenths[number - 1] for number in numbers) / 10 for name, numbers in parts.items()},
    )


def summed(most: int) -> Callable[[Values], Expected]:
    return lambda values: Expected(plain(values), most)


def alternately(turned: set[int], plainly: list[int], items: int) -> list[list[int]]:
    """Options printed `plainly`; in the items of these numbers keyed the other way round."""
    return [plainly[::-1] if number in turned else plainly for number in range(1, items + 1)]


SCORED: dict[str, Callable[[Values], Expected]] = {
    "aldrete": aldrete,
    "asq": asq,
    "b-ipf": b_ipf,
    "bpbs": summed(30),
    "bprs-4": summed(28),
    "c-ssrs": c_ssrs,
    "cadss": cadss,
    "cadss-6": summed(24),
    "ceq": summed(130),
    "check-in": unscored,
    "city-bits": city_bits,
    "daily-life": daily_life,
    "ebi": summed(600),
    "epds": epds,
    "gad-7": gad_7,
    "health-10": health,
    "kss": kss,
    "madrs-s": madrs_s,
    "mdq": mdq,
    "meq30": summed(150),
    "mibs": mibs,
    "mind-talk": mind_talk,
    "moaas": summed(5),
    "mpas": mpas,
    "other-parent": other_parent,
    "pass": perinatal_anxiety,
    "pba": pba,
    "pbq": pbq,
    "pc-ptsd-5": pc_ptsd_5,
    "pcl-5": pcl_5,
    "phq-2": phq_2,
    "phq-4": phq_4,
    "phq-9": phq_9,
    "qids-sr16": qids,
    "right-now": right_now,
    "side-effects": side_effects,
    "wai-sr": wai_sr,
    "who-5": who_5,
    "wsas": wsas,
}

TEN = list(range(11))
PRINTED: dict[str, list[list[int]]] = {
    "aldrete": [[2, 1, 0]] * 5,
    "asq": [[1, 0, 2]] * 5,
    "b-ipf": [[0, 1, 2, 3, 4, 5, 6]] * 7,
    "bpbs": [[0, 1, 2, 3, 4, 5, 6]] * 5,
    "bprs-4": [[1, 2, 3, 4, 5, 6, 7]] * 4,
    "c-ssrs": [YES_NO] * 7,
    "cadss": [FIVE] * 23,
    "cadss-6": [FIVE] * 6,
    "ceq": [[0, 1, 2, 3, 4, 5]] * 26,
    "check-in": [TEN] * 7 + [YES_NO],
    "city-bits": [YES_NO] * 2 + [FOUR] * 22 + [[0, 1, 2]] * 5,
    "daily-life": [TEN] * 5,
    "ebi": [list(range(101))] * 6,
    "epds": alternately({3, 5, 6, 7, 8, 9, 10}, FOUR, 10),
    "gad-7": [FOUR] * 7,
    "health-10": [[1, 0, 2]] * 10,
    "kss": [[1, 2, 3, 4, 5, 6, 7, 8, 9]],
    "madrs-s": [[0, 1, 2, 3, 4, 5, 6]] * 9,
    "mdq": [YES_NO] * 14 + [FOUR],
    "meq30": [[0, 1, 2, 3, 4, 5]] * 30,
    "mibs": alternately({2, 3, 5, 7, 8}, FOUR, 8),
    "mind-talk": [[1, 0, 2]] * 7,
    "moaas": [[5, 4, 3, 2, 1, 0]],
    "mpas": [
        *([[1, 2, 3, 4, 5]] * 3 + [[1, 2, 3, 4]] * 3),
        *([[4, 3, 2, 1], [2, 1], [5, 4, 3, 2, 1], [4, 3, 2, 1], [5, 4, 3, 2, 1], [2, 1], [5, 4, 3, 2, 1], [3, 2, 1]]),
        *([[1, 2, 3, 4]] * 5),
    ],
    "other-parent": [*[TEN] * 4, [0, 1, 2], TEN, [0, 1, 2], *[TEN] * 3],
    "pass": [FOUR] * 31,
    "pba": [[0, 1, 2, 3, 4, 5, 6]] * 23,
    "pbq": alternately({1, 4, 8, 9, 11, 16, 22, 25}, [5, 4, 3, 2, 1, 0], 25),
    "pc-ptsd-5": [YES_NO] * 6,
    "pcl-5": [FIVE] * 20,
    "phq-2": [FOUR] * 2,
    "phq-4": [FOUR] * 4,
    "phq-9": [FOUR] * 9,
    "qids-sr16": [FOUR] * 16,
    "right-now": [TEN] * 4 + [YES_NO],
    "side-effects": [FOUR] * 16 + [YES_NO],
    "wai-sr": [[1, 2, 3, 4, 5]] * 12,
    "who-5": [[5, 4, 3, 2, 1, 0]] * 5,
    "wsas": [[0, 1, 2, 3, 4, 5, 6, 7, 8]] * 5,
}
