"""The networks of lmu.py, delay.py and l2mu.py in integers: exactly the arithmetic of the runtime (format.md), vectorised over
windows.

Tensors, for each layer l = 0, 1, 2 with k inputs, M memory inputs, order q, H hidden, delays 0 … D − 1:

    input_multiplier int [6]   input_shift, input_bits int []      offsets are 0
    LMU, SLMU:  l.e int8 [M, k]    l.w_m int8 [H, M·q]    l.w_x int8 [H, k]
                l.bias_u int32 [M]     l.a int16 [q, q], l.a_bits      l.b int16 [q], l.b_bits
    delay:      l.w int8 [H, D·k], column d·k + j from source j d ticks ago, 0 where there is no synapse
    L2MU:       layers 1 … 3; 0 is the input population and 4 the output, each a delay layer of D = 1
                l.e_x [M, k]  l.e_h [M, H]  l.e_m [M, M·R]  l.w_x [H, k]  l.w_h [H, H]  l.w_m [H, M·R] int8
                l.a int8 [R, R]   l.b int8 [R, 1]   l.alpha   l.bias_u, l.beta_u [M]   l.bias_m, l.beta_m [M·R]
    o int8 [classes, H of the last]    not in L2MU, whose scores are the last layer's spikes
    for each such matrix w: w_multiplier int32 [rows], w_join int []       the multiplier join
    l.bias_h int32 [H]         bias_o int32 [classes]
    LMU: l.shift, l.high      the others: l.theta, l.beta int [H]      graded: l.greatest

Matrices are [destination][source]; element (input, order) of m is input·q + order. Per tick:

    input:   x = clamp(rnd(raw·multiplier, shift), 2^(bits−1) − 1)
    dense:   acc = Σ w·x,  current += rnd(acc·w_multiplier, w_join)
    memory:  u = clamp(current + bias, 32767);  m = clamp(rnd(A·m[t−1], a_bits) + rnd(B·u, b_bits), 32767)
    LMU:     h = rnd(current + bias, shift) limited to 0 … high
    CuBa:    Y = clamp(tz(Y·alpha, 15) + I, 32767), in place of I below
    LIF:     I = clamp(current + bias, 32767);  R = [U > theta]
             U = clamp(tz(U·beta, 15) − R·theta + I, 32767);  h = [U > theta]
    graded:  V = clamp(tz(U·beta, 15) + I, 32767);  h = how many k of 1 … greatest have V > k·theta;  U = V − h·theta
    scores += clamp(current + bias, 32767), of the classes
"""

from __future__ import annotations

import numpy as np

LIMIT = 32767

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
    return rnd(products(x, tensors[name]) * tensors[f"{name}_multiplier"].astype(np.int64), int(tensors[f"{name}_join"]))


def kind(tensors: Tensors, index: int) -> type[Layer]:
    if f"{index}.alpha" in tensors:
        return SpikingMemoryLayer
    return MemoryLayer if f"{index}.a" in tensors else DelayLayer


def layer_count(tensors: Tensors) -> int:
    return sum(key.endswith(".bias_h") for key in tensors)


class Layer:
    """State and tick of one layer over a batch of windows. Counts, over all ticks: events of h."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        self.tensors, self.name = tensors, f"{index}."
        self.membrane = np.zeros((batch, len(self["bias_h"])), np.int64)
        self.hidden_events, self.saturated = 0, 0

    def __getitem__(self, key: str) -> np.ndarray:
        return self.tensors[self.name + key]

    def tick(self, x: np.ndarray) -> np.ndarray:
        """x int64 [B, k] -> h int64 [B, H]."""
        current = self.current(x) + self["bias_h"]
        h = (self.fire(clamp(current)) if self.name + "theta" in self.tensors else
             np.clip(rnd(current, int(self["shift"])), 0, int(self["high"])))
        self.hidden_events += int((h != 0).sum())
        return h

    def events(self) -> list[float]:
        """Nonzero hidden values per neuron."""
        return [self.hidden_events / self.membrane.shape[1]]

    def fire(self, current: np.ndarray) -> np.ndarray:
        if self.name + "greatest" in self.tensors:
            theta, before = int(self["theta"]), clamp(tz(self.membrane * self["beta"].astype(np.int64), 15) + current)
            h = sum((before > k * theta).astype(np.int64) for k in range(1, int(self["greatest"]) + 1))
            self.membrane = before - h * theta
            return h
        self.membrane = self.integrate(self.membrane, current, "beta")
        return (self.membrane > int(self["theta"])).astype(np.int64)

    def integrate(self, membrane: np.ndarray, current: np.ndarray, beta: str) -> np.ndarray:
        theta = int(self["theta"])
        return clamp(tz(membrane * self[beta].astype(np.int64), 15) - (membrane > theta) * theta + current)


class MemoryLayer(Layer):
    """Of LMU and SLMU. Counts memory values at the limit, too."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        super().__init__(tensors, index, batch)
        self.m = np.zeros((batch, len(self["bias_u"]), len(self["b"])), np.int64)

    def current(self, x: np.ndarray) -> np.ndarray:
        batch, _, order = self.m.shape
        u = clamp(dense(self.tensors, self.name + "e", x) + self["bias_u"])
        kept = products(self.m.reshape(-1, order), self["a"]).reshape(self.m.shape)
        added = u[:, :, None] * self["b"].astype(np.int64)
        self.m = clamp(rnd(kept, int(self["a_bits"])) + rnd(added, int(self["b_bits"])))
        self.saturated += int((np.abs(self.m) == LIMIT).sum()) / self.m[0].size
        return (dense(self.tensors, self.name + "w_m", self.m.reshape(batch, -1))
                + dense(self.tensors, self.name + "w_x", x))


