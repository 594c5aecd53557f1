"""The trained networks in integers: exactly the arithmetic of the runtime (docs/format.md), vectorised over windows.

Tensors, for each layer l = 0, 1, … with k inputs, M memory inputs, order q, H hidden, delays 0 … D − 1:

    input_multiplier int [6]   input_shift, input_bits int []      offsets are 0
    LMU, SLMU:  l.e int8 [M, k]    l.w_m int8 [H, M·q]    l.w_x int8 [H, k]
                l.bias_u int32 [M]     l.a int16 [q, q], l.a_bits      l.b int16 [q], l.b_bits
    delay:      l.w int8 [H, D·k], column d·k + j from source j d ticks ago, 0 where there is no synapse
    L2MU:       0 is the input population and the last the output, each a delay layer of D = 1; between them
                l.e_x [M, k]  l.e_h [M, H]  l.e_m [M, M·R]  l.w_x [H, k]  l.w_h [H, H]  l.w_m [H, M·R] int8
                l.a int8 [R, R]   l.b int8 [R, 1]
    o int8 [classes, H of the last]    not in an L2MU, whose scores are the last layer's spikes
    for each such matrix w: w_multiplier int32 [rows] and w_join int [], the multiplier join; w_join alone, a right
                shift; neither, added as it is
    bias_o int32 [classes]
    of a hidden layer (p = h) and of an L2MU's memory units and memory (p = u, m):
    ReLU:       l.bias_h int32 [H]   l.shift, l.high int []
    LIF:        l.bias_p int32 [N]   l.beta_p int [N], Q15   l.theta_p int [] or [N]   l.fraction_p int [], 0 where there
                is none; l.beta and l.theta stand for every p without its own
    CuBa-LIF:   l.alpha_p int [], Q15, too
    graded:     l.greatest, too

Matrices are [destination][source]; element (input, order) of m is input·q + order. Per tick:

    input:   x = clamp(rnd(raw·multiplier, shift), 2^(bits−1) − 1)
    dense:   acc = Σ w·x,  current += rnd(acc·w_multiplier, w_join)
    memory:  u = clamp(current + bias, 32767);  m = clamp(rnd(A·m[t−1], a_bits) + rnd(B·u, b_bits), 32767)
    ReLU:    h = rnd(current + bias, shift) limited to 0 … high
    LIF:     I = clamp((current << fraction) + bias, 32767);  R = [U > theta]
             U = clamp(tz(U·beta, 15) − R·theta + I, 32767);  h = [U > theta]
    CuBa:    Y = clamp(tz(Y·alpha, 15) + I, 32767), in place of I
    graded:  V = clamp(tz(U·beta, 15) + I, 32767);  h = how many k of 1 … greatest have V > k·theta;  U = V − h·theta
    scores += clamp(current + bias, 32767), of the classes

or, where there is switch_cost int [], with mean_a, mean_b int [] and their mean_a_bits, mean_b_bits:

    s = clamp(current + bias, 32767);  e = clamp(s + behind, 32767);  behind = max(e − max(e), −switch_cost)
    mean = clamp(rnd(mean_a·mean, mean_a_bits) + rnd(mean_b·s, mean_b_bits), 32767);  scores = clamp(behind + mean, 32767)
"""

from __future__ import annotations

import numpy as np

LIMIT = 32767
CONSTANT_BITS = 8  # of a spiking memory's A and B, in every file
SCORE_STEPS = 512  # per unit of a score, in the files that sum scores over a window

Tensors = dict[str, np.ndarray]


def rnd(x: np.ndarray, shift: int) -> np.ndarray:
    return (x + (1 << shift >> 1)) >> shift


def tz(x: np.ndarray, shift: int) -> np.ndarray:
    return np.sign(x) * (np.abs(x) >> shift)


def clamp(x: np.ndarray, limit: int = LIMIT) -> np.ndarray:
    return np.clip(x, -limit, limit)


