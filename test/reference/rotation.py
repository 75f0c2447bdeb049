"""Writes rotation.json: images turned about their middle by scipy, linear interpolation, zeros outside, in float64.

Run with Python 3.11, numpy 2.4 and scipy 1.17: python test/reference/rotation.py
"""

import json
import pathlib

import numpy
import scipy

HEIGHT, WIDTH, CHANNELS = 7, 5, 2


def turned(image, degrees):
    # "grid-constant" blends with the zeros outside, as TensorFlow does; "constant" would cut them off.
    return scipy.ndimage.rotate(image, degrees, axes=(1, 0), reshape=False, order=1, mode="grid-constant")


def main():
    generator = numpy.random.default_rng(5)
    image = generator.normal(size=(HEIGHT, WIDTH, CHANNELS)).astype(numpy.float32).astype(numpy.float64)
    result = {
        "scipy": scipy.__version__,
        "shape": list(image.shape),
        "image": image.flatten().tolist(),
        "cases": [
            {"degrees": degrees, "turned": turned(image, degrees).flatten().tolist()}
            for degrees in (0, 20, -20, 45, 90, 133.7, 180)
        ],
    }
    target = pathlib.Path(__file__).with_name("rotation.json")
    target.write_text(json.dumps(result) + "\n")


main()
