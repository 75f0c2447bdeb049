"""JAX on a CPU: a whole epoch in one compiled `lax.scan` that gathers each batch from resident data, or, with --per-step,
a step compiled alone and called once per batch. With --by-hand the convolutions and the pooling are not the library's
but rewritten for XLA's CPU backend, which has slow convolutions and, inside a loop, far slower ones."""

import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import common


def add_options(parser):
    parser.add_argument("--per-step", action="store_true")
    parser.add_argument("--by-hand", action="store_true")


def dense(x, weight, bias):
    return x @ weight + bias


def convolution_by_hand(x, weight, bias):
    """3x3, same padding, as one matrix product."""
    batch, height, width, channels = x.shape
    padded = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    patches = jnp.concatenate(shifted, axis=-1).reshape(-1, 9 * channels)
    return (patches @ weight.reshape(9 * channels, -1)).reshape(batch, height, width, -1) + bias


def max_pool_by_hand(x):
    """2x2; the gradient of a maximum over axes is faster than that of `reduce_window`."""
    batch, height, width, channels = x.shape
    return x.reshape(batch, height // 2, 2, width // 2, 2, channels).max((2, 4))


def mlp(p, x):
    x = jax.nn.relu(dense(x.reshape(len(x), -1), p[0], p[1]))
    return dense(jax.nn.relu(dense(x, p[2], p[3])), p[4], p[5])


def convolution(x, weight, bias):
    dimensions = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(x, weight, (1, 1), "SAME", dimension_numbers=dimensions) + bias


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def cnn(p, x, convolution=convolution, max_pool=max_pool):
    x = max_pool(jax.nn.relu(convolution(x, p[0], p[1])))
    x = max_pool(jax.nn.relu(convolution(x, p[2], p[3])))
    return dense(jax.nn.relu(dense(x.reshape(len(x), -1), p[4], p[5])), p[6], p[7])


def adam(parameters, gradients, m, v, step):
    """Kingma and Ba (2015), with PyTorch's place for epsilon."""
    b1, b2 = common.BETAS
    m = [b1 * a + (1 - b1) * g for a, g in zip(m, gradients)]
    v = [b2 * a + (1 - b2) * g * g for a, g in zip(v, gradients)]
    c1, c2 = 1 - b1**step, 1 - b2**step
    update = lambda p, a, s: p - common.LEARNING_RATE * (a / c1) / (jnp.sqrt(s / c2) + common.EPSILON)
    return [update(p, a, s) for p, a, s in zip(parameters, m, v)], m, v


cnn_by_hand = partial(cnn, convolution=convolution_by_hand, max_pool=max_pool_by_hand)


def build_epoch(apply, images, labels, per_step):
    def loss_of(parameters, rows):
        logits = apply(parameters, images[rows].astype(jnp.float32) / 255)
        y = labels[rows]
        losses = jax.nn.logsumexp(logits, axis=1) - jnp.take_along_axis(logits, y[:, None], 1)[:, 0]
        return losses.mean(), (logits.argmax(1) == y).sum()

    def step(state, rows):
        parameters, m, v, count = state
        (loss, correct), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters, rows)
        count = count + 1
        return (*adam(parameters, gradients, m, v, count), count), (loss, correct)

    @partial(jax.jit, donate_argnums=0)
    def epoch(state, rows):
        # Without a loop around them: XLA's convolutions are many times slower inside one.
        return step(state, rows[0]) if per_step else lax.scan(step, state, rows)

    return epoch


def initial_state(weights):
    parameters = [jnp.asarray(value) for value in weights]
    zeros = lambda: [jnp.zeros_like(value) for value in parameters]
    return (parameters, zeros(), zeros(), jnp.zeros((), jnp.float32))


def cut(order, per_step):
    """The calls of an epoch, each [steps, batch]: all full batches at once or one by one, then the smaller last one."""
    full = len(order) // common.BATCH * common.BATCH
    batches = order[:full].reshape(-1, common.BATCH)
    calls = list(batches[:, None]) if per_step else [batches]
    return calls + ([order[full:].reshape(1, -1)] if full < len(order) else [])


def compile_calls(epoch, state, calls):
    """Compiled programs by the shape of their call."""
    return {shape: epoch.lower(state, np.zeros(shape, np.int32)).compile() for shape in {c.shape for c in calls}}


def main():
    arguments = common.parse_arguments(add_options)
    images = jnp.asarray(common.read_images(arguments.data))
    labels = jnp.asarray(common.read_labels(arguments.data).astype(np.int32))
    weights = common.read_weights(arguments.inputs)
    orders = common.Orders(arguments.inputs, arguments.images)
    network = mlp if arguments.model == "mlp" else cnn_by_hand if arguments.by_hand else cnn
    epoch = build_epoch(network, images, labels, arguments.per_step)

    started = time.perf_counter()
    programs = compile_calls(epoch, initial_state(weights), cut(orders.epoch(0), arguments.per_step))
    compile_seconds = time.perf_counter() - started

    state, losses = initial_state(weights), []
    one_step = epoch.lower(state, np.zeros((1, common.BATCH), np.int32)).compile()
    for rows in cut(orders.epoch(0)[: common.CHECKED_STEPS * common.BATCH], True):
        state, (loss, _) = one_step(state, rows)
        losses.append(float(loss.sum()))

    def run_epoch(order):
        nonlocal state
        metrics = []
        for rows in cut(order, arguments.per_step):
            state, measured = programs[rows.shape](state, rows)
            metrics.append(measured)
        return [(float(loss.sum()), int(correct.sum())) for loss, correct in metrics]

    measured = common.measure_epochs(run_epoch, orders, arguments.seconds)
    common.answer(measured, losses=losses, compileSeconds=compile_seconds, versions={"jax": jax.__version__})


main()
