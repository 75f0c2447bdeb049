"""Writes result-scores.json: what scikit-learn, SciPy and NumPy make of predictions, in float64.

Run with Python 3.11 and scikit-learn 1.9.1: python test/reference/result-scores.py
"""

import json
import pathlib

import numpy as np
import scipy.special
import scipy.stats
import sklearn
from sklearn import metrics

generator = np.random.default_rng(17)


def in_float32(values):
    """Numbers that float32, the type of a net's outputs, holds exactly; multiples of 1/64, for few digits in JSON."""
    return (np.round(values * 64) / 64).astype(np.float32).astype(np.float64)


def optional(value):
    return None if np.isnan(value) else float(value)


def calibration(probabilities, labels, bins):
    """Guo et al. (2017), eq. 2 and 3, by np.histogram: bins are closed below, the last one also above."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0, 1, bins + 1)
    counts = np.histogram(confidence, edges)[0]
    sums = np.histogram(confidence, edges, weights=confidence)[0]
    rights = np.histogram(confidence, edges, weights=right.astype(float))[0]
    return counts.tolist(), float(np.abs(sums - rights).sum() / len(labels))


def classification(name, examples, classes, spread, drop=None):
    logits = generator.normal(0, spread, (examples, classes))
    labels = generator.integers(0, classes, examples)
    logits[np.arange(examples), labels] += spread
    # No two classes equal, about whose order libraries differ.
    logits = in_float32(logits) + np.arange(classes) / 1024
    if drop is not None:
        # A class that neither occurs nor is named.
        labels[labels == drop] = (drop + 1) % classes
        logits[:, drop] = -50
    probabilities = scipy.special.softmax(logits, axis=1)
    named = probabilities.argmax(axis=1)
    every = np.arange(classes)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, named, labels=every, zero_division=np.nan
    )
    counts, error = calibration(probabilities, labels, 10 if examples < 1000 else 15)
    return {
        "name": name,
        "classes": classes,
        "logits": logits.flatten().tolist(),
        "labels": labels.tolist(),
        "confusion": metrics.confusion_matrix(labels, named, labels=every).flatten().tolist(),
        "recall": [optional(x) for x in recall],
        "precision": [optional(x) for x in precision],
        "f1": [optional(x) for x in f1],
        "support": support.tolist(),
        "accuracy": metrics.accuracy_score(labels, named),
        "macroF1": float(np.nanmean(f1)),
        # scikit-learn takes two classes for a binary score.
        "topK": [
            {"k": k, "accuracy": float(metrics.top_k_accuracy_score(labels, probabilities, k=k, labels=every))}
            for k in (1, 3, 5)
            if k < classes and classes > 2
        ],
        "logLoss": float(metrics.log_loss(labels, probabilities, labels=every)),
        "calibrationCounts": counts,
        "calibrationError": error,
    }


def regression(name, examples, scale, offset):
    actual = in_float32(generator.normal(offset, scale, examples))
    predicted = in_float32(actual + generator.normal(0, scale / 3, examples))
    sigma = in_float32(generator.uniform(0.2, 0.6, examples) * scale)
    density = -scipy.stats.norm.logpdf(actual, predicted, sigma).mean()
    return {
        "name": name,
        "actual": actual.tolist(),
        "predicted": predicted.tolist(),
        "sigma": sigma.tolist(),
        "rootMeanSquaredError": float(metrics.root_mean_squared_error(actual, predicted)),
        "meanAbsoluteError": float(metrics.mean_absolute_error(actual, predicted)),
        "r2": float(metrics.r2_score(actual, predicted)),
        "negativeLogLikelihood": float(density - np.log(2 * np.pi) / 2),
    }


stored = {
    "scikitLearn": sklearn.__version__,
    "classifications": [
        classification("two classes", 60, 2, 1.0),
        classification("four classes, one unseen", 80, 4, 2.0, drop=2),
        classification("seven classes, many examples", 1000, 7, 1.0),
    ],
    "regressions": [
        regression("small numbers", 50, 0.5, 0.1),
        regression("prices", 70, 80000.0, 180000.0),
    ],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(stored) + "\n")
