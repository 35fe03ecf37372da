"""What is known, advised and unknown about ketamine in milk: assumptions, studies with their size, advice side by side."""

from dataclasses import dataclass

from firstlight.clinical.evidence import Words
from firstlight.clinical.pharmacology.modelling import Assumption

RATIO = Assumption(
    name={"en": "milk to plasma"},
    value=0.8,
    low=0.6,
    high=1.5,
    why={
        "en": "no ratio was published; derived here against plasma of clements1981, which behaves like venous plasma: 0.66 and "
        "0.81 make the samples of Wolfson 2022 fit, 1.5 to 1.8 one case in LactMed. Norketamine is given the same ratio"
    },
    sources=("WOLFSON-22", "LACT"),
)
DERIVED_WITH = "clements1981"
PLASMA_AS_VENOUS = Assumption(
    name={"en": "plasma read as venous"},
    why={
        "en": "the ratio of milk to plasma was derived against plasma that behaves like venous plasma; the samples of this model "
        "are of another or an unknown site. Arterial concentrations are higher while a dose runs in, so milk of that time may "
        "come out too high"
    },
)
INTAKE = Assumption(
    name={"en": "milk that an infant drinks"},
    value=0.150,
    unit="L/kg/day",
    why={"en": "the convention of relative infant doses, spread evenly over the day; one infant drinks more or less"},
    sources=("ELACTANCIA",),
)
READING = Assumption(
    name={"en": "reading of Wolfson's samples"},
    why={
        "en": "each sample (3, 6, 9, 12 h) is read as all milk made since the one before, and the published relative infant dose "
        "as the mean of the four taken for the whole day; the averages between feeds follow the same reading"
    },
    sources=("WOLFSON-22",),
)
S_AS_RACEMATE = Assumption(
    name={"en": "esketamine in milk"},
    why={
        "en": "every study was of the racemate; its ratio is used although nobody measured esketamine in milk, and the label "
        "recommends not to breast-feed"
    },
    sources=("S-LABEL",),
)
EACH_DOSE_ALONE = Assumption(
    name={"en": "relative infant dose of several doses"},
    why={
        "en": "each dose is taken alone, its milk over its own amount, and the highest is given (ours); a later spray counts as "
        "a first one. What an earlier dose leaves behind is in the milk at each feed, not in these figures"
    },
)
RATIO_ALONE = Assumption(
    name={"en": "band of the milk estimate"},
    why={"en": "what the band of the milk-to-plasma ratio alone makes of the typical parent; people differ beyond it"},
)
BETWEEN_PARENTS = Assumption(
    name={"en": "band of the milk estimate"},
    why={"en": "5th to 95th percentile over drawn people, each with a ratio drawn over its own band"},
)


@dataclass(frozen=True, slots=True)
class Study:
    """One study of ketamine in milk."""

    source: str
    people: int
    design: Words
    result: Words


@dataclass(frozen=True, slots=True)
class Advice:
    """What one source advises, in our words. Sources disagree; none is preferred here."""

    source: str
    about: Words
    says: Words


STUDIES = (
    Study(
        source="WOLFSON-22",
        people=4,
        design={"en": "intramuscular 0.5 and 1 mg/kg; all milk expressed at 3, 6, 9 and 12 h"},
        result={
            "en": "highest mean ketamine 51 and 125 mcg/L, at 3 h; norketamine similar; very little at 12 h in one mother; "
            "relative infant dose 0.650 and 0.766 %"
        },
    ),
    Study(
        source="MAJDINASAB-23",
        people=4,
        design={"en": "intravenous 49 to 378 mg; milk of a biorepository"},
        result={
            "en": "relative infant dose of ketamine 0.34 to 0.57 %, of norketamine 0.29 to 0.95 %; no harm to an infant reported"
        },
    ),
    Study(
        source="LACT",
        people=1,
        design={"en": "intravenous 0.1 mg/kg/h for 12 h, about 6 months after the birth, 7 samples in 20 h"},
        result={"en": "highest ketamine about 115 mcg/L, at about 8 h"},
    ),
)
ADVICE = (
    Advice("S-LABEL", {"en": "esketamine"}, {"en": "The label recommends not to breast-feed during treatment."}),
    Advice(
        "LACT",
        {"en": "ketamine"},
        {"en": "Low risk is expected; watch the infant for drowsiness, poor feeding and poor weight gain."},
    ),
    Advice("ELACTANCIA", {"en": "ketamine"}, {"en": "Likely compatible."}),
    Advice("WOLFSON-22", {"en": "ketamine"}, {"en": "The authors call exposure insignificant after a pause of 12 h."}),
    Advice(
        "INFANTRISK",
        {"en": "esketamine"},
        {"en": "Transfer is unknown; think also of the parent's own ability to care for about 24 h."},
    ),
)
NO_RULE: Words = {
    "en": (
        "No professional society was found that names a number of hours. A relative infant dose under 10 % is a customary line, "
        "not a finding about ketamine. Whether the parent can care for a child after a dose is another question than milk."
    )
}
UNKNOWN: tuple[Words, ...] = (
    {"en": "how much of it is in an infant's blood: never measured"},
    {"en": "newborn and preterm infants: no data"},
    {"en": "the ratio of milk to plasma: derived, not measured"},
    {"en": "esketamine and its spray in milk: no data"},
    {"en": "hydroxynorketamine in milk: no data"},
    {"en": "what repeated doses do to an infant: no data"},
)
EVIDENCE_SOURCES = tuple(dict.fromkeys((*(study.source for study in STUDIES), *(one.source for one in ADVICE))))
