"""The network in integers: exactly the arithmetic of the runtime, vectorised over windows.

Tensors (see quantize.py for how they come about), P input, M units, q order, H hidden, K classes:

    input_offset, input_multiplier  int32 [6], in the range of int16
    input_shift, input_bits         int32 []
    w_in   int8 [P, 6]        shift_in int32 []
    e_x    int8 [M, P]        e_h int8 [M, H]      e_m int8 [M, M·q]
    a_hat  int8 [q, q]        b_hat int8 [q, 1]    shared by all units
    w_x    int8 [H, P]        w_h int8 [H, H]      w_m int8 [H, M·q]
    w_o    int8 [K, H]
    per population p of in [P], u [M], m [M·q], h [H], o [K]:
    bias_p int32, theta_p int32 (1..32767), beta_p int32 (Q15, 0..32768), fraction_p int32 []

Matrices are [destination][source]; neuron (unit, order) of m is unit·q + order.

    input:  y = clamp(((raw − offset)·multiplier + 2^(shift−1)) >> shift, ±(2^(bits−1) − 1))
    dense:  acc[row] = Σ w[row][column]·x[column]                          int32
    in:     current = (acc + 2^(shift_in−1)) >> shift_in                   (acc if shift_in is 0)
    lif:    I = (current << fraction) + bias                               int32
            R = [U > theta]
            U = sat16(tz(U·beta, 15) + clamp(I, ±32767) − R·theta)
            S = [U > theta]
    >> is arithmetic, tz(x, s) = sign(x)·(|x| >> s), sat16 saturates at ±32767.
"""

from __future__ import annotations

import numpy as np

POPULATIONS = ("in", "u", "m", "h", "o")
LIMIT = 32767


def dense(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """x int64 [B, columns], weights int8 [rows, columns] -> accumulators int64 [B, rows].

    Multiplied in float64, where every partial sum is exact: |acc| ≤ 232·127·2047 < 2^26 « 2^53."""
    return (x.astype(np.float64) @ weights.T.astype(np.float64)).astype(np.int64)


def input_op(tensors: dict[str, np.ndarray], raw: np.ndarray) -> np.ndarray:
    """raw int16 [..., 6] -> analog y int64 [..., 6]."""
    shift = int(tensors["input_shift"])
    limit = 2 ** (int(tensors["input_bits"]) - 1) - 1
    product = (raw.astype(np.int64) - tensors["input_offset"]) * tensors["input_multiplier"].astype(
        np.int64)
    return np.clip((product + (1 << (shift - 1))) >> shift, -limit, limit)


class Population:
    """State and tick of one LIF population over a batch of windows."""

    def __init__(self, tensors: dict[str, np.ndarray], name: str, batch: int):
        self.theta = tensors[f"theta_{name}"].astype(np.int64)
        self.bias = tensors[f"bias_{name}"].astype(np.int64)
        self.beta = tensors[f"beta_{name}"].astype(np.int64)
        self.fraction = int(tensors[f"fraction_{name}"])
        self.membrane = np.zeros((batch, len(self.theta)), dtype=np.int64)
        self.spikes = np.zeros_like(self.membrane)
        self.spike_count = np.zeros_like(self.membrane)
        self.saturation_count = 0  # neuron-ticks in which I or U left ±32767
        self.largest = 0  # largest |U| before saturation

    def tick(self, current: np.ndarray) -> np.ndarray:
        """One tick; current int64 [B, N] -> spikes int64 [B, N] in {0, 1}."""
        total = (current << self.fraction) + self.bias
        reset = (self.membrane > self.theta) * self.theta
        decayed = np.sign(self.membrane) * ((np.abs(self.membrane) * self.beta) >> 15)
        unbounded = decayed + np.clip(total, -LIMIT, LIMIT) - reset
        self.saturation_count += int(((np.abs(unbounded) > LIMIT) | (np.abs(total) > LIMIT)).sum())
        self.largest = max(self.largest, int(np.abs(unbounded).max()))
        self.membrane = np.clip(unbounded, -LIMIT, LIMIT)
        self.spikes = (self.membrane > self.theta).astype(np.int64)
        self.spike_count += self.spikes
        return self.spikes


def run(tensors: dict[str, np.ndarray], raw: np.ndarray) -> dict[str, Population]:
    """raw int16 [B, T, 6] from zero state -> the populations after the last tick.

    The class is argmax of ["o"].spike_count, ties to the lowest index."""
    batch = len(raw)
    pop = {name: Population(tensors, name, batch) for name in POPULATIONS}
    order = len(tensors["a_hat"])
    analog = input_op(tensors, raw)
    shift = int(tensors["shift_in"])
    rounding = (1 << shift) >> 1
    for t in range(raw.shape[1]):
        s_in = pop["in"].tick((dense(analog[:, t], tensors["w_in"]) + rounding) >> shift)
        u = pop["u"].tick(dense(s_in, tensors["e_x"]) + dense(pop["h"].spikes, tensors["e_h"])
                          + dense(pop["m"].spikes, tensors["e_m"]))
        block = (dense(pop["m"].spikes.reshape(-1, order), tensors["a_hat"])
                 + dense(u.reshape(-1, 1), tensors["b_hat"]))
        m = pop["m"].tick(block.reshape(batch, -1))
        h = pop["h"].tick(dense(s_in, tensors["w_x"]) + dense(pop["h"].spikes, tensors["w_h"])
                          + dense(m, tensors["w_m"]))
        pop["o"].tick(dense(h, tensors["w_o"]))
    return pop


def classify(tensors: dict[str, np.ndarray], raw: np.ndarray, chunk: int = 1024):
    """Classes int64 [N] of raw int16 [N, T, 6], the mean spikes per neuron and tick of each
    population, and the share of its neuron-ticks that saturated."""
    classes = []
    spikes = dict.fromkeys(POPULATIONS, 0)
    saturated = dict.fromkeys(POPULATIONS, 0)
    for at in range(0, len(raw), chunk):
        pop = run(tensors, raw[at : at + chunk])
        classes.append(pop["o"].spike_count.argmax(1))
        for name in POPULATIONS:
            spikes[name] += int(pop[name].spike_count.sum())
            saturated[name] += pop[name].saturation_count
    per_neuron = {n: len(raw) * raw.shape[1] * len(tensors[f"theta_{n}"]) for n in POPULATIONS}
    return (np.concatenate(classes),
            {n: spikes[n] / per_neuron[n] for n in POPULATIONS},
            {n: saturated[n] / per_neuron[n] for n in POPULATIONS})
