"""One training step of a net with two hidden layers as a function of tensors alone, so that `torch.compile` makes one
program of all of it, the update included, which nets of all sizes and settings share."""

import math

import torch
from torch.nn import functional as F


def drop(x, rate):
    return x * (torch.rand_like(x) >= rate) / (1 - rate)


def loss_of(parameters, x, y, rates):
    w1, b1, w2, b2, w3, b3 = parameters
    x = drop(F.relu(F.linear(x, w1, b1)), rates[0])
    x = drop(F.relu(F.linear(x, w2, b2)), rates[1])
    return F.mse_loss(F.linear(x, w3, b3), y)


def slopes(parameters, x, y, rates, decay):
    gradients = torch.func.grad(loss_of)(parameters, x, y, rates)
    return [gradient + decay * parameter for gradient, parameter in zip(gradients, parameters)]


def correction(beta, step):
    """1 - beta^step, without the cancellation that float32 has there."""
    return -torch.expm1(step * math.log(beta))


def sgd_step(parameters, velocities, x, y, rates, rate, decay, momentum):
    for p, v, g in zip(parameters, velocities, slopes(parameters, x, y, rates, decay)):
        v.mul_(momentum).add_(g)
        p.sub_(rate * v)


def adam_step(parameters, means, squares, step, x, y, rates, rate, decay, beta1, beta2, epsilon):
    step.add_(1)
    size, root = rate / correction(beta1, step), torch.sqrt(correction(beta2, step))
    for p, m, v, g in zip(parameters, means, squares, slopes(parameters, x, y, rates, decay)):
        m.mul_(beta1).add_((1 - beta1) * g)
        v.mul_(beta2).add_((1 - beta2) * g * g)
        p.sub_(size * m / (torch.sqrt(v) / root + epsilon))


class CompiledStep:
    """Steps of one net after the other; the programs are kept."""

    def __init__(self):
        self.sgd = torch.compile(sgd_step, dynamic=True)
        self.adam = torch.compile(adam_step, dynamic=True)

    def of(self, model, configuration):
        """A function of a batch that takes one step of `model`."""
        parameters = [parameter.detach() for parameter in model.parameters()]
        zeros = lambda: [torch.zeros_like(parameter) for parameter in parameters]
        spec = configuration.optimizer
        scalar = lambda name: torch.tensor(spec[name], dtype=torch.float32)
        rates = torch.tensor(configuration.dropout)
        rate, decay = scalar("learningRate"), scalar("weightDecay")
        if spec["kind"] == "sgd":
            velocities, momentum = zeros(), scalar("momentum")
            return lambda x, y: self.sgd(parameters, velocities, x, y, rates, rate, decay, momentum)
        means, squares, step = zeros(), zeros(), torch.zeros(())
        constants = spec["beta1"], spec["beta2"], spec["epsilon"]
        return lambda x, y: self.adam(parameters, means, squares, step, x, y, rates, rate, decay, *constants)
