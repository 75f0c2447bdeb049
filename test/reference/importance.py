"""Optuna's fANOVA on made-up functions whose parameters matter to a known degree, mean of 5 forests.

Run with Optuna 5.0 and scikit-learn: python -P test/reference/importance.py
Writes test/reference/importance.json.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.importance import FanovaImportanceEvaluator, get_param_importances

optuna.logging.set_verbosity(optuna.logging.ERROR)

SEEDS = 5
Point = dict[str, float | int | str]


def linear(x: Point) -> float:
    return 8 * x["a"] + 4 * x["b"] + 2 * x["c"] + x["d"]


def ishigami(x: Point) -> float:
    return math.sin(x["a"]) + 5 * math.sin(x["b"]) ** 2 + 0.1 * x["c"] ** 4 * math.sin(x["a"])


def sobol_g(x: Point) -> float:
    return math.prod((abs(4 * x[name] - 2) + weight) / (1 + weight) for name, weight in G_WEIGHTS.items())


def net_like(x: Point) -> float:
    """As a net's loss: the rate matters most and has a best value, then the optimiser, the width, and noise."""
    rate = abs(math.log10(x["rate"]) + 1.5)
    optimiser = {"sgd": 1.0, "adam": 0.0, "rmsprop": 0.3}[x["optimiser"]]
    return rate + optimiser + 0.6 * math.exp(-x["units"] / 40) + 0.1 * x["dropout"]


def grid_like(x: Point) -> float:
    """As a net's loss over a grid, with an interaction of rate and optimiser."""
    batch = {16: 0.0, 32: 0.15, 64: 0.5}[x["batch"]]
    rate = 0.8 * (x["rate"] == 0.01) + 0.5 * (x["rate"] == 0.01 and x["optimiser"] == "adam")
    units = {64: 0.12, 128: 0.0, 256: 0.02, 512: 0.07, 1024: 0.2}[x["units"]]
    return rate + batch + units


G_WEIGHTS = {"a": 0.0, "b": 1.0, "c": 3.0, "d": 99.0}
UNIT = FloatDistribution(0.0, 1.0)
CIRCLE = FloatDistribution(-math.pi, math.pi)
SPACES: dict[str, tuple[Callable[[Point], float], dict[str, BaseDistribution], int]] = {
    "linear": (linear, {name: UNIT for name in "abcd"}, 300),
    "ishigami": (ishigami, {name: CIRCLE for name in "abc"}, 400),
    "sobol-g": (sobol_g, {name: UNIT for name in "abcd"}, 400),
    "mixed": (
        net_like,
        {
            "rate": FloatDistribution(1e-4, 1.0, log=True),
            "optimiser": CategoricalDistribution(("sgd", "adam", "rmsprop")),
            "units": IntDistribution(4, 128),
            "dropout": FloatDistribution(0.0, 0.5),
        },
        400,
    ),
    "grid": (
        grid_like,
        {
            "batch": CategoricalDistribution((16, 32, 64)),
            "rate": CategoricalDistribution((0.01, 0.001)),
            "units": CategoricalDistribution((64, 128, 256, 512, 1024)),
            "optimiser": CategoricalDistribution(("sgd", "adam")),
        },
        200,
    ),
}


def draw(distribution: BaseDistribution, rng: np.random.RandomState) -> float | int | str:
    match distribution:
        case CategoricalDistribution(choices=choices):
            return choices[rng.randint(len(choices))]
        case IntDistribution(low=low, high=high):
            return int(rng.randint(low, high + 1))
        case FloatDistribution(low=low, high=high, log=True):
            return float(f"{math.exp(rng.uniform(math.log(low), math.log(high))):.6g}")
        case _:
            return float(f"{rng.uniform(distribution.low, distribution.high):.6g}")


def case(name: str) -> dict:
    function, space, count = SPACES[name]
    rng = np.random.RandomState(1)
    study = optuna.create_study()
    trials = []
    for _ in range(count):
        point = {key: draw(distribution, rng) for key, distribution in space.items()}
        value = float(f"{function(point) + 0.02 * rng.normal():.6g}")
        trials.append({"point": point, "value": value})
        study.add_trial(optuna.trial.create_trial(params=point, distributions=space, value=value))
    found = [
        get_param_importances(study, evaluator=FanovaImportanceEvaluator(seed=seed)) for seed in range(SEEDS)
    ]
    shares = {key: float(np.mean([one[key] for one in found])) for key in space}
    spread = {key: float(np.std([one[key] for one in found])) for key in space}
    print(name, shares, spread)
    return {"name": name, "trials": trials, "shares": shares}


result = {"optuna": optuna.__version__, "cases": [case(name) for name in SPACES]}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
