"""Trained networks on their grids -> the integer tensors of integer.py."""

from __future__ import annotations

import numpy as np
import torch

from training.data import COUNTS_PER_UNIT
from training.integer import CONSTANT_BITS, LIMIT, SCORE_STEPS, Tensors
from training.networks import delay, l2mu, lmu
from training.networks.projection import Projection
from training.networks.spiking import CURRENT_STEPS
from training.samples import INPUT_GAIN, INPUT_LIMIT

INPUT_SHIFT = 29  # less the input's bits: the largest with which the multipliers fit int16
MEMORY_STEPS = 512  # per unit of u and m, which are near unit variance: ±64 in 16 bits
MULTIPLIER_BITS = 20


def input_tensors(bits: int) -> tuple[Tensors, float]:
    """The input's tensors, and the integer steps of an input value of one: 256 for 12 bits."""
    steps, shift = 2 ** (bits - 1) / INPUT_LIMIT, INPUT_SHIFT - bits
    return {"input_multiplier": np.rint(np.array(INPUT_GAIN) / COUNTS_PER_UNIT * steps * 2**shift).astype(np.int64),
            "input_shift": np.int64(shift), "input_bits": np.int64(bits)}, steps


def constants(values: np.ndarray) -> tuple[np.ndarray, np.int64]:
    """int16 values and their number of fraction bits, the most that fit."""
    bits = int(np.floor(np.log2(LIMIT / np.abs(values).max())))
    return np.rint(values * 2.0**bits).astype(np.int64), np.int64(bits)


def project(out: Tensors, names: tuple[str, ...], bias: str, projection: Projection, sources: tuple[float, ...],
            target: float) -> None:
    """Writes the matrices and the bias; `sources` and `target`: integer steps per unit of each slot."""
    limit = 2 ** (projection.bits - 1) - 1
    for name, weights, step_log, source in zip(names, projection.weights, projection.steps, sources):
        step = step_log.exp().double()
        out[name] = (weights.double() / step).clamp(-limit, limit).round().to(torch.int8).numpy()
        multiplier = step[:, 0].numpy() / source * target
        shift = min(47, int(np.floor(MULTIPLIER_BITS - np.log2(multiplier.max()))))
        out[f"{name}_join"] = np.int64(shift)
        out[f"{name}_multiplier"] = np.rint(multiplier * 2.0**shift).astype(np.int64)
    out[bias] = np.rint(projection.bias.double().numpy() * target).astype(np.int64)


@torch.no_grad()
def grid_tensors(network: lmu.Network | delay.Network | l2mu.Network, score_steps: int = SCORE_STEPS) -> Tensors:
    """The integers of a network that was quantized (Network.quantize) and trained further, with so many steps per unit of a
    score."""
    out, source = input_tensors(network.input_bits)
    out["weight_bits"] = np.int64(network.readout.bits)
    if isinstance(network, l2mu.Network):
        spiking_memories(out, network, source)
        return out
    for i, layer in enumerate(network.layers):
        if isinstance(layer, delay.Layer):
            project(out, (f"{i}.w",), f"{i}.bias_h", layer.synapses, (source,), CURRENT_STEPS)
            out[f"{i}.w"] = spread(out[f"{i}.w"], layer.synapses.delays)
        else:
            memory(out, i, layer, source)
        if hasattr(layer, "beta_logit"):
            out |= {f"{i}.theta": np.int64(CURRENT_STEPS), f"{i}.beta": decays(layer.beta_logit)}
            if getattr(layer, "greatest", 0):
                out[f"{i}.greatest"] = np.int64(layer.greatest)
            source = 1
        else:
            out |= {f"{i}.shift": np.int64(np.log2(CURRENT_STEPS / lmu.HIDDEN_STEPS)),
                    f"{i}.high": np.int64(lmu.CEILING * lmu.HIDDEN_STEPS - 1)}
            source = lmu.HIDDEN_STEPS
    project(out, ("o",), "bias_o", network.readout, (source,), score_steps)
    return out


def decays(logit: torch.Tensor) -> np.ndarray:
    """In Q15."""
    return np.rint(torch.sigmoid(logit.double()).numpy() * 32768).astype(np.int64)


def spiking_memories(out: Tensors, network: l2mu.Network, source: float) -> None:
    last = len(network.layers) + 1
    for i, projection, logit, steps in ((0, network.input, network.beta_in_logit, source),
                                        (last, network.readout, network.beta_o_logit, 1)):
        project(out, (f"{i}.w",), f"{i}.bias_h", projection, (steps,), CURRENT_STEPS)
        out |= {f"{i}.theta": np.int64(CURRENT_STEPS), f"{i}.beta": decays(logit)}
    for i, layer in enumerate(network.layers, 1):
        project(out, (f"{i}.e_x",), f"{i}.bias_u", layer.encoder, (1,), CURRENT_STEPS)
        project(out, (f"{i}.e_h", f"{i}.e_m"), f"{i}.none", layer.feedback, (1, 1), CURRENT_STEPS)
        project(out, (f"{i}.w_x",), f"{i}.bias_h", layer.hidden, (1,), CURRENT_STEPS)
        project(out, (f"{i}.w_h", f"{i}.w_m"), f"{i}.none", layer.recurrence, (1, 1), CURRENT_STEPS)
        del out[f"{i}.none"]
        constants = layer.a.double().numpy(), layer.b.double().numpy()[:, None]
        step = np.abs(np.concatenate(constants, axis=1)).max(1) / (2 ** (CONSTANT_BITS - 1) - 1)
        shift = int(np.floor(MULTIPLIER_BITS - np.log2(step.max() * CURRENT_STEPS)))
        for name, values in zip((f"{i}.a", f"{i}.b"), constants):
            out[name] = np.rint(values / step[:, None]).astype(np.int8)
            out[f"{name}_join"] = np.int64(shift)
            out[f"{name}_multiplier"] = np.rint(step * CURRENT_STEPS * 2.0**shift).astype(np.int64)
        out |= {f"{i}.theta": np.int64(CURRENT_STEPS), f"{i}.alpha_m": np.int64(layer.alpha * 32768),
                f"{i}.beta_u": decays(layer.beta_u_logit), f"{i}.beta_m": decays(layer.beta_m_logit),
                f"{i}.beta": decays(layer.beta_h_logit),
                f"{i}.bias_m": np.rint(layer.bias_m.double().numpy() * CURRENT_STEPS).astype(np.int64)}


def memory(out: Tensors, i: int, layer: lmu.Layer, source: float) -> None:
    project(out, (f"{i}.e",), f"{i}.bias_u", layer.encoder, (source,), MEMORY_STEPS)
    out[f"{i}.a"], out[f"{i}.a_bits"] = constants(layer.a.numpy())
    out[f"{i}.b"], out[f"{i}.b_bits"] = constants(layer.b.numpy())
    project(out, (f"{i}.w_m", f"{i}.w_x"), f"{i}.bias_h", layer.hidden, (MEMORY_STEPS, source), CURRENT_STEPS)
    w = out[f"{i}.w_m"]
    out[f"{i}.w_m"] = w.reshape(len(w), len(layer.b), -1).swapaxes(1, 2).reshape(len(w), -1)  # orders last


def spread(w: np.ndarray, delays: range) -> np.ndarray:
    """Columns for `delays` -> columns for all delays up to the last, 0 where they are not."""
    every = np.zeros((len(w), delays[-1] + 1, w.shape[1] // len(delays)), w.dtype)
    every[:, delays] = w.reshape(len(w), len(delays), -1)
    return every.reshape(len(w), -1)
