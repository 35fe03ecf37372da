"""A population is the same people, and the same counts, however the work is cut."""

import io
import pickle
import sys
from itertools import islice

import numpy as np
import pytest

from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.draws import normals
from firstlight.clinical.pharmacology.errors import AnalyteNotCovered, Cancelled, NotACluster, NotANumber, NothingAsked
from firstlight.clinical.pharmacology.exposure import hours_above, total_exposure
from firstlight.clinical.pharmacology.histograms import MOST_COUNTED, Histograms
from firstlight.clinical.pharmacology.population import portions, question
from firstlight.clinical.pharmacology.progress import Bar
from firstlight.clinical.pharmacology.solving import concentrations
from tests.clinical.pharmacology.people import Drawn

TIMES = np.arange(0, 61) / 10
PEOPLE = 2_500  # two whole blocks and part of a third
ASKED = question(TIMES, exposure=True, above_ng_per_ml={"ketamine": 50.0})


def counts(answer) -> list[np.ndarray]:
    return [answer.profiles.counts, *(figures.counts for figures in answer.figures.values())]


@pytest.fixture(scope="module")
def on_one_core():
    return ask(Drawn(), ASKED, people=PEOPLE)


@pytest.mark.parametrize(("workers", "chunk"), [(2, 1), (2, 4_096), (1, 2_048), (3, 1_500)])
def test_counts_are_the_same_for_any_chunk_and_any_workers(on_one_core, workers, chunk) -> None:
    again = ask(Drawn(), ASKED, people=PEOPLE, workers=workers, chunk=chunk)

    assert again.subjects == PEOPLE
    for one, other in zip(counts(on_one_core), counts(again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_quantiles_lie_within_one_percent_of_the_ranked_profiles(on_one_core) -> None:
    system, inputs = Drawn()(0, PEOPLE)
    profiles = concentrations(system, inputs, TIMES)

    for level in (0.05, 0.5, 0.95):
        for name, found in on_one_core.quantile(level).items():
            expected = np.quantile(profiles[name], level, axis=0, method="inverted_cdf")
            np.testing.assert_allclose(found, expected, rtol=0.01, atol=1e-6)


def test_nothing_before_the_first_dose_is_exactly_zero(on_one_core) -> None:
    assert on_one_core.quantile(0.5)["norketamine"][0] == 0.0


def test_exposure_figures_lie_within_one_percent_of_the_ranked_ones(on_one_core) -> None:
    system, inputs = Drawn()(0, PEOPLE)
    profiles, areas = concentrations(system, inputs, TIMES), total_exposure(system, inputs)
    ranked = {
        "cmax_ng_per_ml": profiles["ketamine"].max(axis=1),
        "tmax_h": TIMES[profiles["ketamine"].argmax(axis=1)],
        "auc_ng_h_per_ml": areas["ketamine"],
        "hours_above": hours_above(profiles["ketamine"], TIMES, 50.0),
    }

    for name, values in ranked.items():
        expected = np.quantile(values, 0.5, method="inverted_cdf")
        assert on_one_core.figure(name, 0.5)["ketamine"] == pytest.approx(expected, rel=0.01)


def test_counts_travel_whole(on_one_core) -> None:
    travelled = pickle.loads(pickle.dumps(on_one_core))

    for one, other in zip(counts(on_one_core), counts(travelled), strict=True):
        np.testing.assert_array_equal(one, other)
    travelled.merge(on_one_core)
    assert travelled.subjects == 2 * PEOPLE


def test_draws_of_a_person_do_not_depend_on_the_portion() -> None:
    together = normals(3, first=0, count=3_000, dimensions=4)

    np.testing.assert_array_equal(together[1_000:2_100], normals(3, first=1_000, count=1_100, dimensions=4))
    assert not np.array_equal(together[:5], normals(4, first=0, count=5, dimensions=4))
    assert not np.array_equal(together[:5], normals(3, first=0, count=5, dimensions=4, stream=1))


def test_draws_are_standard_normal() -> None:
    drawn = normals(1, first=0, count=200_000, dimensions=2)

    np.testing.assert_allclose(drawn.mean(axis=0), 0.0, atol=0.01)  # 4.5 standard errors
    np.testing.assert_allclose(np.cov(drawn.T), np.eye(2), atol=0.015)


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True])
def test_seed_that_is_no_whole_number_is_refused(seed) -> None:
    with pytest.raises(NotANumber, match="seed"):
        normals(seed, first=0, count=1, dimensions=1)


def test_progress_reaches_everyone_and_can_end_the_work() -> None:
    heard: list[int] = []
    ask(Drawn(), ASKED, people=PEOPLE, chunk=1, progress=lambda done, of: heard.append(done))

    assert heard[-1] == PEOPLE
    assert heard == sorted(heard)

    asked: list[int] = []

    def subjects(first, count):
        asked.append(first)
        return Drawn()(first, count)

    def cancel(done, of):
        raise Cancelled

    with pytest.raises(Cancelled):
        ask(subjects, ASKED, people=500_000, chunk=1, progress=cancel)
    assert len(asked) < 400  # of 489 blocks


def test_bar_fills_and_ends_its_line() -> None:
    stream = io.StringIO()
    bar = Bar(stream)
    bar(1_500, 3_000)
    bar(3_000, 3_000)

    half, whole = stream.getvalue().split("\r")[1:]
    assert half.startswith("█" * 20 + "·" * 20 + " 1,500 of 3,000 people")
    assert whole.startswith("█" * 40 + " 3,000 of 3,000 people")
    assert whole.endswith("/s\n")


