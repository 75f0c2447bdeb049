"""Writes statistics.json: distributions, paired tests, corrections and intervals by SciPy and statsmodels.

Run with Python 3.11, scipy 1.17.1 and statsmodels 0.15.0: python test/reference/paired-statistics.py
"""

import importlib.metadata
import json
import pathlib

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests


def differences():
    """Paired differences of every kind: small and large, with ties, zeros, shifts, and in accuracies' own steps."""
    generator = np.random.default_rng(5)
    cases = [generator.normal(shift, 1, n) for n in [2, 3, 5, 6, 9, 20, 49, 50, 51, 80] for shift in [0, 0.7]]
    cases += [np.round(generator.normal(0.4, 2, n)) for n in [4, 8, 12, 13, 14, 30, 60]]
    cases += [generator.integers(-40, 60, n) / 10000 for n in [5, 10, 25]]
    cases += [np.array([1.0, 2, 3, -4, 5, 6]), np.array([0.0, 0, 1, 2, -3, 4]), np.arange(1.0, 51)]
    return [case.tolist() for case in cases if np.any(case != 0)]


def paired(case):
    t = stats.ttest_1samp(case, 0)
    w = stats.wilcoxon(case)
    interval = stats.t.interval(0.95, len(case) - 1, loc=np.mean(case), scale=stats.sem(case))
    return {
        "differences": case,
        "t": [t.statistic, t.pvalue],
        "wilcoxon": [w.statistic, w.pvalue],
        "interval": list(interval),
        "effectSize": np.mean(case) / np.std(case, ddof=1),
    }


def sides(fixed, broken, examples):
    test = mcnemar([[0, fixed], [broken, 0]], exact=fixed + broken < 25, correction=True)
    changes = np.repeat([1, -1, 0], [fixed, broken, examples - fixed - broken])
    error = changes.std() / np.sqrt(examples)
    return {
        "counts": [fixed, broken, examples],
        "mcnemar": [test.statistic, test.pvalue],
        "interval": list(stats.norm.interval(0.95, loc=changes.mean(), scale=error)),
    }


def family(generator, count):
    ps = generator.uniform(0, 0.2, count) ** 2
    return {"ps": ps.tolist(), "holm": multipletests(ps, method="holm")[1].tolist()}


def main():
    generator = np.random.default_rng(6)
    ts = [[t, df] for df in [1, 2, 3, 4, 7, 19, 99, 1000] for t in [0, 0.1, 0.9, 2, 3.5, 12, 60]]
    counts = [(0, 1), (3, 3), (5, 0), (2, 9), (12, 12), (20, 4), (12, 13), (25, 0), (60, 31), (140, 160), (900, 700)]
    stored = {
        "versions": {name: importlib.metadata.version(name) for name in ["scipy", "statsmodels"]},
        "student": [[t, df, 2 * stats.t.sf(t, df)] for t, df in ts],
        "studentLimits": [[p, df, stats.t.isf(p / 2, df)] for df in [1, 2, 4, 9, 30, 500] for p in [0.5, 0.05, 0.001]],
        "normal": [[z, 2 * stats.norm.sf(z)] for z in [0, 0.3, 1, 1.96, 2.7, 2.9, 5, 9, 30]],
        "coin": [[k, n, min(1, 2 * stats.binom.cdf(k, n, 0.5))] for k, n in [(0, 0), (0, 5), (3, 20), (10, 24)]],
        "paired": [paired(case) for case in differences()],
        "mcnemar": [sides(fixed, broken, 10_000) for fixed, broken in counts],
        "holm": [family(generator, count) for count in [1, 2, 5, 40]] + [
            {"ps": [0.01, 0.04, 0.04, 0.9], "holm": multipletests([0.01, 0.04, 0.04, 0.9], method="holm")[1].tolist()}
        ],
    }
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(stored, indent=None, default=float) + "\n")


main()
