"""Writes svm.json: support vector classifiers fitted by scikit-learn's SVC, which is LIBSVM.

All numbers that the studio reads are float32. The tolerance is small, so that two solvers that stop at different points
within it still agree, and not so small that LIBSVM's float32 kernel cache keeps it from ever getting there.

Run with Python 3.11 and scikit-learn 1.9.1: python test/reference/svm.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.svm import SVC

TOLERANCE = 1e-5


def make_points(generator, count, classes, features, spread):
    labels = generator.integers(0, classes, count)
    centres = generator.normal(size=[classes, features])
    points = centres[labels] + spread * generator.normal(size=[count, features])
    return points.astype(np.float32), labels


def make_rings(generator, count):
    labels = generator.integers(0, 2, count)
    angles = generator.uniform(0, 2 * np.pi, count)
    radii = np.where(labels == 0, 1.0, 0.6) + 0.15 * generator.normal(size=count)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1).astype(np.float32), labels


def run(name, train, test, spec):
    points, labels = train
    machine = SVC(
        kernel=spec["kernel"],
        C=spec["C"],
        gamma=spec["gamma"],
        tol=TOLERANCE,
        decision_function_shape="ovo",
    )
    machine.fit(points.astype(np.float64), labels)
    wanted = test.astype(np.float64)
    decisions = machine.decision_function(wanted)
    if len(machine.classes_) == 2:
        # scikit-learn turns the sign of two classes round; LIBSVM's is above 0 for the first.
        decisions = -decisions[:, None]
    machine.decision_function_shape = "ovr"
    scores = machine.decision_function(wanted)
    return {
        "name": name,
        "spec": {**spec, "tolerance": TOLERANCE},
        "features": points.shape[1],
        "points": points.ravel().tolist(),
        "labels": labels.tolist(),
        "gamma": float(machine._gamma) if spec["kernel"] == "rbf" else None,
        "supportCounts": machine.n_support_.tolist(),
        "dual": [float(total) for total in np.abs(machine.dual_coef_).sum(1)],
        "testPoints": test.ravel().tolist(),
        "decisions": decisions.ravel().tolist(),
        "scores": (np.stack([-scores, scores], 1) if scores.ndim == 1 else scores).ravel().tolist(),
        "predicted": machine.predict(wanted).tolist(),
    }


def main():
    generator = np.random.default_rng(5)
    rings = make_rings(generator, 80)
    ring_test = make_rings(generator, 30)[0]
    two = make_points(generator, 60, 2, 3, 0.9)
    two_test = make_points(generator, 20, 2, 3, 1.5)[0]
    four = make_points(generator, 120, 4, 5, 0.8)
    four_test = make_points(generator, 40, 4, 5, 1.2)[0]

    def spec(kernel, C, gamma="scale"):
        return {"kernel": kernel, "C": C, "gamma": gamma}

    result = {
        "scikitLearn": sklearn.__version__,
        "cases": [
            run("rings, RBF", rings, ring_test, spec("rbf", 1)),
            run("rings, narrow RBF and a high cost", rings, ring_test, spec("rbf", 100, 3)),
            run("rings, linear", rings, ring_test, spec("linear", 1)),
            run("two clouds, linear", two, two_test, spec("linear", 0.5)),
            run("two clouds, every vector at its bound", two, two_test, spec("rbf", 1e-3)),
            run("four clouds, RBF", four, four_test, spec("rbf", 2)),
            run("four clouds, linear", four, four_test, spec("linear", 0.1)),
        ],
    }
    target = pathlib.Path(__file__).with_name("svm.json")
    target.write_text(json.dumps(result) + "\n")


main()
