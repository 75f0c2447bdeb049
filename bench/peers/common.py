"""What the Python peers share: reading the common inputs, timing whole epochs, and the answer as JSON.

The inputs folder holds, for each model, what `bench/inputs.ts` wrote:
  weights.json   [{"name", "shape"}, ...] in the order of the layers
  weights.f32    their values one after the other, little-endian float32, in TensorFlow's layout:
                 dense [in, out], convolution [height, width, in, out], images [height, width, channels]
  order-N.i32    the N-th epoch's row numbers (int32, 60,000 of them), N from 1
"""

import argparse
import json
import os
import resource
import sys
import time

import numpy as np

BATCH = 64
LEARNING_RATE = 1e-3
BETAS = (0.9, 0.999)
EPSILON = 1e-8
CHECKED_STEPS = 20


def parse_arguments(add=lambda parser: None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["mlp", "cnn"], required=True)
    parser.add_argument("--data", required=True, help="folder of the MNIST idx files")
    parser.add_argument("--inputs", required=True, help="folder of weights and batch orders")
    parser.add_argument("--seconds", type=float, default=5, help="least time to measure")
    parser.add_argument("--images", type=int, default=60_000, help="images of an epoch to take")
    add(parser)
    return parser.parse_args()


def read_images(folder):
    raw = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), dtype=np.uint8)
    return raw[16:].reshape(-1, 28, 28, 1)


def read_labels(folder):
    return np.fromfile(os.path.join(folder, "train-labels-idx1-ubyte"), dtype=np.uint8)[8:]


def read_weights(folder):
    with open(os.path.join(folder, "weights.json")) as file:
        variables = json.load(file)
    values = np.fromfile(os.path.join(folder, "weights.f32"), dtype="<f4")
    weights, at = [], 0
    for variable in variables:
        size = int(np.prod(variable["shape"]))
        weights.append(values[at : at + size].reshape(variable["shape"]).copy())
        at += size
    assert at == len(values), "weights.f32 and weights.json do not fit"
    return weights


class Orders:
    """Row numbers of one epoch after the other, cut to the images asked for; begins again after the last file."""

    def __init__(self, folder, images):
        names = [name for name in os.listdir(folder) if name.startswith("order-")]
        self.orders = [
            np.fromfile(os.path.join(folder, f"order-{n + 1}.i32"), dtype="<i4")[:images]
            for n in range(len(names))
        ]

    def epoch(self, n):
        return self.orders[n % len(self.orders)]


def measure_epochs(run_epoch, orders, seconds):
    """Runs whole epochs for at least `seconds`. `run_epoch(order)` must not return before its work is done."""
    images, epochs = 0, 0
    started = time.perf_counter()
    while True:
        order = orders.epoch(epochs)
        run_epoch(order)
        images += len(order)
        epochs += 1
        elapsed = time.perf_counter() - started
        if elapsed >= seconds:
            return {"images": images, "epochs": epochs, "seconds": elapsed, "imagesPerSecond": images / elapsed}


def peak_memory_bytes():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def answer(measured, **more):
    """The last line of stdout is the answer; libraries may have printed before it."""
    print(json.dumps({**measured, "peakMemoryBytes": peak_memory_bytes(), **more}), flush=True)
