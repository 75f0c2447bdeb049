"""Writes batch-norm.json: running statistics and outputs of torch.nn.BatchNorm over a few batches, in float64.

Images are written channels last, as the studio holds them.
Run with Python 3.11 and torch 2.13.0: python test/reference/batch-norm.py
"""

import json
import pathlib

import torch

BATCHES = 4
EXAMPLES = 5


def flat(tensor):
    return tensor.detach().flatten().tolist()


def channels_last(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def run(name, layer, feature_shape, generator):
    layer = layer.double()
    with torch.no_grad():
        layer.weight.copy_(torch.randn(layer.num_features, generator=generator))
        layer.bias.copy_(torch.randn(layer.num_features, generator=generator))
    # Far from mean 0 and deviation 1, where the running statistics begin.
    x = torch.randn([BATCHES, EXAMPLES, *feature_shape], generator=generator) * 2 + 3
    history = []
    for batch in x.double():
        layer(batch)
        history.append({"mean": flat(layer.running_mean), "variance": flat(layer.running_var)})
    layer.eval()
    return {
        "name": name,
        "momentum": layer.momentum,
        "epsilon": layer.eps,
        "scale": flat(layer.weight),
        "offset": flat(layer.bias),
        "exampleShape": list(channels_last(x[0]).shape[1:]),
        "batches": [flat(channels_last(batch)) for batch in x],
        "running": history,
        "inference": flat(channels_last(layer(x[0].double()))),
    }


def main():
    generator = torch.Generator().manual_seed(11)
    result = {
        "torch": torch.__version__,
        "cases": [
            run("rows", torch.nn.BatchNorm1d(3), [3], generator),
            run("images", torch.nn.BatchNorm2d(2, momentum=0.3, eps=1e-2), [2, 3, 4], generator),
        ],
    }
    target = pathlib.Path(__file__).with_name("batch-norm.json")
    target.write_text(json.dumps(result) + "\n")


main()
