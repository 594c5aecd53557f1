"""The single-layer L2MU, trained -> the integer tensors of integer.py.

Each destination neuron has its own weight grid: one step of row r is max|w| / 127 over all matrices that enter r, and
the bias and the threshold of r are written in that step too. Fraction bits and the shift of the input population's sums
are chosen on training windows so that states saturate in at most 1 of 10,000 neuron-ticks.
"""

from __future__ import annotations

import numpy as np

from training import integer
from training.integer import LIMIT, Tensors
from training.networks import l2mu_single
from training.quantize import input_tensors

SATURATION_ALLOWED = 1e-4
FRACTION_MAXIMUM = 7
# The network's populations in the order of the tick: layer and name here.
POPULATIONS = {"in": (0, "h"), "u": (1, "u"), "m": (1, "m"), "h": (1, "h"), "o": (2, "h")}
# The matrices that enter each: the network's name and that here.
MATRICES = {"in": {"w_in": "w"}, "u": {"e_x": "e_x", "e_h": "e_h", "e_m": "e_m"}, "m": {"a_hat": "a", "b_hat": "b"},
            "h": {"w_x": "w_x", "w_h": "w_h", "w_m": "w_m"}, "o": {"w_o": "w"}}


def tensors_of(parameters: dict[str, np.ndarray], fraction: dict[str, int], input_join: int) -> Tensors:
    """The integers for given fraction bits per population and shift of the input population's sums."""
    out, source = input_tensors(l2mu_single.INPUT_BITS)
    out["0.w_join"] = np.int64(input_join)
    units = len(parameters["bias_u"])
    for name, (layer, part) in POPULATIONS.items():
        entering = {key: parameters[own].reshape(len(parameters[own]), -1) for own, key in MATRICES[name].items()}
        step = np.maximum(np.max([np.abs(matrix).max(1) for matrix in entering.values()], axis=0), 1e-9) / 127
        for key, matrix in entering.items():
            out[f"{layer}.{key}"] = np.rint(matrix / step[:, None]).astype(np.int8)
        theta = np.ones(len(step))
        if name == "in":  # its source has so many steps per unit, and its sums are then shifted
            step = step / source * 2**input_join
        if name == "m":
            step, theta = np.tile(step, units), np.tile(parameters["theta_m"], units)
        unit = step / 2 ** fraction[name]
        out[f"{layer}.fraction_{part}"] = np.int64(fraction[name])
        out[f"{layer}.bias_{part}"] = np.rint(parameters[f"bias_{name}"] / unit).astype(np.int64)
        out[f"{layer}.theta_{part}"] = np.rint(theta / unit).astype(np.int64)
        out[f"{layer}.beta_{part}"] = np.clip(np.rint(parameters[f"beta_{name}"] * 32768), 0, 32768).astype(np.int64)
    return out


def calibrated_tensors(network: l2mu_single.Network, raw: np.ndarray) -> Tensors:
    """The integers with, for each population, the most fraction bits (for the input population the least shift) that
    keep saturation on the windows `raw` rare."""
    parameters = network.parameters_in_double()
    fraction = dict.fromkeys(POPULATIONS, FRACTION_MAXIMUM)
    fraction["in"], input_join = 0, 0
    while True:
        tensors = tensors_of(parameters, fraction, input_join)
        saturated = dict(zip(POPULATIONS, integer.classify(tensors, raw)[1]["saturated"]))
        bad = [name for name, (layer, part) in POPULATIONS.items()
               if saturated[name] > SATURATION_ALLOWED or tensors[f"{layer}.theta_{part}"].max() > LIMIT // 4]
        if not bad:
            return tensors
        # One population at a time, in the order of the tick: a saturated one misleads the next.
        if bad[0] == "in":
            input_join += 1
        elif fraction[bad[0]] == 0:
            raise ValueError(f"population {bad[0]} saturates even without fraction bits")
        else:
            fraction[bad[0]] -= 1
