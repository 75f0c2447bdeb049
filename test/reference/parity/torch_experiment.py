"""An experiment of the studio in PyTorch, built from its JSON: the same layers, heads, loss and optimizer, from the same
weights and batches. Run by `npm run bench -- parity` (losses) and `npm run bench -- augmented` (images per second).

The inputs folder holds what `bench/experiment-inputs.ts` wrote, little-endian:
  experiment.json  the resolved experiment
  inputs.json      {"features": {"dtype", "shape"}, "targets": {name: {"dtype", "shape"}}, "state": [{"name", "shape"}],
                    "scale", "offset", "targetScale", "targetOffset", "batchSize", "steps", "rates"}
  features.bin     examples as the dataset has them, [examples, height, width, channels] or [examples, features]
  target-NAME.bin  labels (int32) or numbers (float32)
  state.f32        the variables one after the other, dense [in, out], convolution [height, width, in, out]
  order.i32        row numbers, steps * batchSize of them
"""

import argparse
import json
import os
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--transforms", choices=["none", "per-image", "batched"], default="none")
    parser.add_argument("--seconds", type=float, default=0, help="measure speed for so long instead of losses")
    parser.add_argument("--channels-last", action="store_true")
    return parser.parse_args()


class Inputs:
    def __init__(self, folder):
        def load(name):
            with open(os.path.join(folder, name)) as file:
                return json.load(file)

        def array(name, dtype, shape):
            return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=dtype).reshape(shape))

        self.experiment = load("experiment.json")
        self.meta = load("inputs.json")
        kinds = {"uint8": np.uint8, "int32": "<i4", "float32": "<f4"}
        features = self.meta["features"]
        self.features = array("features.bin", kinds[features["dtype"]], features["shape"])
        self.targets = {
            name: array(f"target-{name}.bin", kinds[target["dtype"]], target["shape"])
            for name, target in self.meta["targets"].items()
        }
        order = np.fromfile(os.path.join(folder, "order.i32"), dtype="<i4").astype(np.int64)
        self.batches = torch.from_numpy(order).split(self.meta["batchSize"])
        self.state = self._read_state(folder)

    def _read_state(self, folder):
        values = np.fromfile(os.path.join(folder, "state.f32"), dtype="<f4")
        state, at = {}, 0
        for variable in self.meta["state"]:
            size = int(np.prod(variable["shape"]))
            state[variable["name"]] = torch.from_numpy(values[at : at + size].reshape(variable["shape"]).copy())
            at += size
        return state

    def prepare(self, rows):
        """Prepared examples, [batch, channels, height, width] for images."""
        x = self.features.index_select(0, rows).float()
        scale, offset = (torch.tensor(self.meta[name]) for name in ("scale", "offset"))
        x = x * scale.reshape(x.shape[1:]) + offset.reshape(x.shape[1:])
        return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


ACTIVATIONS = {
    "linear": lambda x, _: x,
    "relu": lambda x, _: F.relu(x),
    "relu6": lambda x, _: F.relu6(x),
    "leaky-relu": F.leaky_relu,
    "elu": lambda x, _: F.elu(x),
    "tanh": lambda x, _: torch.tanh(x),
    "sigmoid": lambda x, _: torch.sigmoid(x),
    "softplus": lambda x, _: F.softplus(x),
}


def sides(value):
    return tuple(value) if isinstance(value, list) else (value, value)


