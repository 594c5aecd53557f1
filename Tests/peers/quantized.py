"""Holds the forward of `snnrt.torch.quantize` to the engine: every spike of every population, tick by tick.

    python quantized.py [--windows 10000] [--only NAME]

Networks of all kinds of neurons and matrices with random weights, biases, decays and thresholds, on random inputs that keep them lively, are
quantized, saved, compiled by the command that SNNRT names and run by the shared library that SNNRT_LIBRARY names. Needs PyTorch and snnTorch.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import snntorch as snn
import torch
from torch import nn

from engine import Network

ROOT = Path(__file__).resolve().parents[2]
SNNRT = ROOT / os.environ.get("SNNRT", ".build/debug/snnrt")
sys.path.insert(0, str(ROOT / "models"))
from snnrt.torch import Neurons, QuantizedNetwork, quantize  # noqa: E402

TICKS = 40


def leaky(count: int, **options) -> snn.Leaky:
    return snn.Leaky(beta=torch.rand(count) * 0.5 + 0.5, threshold=torch.rand(count) + 0.5, **options)


def dense(bits, **options) -> QuantizedNetwork:
    return quantize(nn.Sequential(nn.Linear(6, 64), leaky(64, learn_beta=True), nn.Linear(64, 7), leaky(7)), bits, count="1/64", input_bits=8, **options)


def resets(reset: str, delay: bool) -> QuantizedNetwork:
    hidden, last = (leaky(count, reset_mechanism=reset, reset_delay=delay) for count in (40, 7))
    return quantize([("fc1", nn.Linear(6, 40)), ("lif1", hidden), ("fc2", nn.Linear(40, 7, bias=False)), ("lif2", last)], 4, count="1/100", input_bits=12)


def currents(bits: int, state_bits: int) -> QuantizedNetwork:
    network = nn.Sequential(nn.Linear(6, 32), snn.Synaptic(alpha=torch.rand(32) * 0.9, beta=0.9), nn.Dropout(0.5), nn.Linear(32, 7),
                            snn.Synaptic(alpha=0.5, beta=1.0))
    return quantize(network, bits, count="1/4", input_bits=6, state_bits=state_bits)


def recurrent(bits: int, grid: str) -> QuantizedNetwork:
    network = nn.Sequential(nn.Linear(6, 32), snn.RLeaky(beta=0.8, linear_features=32), nn.Linear(32, 16),
                            snn.RLeaky(beta=0.9, all_to_all=False, V=torch.randn(16)), nn.Linear(16, 7),
                            snn.RSynaptic(alpha=0.6, beta=0.7, linear_features=7))
    return quantize(network, bits, grid, count="1/64", input_bits=10)


def saturated() -> QuantizedNetwork:
    """Membranes of 16 bits that come to their ends: no leak, thresholds of an eighth of them, strong inputs of both signs."""
    layers = [("fc1", nn.Linear(6, 32)), ("lif1", Neurons(beta=1.0, threshold=1.0)), ("fc2", nn.Linear(32, 7)),
              ("lif2", Neurons(beta=torch.rand(7), threshold=0.3, alpha=0.9))]
    network = quantize(layers, {"lif1": 8, "lif2": 4}, count="1/2", input_bits=5, state_bits=16)
    with torch.no_grad():
        network.stages[0].population.matrices[0].weight.mul_(3)
        network.stages[0].population.bias.mul_(20)
    return network


def at_threshold() -> QuantizedNetwork:
    """Whole weights, inputs and thresholds, so that membranes meet thresholds often."""
    first, second = nn.Linear(6, 24), nn.Linear(24, 7)
    with torch.no_grad():
        for layer in (first, second):
            layer.weight.copy_(torch.randint(-3, 4, layer.weight.shape))
            layer.bias.copy_(torch.randint(-1, 2, layer.bias.shape))
    options = {"fires_at_threshold": True, "reset": "zero"}
    layers = [("fc1", first), ("lif1", Neurons(1.0, 4.0, **options)), ("fc2", second), ("lif2", Neurons(1.0, 3.0, **options))]
    return quantize(layers, 4, count=1, input_bits=3)


def convolutional(bits: int) -> QuantizedNetwork:
    network = nn.Sequential(nn.Conv2d(2, 6, 3, padding=1), nn.BatchNorm2d(6), leaky(1), nn.AvgPool2d(2), nn.Conv2d(6, 8, 3, stride=2, padding=1, groups=2),
                            leaky(1), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 7), leaky(7))
    network[1].running_mean.normal_(), network[1].running_var.uniform_(0.5, 2)
    return quantize(network.eval(), bits, count="1/16", input_bits=7, shape=(2, 8, 8))


def along_time() -> QuantizedNetwork:
    network = nn.Sequential(nn.Conv1d(3, 5, 3, padding=1), leaky(1), nn.Flatten(), nn.Linear(40, 7), leaky(7))
    return quantize(network, 8, count="1/16", input_bits=7, shape=(3, 8))


NETWORKS = {
    "dense of 8 bits": lambda: dense(8), "dense of 4 bits": lambda: dense(4), "dense of 2 bits": lambda: dense(2),
    "dense of 16 bits": lambda: dense(16), "dense of 1 bit": lambda: dense(1), "dense of 8 and 2 bits": lambda: dense({"1": 8, "3": 2}),
    "dense, a grid per tensor": lambda: dense(4, grid="tensor"),
    "reset to zero, next tick": lambda: resets("zero", True), "reset to zero, same tick": lambda: resets("zero", False),
    "subtraction, same tick": lambda: resets("subtract", False),
    "currents": lambda: currents(8, 32), "currents of 16 bits": lambda: currents(4, 16),
    "recurrent": lambda: recurrent(8, "row"), "recurrent of 2 bits": lambda: recurrent(2, "row"), "recurrent, per tensor": lambda: recurrent(4, "tensor"),
    "saturated": saturated, "at the threshold": at_threshold,
    "convolutions of 8 bits": lambda: convolutional(8), "convolutions of 2 bits": lambda: convolutional(2), "convolution in one dimension": along_time,
}


def compiled(network: QuantizedNetwork, folder: Path) -> bytes:
    network.save(folder / "network.nir")
    done = subprocess.run([SNNRT, "compile", folder / "network.nir", "-o", folder / "model.snn", "--window", str(TICKS + 1)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (folder / "model.snn").read_bytes()


def places(model: bytes) -> dict[str, tuple[int, str]]:
    """Slot and order of each node, by the lines of metadata that the compiler writes."""
    lines = re.findall(rb"node in slot (\d+)([^:\n\0]*): ([\w.]+)", model)
    return {name.decode(): (int(slot), order.decode()) for slot, order, name in lines}


def in_slot_order(spikes: np.ndarray, order: str) -> np.ndarray:
    """Spikes [N, T, …] as a slot has them, [N, T, elements]."""
    if "channels last" in order:
        spikes = np.moveaxis(spikes, 2, -1)
    flat = spikes.reshape(*spikes.shape[:2], -1)
    if ", neurons " in order:
        ranges = [list(map(int, word.split("-"))) for word in order.split("neurons ")[1].split()]
        flat = flat[:, :, [i for ends in ranges for i in range(ends[0], ends[-1] + 1)]]
    return flat


def differing(network: QuantizedNetwork, x: torch.Tensor, model: bytes) -> dict[str, tuple[int, int, int]]:
    """By population: spikes that differ, spikes, and neuron ticks."""
    with torch.no_grad():
        trace = {name: spikes.numpy().astype(np.int32) for name, spikes in network.trace(x).items()}
    shown = places(model)
    engine, given = Network(model), {}
    expected = {name: in_slot_order(spikes, shown[name][1]) for name, spikes in trace.items()}
    samples = np.clip(np.rint(x.double().numpy() * float(1 / network.count)), -32768, 32767).astype(np.int16).reshape(len(x), TICKS, -1)
    for name, spikes in expected.items():
        given[name] = np.empty_like(spikes)
    for window in range(len(x)):
        # By hand, a tick before the result would: it clears what the last tick's spikes are read from.
        engine.reset()
        for tick in range(TICKS):
            engine.push(np.ascontiguousarray(samples[window, tick:tick + 1]))
            for name, spikes in given.items():
                spikes[window, tick] = engine.slot(shown[name][0], spikes.shape[2])
    return {name: (int((expected[name] != given[name]).sum()), int(given[name].sum()), given[name].size) for name in given}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--windows", type=int, default=200)
    parser.add_argument("--only", help="networks whose name holds this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    wrong = 0
    for name, make in NETWORKS.items():
        if options.only and options.only not in name:
            continue
        torch.manual_seed(7)
        network = make()
        with tempfile.TemporaryDirectory() as folder:
            model = compiled(network, Path(folder))
        counts: dict[str, list[int]] = {}
        for start in range(0, options.windows, 500):
            scale = 0.5 if name == "at the threshold" else 2
            x = scale * torch.randn(min(500, options.windows - start), TICKS, *network.input_shape)
            for population, found in differing(network, x, model).items():
                counts[population] = [a + b for a, b in zip(counts.get(population, [0, 0, 0]), found)]
        wrong += sum(found[0] for found in counts.values())
        print(f"{name}: " + "; ".join(f"{population} {found[0]} of {found[1]} spikes differ in {found[2]} neuron ticks" for population, found in counts.items()),
              flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