def products(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """x int64 [B, k], weights int [rows, k] -> int64 [B, rows]. In float64, where every sum is exact: the file's
    proof bounds projections by 2^31, and 6·2^15·2^15 bounds the memory's."""
    return (x.astype(np.float64) @ weights.T.astype(np.float64)).astype(np.int64)


def dense(tensors: Tensors, name: str, x: np.ndarray) -> np.ndarray:
    sums = products(x, tensors[name])
    if f"{name}_multiplier" in tensors:
        sums = sums * tensors[f"{name}_multiplier"].astype(np.int64)
    return rnd(sums, int(tensors.get(f"{name}_join", 0)))


class Rectified:
    """Capped ReLU over a batch of windows. Counts, over all ticks: nonzero values."""

    def __init__(self, tensors: Tensors, layer: int, batch: int):
        self.bias, self.size = tensors[f"{layer}.bias_h"], len(tensors[f"{layer}.bias_h"])
        self.shift, self.high = int(tensors[f"{layer}.shift"]), int(tensors[f"{layer}.high"])
        self.events, self.saturated = 0, 0

    def tick(self, current: np.ndarray) -> np.ndarray:
        """Sums int64 [B, H] -> h int64 [B, H]."""
        h = np.clip(rnd(current + self.bias, self.shift), 0, self.high)
        self.events += int((h != 0).sum())
        return h


class Population:
    """LIF, CuBa-LIF or graded neurons over a batch of windows. Counts, over all ticks: neurons that spiked, and neurons
    of whose current or state something was clamped."""

    def __init__(self, tensors: Tensors, layer: int, name: str, batch: int):
        def own(key: str, otherwise: int = 0) -> np.ndarray:
            return np.asarray(tensors.get(f"{layer}.{key}_{name}", tensors.get(f"{layer}.{key}", otherwise)), np.int64)

        self.bias = tensors[f"{layer}.bias_{name}"].astype(np.int64)
        self.size = len(self.bias)
        self.theta, self.beta, self.fraction, self.greatest = map(own, ("theta", "beta", "fraction", "greatest"))
        self.alpha = tensors.get(f"{layer}.alpha_{name}")
        self.membrane = np.zeros((batch, self.size), np.int64)
        self.synaptic, self.spikes = self.membrane, self.membrane
        self.events, self.saturated = 0, 0

    def tick(self, current: np.ndarray) -> np.ndarray:
        """Sums int64 [B, N] -> spikes int64 [B, N]."""
        current = (current << self.fraction) + self.bias
        clamped = np.abs(current) > LIMIT
        current = clamp(current)
        if self.alpha is not None:
            current = tz(self.synaptic * int(self.alpha), 15) + current
            clamped |= np.abs(current) > LIMIT
            self.synaptic = current = clamp(current)
        membrane = tz(self.membrane * self.beta, 15) + current
        if not self.greatest:
            membrane = membrane - self.spikes * self.theta
        clamped |= np.abs(membrane) > LIMIT
        self.membrane = clamp(membrane)
        greatest = max(1, int(self.greatest))
        self.spikes = sum((self.membrane > k * self.theta).astype(np.int64) for k in range(1, greatest + 1))
        if self.greatest:
            self.membrane = self.membrane - self.spikes * self.theta
        self.events += int((self.spikes != 0).sum())
        self.saturated += int(clamped.sum())
        return self.spikes


class Layer:
    """State and tick of one layer over a batch of windows. `parts` are what its shares are given for."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        self.tensors, self.name = tensors, f"{index}."
        self.hidden = (Rectified(tensors, index, batch) if f"{index}.high" in tensors else
                       Population(tensors, index, "h", batch))
        self.parts = [self.hidden]

    def __getitem__(self, key: str) -> np.ndarray:
        return self.tensors[self.name + key]

    def dense(self, key: str, x: np.ndarray) -> np.ndarray:
        return dense(self.tensors, self.name + key, x)

    def tick(self, x: np.ndarray) -> np.ndarray:
        """x int64 [B, k] -> h int64 [B, H]."""
        return self.hidden.tick(self.current(x))

    def events(self) -> list[float]:
        """Nonzero values per element, of each part."""
        return [part.events / part.size for part in self.parts]

    def saturated(self) -> list[float]:
        """Clamped values per element, of each part."""
        return [part.saturated / part.size for part in self.parts]


class MemoryLayer(Layer):
    """Of LMU and SLMU. Its clamped values are the memory's."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        super().__init__(tensors, index, batch)
        self.m = np.zeros((batch, len(self["bias_u"]), len(self["b"])), np.int64)
        self.at_limit = 0

    def current(self, x: np.ndarray) -> np.ndarray:
        batch, _, order = self.m.shape
        u = clamp(self.dense("e", x) + self["bias_u"])
        kept = products(self.m.reshape(-1, order), self["a"]).reshape(self.m.shape)
        added = u[:, :, None] * self["b"].astype(np.int64)
        self.m = clamp(rnd(kept, int(self["a_bits"])) + rnd(added, int(self["b_bits"])))
        self.at_limit += int((np.abs(self.m) == LIMIT).sum())
        return self.dense("w_m", self.m.reshape(batch, -1)) + self.dense("w_x", x)

    def saturated(self) -> list[float]:
        return [self.at_limit / self.m[0].size]


class SpikingMemoryLayer(Layer):
    """Of L2MU. Its parts are u, m and h."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        super().__init__(tensors, index, batch)
        self.u, self.m = (Population(tensors, index, name, batch) for name in ("u", "m"))
        self.parts = [self.u, self.m, self.hidden]

    def current(self, x: np.ndarray) -> np.ndarray:
        h, m = self.hidden.spikes, self.m.spikes
        u = self.u.tick(self.dense("e_x", x) + self.dense("e_h", h) + self.dense("e_m", m))
        block = self.dense("a", m.reshape(-1, len(self["a"]))) + self.dense("b", u.reshape(-1, 1))
        m = self.m.tick(block.reshape(m.shape))
        return self.dense("w_x", x) + self.dense("w_h", h) + self.dense("w_m", m)


class DelayLayer(Layer):
    """Of the delay network, and a population without delays."""

    past: np.ndarray | None = None  # the latest D frames of x [B, D·k], the newest first

    def current(self, x: np.ndarray) -> np.ndarray:
        if self.past is None:
            self.past = np.zeros((len(x), self["w"].shape[1]), np.int64)
        self.past = np.concatenate([x, self.past[:, : -x.shape[1]]], axis=1)
        return self.dense("w", self.past)


def kind(tensors: Tensors, index: int) -> type[Layer]:
    if f"{index}.e_x" in tensors:
        return SpikingMemoryLayer
    return MemoryLayer if f"{index}.a" in tensors else DelayLayer


def layer_count(tensors: Tensors) -> int:
    return sum(key.endswith(".bias_h") for key in tensors)


def run(tensors: Tensors, raw: np.ndarray) -> tuple[np.ndarray, list[Layer]]:
    """raw int16 [B, T, 6] from zero state -> scores int64 [B, classes] and the layers after the last tick."""
    scores, layers = results(tensors, raw, raw.shape[1])
    return scores[:, 0], layers


class Evidence:
    """What scores have gathered, over a batch: how far each class is behind the greatest, and the recent mean."""

    def __init__(self, tensors: Tensors):
        self.tensors, self.behind, self.mean = tensors, np.int64(0), np.int64(0)

    def __getitem__(self, key: str) -> int:
        return int(self.tensors[key])

    def tick(self, s: np.ndarray) -> np.ndarray:
        """Scores s int64 [B, classes] -> the result, should one fall due."""
        e = clamp(s + self.behind)
        self.behind = np.maximum(e - e.max(1, keepdims=True), -self["switch_cost"])
        self.mean = clamp(rnd(self["mean_a"] * self.mean, self["mean_a_bits"]) + rnd(self["mean_b"] * s, self["mean_b_bits"]))
        return clamp(self.behind + self.mean)


def results(tensors: Tensors, raw: np.ndarray, hop: int) -> tuple[np.ndarray, list[Layer]]:
    """The same without a reset, a result every `hop` ticks: int64 [B, T / hop, classes], the hop's sums or, with a switch_cost,
    the evidence after its last tick."""
    limit = 2 ** (int(tensors["input_bits"]) - 1) - 1
    samples = clamp(rnd(raw.astype(np.int64) * tensors["input_multiplier"], int(tensors["input_shift"])), limit)
    layers = [kind(tensors, i)(tensors, i, len(raw)) for i in range(layer_count(tensors))]
    evidence = Evidence(tensors) if "switch_cost" in tensors else None
    scores, out = 0, []
    for t in range(raw.shape[1]):
        x = samples[:, t]
        for layer in layers:
            x = layer.tick(x)
        s = clamp(dense(tensors, "o", x) + tensors["bias_o"]) if "o" in tensors else x
        scores = evidence.tick(s) if evidence else s + (scores if t % hop else 0)
        if t % hop == hop - 1:
            out.append(scores)
    return np.stack(out, axis=1), layers


def classify(tensors: Tensors, raw: np.ndarray, chunk: int = 1024) -> tuple[np.ndarray, dict[str, list[float]]]:
    """Classes int64 [N], ties to the lowest index, and the share of the values of each layer (of an L2MU's: of u, m and
    h) that were nonzero ("events") and clamped ("saturated"; of an LMU's or SLMU's: of the memory's that were at their
    limit)."""
    classes, events, saturated = [], 0, 0
    for at in range(0, len(raw), chunk):
        scores, layers = run(tensors, raw[at : at + chunk])
        classes.append(scores.argmax(1))
        events = events + np.array([share for layer in layers for share in layer.events()])
        saturated = saturated + np.array([share for layer in layers for share in layer.saturated()])
    ticks = len(raw) * raw.shape[1]
    return np.concatenate(classes), {"events": (events / ticks).tolist(), "saturated": (saturated / ticks).tolist()}