class Layer(nn.Module):
    """One layer of the experiment; images are [batch, channels, height, width] inside."""

    def __init__(self, spec, name, state):
        super().__init__()
        self.spec, self.kind = spec, spec["kind"]
        own = {key.split("/", 1)[1]: value for key, value in state.items() if key.startswith(f"{name}/")}
        if self.kind == "dense":
            self.weight = nn.Parameter(own["weight"].T.contiguous())
        elif self.kind == "conv2d":
            self.weight = nn.Parameter(own["weight"].permute(3, 2, 0, 1).contiguous())
        if self.kind in ("dense", "conv2d"):
            self.bias = nn.Parameter(own["bias"]) if "bias" in own else None
        if self.kind == "batch-norm":
            self.scale, self.offset = nn.Parameter(own["scale"]), nn.Parameter(own["offset"])
            self.register_buffer("mean", own["runningMean"])
            self.register_buffer("variance", own["runningVariance"])

    def forward(self, inputs):
        spec, x = self.spec, inputs[0]
        if self.kind == "dense":
            return self.activate(F.linear(x, self.weight, self.bias))
        if self.kind == "conv2d":
            assert sides(spec["strides"]) == (1, 1) and spec["padding"] == "same"
            kernel = sides(spec["kernelSize"])
            padding = tuple(side // 2 for side in kernel)
            return self.activate(F.conv2d(x, self.weight, self.bias, padding=padding))
        if self.kind == "max-pool2d":
            return F.max_pool2d(x, sides(spec["poolSize"]))
        if self.kind == "batch-norm":
            momentum, epsilon = spec["momentum"], spec["epsilon"]
            return F.batch_norm(
                x, self.mean, self.variance, self.scale, self.offset, self.training, momentum, epsilon
            )
        if self.kind == "dropout":
            return F.dropout(x, spec["rate"], self.training)
        if self.kind == "flatten":
            return (x.permute(0, 2, 3, 1) if x.dim() == 4 else x).flatten(1)
        if self.kind == "activation":
            return self.activate(x)
        if self.kind == "add":
            return sum(inputs)
        raise NotImplementedError(self.kind)

    def activate(self, x):
        return ACTIVATIONS[self.spec["activation"]](x, self.spec.get("negativeSlope", 0.01))


class Net(nn.Module):
    def __init__(self, model, state):
        super().__init__()
        specs = model["layers"]
        self.names = [spec.get("name", f"{spec['kind']}-{i + 1}") for i, spec in enumerate(specs)]
        before = ["input", *self.names]
        self.reads = [spec.get("inputs", [before[i]]) for i, spec in enumerate(specs)]
        self.layers = nn.ModuleList(Layer(spec, name, state) for spec, name in zip(specs, self.names))

    def forward(self, x):
        values = {"input": x}
        for name, reads, layer in zip(self.names, self.reads, self.layers):
            values[name] = layer([values[read] for read in reads])
        return values


def head_loss(kind, output, target):
    if kind == "sparse-softmax-cross-entropy":
        return F.cross_entropy(output, target.long())
    if kind == "binary-cross-entropy":
        return F.binary_cross_entropy_with_logits(output[:, 0], target.float())
    if kind == "mean-squared-error":
        return F.mse_loss(output, target.reshape(output.shape))
    if kind == "gaussian-negative-log-likelihood":
        mean, variance = output[:, 0], F.softplus(output[:, 1]) + 1e-6
        return F.gaussian_nll_loss(mean, target.reshape(mean.shape), variance, eps=1e-12)
    raise NotImplementedError(kind)


def build_optimizer(spec, parameters):
    decay = spec.get("weightDecay", 0)
    if spec["kind"] == "sgd":
        return torch.optim.SGD(
            parameters, spec["learningRate"], spec["momentum"], weight_decay=decay, nesterov=spec["nesterov"]
        )
    if spec["kind"] == "adam":
        betas = (spec["beta1"], spec["beta2"])
        return torch.optim.Adam(parameters, spec["learningRate"], betas, spec["epsilon"], decay, fused=True)
    if spec["kind"] == "rmsprop":
        return torch.optim.RMSprop(
            parameters, spec["learningRate"], spec["smoothing"], spec["epsilon"], decay, spec["momentum"]
        )
    raise NotImplementedError(spec["kind"])


class Trainer:
    def __init__(self, inputs, channels_last):
        self.inputs, self.channels_last = inputs, channels_last
        experiment = inputs.experiment
        self.net = Net(experiment["model"], inputs.state).train()
        if channels_last:
            self.net = self.net.to(memory_format=torch.channels_last)
        self.optimizer = build_optimizer(experiment["training"]["optimizer"], self.net.parameters())
        main = next(iter(inputs.targets))
        implicit = {"name": main, "layer": self.net.names[-1], "target": main, "weight": 1}
        self.heads = experiment["model"]["heads"] or [implicit]
        self.loss = experiment["training"]["loss"]

    def target(self, name, rows):
        y = self.inputs.targets[name].index_select(0, rows)
        if y.is_floating_point():
            y = y * self.inputs.meta["targetScale"] + self.inputs.meta["targetOffset"]
        return y

    def step(self, x, rows):
        if self.channels_last and x.dim() == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        self.optimizer.zero_grad(set_to_none=True)
        values = self.net(x)
        loss = sum(
            head["weight"] * head_loss(head.get("loss", self.loss), values[head["layer"]], self.target(head["target"], rows))
            for head in self.heads
        )
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def statistics(self):
        """Norms of batch norm's running means and variances, layer by layer."""
        return {
            name: [layer.mean.norm().item(), layer.variance.norm().item()]
            for name, layer in zip(self.net.names, self.net.layers)
            if layer.kind == "batch-norm"
        }


def rotate_batch(x, degrees):
    angle = (torch.rand(len(x)) * 2 - 1) * degrees * torch.pi / 180
    cosine, sine, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    matrix = torch.stack([torch.stack([cosine, -sine, zero], 1), torch.stack([sine, cosine, zero], 1)], 1)
    return F.grid_sample(x, F.affine_grid(matrix, x.shape, align_corners=False), align_corners=False)


def crop_batch(x, padding):
    n, _, height, width = x.shape
    padded = F.pad(x, [padding] * 4)
    down, right = (torch.randint(0, 2 * padding + 1, (n, 1, 1)) for _ in range(2))
    rows, columns = down + torch.arange(height)[None, :, None], right + torch.arange(width)[None, None, :]
    # Advanced indices around a slice put the channels last.
    return padded[torch.arange(n)[:, None, None], :, rows, columns].permute(0, 3, 1, 2)


def flip_batch(x, probability):
    return torch.where(torch.rand(len(x), 1, 1, 1) < probability, x.flip(3), x)


def transform_batch(x, steps):
    """The augmentation as a practised user writes it for speed: on the whole batch."""
    for step in steps:
        if step["kind"] == "rotation":
            x = rotate_batch(x, step["degrees"])
        elif step["kind"] == "crop":
            x = crop_batch(x, step["padding"])
        elif step["kind"] == "flip":
            x = flip_batch(x, step["probability"])
        else:
            raise NotImplementedError(step["kind"])
    return x


def transform_images(x, steps):
    """The augmentation as torchvision's transforms do it: image by image."""
    return torch.cat([transform_batch(x[i : i + 1], steps) for i in range(len(x))])


def measure_losses(trainer):
    losses = []
    for rate, rows in zip(trainer.inputs.meta["rates"], trainer.inputs.batches):
        for group in trainer.optimizer.param_groups:
            group["lr"] = rate
        losses.append(trainer.step(trainer.inputs.prepare(rows), rows).item())
    return losses


def measure_speed(trainer, transform, seconds):
    steps = trainer.inputs.experiment["augmentation"]
    batches = trainer.inputs.batches
    prepared = trainer.inputs.prepare(torch.arange(len(trainer.inputs.features)))
    if trainer.channels_last and prepared.dim() == 4:
        prepared = prepared.contiguous(memory_format=torch.channels_last)

    def run(rows):
        x = prepared.index_select(0, rows)
        trainer.step(transform(x, steps) if transform else x, rows)

    for rows in batches[:10]:
        run(rows)
    images, at, started = 0, 10, time.perf_counter()
    while time.perf_counter() - started < seconds:
        rows = batches[at % len(batches)]
        run(rows)
        images, at = images + len(rows), at + 1
    return images / (time.perf_counter() - started)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    trainer = Trainer(Inputs(options.inputs), options.channels_last)
    answer = {"versions": {"torch": torch.__version__}}
    if options.seconds > 0:
        transform = {"none": None, "per-image": transform_images, "batched": transform_batch}[options.transforms]
        answer["imagesPerSecond"] = measure_speed(trainer, transform, options.seconds)
    else:
        answer["losses"] = measure_losses(trainer)
        answer["statistics"] = trainer.statistics()
    print(json.dumps(answer), flush=True)


main()
