"""Direction numbers of Joe and Kuo (2008) for 100 dimensions, and points that SciPy makes of them.

Run with SciPy 1.17: python -P test/reference/sobol.py
Writes src/main/search/samplers/sobol-directions.json and test/reference/sobol.json.
"""

import json
import os
from pathlib import Path

import numpy as np
import scipy.stats
from scipy.stats import qmc

DIMENSIONS = 100
ROOT = Path(__file__).resolve().parents[2]

table = np.load(os.path.join(os.path.dirname(scipy.stats.__file__), "_sobol_direction_numbers.npz"))
directions = []
for dimension in range(DIMENSIONS):
    polynomial = int(table["poly"][dimension])
    degree = max(0, polynomial.bit_length() - 1)
    initial = [int(value) for value in table["vinit"][dimension][: max(1, degree)]]
    directions.append({"polynomial": polynomial, "initial": initial})
(ROOT / "src/main/search/samplers/sobol-directions.json").write_text(json.dumps(directions) + "\n")

points = qmc.Sobol(d=DIMENSIONS, scramble=False, bits=32).random(64)
(ROOT / "test/reference/sobol.json").write_text(
    json.dumps({"scipy": scipy.__version__, "points": points.tolist()}) + "\n"
)
