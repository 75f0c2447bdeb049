"""JAX on a CPU: nets of equal shapes, batch size and optimizer are one program, `vmap` over the folds and, with
--together, over the configurations; `lax.scan` over the steps of an epoch, a loop over the epochs, and everything that is
a number traced, so that configurations share what is compiled. Several programs compile and run beside each other with
--workers."""

import math
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import search_common as common


def add_options(parser):
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--kept", required=True, help="folder of programs compiled before")
    parser.add_argument("--generator", choices=["threefry2x32", "rbg", "unsafe_rbg"], default="threefry2x32")


def predict(weights, x, drops):
    """One net on one batch; `drops` has the factor of each hidden unit, or is empty where nothing is dropped."""
    layers = list(zip(weights[::2], weights[1::2]))
    for at, (weight, bias) in enumerate(layers[:-1]):
        x = jax.nn.relu(x @ weight + bias)
        x = x * drops[at] if drops else x
    weight, bias = layers[-1]
    return x @ weight + bias


def loss_of(weights, x, y, drops=()):
    return jnp.mean((predict(weights, x, drops) - y) ** 2)


def sgd(state, gradients, numbers, _):
    weights, velocities = state
    velocities = [numbers["momentum"] * v + g for v, g in zip(velocities, gradients)]
    return [w - numbers["learningRate"] * v for w, v in zip(weights, velocities)], velocities


def adam(state, gradients, numbers, step):
    weights, means, squares = state
    b1, b2 = numbers["beta1"], numbers["beta2"]
    # 1 - beta and 1 - beta^step without the cancellation that float32 has there.
    means = [b1 * m + numbers["restOfBeta1"] * g for m, g in zip(means, gradients)]
    squares = [b2 * v + numbers["restOfBeta2"] * g * g for v, g in zip(squares, gradients)]
    correction = lambda name: -jnp.expm1(step * numbers[name])
    size, root = numbers["learningRate"] / correction("logOfBeta1"), jnp.sqrt(correction("logOfBeta2"))
    update = lambda w, m, v: w - size * m / (jnp.sqrt(v) / root + numbers["epsilon"])
    return [update(w, m, v) for w, m, v in zip(weights, means, squares)], means, squares


RULES = {"sgd": (sgd, 1), "adam": (adam, 2)}


def take_step(rule, state, numbers, batch, uniforms, step):
    """One net's step on its batch; `uniforms` decide what is dropped."""
    x, y = batch
    rates = numbers["dropout"]
    drops = [(u >= rates[at]) / (1 - rates[at]) for at, u in enumerate(uniforms)]
    gradients = jax.grad(loss_of)(state[0], x, y, drops)
    slopes = [g + numbers["weightDecay"] * w for g, w in zip(gradients, state[0])]
    return rule(state, slopes, numbers, step)


def build(search, kind, widths, batch_size, key):
    """
    Functions of the states [configurations, folds, ...] and numbers [configurations]: `train` takes the epochs from
    `first` up to `last`, `measure` the mean squared errors on the rows that each fold holds out.
    """
    features, targets = jnp.asarray(search.features), jnp.asarray(search.targets)
    orders, dev = jnp.asarray(np.stack(search.orders)), jnp.asarray(np.stack(search.dev))
    rows = orders.shape[2]
    full, steps = rows // batch_size, -(-rows // batch_size)
    of_folds = jax.vmap(partial(take_step, RULES[kind][0]), (0, None, (0, 0), None, None))
    of_all = jax.vmap(of_folds, (0, 0, None, None, None))

    def step(states, numbers, taken, at):
        # All nets have one seed, and so what each draws for itself is the same.
        draws = jax.random.split(jax.random.fold_in(key, at), len(widths))
        uniforms = [jax.random.uniform(draw, (taken.shape[1], width)) for draw, width in zip(draws, widths)]
        batch = features[taken], targets[taken]
        return of_all(states, numbers, batch, uniforms, (at + 1).astype(jnp.float32))

    def epoch(numbers, number, states):
        order = lax.dynamic_index_in_dim(orders, number, 1, keepdims=False)
        whole = order[:, : full * batch_size].reshape(len(order), full, batch_size).swapaxes(0, 1)
        at = number * steps + jnp.arange(full)
        states, _ = lax.scan(lambda held, one: (step(held, numbers, *one), None), states, (whole, at))
        if full < steps:
            states = step(states, numbers, order[:, full * batch_size :], number * steps + full)
        return states

    @partial(jax.jit, donate_argnums=0)
    def train(states, numbers, first, last):
        return lax.fori_loop(first, last, lambda number, held: epoch(numbers, number, held), states)

    @jax.jit
    def measure(states):
        of_folds = jax.vmap(lambda weights, held: loss_of(weights, features[held], targets[held]))
        return jax.vmap(of_folds, (0, None))(states[0], dev)

    return train, measure


