"""Keras 3 on TensorFlow at its best on a CPU: `fit` with many steps per execution, batches gathered by index from
resident tensors inside the input pipeline, with or without XLA (`jit_compile`)."""

import os
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import tensorflow as tf
from keras import layers

import common


def add_options(parser):
    parser.add_argument("--jit", action="store_true")
    parser.add_argument("--steps-per-execution", type=int, default=75)


def build_model(kind, weights):
    if kind == "mlp":
        stack = [keras.Input([784]), layers.Dense(256, "relu"), layers.Dense(128, "relu"), layers.Dense(10)]
    else:
        stack = [
            keras.Input([28, 28, 1]),
            layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10),
        ]  # fmt: skip
    model = keras.Sequential(stack)
    model.set_weights(weights)
    return model


def compile_model(model, jit, steps_per_execution):
    model.compile(
        optimizer=keras.optimizers.Adam(common.LEARNING_RATE, *common.BETAS, common.EPSILON),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=jit,
        steps_per_execution=steps_per_execution,
    )


def main():
    arguments = common.parse_arguments(add_options)
    keras.utils.set_random_seed(0)
    images = common.read_images(arguments.data)
    images = images.reshape(-1, 784) if arguments.model == "mlp" else images
    images = tf.constant(images.astype("float32") / 255)
    labels = tf.constant(common.read_labels(arguments.data).astype("int32"))
    orders = common.Orders(arguments.inputs, arguments.images)

    def batches(order):
        rows = tf.data.Dataset.from_tensor_slices(order).batch(common.BATCH)
        gathered = rows.map(lambda i: (tf.gather(images, i), tf.gather(labels, i)), num_parallel_calls=1)
        return gathered.prefetch(tf.data.AUTOTUNE)

    weights = common.read_weights(arguments.inputs)
    model = build_model(arguments.model, weights)
    compile_model(model, arguments.jit, 1)
    first = orders.epoch(0)[: common.CHECKED_STEPS * common.BATCH]
    losses = [float(model.train_on_batch(x, y, return_dict=True)["loss"]) for x, y in batches(first)]

    model = build_model(arguments.model, weights)
    compile_model(model, arguments.jit, arguments.steps_per_execution)
    fit = lambda order: model.fit(batches(order), verbose=0, shuffle=False)
    started = time.perf_counter()
    # One whole execution and the smaller last batch, so that both are compiled.
    fit(orders.epoch(0)[: common.BATCH * arguments.steps_per_execution + 32])
    warm_up = time.perf_counter() - started
    measured = common.measure_epochs(fit, orders, arguments.seconds)
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
    common.answer(measured, losses=losses, compileSeconds=warm_up, versions=versions)


main()
