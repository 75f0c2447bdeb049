"""Writes optimizers.json: ten steps of torch.optim's optimizers from fixed weights and gradients.

The weights are PyTorch's in float64, so that their rounding is not added to that of the float32 engine under test;
initial weights and gradients are float32 numbers.

Run with Python 3.11 and torch 2.13.0: python test/reference/optimizers.py
"""

import json
import pathlib

import torch

STEPS = 10
SHAPES = {"matrix": [3, 2], "vector": [4]}

CASES = [
    ("sgd", dict(lr=0.1), dict(kind="sgd", learningRate=0.1)),
    (
        "sgd with weight decay",
        dict(lr=0.1, weight_decay=0.05),
        dict(kind="sgd", learningRate=0.1, weightDecay=0.05),
    ),
    (
        "sgd with momentum",
        dict(lr=0.05, momentum=0.9),
        dict(kind="sgd", learningRate=0.05, momentum=0.9),
    ),
    (
        "sgd with momentum and weight decay",
        dict(lr=0.05, momentum=0.8, weight_decay=0.01),
        dict(kind="sgd", learningRate=0.05, momentum=0.8, weightDecay=0.01),
    ),
    (
        "sgd with nesterov",
        dict(lr=0.05, momentum=0.9, nesterov=True),
        dict(kind="sgd", learningRate=0.05, momentum=0.9, nesterov=True),
    ),
    (
        "sgd with nesterov and weight decay",
        dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.02),
        dict(kind="sgd", learningRate=0.05, momentum=0.9, nesterov=True, weightDecay=0.02),
    ),
    ("adam", dict(lr=0.01), dict(kind="adam", learningRate=0.01)),
    (
        "adam with other betas and a large epsilon",
        dict(lr=0.02, betas=(0.8, 0.95), eps=1e-3),
        dict(kind="adam", learningRate=0.02, beta1=0.8, beta2=0.95, epsilon=1e-3),
    ),
    (
        "adam with weight decay",
        dict(lr=0.01, weight_decay=0.1),
        dict(kind="adam", learningRate=0.01, weightDecay=0.1),
    ),
    ("adamw", dict(lr=0.01), dict(kind="adamw", learningRate=0.01)),
    (
        "adamw with a strong decay",
        dict(lr=0.02, weight_decay=0.5),
        dict(kind="adamw", learningRate=0.02, weightDecay=0.5),
    ),
    ("rmsprop", dict(lr=0.01), dict(kind="rmsprop", learningRate=0.01)),
    (
        "rmsprop with momentum",
        dict(lr=0.01, momentum=0.9, alpha=0.9),
        dict(kind="rmsprop", learningRate=0.01, momentum=0.9, smoothing=0.9),
    ),
    (
        "rmsprop with weight decay and a large epsilon",
        dict(lr=0.01, weight_decay=0.1, eps=1e-2),
        dict(kind="rmsprop", learningRate=0.01, weightDecay=0.1, epsilon=1e-2),
    ),
]

TORCH = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
}


def flat(tensor):
    return tensor.detach().flatten().tolist()


def run(kind, options, initial, gradients):
    """Weights after each step, by parameter."""
    weights = {name: value.double().requires_grad_() for name, value in initial.items()}
    optimizer = TORCH[kind](list(weights.values()), **options)
    history = {name: [] for name in weights}
    for step in range(STEPS):
        for name, weight in weights.items():
            weight.grad = gradients[name][step].double()
        optimizer.step()
        for name, weight in weights.items():
            history[name].append(flat(weight))
    return history


def main():
    generator = torch.Generator().manual_seed(7)
    initial = {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}
    gradients = {name: torch.randn([STEPS, *shape], generator=generator) for name, shape in SHAPES.items()}
    result = {
        "torch": torch.__version__,
        "shapes": SHAPES,
        "initial": {name: flat(value) for name, value in initial.items()},
        "gradients": {name: [flat(g) for g in value] for name, value in gradients.items()},
        "cases": [
            {
                "name": name,
                "spec": spec,
                "weights": run(spec["kind"], options, initial, gradients),
            }
            for name, options, spec in CASES
        ],
    }
    target = pathlib.Path(__file__).with_name("optimizers.json")
    target.write_text(json.dumps(result) + "\n")


main()
