"""What the Python peers of a search share: reading its common inputs, and the answer as JSON.

The inputs folder holds what `bench/search/search-inputs.ts` wrote:
  search.json     {"folds", "configurations": [{"number", "widths", "dropout", "batchSize", "epochs", "optimizer"}]}
  features.f32    [examples], targets.f32 [examples]: one number in, one number out
  weights.f32     each configuration's first weights, layer by layer: weight [in, out], bias [out]; the same on all folds
  order-K.i32     [epochs, training rows of fold K]: the rows as each epoch visits them
  dev-K.i32       the rows that fold K holds out
"""

import argparse
import json
import os
import time
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Configuration:
    number: int
    widths: tuple
    dropout: tuple
    batch_size: int
    epochs: int
    optimizer: dict
    weights: tuple  # float32 arrays: weight, bias, weight, bias, ...


@dataclass(frozen=True)
class Search:
    configurations: tuple
    features: np.ndarray  # [examples, 1]
    targets: np.ndarray  # [examples, 1]
    orders: tuple  # by fold, [epochs, rows]
    dev: tuple  # by fold, [rows]


def parse_arguments(add=lambda parser: None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", required=True, help="folder of the search")
    parser.add_argument("--seed", type=int, required=True, help="of dropout, the same for each net")
    add(parser)
    return parser.parse_args()


def read(folder, name, kind):
    return np.fromfile(os.path.join(folder, name), dtype=kind)


def cut_weights(values, at, widths):
    """The weights of one net from `at` on, and where the next one's begin."""
    sides = (1, *widths, 1)
    shapes = [shape for n, m in zip(sides, sides[1:]) for shape in ((n, m), (m,))]
    weights = []
    for shape in shapes:
        size = int(np.prod(shape))
        weights.append(values[at : at + size].reshape(shape).copy())
        at += size
    return tuple(weights), at


def read_search(folder):
    with open(os.path.join(folder, "search.json")) as file:
        search = json.load(file)
    values, at, configurations = read(folder, "weights.f32", "<f4"), 0, []
    for one in search["configurations"]:
        weights, at = cut_weights(values, at, one["widths"])
        configurations.append(
            Configuration(
                one["number"],
                tuple(one["widths"]),
                tuple(one["dropout"]),
                one["batchSize"],
                one["epochs"],
                one["optimizer"],
                weights,
            )
        )
    assert at == len(values), "weights.f32 and search.json do not fit"
    dev = tuple(read(folder, f"dev-{fold}.i32", "<i4") for fold in range(search["folds"]))
    features = read(folder, "features.f32", "<f4").reshape(-1, 1)
    orders = tuple(
        read(folder, f"order-{fold}.i32", "<i4").reshape(-1, len(features) - len(rows))
        for fold, rows in enumerate(dev)
    )
    return Search(tuple(configurations), features, read(folder, "targets.f32", "<f4").reshape(-1, 1), orders, dev)


def steps_of(search, configuration):
    """Steps of a configuration's nets, those of all folds together."""
    return sum(configuration.epochs * -(-order.shape[1] // configuration.batch_size) for order in search.orders)


def answer(search, losses, compile_seconds, started, versions):
    """
    The last line of stdout is the answer; libraries may have printed before it.
    losses: by number of the configuration, the mean squared error on the held-out rows of each fold
    started: `time.perf_counter()` after the libraries were loaded
    """
    results = [
        {"number": one.number, "foldLosses": [None if not np.isfinite(v) else float(v) for v in losses[one.number]]}
        for one in search.configurations
    ]
    print(
        json.dumps(
            {
                "results": results,
                "steps": sum(steps_of(search, one) for one in search.configurations),
                "seconds": time.perf_counter() - started,
                "compileSeconds": compile_seconds,
                "versions": versions,
            }
        ),
        flush=True,
    )
