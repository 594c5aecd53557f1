"""A network in integers: its forward, and the files that hold it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .. import nir
from ..export import given
from .matrices import QuantizedMatrix
from .population import QuantizedPopulation


class Stage(nn.Module):
    """A population with the pools and flattening before it.

    before: (name, layer, what acts on counts in its place); matrix: the name of the matrix that enters it."""

    def __init__(self, before: list[tuple[str, nn.Module, nn.Module]], matrix: str, population: QuantizedPopulation):
        super().__init__()
        self.before, self.matrix, self.population = [(name, layer) for name, layer, _ in before], matrix, population
        self.acting = nn.Sequential(*(acting for _, _, acting in before))

    def forward(self, source: Tensor) -> Tensor:
        """Spikes [N, T, …] of counts [N, T, …]."""
        if len(self.acting):
            source = self.acting(source.flatten(0, 1)).unflatten(0, source.shape[:2])
        return self.population(source)


class QuantizedNetwork(nn.Module):
    """What `quantize` makes: stages in the order of a tick.

    input_shape: of one tick's input, without the batch. count: what one count of a sample is worth."""

    def __init__(self, stages: list[Stage], input_shape: tuple[int, ...], count: Fraction, input_bits: int):
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.input_shape, self.count, self.input_bits = tuple(input_shape), count, input_bits

    def counts(self, x: Tensor) -> Tensor:
        """What samples x [N, T, …], in units of the network, are in integers (docs/format.md, sections 12.1 and 17)."""
        if x.dim() != 2 + len(self.input_shape) or tuple(x.shape[2:]) != self.input_shape:
            raise ValueError(f"got x of shape {tuple(x.shape)}, expected [windows, ticks, {', '.join(map(str, self.input_shape))}]")
        limit = 2 ** (self.input_bits - 1) - 1
        return (x.double() * self.count.denominator / self.count.numerator).round().clamp(-limit, limit)

    def trace(self, x: Tensor) -> dict[str, Tensor]:
        """Spikes [N, T, …] of each population by name, 0 or 1, each window from a fresh network; with gradients."""
        spikes, traced = self.counts(x), {}
        for stage in self.stages:
            traced[stage.population.name] = spikes = stage(spikes)
        return traced

    def forward(self, x: Tensor) -> Tensor:
        """Scores [N, K] of windows x [N, T, …]: spikes of the last population, summed over the window."""
        return list(self.trace(x).values())[-1].sum(dim=1).flatten(1).to(torch.get_default_dtype())

    def to_nir(self) -> tuple[dict, list, list, dict]:
        """Nodes, edges, late edges and metadata, as `snnrt.nir.write` takes them."""
        nodes, edges, late = {"input": nir.input_node(self.input_shape)}, [], []
        source, shape = "input", self.input_shape
        for stage in self.stages:
            population = stage.population
            for name, layer in stage.before:
                nodes[name] = nir.of(layer, shape)
                edges.append((source, name))
                shape = tuple(layer(torch.zeros(1, *shape)).shape[1:])
                source = name
            held, steps = population.integers(), population.steps
            unit = population.spread(steps) / 2**population.fraction_bits
            first, *recurrent = population.matrices
            bias = (held["bias"] * unit).flatten()
            nodes[stage.matrix] = _matrix_node(first, steps, bias, shape)
            nodes[population.name] = _neurons_node(population, held, unit)
            edges += [(source, stage.matrix), (stage.matrix, population.name)]
            for matrix in recurrent:
                name = f"{population.name}_recurrent"
                nodes[name] = _matrix_node(matrix, steps, None, population.shape)
                edges += [(population.name, name), (name, population.name)]
                late.append((name, population.name))
            source, shape = population.name, population.shape
        nodes["output"] = nir.output_node(shape)
        edges.append((source, "output"))
        metadata = {"snnrt.dialect": "snnrt", "snnrt.dt": nir.DT, "snnrt.readout": "sum", "snnrt.input_bits": self.input_bits,
                    "snnrt.count": np.array([self.count.numerator, self.count.denominator], np.int64)}
        return nodes, edges, late, metadata

    def save(self, path: str | Path, sample=None, labels=None, **metadata) -> None:
        """Writes the network as a NIR file, and beside it, of a `sample` x [N, T, …], what it gives: PATH with .expected.npz in place of
        .nir holds input, scores, labels and the spikes of each population. The input is the sample as the network sees it, rounded to
        counts and clamped. `sample` and `labels`, the true class of each window, are tensors or arrays. `metadata`: more of the graph's, without "snnrt.": rate=20, classes=[…], channels=[…]."""
        path = Path(path)
        sample = None if sample is None else torch.as_tensor(sample).to(self.stages[0].population.log_step.device)
        nodes, edges, late, own = self.to_nir()
        own |= {f"snnrt.{key}": value for key, value in metadata.items()}
        if sample is None:
            nir.write(path, nodes, edges, late, own)
            return
        if not bool(torch.isfinite(sample).all()):
            raise ValueError("the sample has values that are not finite")
        with torch.no_grad():
            spikes = self.trace(sample)
            seen = self.counts(sample) * self.count.numerator / self.count.denominator
        arrays = {f"spikes/{name}": fired.cpu().numpy().astype(np.uint8) for name, fired in spikes.items()}
        arrays |= {"input": seen.cpu().numpy(), "scores": list(spikes.values())[-1].sum(dim=1).flatten(1).cpu().numpy()}
        if labels is not None:
            arrays["labels"] = given.labels(labels, len(sample))
        nir.write(path, nodes, edges, late, own | {"snnrt.window": sample.shape[1]})
        np.savez_compressed(path.with_suffix(".expected.npz"), **arrays)


def _matrix_node(matrix: QuantizedMatrix, steps: Tensor, bias: Tensor | None, shape: tuple[int, ...]) -> dict:
    weight = matrix.exported(steps).detach()
    if matrix.kind == "diagonal":
        weight = torch.diag(weight)
    if matrix.kind != "conv":
        return nir.linear(weight, bias)
    return nir.convolution(weight, bias, **matrix.spatial) | {"input_shape": np.array(shape[1:], np.int64)}


def _neurons_node(population: QuantizedPopulation, held: dict[str, Tensor], unit: Tensor) -> dict:
    """The node of neurons, its numbers exactly on the grid, with what the grid is in its metadata."""
    def row(values: Tensor) -> np.ndarray:
        return np.broadcast_to(nir.array(values), population.shape).copy()

    def time_constant(decay: Tensor) -> np.ndarray:
        # A decay of 1 is a time constant of which Q15 sees nothing.
        return nir.DT / np.maximum(1 - row(decay) / 32768, 1e-9)

    zero, tau = np.zeros(population.shape), time_constant(held["beta"])
    node = {"r": tau / nir.DT, "v_leak": zero, "v_threshold": row(held["threshold"] * unit), "v_reset": zero}
    if "alpha" in held:
        tau_syn = time_constant(held["alpha"])
        node |= {"type": "CubaLIF", "tau_mem": tau, "tau_syn": tau_syn, "w_in": tau_syn / nir.DT}
    else:
        node |= {"type": "LIF", "tau": tau}
    neurons = population.neurons
    stated = {"step": row(population.spread(population.steps)), "weight_bits": population.matrices[0].bits,
              "fraction_bits": population.fraction_bits, "state_bits": population.state_bits, "reset": neurons.reset,
              "reset_delay": neurons.reset_delay, "comparison": "greater_or_equal" if neurons.fires_at_threshold else "greater"}
    return node | {f"metadata/snnrt.{key}": value for key, value in stated.items()}
