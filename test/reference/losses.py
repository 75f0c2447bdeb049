"""Writes losses.json: losses of batches and their gradients, and clipped gradients, as PyTorch computes them in float64.

Inputs are float32 numbers, so that they are the same for the engine under test.
Run with Python 3.11 and torch 2.13.0: python test/reference/losses.py
"""

import json
import pathlib

import torch
from torch.nn import functional

EXAMPLES = 6
CLASSES = 4
WEIGHTS = [0.5, 2.0, 1.25, 0.8]
PARTNERS = [3, 0, 5, 1, 2, 4]


def flat(tensor):
    return tensor.detach().flatten().tolist()


def draw(generator, *shape):
    return torch.randn(shape, generator=generator, dtype=torch.float32).double() * 2


def case(name, prediction, targets, loss_of, **options):
    prediction = prediction.clone().requires_grad_()
    loss = loss_of(prediction, targets)
    loss.backward()
    return {
        "name": name,
        "outputs": prediction.shape[1],
        "prediction": flat(prediction),
        "targets": flat(targets),
        "loss": loss.item(),
        "gradient": flat(prediction.grad),
        **options,
    }


def cross_entropy(weights=None, smoothing=0.0):
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    return torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=smoothing)


def mixed(loss, share):
    """One share for the whole batch, as CutMix and mixup are used with PyTorch."""

    def compute(prediction, targets):
        partners = targets[torch.tensor(PARTNERS)]
        return share * loss(prediction, targets) + (1 - share) * loss(prediction, partners)

    return compute


def softmax_cases(generator):
    logits = draw(generator, EXAMPLES, CLASSES)
    labels = torch.tensor([2, 0, 3, 1, 1, 2])
    for weights in (None, WEIGHTS):
        for smoothing in (0.0, 0.15):
            options = {"classWeights": weights, "labelSmoothing": smoothing}
            name = f"{'weighted' if weights else 'plain'}, smoothing {smoothing}"
            loss = cross_entropy(weights, smoothing)
            yield case(name, logits, labels, loss, mix=None, **options)
            mix = {"partners": PARTNERS, "share": 0.3}
            yield case(f"{name}, mixed", logits, labels, mixed(loss, 0.3), mix=mix, **options)


def gaussian_case(generator):
    prediction = draw(generator, EXAMPLES, 2)
    targets = draw(generator, EXAMPLES)

    def loss(prediction, targets):
        variance = functional.softplus(prediction[:, 1]) + 1e-6
        return torch.nn.GaussianNLLLoss(eps=1e-6)(prediction[:, 0], targets, variance)

    return case("gaussian", prediction, targets, loss)


def binary_case(generator):
    weights = [0.5, 2.0]
    labels = torch.tensor([1, 0, 0, 1, 1, 0])

    def loss(prediction, labels):
        each = torch.tensor(weights, dtype=torch.float64)[labels]
        losses = functional.binary_cross_entropy_with_logits(
            prediction[:, 0], labels.double(), reduction="none"
        )
        return (each * losses).sum() / each.sum()

    return case("binary", draw(generator, EXAMPLES, 1), labels, loss, classWeights=weights)


def clipping_cases(generator):
    gradients = {"matrix": draw(generator, 3, 2), "vector": draw(generator, 4)}
    for kind, limit in (("norm", 1.5), ("norm", 1e3), ("value", 0.7)):
        parameters = {name: torch.zeros_like(g).requires_grad_() for name, g in gradients.items()}
        for name, parameter in parameters.items():
            parameter.grad = gradients[name].clone()
        clip = torch.nn.utils.clip_grad_norm_ if kind == "norm" else torch.nn.utils.clip_grad_value_
        clip(list(parameters.values()), limit)
        yield {
            "clipping": {"kind": kind, "limit": limit},
            "gradients": {name: flat(g) for name, g in gradients.items()},
            "clipped": {name: flat(parameter.grad) for name, parameter in parameters.items()},
        }


def top_five(generator):
    scores = draw(generator, 40, 9)
    labels = torch.randint(0, 9, (40,), generator=generator)
    best = scores.topk(5, dim=1).indices
    return {
        "classCount": 9,
        "scores": flat(scores),
        "labels": flat(labels),
        "right": [float(label in row) for row, label in zip(best.tolist(), labels.tolist())],
    }


def main():
    generator = torch.Generator().manual_seed(7)
    result = {
        "torch": torch.__version__,
        "softmax": list(softmax_cases(generator)),
        "gaussian": gaussian_case(generator),
        "binary": binary_case(generator),
        "clipping": list(clipping_cases(generator)),
        "topFive": top_five(generator),
    }
    target = pathlib.Path(__file__).with_name("losses.json")
    target.write_text(json.dumps(result) + "\n")


main()
