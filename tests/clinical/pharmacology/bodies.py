"""Random bodies and doses by number: every shape that a published model of ketamine takes, at rates far apart or alike."""

from itertools import pairwise

import numpy as np

from firstlight.clinical.pharmacology.systems import Flow, Input, Output, System


class Case:
    """A system, its inputs and evenly or freely spaced times."""

    def __init__(self, number: int) -> None:
        self.random = np.random.default_rng(number)
        self.rates: list[float] = []
        self.states: list[str] = ["central"]
        self.flows: list[Flow] = []
        self._disposition("central", self.random.integers(0, 3))
        self._leaves("central")
        self.entry = self._absorption()
        outputs = [Output("ketamine", "central", float(self.random.uniform(3, 200)))]
        if self.random.random() < 0.6:
            self._metabolite()
            outputs.append(Output("norketamine", "metabolite", 70.0, 0.941))
        if self.random.random() < 0.5:
            self._effect_site()
            outputs.append(Output("effect site", "effect", 100.0))
        self.system = System(tuple(self.states), tuple(self.flows), tuple(outputs))
        self.inputs = [self._input() for _ in range(self.random.integers(1, 4))]
        self.time_h = self._times()

    def rate(self) -> float:
        """A rate per hour: new, the same as another, or nearly the same."""
        kind = self.random.random()
        if self.rates and kind < 0.25:
            rate = self.random.choice(self.rates)
        elif self.rates and kind < 0.5:
            rate = self.random.choice(self.rates) * (1 + 10 ** -self.random.uniform(3, 15))
        else:
            rate = 10 ** self.random.uniform(-1.5, 2)
        self.rates.append(float(rate))
        return float(rate)

    def _disposition(self, body: str, tissues: int) -> None:
        for number in range(tissues):
            tissue = f"{body} tissue {number}"
            self.states.append(tissue)
            self.flows += [Flow(body, tissue, self.rate()), Flow(tissue, body, self.rate())]

    def _leaves(self, body: str) -> None:
        self.flows.append(Flow(body, None, self.rate()))

    def _absorption(self) -> str:
        """Nothing, a depot, or a chain with one rate; returns where it begins."""
        length = int(self.random.choice([0, 0, 1, 2, 3, 6]))
        rate, chain = self.rate(), [f"transit {number}" for number in range(length)]
        self.states += chain
        for source, target in pairwise([*chain, "central"]):
            self.flows.append(Flow(source, target, rate, float(self.random.choice([1.0, 0.8]))))
        return (chain or ["central"])[0]

    def _metabolite(self) -> None:
        length = int(self.random.choice([0, 0, 2]))
        rate, chain = self.rate(), [f"conversion {number}" for number in range(length)]
        self.states += [*chain, "metabolite"]
        places = ["central", *chain, "metabolite"]
        for number, (source, target) in enumerate(pairwise(places)):
            self.flows.append(Flow(source, target, rate if number else self.rate()))
        self._disposition("metabolite", self.random.integers(0, 2))
        self._leaves("metabolite")

    def _effect_site(self) -> None:
        rate = self.rate()
        self.states.append("effect")
        self.flows += [Flow("central", "effect", rate, drains=False), Flow("effect", None, rate)]

    def _input(self) -> Input:
        state = str(self.random.choice(["central", self.entry]))
        start = float(self.random.choice([0.0, self.random.uniform(0, 3)]))
        duration = float(self.random.choice([0.0, 10 ** self.random.uniform(-2, 1)]))
        return Input(state, float(self.random.uniform(1, 100)), start, duration)

    def _times(self) -> list[float]:
        last = 10 ** self.random.uniform(-0.5, 2)
        count = int(self.random.integers(3, 120))
        if self.random.random() < 0.6:
            return list(np.linspace(0, last, count))
        return sorted(set(self.random.uniform(0, last, count)))
