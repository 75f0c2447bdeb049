"""Writes schedules.json: learning rates of torch.optim.lr_scheduler's schedulers, for every training step of small runs.

Rates are read before each step, so the n-th is the one that step n takes.

Run with Python 3.11 and torch 2.13.0: python test/reference/schedules.py
"""

import json
import pathlib

import torch
from torch.optim import lr_scheduler as schedulers


def create_optimizer(rate):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)


def rate_of(optimizer):
    return optimizer.param_groups[0]["lr"]


def follow(rate, epochs, steps_per_epoch, create, per_epoch):
    """Rate of each step; the scheduler steps after every training step, or after every epoch."""
    optimizer = create_optimizer(rate)
    scheduler = create(optimizer)
    rates = []
    for step in range(1, epochs * steps_per_epoch + 1):
        rates.append(rate_of(optimizer))
        optimizer.step()
        if not per_epoch or step % steps_per_epoch == 0:
            scheduler.step()
    return rates


def warm_up(optimizer, steps):
    return schedulers.LinearLR(optimizer, start_factor=1 / steps, end_factor=1, total_iters=steps - 1)


def create_cases():
    def case(name, spec, rate, epochs, steps_per_epoch, create, per_epoch=False, warm_up_epochs=0):
        return {
            "name": name,
            "schedule": spec,
            "learningRate": rate,
            "epochs": epochs,
            "stepsPerEpoch": steps_per_epoch,
            "warmUpEpochs": warm_up_epochs,
            "rates": follow(rate, epochs, steps_per_epoch, create, per_epoch),
        }

    def one_cycle(name, steps_per_epoch, epochs, **options):
        spec = {
            "kind": "one-cycle",
            "warmUpShare": options["pct_start"],
            "startDivisor": options["div_factor"],
            "endDivisor": options["final_div_factor"],
        }
        total = epochs * steps_per_epoch
        create = lambda o: schedulers.OneCycleLR(o, max_lr=0.4, total_steps=total, cycle_momentum=False, **options)
        return case(name, spec, 0.4, epochs, steps_per_epoch, create)

    return [
        case("constant", {"kind": "constant"}, 0.1, 2, 3, lambda o: schedulers.ConstantLR(o, factor=1)),
        case(
            "step",
            {"kind": "step", "everyEpochs": 3, "factor": 0.3},
            0.1,
            10,
            4,
            lambda o: schedulers.StepLR(o, step_size=3, gamma=0.3),
            per_epoch=True,
        ),
        case(
            "exponential",
            {"kind": "exponential", "factor": 0.9},
            0.05,
            8,
            3,
            lambda o: schedulers.ExponentialLR(o, gamma=0.9),
            per_epoch=True,
        ),
        case(
            "cosine",
            {"kind": "cosine", "minimumShare": 0},
            0.2,
            5,
            6,
            lambda o: schedulers.CosineAnnealingLR(o, T_max=29),
        ),
        case(
            "cosine to a share",
            {"kind": "cosine", "minimumShare": 0.05},
            0.2,
            3,
            7,
            lambda o: schedulers.CosineAnnealingLR(o, T_max=20, eta_min=0.01),
        ),
        case(
            "exponential after a warm-up",
            {"kind": "exponential", "factor": 0.9},
            0.1,
            6,
            4,
            # Chained schedulers step together, after every training step: an epoch is four of them.
            lambda o: schedulers.ChainedScheduler(
                [warm_up(o, 6), schedulers.StepLR(o, step_size=4, gamma=0.9)]
            ),
            warm_up_epochs=1.5,
        ),
        case(
            "cosine after a warm-up",
            {"kind": "cosine", "minimumShare": 0},
            0.1,
            5,
            5,
            lambda o: schedulers.ChainedScheduler(
                [warm_up(o, 10), schedulers.CosineAnnealingLR(o, T_max=24)]
            ),
            warm_up_epochs=2,
        ),
        one_cycle("one cycle", 8, 5, pct_start=0.3, div_factor=25, final_div_factor=1e4),
        one_cycle("one cycle, late peak", 7, 3, pct_start=0.6, div_factor=4, final_div_factor=50),
        one_cycle("one cycle, too short to rise", 1, 2, pct_start=0.1, div_factor=4, final_div_factor=50),
    ]


def follow_plateau(rate, values, **options):
    """Rate after each epoch's value has been seen."""
    optimizer = create_optimizer(rate)
    scheduler = schedulers.ReduceLROnPlateau(optimizer, eps=0, **options)
    rates = []
    for value in values:
        scheduler.step(value)
        rates.append(rate_of(optimizer))
    return rates


def create_plateaus():
    def case(name, metric, rate, values, factor, patience, threshold=1e-4, min_lr=0):
        options = dict(factor=factor, patience=patience, threshold=threshold, min_lr=min_lr)
        mode = "max" if metric == "accuracy" else "min"
        return {
            "name": name,
            "schedule": {
                "kind": "reduce-on-plateau",
                "metric": metric,
                "factor": factor,
                "patience": patience,
                "threshold": threshold,
                "minimumLearningRate": min_lr,
            },
            "learningRate": rate,
            "values": values,
            "rates": follow_plateau(rate, values, mode=mode, **options),
        }

    falling = [1.0, 0.9, 0.91, 0.92, 0.90, 0.95, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87]
    rising = [0.3, 0.5, 0.49, 0.5, 0.48, 0.6, 0.6, 0.6, 0.59, 0.58, 0.61]
    small = [1.0, 0.95, 0.92, 0.91, 0.85, 0.84, 0.83, 0.82]
    return [
        case("loss", "loss", 0.1, falling, factor=0.1, patience=2),
        case("accuracy", "accuracy", 0.1, rising, factor=0.5, patience=1),
        case("small gains do not count", "loss", 0.1, small, factor=0.5, patience=1, threshold=0.1),
        case("no patience", "loss", 0.1, [1.0] * 6, factor=0.5, patience=0),
        case("down to the smallest rate", "loss", 0.1, [1.0] * 8, factor=0.2, patience=0, min_lr=0.003),
    ]


def main():
    result = {"torch": torch.__version__, "cases": create_cases(), "plateaus": create_plateaus()}
    target = pathlib.Path(__file__).with_name("schedules.json")
    target.write_text(json.dumps(result) + "\n")


main()
