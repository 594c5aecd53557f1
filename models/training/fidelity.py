"""Measures, without training, how well codes of a Legendre memory tell what a linear memory of the same input would hold.

    python -m training.fidelity --data DIR_OR_TAR        rows of models/wisdm-l2mu/memory.csv; takes the library snnrt

The input is what the memory units of wisdm-l2mu-w8.snn fire on windows of fold 0's people, through the runtime, the last tick
of a window left out, which resets. The windows of theta are those of the file's layers.

    table     group    key        value
    follows   theta    order      squared correlation of the exponential average of s with the linear memory it is to follow
    reads     theta    order      explained variance of the linear memory of u by the best linear readout of a unit's spikes
    noise     theta    order      dB, decoded signal over error of a sigma-delta code: theory
    input     theta    ticks      explained variance of the sensor's movement so long ago by the best linear readout of all
                                  spikes of a population of the file: u, m or h
    holds     seed     ticks      the same of a random signal, of populations of an untrained layer that it enters

A readout sees each spike train and its exponential averages (READERS), learns on every other window and is scored on the rest.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from snnrt import Network
from training import data
from training.data import FOLDS, Source, Windows, load_windows
from training.memory import VARIANTS, alone
from training.memory_rows import record
from training.networks import l2mu
from training.networks.coded import Code, rounded, wanted
from training.networks.spiking import legendre_matrices
from training.people import MODELS
from training.samples import scale_input

FILE, THETAS, ORDER = MODELS / "wisdm-l2mu/wisdm-l2mu-w8.snn", (8.0, 16.0, 32.0), 6
WINDOWS_EACH = 6  # of a person and class
READERS = (0.0, 0.5, 0.75, 0.9)
AGO = (0, 2, 4, 8, 12, 16, 24)
LIF = 4  # the op's kind
HOLDING = l2mu.Shape(inputs=16, units=(4,), theta=(20.0,), hidden=(8,))
HELD_AGO, SEEDS, SIGNALS, TICKS, SETTLING = (0, 2, 5, 10, 15, 20, 30), (1, 2, 3), 256, 60, 20
RIDGE, RIDGE_OF_MANY = 1e-2, 1e-1  # of a unit's neurons, of a population's
LEAST_RATE = 0.01  # of a unit, below which it is left out
LEAST_SPREAD = 0.02  # of what a readout sees: a neuron that hardly fires is not blown up
Memory = tuple[Tensor, Tensor]  # A [q, q], B [q]


def averages(x: Tensor, keep: float) -> Tensor:
    """Exponential averages over time, x [T, …]."""
    y, out = torch.zeros_like(x[0]), []
    for now in x:
        y = keep * y + (1 - keep) * now
        out.append(y)
    return torch.stack(out)


def orthonormal(theta: float) -> Memory:
    a, b = legendre_matrices(ORDER, theta)
    basis = (2 * np.arange(ORDER) + 1.0) ** -0.5
    return torch.tensor(a * basis[:, None] / basis), torch.tensor(b * basis)


def held(memory: Memory, u: Tensor) -> Tensor:
    """What the linear memory holds [T, B, M, q]."""
    return wanted(*memory, 0.0, u)


def scaled(memory: Memory, reach: float, theta: float, u: Tensor, size: float) -> tuple[Memory, Tensor, float]:
    """A_L − alpha and B_L for values s of that root mean square, the scale of each order, and alpha."""
    alpha = Code(0, reach).alpha(theta)
    scale = wanted(*memory, alpha, u).square().mean((0, 1, 2)).sqrt() / size
    return ((memory[0] - alpha * torch.eye(ORDER, dtype=u.dtype)) * scale / scale[:, None], memory[1] / scale), scale, alpha


def run(memory: Memory, alpha: float, u: Tensor, told: Callable[[Tensor], Tensor]) -> Tensor:
    """s [T, B, M, q] of a memory whose values `told` makes of Y."""
    y = s = torch.zeros(*u.shape[1:], ORDER, dtype=u.dtype)
    out = []
    for now in u:
        y = alpha * y + s @ memory[0].t() + now.unsqueeze(-1) * memory[1]
        s = told(y)
        out.append(s)
    return torch.stack(out)


class LIFs:
    """Neurons for each order, for its positive and, if `signs` is 2, its negative values, `count` of each: their mean."""

    def __init__(self, beta: tuple[float, float], signs: int = 2, count: int = 1):
        generator = torch.Generator().manual_seed(1)
        low, high = beta
        self.beta = torch.rand(count * signs, 1, 1, ORDER, generator=generator, dtype=torch.float64) * (high - low) + low
        self.sign = torch.tensor([1.0, -1.0][:signs] * count, dtype=torch.float64).view(-1, 1, 1, 1)
        self.membrane = self.spikes = torch.zeros(1, dtype=torch.float64)
        self.count = count

    def __call__(self, y: Tensor) -> Tensor:
        self.membrane = self.beta * self.membrane + self.sign * y - self.spikes
        self.spikes = (self.membrane > 1).double()
        return (self.sign * self.spikes).sum(0) / self.count


class Values:
    """Signed values of so many levels. Of what rounding leaves, a share `kept` is carried into the next tick, and with `twice`
    into two; `is_dead` rounds toward 0, as neurons do whose threshold is a whole spike."""

    def __init__(self, levels: int, kept: float = 1.0, twice: bool = False, is_dead: bool = False):
        self.levels, self.kept, self.twice, self.is_dead = levels, kept, twice, is_dead
        self.left = self.before = torch.zeros(1, dtype=torch.float64)

    def __call__(self, y: Tensor) -> Tensor:
        v = y + (2 * self.left - self.before if self.twice else self.left)
        s = v.trunc().clamp(-1, 1) if self.is_dead else rounded(v, self.levels)
        self.before = self.left
        self.left = (v - s) * self.kept
        if self.twice:
            self.left = self.left.clamp(-2, 2)
        return s


# Of each code its neurons, the reach of its exponential average in windows, and the root mean square of its values.
CODES: dict[str, tuple[Callable[[], Callable[[Tensor], Tensor]], float, float]] = {
    "single neurons": (lambda: LIFs((0.6, 0.9), signs=1), 0.25, 0.4),
    "pairs": (lambda: LIFs((0.6, 0.9)), 0.25, 0.4),
    "pairs, twice the size": (lambda: LIFs((0.6, 0.9)), 0.25, 0.8),
    "4 pairs": (lambda: LIFs((0.6, 0.9), count=4), 0.25, 0.4),
    "pairs without leak": (lambda: LIFs((1.0, 1.0)), 0.25, 0.4),
    "one remainder, leaking": (lambda: Values(3, kept=0.75, is_dead=True), 0.25, 0.25),
    "one remainder": (lambda: Values(3, is_dead=True), 0.25, 0.25),
    "3 levels, nothing kept": (lambda: Values(3, kept=0.0), 0.25, 0.25),
    "3 levels, leaking": (lambda: Values(3, kept=0.75), 0.25, 0.25),
    "3 levels": (lambda: Values(3), 0.25, 0.25),
    "4 levels": (lambda: Values(4), 0.25, 0.25),
    "8 levels": (lambda: Values(8), 0.25, 0.25),
    "8 levels, second order": (lambda: Values(8, twice=True), 0.25, 0.25),
    "8 levels, reach 0": (lambda: Values(8), 0.0, 0.25),
    "16 levels, reach 0": (lambda: Values(16), 0.0, 0.25),
}
INNER = (2, 4)  # inner ticks of "3 levels, n inner ticks"


def in_ticks(u: Tensor, theta: float, name: str, inner: int = 1) -> tuple[Tensor, float]:
    """s [T, B, M, q] of a code, the mean over the inner ticks, and alpha of a tick."""
    neurons, reach, size = CODES[name]
    fine = u.repeat_interleave(inner, 0)
    memory, _, alpha = scaled(orthonormal(theta * inner), reach, theta * inner, fine, size)
    return run(memory, alpha, fine, neurons()).unflatten(0, (-1, inner)).mean(1), alpha**inner


def theory(theta: float, u: Tensor, name: str) -> Tensor:
    """dB [q] of the decoded signal over an error white before it is shaped, e = A·e[t-1] + (1 − alpha)·(n − n[t-1])."""
    neurons, reach, size = CODES[name]
    (a, _), scale, alpha = scaled(orthonormal(theta), reach, theta, u, size)
    a, gain = a + alpha * torch.eye(ORDER, dtype=u.dtype), (1 - alpha) ** 2 * (2 / (neurons().levels - 1)) ** 2 / 12
    step = a - torch.eye(ORDER, dtype=u.dtype)
    noise = added = gain * step @ step.t()
    for _ in range(int(50 * theta)):
        noise = a @ noise @ a.t() + added
    signal = (held(orthonormal(theta), averages(u, alpha)) / scale).var((0, 1, 2))
    return 10 * (signal / (noise.diag() + gain)).log10()


def followed(s: Tensor, alpha: float, theta: float, u: Tensor) -> Tensor:
    """[q]: squared correlations, of which those of the units are averaged; 0 where nothing fires."""
    told, memory = averages(s, alpha), held(orthonormal(theta), averages(u, alpha))
    products = [(one * other).sum((0, 1)) for one, other in ((told, memory), (told, told), (memory, memory))]
    return (products[0].square() / (products[1] * products[2]).clamp_min(1e-9)).mean(0)


def read(spikes: Tensor, target: Tensor, ago: int = 0, ridge: float = RIDGE) -> Tensor:
    """Explained variance [k] of target [T, B, k] so many ticks ago by the best linear readout of spikes [T, B, n]."""
    ticks = len(spikes) - ago
    seen = torch.cat([averages(spikes, keep) for keep in READERS], 2)[ago:]
    scored = (torch.arange(spikes.shape[1]) % 2 == 1).repeat(ticks)
    x, y = seen.flatten(0, 1), target[:ticks].flatten(0, 1)
    centre, spread, mean = x[~scored].mean(0), x[~scored].std(0).clamp_min(LEAST_SPREAD), y[~scored].mean(0)
    x, y = (x - centre) / spread, y - mean
    learned = x[~scored]
    weights = torch.linalg.solve(learned.t() @ learned + ridge * len(learned) * torch.eye(x.shape[1], dtype=x.dtype),
                                 learned.t() @ y[~scored])
    return 1 - (y - x @ weights)[scored].square().mean(0) / y[scored].var(0)


def read_units(spikes: Tensor, memory: Tensor) -> Tensor:
    """[q]: of spikes [T, B, M, n], a unit's at a time, the mean over the units; at least 0."""
    return torch.stack([read(spikes[:, :, i], memory[:, :, i]) for i in range(memory.shape[2])]).clamp_min(0).mean(0)


