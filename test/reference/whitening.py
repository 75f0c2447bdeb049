"""Writes whitening.json: zero-phase whitening by NumPy's eigen decomposition, in float64.

Run with Python 3.11 and numpy 2.4: python test/reference/whitening.py
"""

import json
import pathlib

import numpy

EXAMPLES, TRAIN = 60, 45
SHAPE = (3, 2, 2)


def whitened(values, epsilon, standardised):
    rows = values.reshape(EXAMPLES, -1).astype(numpy.float64) / 255
    train = rows[:TRAIN]
    if standardised:
        # Per channel, the last axis.
        channels = train.reshape(-1, SHAPE[-1])
        offset, scale = channels.mean(axis=0), channels.std(axis=0)
        rows = ((rows.reshape(-1, SHAPE[-1]) - offset) / scale).reshape(rows.shape)
        train = rows[:TRAIN]
    mean = train.mean(axis=0)
    covariance = numpy.cov(train, rowvar=False, bias=True)
    eigenvalues, u = numpy.linalg.eigh(covariance)
    matrix = u @ numpy.diag((eigenvalues + epsilon) ** -0.5) @ u.T
    return ((rows - mean) @ matrix).flatten().tolist()


def main():
    generator = numpy.random.default_rng(3)
    # Neighbours are alike, as in images.
    smooth = generator.normal(size=(EXAMPLES, 1, 1, 1)) * 40 + generator.normal(size=(EXAMPLES, *SHAPE)) * 25
    values = numpy.clip(smooth + 120, 0, 255).astype(numpy.uint8)
    result = {
        "numpy": numpy.__version__,
        "shape": [EXAMPLES, *SHAPE],
        "train": TRAIN,
        "values": values.flatten().tolist(),
        "cases": [
            {"epsilon": epsilon, "standardised": standardised, "whitened": whitened(values, epsilon, standardised)}
            for epsilon in (0.1, 1e-4)
            for standardised in (False, True)
        ],
    }
    target = pathlib.Path(__file__).with_name("whitening.json")
    target.write_text(json.dumps(result) + "\n")


main()
