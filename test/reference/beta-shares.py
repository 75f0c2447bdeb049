"""Writes beta-shares.json: where scipy's Beta(alpha, alpha) has its twentieths, in float64.

Run with Python 3.11 and scipy 1.17: python test/reference/beta-shares.py
"""

import json
import pathlib

import scipy

BINS = 20


def main():
    shares = [i / BINS for i in range(1, BINS)]
    result = {
        "scipy": scipy.__version__,
        "cases": [
            {"alpha": alpha, "quantiles": scipy.stats.beta.ppf(shares, alpha, alpha).tolist()}
            for alpha in (0.2, 0.5, 1.0, 4.0, 100.0)
        ],
    }
    target = pathlib.Path(__file__).with_name("beta-shares.json")
    target.write_text(json.dumps(result) + "\n")


main()