@pytest.mark.parametrize("people", [0, -5, 2.5, 2.0, "x", "10", True, None, float("nan"), [10], MOST_COUNTED + 1])
def test_people_who_are_no_whole_number_from_one_on_are_refused_by_name(people) -> None:
    with pytest.raises(NotANumber, match=r"^people: .* give a whole number of people, 1 to 4,294,967,295\.$"):
        ask(Drawn(), ASKED, people=people)


@pytest.mark.parametrize("chunk", [0, -1, 1.5, "x", True])
def test_portion_that_is_no_whole_number_is_refused_by_name(chunk) -> None:
    with pytest.raises(NotANumber, match=r"^chunk: .* from 1 on\.$"):
        ask(Drawn(), ASKED, people=10, chunk=chunk)


def test_cluster_is_a_client_and_has_workers_of_its_own() -> None:
    with pytest.raises(NotACluster, match=r"^on: .*distributed\.Client"):
        ask(Drawn(), ASKED, people=10, on="tcp://127.0.0.1:8786")
    with pytest.raises(NotACluster, match=r"^workers: 2 cannot be used"):
        ask(Drawn(), ASKED, people=10, on=object(), workers=2)


def test_asking_on_this_machine_takes_nothing_from_dask(monkeypatch: pytest.MonkeyPatch, on_one_core) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    assert ask(Drawn(), ASKED, people=PEOPLE, workers=2).subjects == PEOPLE
    with pytest.raises(NotACluster, match=r"firstlight\[cluster\]"):
        ask(Drawn(), ASKED, people=PEOPLE, on=object())


@pytest.mark.parametrize("level", [95, 2, -1, -0.01, 1.01, float("nan"), "0.5", True, None])
def test_level_that_is_no_share_is_refused(on_one_core, level) -> None:
    for ask_for in (on_one_core.quantile, lambda one: on_one_core.figure("cmax_ng_per_ml", one)):
        with pytest.raises(NotANumber, match=r"0 to 1, such as 0\.95"):
            ask_for(level)


def test_figure_that_was_not_asked_for_is_refused_with_how_to_ask(on_one_core) -> None:
    plain = ask(Drawn(), question(TIMES), people=10)

    with pytest.raises(NothingAsked, match=r"exposure=True .* above_ng_per_ml"):
        plain.figure("hours_above", 0.5)
    with pytest.raises(NothingAsked, match="this answer has cmax_ng_per_ml"):
        on_one_core.figure("cmax", 0.5)


@pytest.mark.parametrize("level", [float("nan"), -5, float("inf"), "50"])
def test_level_to_lie_above_is_a_concentration(level) -> None:
    with pytest.raises(NotANumber, match="level of ketamine"):
        question(TIMES, above_ng_per_ml={"ketamine": level})


def test_level_of_no_output_is_refused_with_those_there_are() -> None:
    with pytest.raises(AnalyteNotCovered, match="here ketamine, norketamine, effect site"):
        ask(Drawn(), question(TIMES, above_ng_per_ml={"foo": 5.0}), people=10)


@pytest.mark.parametrize("workers", [0, -1, 1.5, "2", True])
def test_threads_are_a_whole_number_or_all_cores(workers) -> None:
    with pytest.raises(NotANumber, match="workers"):
        ask(Drawn(), ASKED, people=10, workers=workers)
    with pytest.raises(NotANumber, match="workers"):
        concentrations(*Drawn()(0, 10), TIMES, workers=workers)


def test_all_cores_count_what_one_counts(on_one_core) -> None:
    again = ask(Drawn(), ASKED, people=PEOPLE, workers=None, chunk=1)

    np.testing.assert_array_equal(again.profiles.counts, on_one_core.profiles.counts)


@pytest.mark.parametrize("value", [np.nan, -1.0, np.inf, -np.nan])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_value_that_nobody_can_have_is_refused_instead_of_counted(value: float, dtype) -> None:
    histograms = Histograms.empty(1)

    with pytest.raises(NotANumber, match="0 or more"):
        histograms.add(np.array([[1.0], [value]], dtype=dtype))
    assert histograms.subjects == 0
    histograms.add(np.array([[-0.0], [-1e-12], [1.0]], dtype=dtype))
    assert histograms.quantile(0.5)[0] == 0.0


def test_more_people_than_a_count_can_hold_are_refused_before_it_wraps() -> None:
    full, more = Histograms.empty(1), Histograms.empty(1)
    full.counts[0, 5] = MOST_COUNTED
    more.add(np.ones((1, 1)))

    for one_too_many in (lambda: full.add(np.ones((1, 1))), lambda: full.merge(more)):
        with pytest.raises(NotANumber, match="at most 4,294,967,295 people"):
            one_too_many()
    with pytest.raises(NotANumber, match="1 to 4,294,967,295"):
        portions(MOST_COUNTED + 1, 4_096)
    with pytest.raises(NotANumber, match="people"):
        ask(Drawn(), ASKED, people=1.5)


def test_portions_of_very_many_people_are_told_one_at_a_time() -> None:
    assert next(islice(portions(MOST_COUNTED, 4_096), 1_000, None)) == (4_096_000, 4_096)
    assert list(portions(2_500, 1_500)) == [(0, 2_048), (2_048, 452)]
