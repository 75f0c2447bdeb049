"""PyTorch at its best on a CPU: data resident, batches gathered by index, no DataLoader, fused Adam,
channels-last convolutions, eager or compiled."""

import time

import torch
from torch import nn
from torch.nn import functional as F

import common


def add_options(parser):
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compile", action="store_true")


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
        )

    def forward(self, x):
        return self.layers(x)


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        )  # fmt: skip
        self.dense = nn.Sequential(nn.Linear(7 * 7 * 64, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        # Channels last, the permutation is a view, and flattening has TensorFlow's order.
        return self.dense(self.convolutions(x).permute(0, 2, 3, 1).flatten(1))


def from_tensorflow(value):
    """Dense [in, out] -> [out, in]; convolution [h, w, in, out] -> [out, in, h, w]; a bias as it is."""
    orders = {1: (0,), 2: (1, 0), 4: (3, 2, 0, 1)}
    return value.permute(orders[value.dim()])


def build_model(kind, weights):
    model = (Mlp() if kind == "mlp" else Cnn()).to(memory_format=torch.channels_last)
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), weights, strict=True):
            parameter.copy_(from_tensorflow(torch.from_numpy(value)))
    return model


def build_step(model, compiled):
    optimizer = torch.optim.Adam(model.parameters(), common.LEARNING_RATE, common.BETAS, common.EPSILON, fused=True)

    def forward(x, y):
        logits = model(x)
        return F.cross_entropy(logits, y), (logits.argmax(1) == y).sum()

    if compiled:
        forward = torch.compile(forward, dynamic=False)

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss, correct = forward(x, y)
        loss.backward()
        optimizer.step()
        return loss.detach(), correct.detach()

    return step


def load_data(arguments):
    images = torch.from_numpy(common.read_images(arguments.data)).float().div_(255)
    images = images.flatten(1) if arguments.model == "mlp" else images.permute(0, 3, 1, 2)
    return images, torch.from_numpy(common.read_labels(arguments.data)).long()


def main():
    arguments = common.parse_arguments(add_options)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    images, labels = load_data(arguments)
    weights = common.read_weights(arguments.inputs)
    orders = common.Orders(arguments.inputs, arguments.images)

    def gather(rows):
        # Twice as fast as indexing, images[rows].
        batch = images.index_select(0, rows)
        if arguments.model == "cnn":
            batch = batch.contiguous(memory_format=torch.channels_last)
        return batch, labels.index_select(0, rows)

    def batches(order):
        return torch.from_numpy(order).long().split(common.BATCH)

    step = build_step(build_model(arguments.model, weights), arguments.compile)
    started = time.perf_counter()
    losses = [step(*gather(rows))[0].item() for rows in batches(orders.epoch(0))[: common.CHECKED_STEPS]]
    # The last, smaller batch is compiled on its own too.
    step(*gather(batches(orders.epoch(0))[-1][:32]))
    warm_up = time.perf_counter() - started

    def run_epoch(order):
        loss_sum, correct_sum = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for rows in batches(order):
            loss, correct = step(*gather(rows))
            loss_sum += loss * len(rows)
            correct_sum += correct
        return loss_sum.item() / len(order), correct_sum.item() / len(order)

    measured = common.measure_epochs(run_epoch, orders, arguments.seconds)
    common.answer(measured, losses=losses, compileSeconds=warm_up, versions={"torch": torch.__version__})


main()