def spikes_of_file(windows: Windows) -> list[dict[str, Tensor]]:
    """Of each layer u [T, B, M], m [T, B, M, 2·q] and h [T, B, H] of every window's ticks but the last."""
    network = Network(FILE)
    slots = [op.target_slot for op in network.ops() if op.kind == LIF][1:-1]
    found: list[list] = [[] for _ in slots]
    for window in windows.raw:
        network.reset()
        for frame in window[:-1]:
            network.push(frame)
            for slot, values in zip(slots, found):
                values.append(network.slot(slot))
    layers = [torch.tensor(np.array(values)).double().unflatten(0, (len(windows), -1)).transpose(0, 1) for values in found]
    return [{"u": u, "m": m.unflatten(2, (-1, 2 * ORDER)), "h": h} for u, m, h in zip(layers[::3], layers[1::3], layers[2::3])]


def signals(generator: torch.Generator) -> Tensor:
    """Random signals [B, T, 6] of unit variance in the first channel, noise through two averages of .7; the others are zero."""
    noise = torch.randn(TICKS + SETTLING, SIGNALS, generator=generator)
    x = torch.zeros(SIGNALS, TICKS, 6)
    x[:, :, 0] = averages(averages(noise, 0.7), 0.7)[SETTLING:].t()
    return x / x[:, :, 0].std()


