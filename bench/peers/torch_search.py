"""PyTorch at its best on a CPU for many tiny nets: data resident, an epoch's examples gathered at once, no DataLoader,
fused optimizers, eager or compiled, one net after the other, or, with --processes, one after the other in each of several
processes. `--mode by-hand` is no user's program: the whole step, the update included, is written as a function of
tensors so that all nets share what is compiled."""

import multiprocessing
import time

import torch
from torch import nn
from torch.nn import functional as F

import search_common as common
from torch_search_step import CompiledStep


def add_options(parser):
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--mode", choices=["eager", "compiled", "by-hand"], default="eager")


def build_model(configuration):
    sides = (1, *configuration.widths, 1)
    rates = (*configuration.dropout, None)
    layers = []
    for n, m, rate in zip(sides, sides[1:], rates):
        layers.append(nn.Linear(n, m))
        if rate is not None:
            layers += [nn.ReLU(), nn.Dropout(rate)]
    model = nn.Sequential(*layers)
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), configuration.weights, strict=True):
            parameter.copy_(torch.from_numpy(value.T if value.ndim == 2 else value))
    return model


def build_optimizer(model, spec):
    shared = {"lr": spec["learningRate"], "weight_decay": spec["weightDecay"], "fused": True}
    if spec["kind"] == "sgd":
        return torch.optim.SGD(model.parameters(), momentum=spec["momentum"], nesterov=spec["nesterov"], **shared)
    betas = (spec["beta1"], spec["beta2"])
    return torch.optim.Adam(model.parameters(), betas=betas, eps=spec["epsilon"], **shared)


class Trainer:
    """Trains nets of a search one after the other."""

    def __init__(self, search, seed, mode):
        self.search = search
        self.seed = seed
        self.mode = mode
        self.compiled_step = CompiledStep() if mode == "by-hand" else None
        self.features = torch.from_numpy(search.features)
        self.targets = torch.from_numpy(search.targets)
        self.orders = [torch.from_numpy(order).long() for order in search.orders]
        self.dev = [torch.from_numpy(rows).long() for rows in search.dev]

    def train(self, configuration, fold):
        """A net's held-out loss, and the seconds that went into compiling it."""
        model = build_model(configuration)
        take_step = self.step_of(model, configuration)
        # Each net draws as if it were alone, as in the studio.
        torch.manual_seed(self.seed)
        ends = [time.perf_counter()]
        for epoch in range(configuration.epochs):
            for x, y in self.batches(configuration, fold, epoch):
                take_step(x, y)
            ends.append(time.perf_counter())
        return self.measure(model, fold), self.compile_seconds(ends)

    def step_of(self, model, configuration):
        """A function of a batch that takes one step of `model`."""
        if self.compiled_step is not None:
            return self.compiled_step.of(model, configuration)
        optimizer = build_optimizer(model, configuration.optimizer)
        loss_of = lambda x, y: F.mse_loss(model(x), y)
        if self.mode == "compiled":
            loss_of = torch.compile(loss_of)

        def take_step(x, y):
            optimizer.zero_grad(set_to_none=True)
            loss_of(x, y).backward()
            optimizer.step()

        return take_step

    def batches(self, configuration, fold, epoch):
        """Views of the epoch's examples, which are gathered all at once."""
        order = self.orders[fold][epoch]
        parts = (part.index_select(0, order).split(configuration.batch_size) for part in (self.features, self.targets))
        return zip(*parts)

    def compile_seconds(self, ends):
        """What the first epoch took longer than the second; every size of batch is met in it."""
        if self.mode == "eager" or len(ends) < 3:
            return 0.0
        return max(0.0, (ends[1] - ends[0]) - (ends[2] - ends[1]))

    @torch.no_grad()
    def measure(self, model, fold):
        rows = self.dev[fold]
        model.eval()
        return F.mse_loss(model(self.features[rows]), self.targets[rows]).item()


def train_sequentially(trainer, nets):
    return [trainer.train(*net) for net in nets]


trainer_of_process = None


def train_net(net):
    return trainer_of_process.train(*net)


def train_in_processes(trainer, nets, processes):
    """Processes are forked with everything loaded; each takes the next net when it is done, the longest first."""
    global trainer_of_process
    trainer_of_process = trainer
    length = lambda place: -nets[place][0].epochs / nets[place][0].batch_size
    order = sorted(range(len(nets)), key=length)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        trained = pool.map(train_net, [nets[place] for place in order], chunksize=1)
    return [result for _, result in sorted(zip(order, trained))]


def main():
    started = time.perf_counter()
    arguments = common.parse_arguments(add_options)
    torch.set_num_threads(arguments.threads)
    # Nets of many sizes are seen; none must fall back to eager.
    torch._dynamo.config.recompile_limit = 1024
    search = common.read_search(arguments.inputs)
    trainer = Trainer(search, arguments.seed, arguments.mode)
    folds = range(len(search.orders))
    nets = [(configuration, fold) for configuration in search.configurations for fold in folds]
    if arguments.processes > 1:
        trained = train_in_processes(trainer, nets, arguments.processes)
    else:
        trained = train_sequentially(trainer, nets)
    losses = {configuration.number: [] for configuration in search.configurations}
    for (configuration, _), (loss, _) in zip(nets, trained):
        losses[configuration.number].append(loss)
    compile_seconds = sum(seconds for _, seconds in trained)
    common.answer(search, losses, compile_seconds, started, {"torch": torch.__version__})


main()
