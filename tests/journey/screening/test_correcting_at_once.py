"""Two people correct the same paper form at the same moment: one is told, and one correction stands."""

import threading
from datetime import date, timedelta

from django.db import connections
from django_scopes import scope

from firstlight.ground.people.errors import Refused
from firstlight.journey.screening.models import PaperCorrection, PaperForm, QuestionSet
from firstlight.journey.screening.services import correct_paper, enter_paper
from tests.cast import NOW, House, harbour

CALM: dict[str, int | None] = {f"q{number}": 1 for number in range(1, 10)} | {"q10": 0}
DAY = date(2026, 11, 20)


def kept(house: House) -> PaperForm:
    with scope(clinic=house.clinic.id):
        question_set = enter_paper(
            episode=house.episode,
            instrument="epds",
            values=CALM,
            filled_in_date=DAY,
            handed_in_by="parent",
            entered_twice=False,
            by=house.actor("nurse"),
            at=NOW,
        )
        return PaperForm.objects.select_related("question_set").get(question_set=question_set)


def test_two_corrections_at_one_moment_make_one(own_database: None) -> None:
    house = harbour()
    form, barrier, told = kept(house), threading.Barrier(2), list[str]()

    def work(who: str, value: int) -> None:
        try:
            barrier.wait(timeout=30)
            with scope(clinic=house.clinic.id):
                correct_paper(
                    form=form,
                    values=CALM | {"q10": value},
                    filled_in_date=DAY,
                    handed_in_by="parent",
                    entered_twice=False,
                    reason="Typed wrongly.",
                    by=house.actor(who),
                    at=NOW + timedelta(minutes=value),
                )
        except Refused as refused:
            told.append(refused.message)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in (("nurse", 1), ("second_nurse", 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert [message.split(" already")[0] for message in told] == ["Somebody has corrected this form"]
    with scope(clinic=house.clinic.id):
        assert PaperCorrection.objects.count() == 1
        assert QuestionSet.objects.filter(superseded_at=None).count() == 1
