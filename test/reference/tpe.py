"""Optuna's TPE: its densities at some points, and its regret on the usual test functions over 200 seeds.

Run with Optuna 5.0: python -P test/reference/tpe.py
Writes test/reference/tpe.json.
"""

import json
import math
import statistics
import warnings
from pathlib import Path

import numpy as np
import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

optuna.logging.set_verbosity(optuna.logging.WARNING)
warnings.simplefilter("ignore")

SPACE = {
    "u": FloatDistribution(-2.0, 6.0),
    "l": FloatDistribution(1e-4, 1.0, log=True),
    "i": IntDistribution(3, 4000),
    "c": CategoricalDistribution(("a", "b", "c")),
}


def draw(rng: np.random.RandomState, count: int) -> dict[str, np.ndarray]:
    return {
        "u": rng.uniform(-2, 6, count),
        "l": np.exp(rng.uniform(math.log(1e-4), 0, count)),
        "i": rng.randint(3, 4001, count).astype(float),
        "c": rng.randint(0, 3, count).astype(float),
    }


def densities() -> list[dict]:
    rng = np.random.RandomState(0)
    cases = []
    for count in (0, 1, 2, 7, 26, 40):
        observations = draw(rng, count)
        points = draw(rng, 12)
        parameters = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
        estimator = _ParzenEstimator(observations, SPACE, parameters)
        cases.append(
            {
                "observations": {key: value.tolist() for key, value in observations.items()},
                "points": {key: value.tolist() for key, value in points.items()},
                "logDensities": estimator.log_pdf(points).tolist(),
            }
        )
    return cases


def branin(x: list[float]) -> float:
    a, b, c, r, s, t = 1, 5.1 / (4 * math.pi**2), 5 / math.pi, 6, 10, 1 / (8 * math.pi)
    return a * (x[1] - b * x[0] ** 2 + c * x[0] - r) ** 2 + s * (1 - t) * math.cos(x[0]) + s


ALPHA = [1.0, 1.2, 3.0, 3.2]
A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann6(x: list[float]) -> float:
    return -sum(
        ALPHA[i] * math.exp(-sum(A[i][j] * (x[j] - P[i][j]) ** 2 for j in range(6))) for i in range(4)
    )


FUNCTIONS = {
    "branin": (branin, [(-5, 10), (0, 15)], 0.397887357729738),
    "hartmann6": (hartmann6, [(0, 1)] * 6, -3.322368011415515),
}
BUDGET = 100
SEEDS = 200


def regrets(name: str) -> list[float]:
    function, bounds, optimum = FUNCTIONS[name]

    def objective(trial: optuna.Trial) -> float:
        return function([trial.suggest_float(f"x{i}", low, high) for i, (low, high) in enumerate(bounds)])

    found = []
    for seed in range(1, SEEDS + 1):
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        study.optimize(objective, n_trials=BUDGET)
        found.append(study.best_value - optimum)
    return found


functions = {name: regrets(name) for name in FUNCTIONS}
result = {
    "optuna": optuna.__version__,
    "budget": BUDGET,
    "densities": densities(),
    "regrets": functions,
    "medians": {name: statistics.median(values) for name, values in functions.items()},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")
print(result["medians"])
