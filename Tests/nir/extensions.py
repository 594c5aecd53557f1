"""Networks with the nodes that NIR lacks, written by models/snnrt_nir.py, and what PyTorch gives for them.

    pip install torch snntorch h5py && python extensions.py     writes .nir and .npy files beside itself

Each .npy holds one row a tick: the input frame, then what the network gives, in float64.
"""

import sys
from pathlib import Path

import numpy as np
import snntorch
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "models"))
from snnrt_nir import activation, chain, input_node, legendre, linear, memory, output_node, write

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(1)


def whole(*shape):
    """Inputs in quarters, as a count of 1/4 gives them."""
    return torch.tensor(rng.integers(-6, 10, shape) / 4)


@torch.no_grad()
def record(name, layers, shape, ticks=48):
    nodes, edges = chain(layers, shape)
    write(HERE / f"{name}.nir", nodes, edges)
    frames, states = whole(ticks, 1, *shape), {}
    rows = []
    for x in frames:
        given = x.flatten()
        for at, (_, module) in enumerate(layers):
            if isinstance(module, snntorch.Leaky):
                x, states[at] = module(x, states.get(at, torch.zeros_like(x)))
                x = x.double()
            else:
                x = module(x)
        rows.append(torch.cat([given, x.flatten()]))
    np.save(HERE / f"{name}.npy", torch.stack(rows).numpy())


# Activations and maxima without spikes.
record("rate", [
    ("conv", nn.Conv2d(2, 5, 3, padding=1)), ("relu", nn.ReLU6()), ("pool", nn.MaxPool2d(2)), ("conv2", nn.Conv2d(5, 6, (2, 3))),
    ("tanh", nn.Tanh()), ("mean", nn.AvgPool2d((1, 2))), ("flat", nn.Flatten()), ("fc", nn.Linear(24, 7)), ("hard", nn.Hardtanh(-0.5, 0.75)),
    ("out", nn.Linear(7, 4)), ("sigmoid", nn.Sigmoid())], (2, 6, 12))


# Maxima of sums before neurons, and of spikes behind them, as snnTorch runs them.
def leaky():
    return snntorch.Leaky(beta=0.75, threshold=0.5, reset_mechanism="subtract", reset_delay=True)


record("maxima", [
    ("conv", nn.Conv1d(3, 6, 2, padding=1)), ("pool", nn.MaxPool1d(2)), ("lif", leaky()), ("pool2", nn.MaxPool1d(3, 1, 1)),
    ("conv2", nn.Conv1d(6, 8, 3)), ("lif2", leaky()), ("flat", nn.Flatten()), ("fc", nn.Linear(16, 5)), ("lif3", leaky())], (3, 7))

# An LMU: 4 memories of order 3, 10 units with tanh, all three recurrences.
A, B = legendre(3, 8)
W = {name: rng.normal(0, scale, shape) for name, scale, shape in [
    ("e_x", 0.6, (4, 3)), ("e_h", 0.2, (4, 10)), ("e_m", 0.1, (4, 12)), ("W_x", 0.4, (10, 3)), ("W_h", 0.3, (10, 10)),
    ("W_m", 0.4, (10, 12)), ("W_o", 0.5, (3, 10))]}
bias = rng.normal(0, 0.2, 10)
edges = [("input", "e_x"), ("e_x", "memory"), ("memory", "W_m"), ("W_m", "h"), ("input", "W_x"), ("W_x", "h"), ("h", "W_o"),
         ("W_o", "output"), ("h", "e_h"), ("memory", "e_m"), ("h", "W_h")]
late = [("e_h", "memory"), ("e_m", "memory"), ("W_h", "h")]
write(HERE / "lmu.nir", {name: linear(weight) for name, weight in W.items()} | {
    "W_x": linear(W["W_x"], bias), "input": input_node((3,)), "memory": memory(A, B, theta=8), "h": activation("tanh"),
    "output": output_node((3,))}, edges + late, late)
m, h, rows = np.zeros((4, 3)), np.zeros(10), []
for x in whole(48, 3).numpy():
    u = W["e_x"] @ x + W["e_h"] @ h + W["e_m"] @ m.reshape(-1)
    m = m @ A.T + np.outer(u, B)
    h = np.tanh(W["W_x"] @ x + bias + W["W_h"] @ h + W["W_m"] @ m.reshape(-1))
    rows.append(np.concatenate([x, W["W_o"] @ h]))
np.save(HERE / "lmu.npy", np.array(rows))


# What is refused: one fault each.
def refused(name, node, late=()):
    edges = [("input", "odd"), ("odd", "output")]
    write(HERE / f"refused-{name}.nir", {"input": input_node((4,)), "odd": node, "output": output_node((4,))}, edges, late)


refused("matrix", {"type": "snnrt.Memory", "A": np.zeros((2, 3)), "B": np.zeros(2)})
refused("function", {"type": "snnrt.Activation", "function": "swish"})
refused("groups", {"type": "snnrt.Block", "weight": np.ones((2, 2)), "groups": 3})
refused("late", {"type": "snnrt.Activation", "function": "relu"}, late=[("output", "input")])