def first_states(configurations, folds):
    """Weights as they begin and moments of zeros, each [configurations, folds, ...]."""
    _, moments = RULES[configurations[0].optimizer["kind"]]
    stacked = [np.stack(values) for values in zip(*(one.weights for one in configurations))]
    weights = [np.repeat(value[:, None], folds, 1) for value in stacked]
    return tuple([jnp.asarray(value) for value in held] for held in (weights, *[[0 * w for w in weights]] * moments))


def numbers_of(configurations):
    names = [name for name, value in configurations[0].optimizer.items() if isinstance(value, float)]
    column = lambda values: jnp.asarray(np.array(list(values), np.float32))
    numbers = {name: column(one.optimizer[name] for one in configurations) for name in names}
    for name in [name for name in names if name.startswith("beta")]:
        of_beta = f"OfB{name[1:]}"
        numbers[f"log{of_beta}"] = column(math.log(one.optimizer[name]) for one in configurations)
        numbers[f"rest{of_beta}"] = column(1 - one.optimizer[name] for one in configurations)
    return {**numbers, "dropout": column(one.dropout for one in configurations)}


class Group:
    """Configurations of equal shapes, batch size and optimizer."""

    def __init__(self, search, key, kind, configurations, together):
        self.search = search
        self.key = key
        self.kind = kind
        self.configurations = configurations
        self.packs = [configurations] if together else [[one] for one in configurations]

    @property
    def work(self):
        return sum(common.steps_of(self.search, one) for one in self.configurations)

    def run(self):
        """Held-out losses by configuration, and the seconds that went into compiling."""
        widths, batch_size, optimizer = self.kind
        folds = len(self.search.orders)
        train, measure = build(self.search, optimizer, widths, batch_size, self.key)
        first = self.packs[0]
        states, numbers = first_states(first, folds), numbers_of(first)
        started = time.perf_counter()
        train = train.lower(states, numbers, 0, 0).compile()
        measure = measure.lower(states).compile()
        compile_seconds = time.perf_counter() - started
        losses = {}
        for pack in self.packs:
            losses.update(train_pack(train, measure, pack, folds))
        return losses, compile_seconds


def train_pack(train, measure, pack, folds):
    """Nets that have had their epochs go on with the others, and are measured where they ended."""
    states, numbers, done, losses = first_states(pack, folds), numbers_of(pack), 0, {}
    for epochs in sorted({one.epochs for one in pack}):
        states = train(states, numbers, done, epochs)
        done = epochs
        measured = np.asarray(measure(states))
        losses.update({one.number: measured[at] for at, one in enumerate(pack) if one.epochs == epochs})
    return losses


def main():
    started = time.perf_counter()
    arguments = common.parse_arguments(add_options)
    jax.config.update("jax_compilation_cache_dir", arguments.kept)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    search = common.read_search(arguments.inputs)
    key = jax.random.key(arguments.seed, impl=arguments.generator)
    kinds = defaultdict(list)
    for one in search.configurations:
        kinds[(one.widths, one.batch_size, one.optimizer["kind"])].append(one)
    groups = [Group(search, key, kind, members, arguments.together) for kind, members in kinds.items()]
    groups.sort(key=lambda group: -group.work)
    with ThreadPoolExecutor(arguments.workers) as pool:
        answers = list(pool.map(Group.run, groups))
    losses = {number: values for found, _ in answers for number, values in found.items()}
    compile_seconds = sum(seconds for _, seconds in answers)
    common.answer(search, losses, compile_seconds, started, {"jax": jax.__version__})


main()