@torch.no_grad()
def holds(seed: int) -> None:
    """What populations of an untrained layer hold of a signal. No spikes of m and h come back to u."""
    x = signals(torch.Generator().manual_seed(seed))

    def spikes(network: l2mu.Network) -> tuple[Tensor, Tensor, Tensor]:
        layer = network.layers[0]
        for weights in layer.feedback.weights:
            weights.zero_()
        network.scale_orders(x)
        return layer(network.enter(x))

    def tell(name: str, population: Tensor) -> None:
        told = torch.cat([read(population.double(), x[:, :, :1].double().transpose(0, 1), ago) for ago in HELD_AGO])
        put("holds", name, seed, told.clamp_min(0), HELD_AGO)

    for name, variant in VARIANTS.items():
        torch.manual_seed(seed)
        if name.startswith("no memory"):
            continue
        u, m, _ = spikes(variant(HOLDING))
        tell(name, m)
        if name in ("pairs", "linear, analog units"):
            tell(f"units of {name}", u)
    torch.manual_seed(seed)
    units = HOLDING.units[0]
    tell("hidden neurons", spikes(alone(HOLDING, lambda shape: units * (1 + 2 * shape.order)))[2])  # as many as u and m of pairs


def put(table: str, variant: str, group: float, values: Tensor, keys: tuple[int, ...] = tuple(range(ORDER))) -> None:
    print(f"{table:8} {variant:28} {group:3g} " + " ".join(f"{value:6.2f}" for value in values.tolist()), flush=True)
    record(table, variant, int(group), dict(zip(keys, values.tolist())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for seed in SEEDS:
        holds(seed)
    windows = load_windows(Source(options.data, options.download))
    windows = windows.take(np.concatenate([
        np.flatnonzero((windows.subject == person) & (windows.label == label))[:WINDOWS_EACH]
        for person in FOLDS[0] for label in np.unique(windows.label)]))
    movement = scale_input(windows.raw[:, :-1]).double().transpose(0, 1)
    movement = averages(movement - averages(movement, 0.95), 0.5)
    for theta, layer in zip(THETAS, spikes_of_file(windows)):
        fires = layer["u"].mean((0, 1)) > LEAST_RATE
        u, m = layer["u"][:, :, fires], layer["m"][:, :, fires]
        memory, alpha = held(orthonormal(theta), u), Code(0, 0.25).alpha(theta)
        put("follows", "as shipped", theta, followed(m[..., :ORDER] - m[..., ORDER:], alpha, theta, u))
        put("reads", "u itself", theta, read_units(u.unsqueeze(3), memory))
        put("reads", "as shipped", theta, read_units(m, memory))
        for name in CODES:
            s, alpha = in_ticks(u, theta, name)
            put("follows", name, theta, followed(s, alpha, theta, u))
            put("reads", name, theta, read_units(s, memory))
        for inner in INNER:
            s, alpha = in_ticks(u, theta, "3 levels", inner)
            put("follows", f"3 levels, {inner} inner ticks", theta, followed(s, alpha, theta, u))
            put("reads", f"3 levels, {inner} inner ticks", theta, read_units(s, memory))
        for name in ("3 levels", "8 levels"):
            put("noise", name, theta, theory(theta, u, name))
        for name, spikes in layer.items():
            told = torch.stack([read(spikes.flatten(2), movement, ago, RIDGE_OF_MANY).mean() for ago in AGO])
            put("input", name, theta, told.clamp_min(0), AGO)


if __name__ == "__main__":
    main()