class SpikingMemoryLayer(Layer):
    """Of L2MU. Counts events of u and m, too."""

    def __init__(self, tensors: Tensors, index: int, batch: int):
        super().__init__(tensors, index, batch)
        self.u_membrane = np.zeros((batch, len(self["bias_u"])), np.int64)
        self.m_membrane = np.zeros((batch, len(self["bias_m"])), np.int64)
        self.y, self.m, self.h = self.m_membrane, self.m_membrane, self.membrane
        self.unit_events, self.memory_events = 0, 0

    def tick(self, x: np.ndarray) -> np.ndarray:
        self.h = super().tick(x)
        return self.h

    def current(self, x: np.ndarray) -> np.ndarray:
        def entering(name: str, source: np.ndarray) -> np.ndarray:
            return dense(self.tensors, self.name + name, source)

        theta = int(self["theta"])
        current = entering("e_x", x) + entering("e_h", self.h) + entering("e_m", self.m)
        self.u_membrane = self.integrate(self.u_membrane, clamp(current + self["bias_u"]), "beta_u")
        u = (self.u_membrane > theta).astype(np.int64)
        block = entering("a", self.m.reshape(-1, len(self["a"]))) + entering("b", u.reshape(-1, 1))
        self.y = clamp(tz(self.y * int(self["alpha"]), 15) + clamp(block.reshape(self.m.shape) + self["bias_m"]))
        self.m_membrane = self.integrate(self.m_membrane, self.y, "beta_m")
        self.m = (self.m_membrane > theta).astype(np.int64)
        self.unit_events += int(u.sum())
        self.memory_events += int(self.m.sum())
        return entering("w_x", x) + entering("w_h", self.h) + entering("w_m", self.m)

    def events(self) -> list[float]:
        """Spikes per neuron of u, m and h."""
        return [self.unit_events / self.u_membrane.shape[1], self.memory_events / self.m.shape[1], *super().events()]


class DelayLayer(Layer):
    """Of the delay network, and a population without delays."""

    past: np.ndarray | None = None  # the latest D frames of x [B, D·k], the newest first

    def current(self, x: np.ndarray) -> np.ndarray:
        if self.past is None:
            self.past = np.zeros((len(x), self["w"].shape[1]), np.int64)
        self.past = np.concatenate([x, self.past[:, : -x.shape[1]]], axis=1)
        return dense(self.tensors, self.name + "w", self.past)


def run(tensors: Tensors, raw: np.ndarray) -> tuple[np.ndarray, list[Layer]]:
    """raw int16 [B, T, 6] from zero state -> scores int64 [B, classes] and the layers after the last tick."""
    scores, layers = results(tensors, raw, raw.shape[1])
    return scores[:, 0], layers


def results(tensors: Tensors, raw: np.ndarray, hop: int, evidence_decay: int = 0) -> tuple[np.ndarray, list[Layer]]:
    """The same without a reset, a result every `hop` ticks: int64 [B, T / hop, classes], scores and what is left of the
    evidence before them, evidence_decay in Q15."""
    limit = 2 ** (int(tensors["input_bits"]) - 1) - 1
    samples = clamp(rnd(raw.astype(np.int64) * tensors["input_multiplier"], int(tensors["input_shift"])), limit)
    layers = [kind(tensors, i)(tensors, i, len(raw)) for i in range(layer_count(tensors))]
    evidence, out = 0, []
    for t in range(raw.shape[1]):
        x = samples[:, t]
        for layer in layers:
            x = layer.tick(x)
        if t % hop == 0:
            evidence = tz(evidence * evidence_decay, 15)
        evidence = evidence + (clamp(dense(tensors, "o", x) + tensors["bias_o"]) if "o" in tensors else x)
        if t % hop == hop - 1:
            out.append(evidence)
    return np.stack(out, axis=1), layers


def classify(tensors: Tensors, raw: np.ndarray, chunk: int = 1024) -> tuple[np.ndarray, dict[str, list[float]]]:
    """Classes int64 [N], ties to the lowest index, and per layer the share of nonzero hidden values ("events"; of an L2MU those of u, m and h) and of
    memory values at their limit ("saturated")."""
    classes, events, saturated = [], 0, 0
    for at in range(0, len(raw), chunk):
        scores, layers = run(tensors, raw[at : at + chunk])
        classes.append(scores.argmax(1))
        events = events + np.array([share for layer in layers for share in layer.events()])
        saturated = saturated + np.array([layer.saturated for layer in layers])
    ticks = len(raw) * raw.shape[1]
    return np.concatenate(classes), {"events": (events / ticks).tolist(), "saturated": (saturated / ticks).tolist()}
