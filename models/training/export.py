"""Quantized network of lmu.py, delay.py or l2mu.py -> integer tensors of integer.py -> model file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from training import delay, integer, l2mu, lmu
from training.data import CHANNELS, CLASSES, COUNTS_PER_UNIT, WINDOW_LENGTH
from training.integer import LIMIT, Tensors
from training.projection import Projection
from training.samples import INPUT_GAIN, INPUT_LIMIT
from training.spiking import CURRENT_STEPS
from snnrt.file import ModelWriter, crc32c

ENCODING = {8: "int8", 4: "int4", 2: "ternary"}
INPUT_SHIFT = 29  # less the input's bits: the largest with which the multipliers fit int16
MEMORY_STEPS = 512  # per unit of u and m, which are near unit variance: ±64 in 16 bits
SCORE_STEPS = 512  # per unit of a score
MULTIPLIER_BITS = 20

METADATA = """\
name: {name}
description: {kind} for {task} from a watch's accelerometer and gyroscope, {bits}-bit weights
data: WISDM Smartphone and Smartwatch Activity and Biometrics, Weiss 2019, UCI dataset 507, CC BY 4.0
network: {network}
licence: CC BY 4.0
"""
DELAYS = "LIF layers with synaptic delays"
GRADED = DELAYS + ", spikes 0 to {greatest} that reset in the same tick"
MEMORIES = "stacked Legendre memories (Voelker et al., NeurIPS 2019) with {hidden} hidden layers"
NOTICE = "notice: the Legendre Memory Unit may be covered by patents of Applied Brain Research\n"


@dataclass
class Results:
    """What a file gives: the sums of `ticks` of scores of `classes`, from rest if `is_reset`, plus what is left of the
    results before, `evidence_decay` in Q15."""

    task: str
    classes: tuple[str, ...]
    ticks: int
    is_reset: bool
    evidence_decay: int = 0


WINDOWS = Results("seven hand activities", tuple(name for _, name in CLASSES), WINDOW_LENGTH, True)


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
def integer_tensors(network: lmu.Network | delay.Network | l2mu.Network) -> Tensors:
    """The integers of a network that was quantized (Network.quantize) and trained further."""
    source = 2 ** (network.input_bits - 1) / INPUT_LIMIT  # 256 steps per unit for 12 bits
    shift = INPUT_SHIFT - network.input_bits
    out: Tensors = {
        "input_multiplier": np.rint(np.array(INPUT_GAIN) / COUNTS_PER_UNIT * source * 2**shift).astype(np.int64),
        "input_shift": np.int64(shift), "input_bits": np.int64(network.input_bits),
        "weight_bits": np.int64(network.readout.bits),
    }
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
    project(out, ("o",), "bias_o", network.readout, (source,), SCORE_STEPS)
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
        step = np.abs(np.concatenate(constants, axis=1)).max(1) / (2 ** (l2mu.CONSTANT_BITS - 1) - 1)
        shift = int(np.floor(MULTIPLIER_BITS - np.log2(step.max() * CURRENT_STEPS)))
        for name, values in zip((f"{i}.a", f"{i}.b"), constants):
            out[name] = np.rint(values / step[:, None]).astype(np.int8)
            out[f"{name}_join"] = np.int64(shift)
            out[f"{name}_multiplier"] = np.rint(step * CURRENT_STEPS * 2.0**shift).astype(np.int64)
        out |= {f"{i}.theta": np.int64(CURRENT_STEPS), f"{i}.alpha": np.int64(layer.alpha * 32768),
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


def writer(tensors: Tensors, name: str, results: Results) -> ModelWriter:
    """The network as a program."""
    bits = int(tensors["weight_bits"])
    model = ModelWriter()
    channels = [(c, "m/s^2" if c.startswith("accel") else "rad/s", (1, COUNTS_PER_UNIT)) for c in CHANNELS]
    samples = model.stream("watch", (20, 1), channels)
    x = model.analog(len(CHANNELS), bits=int(tensors["input_bits"]))
    model.input(samples, x, np.zeros(len(CHANNELS), np.int64), tensors["input_multiplier"], int(tensors["input_shift"]))

    def join(key: str, width: int = bits) -> dict:
        return {"encoding": ENCODING[width], "join": "multiplier", "shift": int(tensors[f"{key}_join"]),
                "multipliers": tensors[f"{key}_multiplier"]}

    def dense(source: int, target: int, key: str) -> None:
        model.dense(source, target, tensors[key].astype(np.int64), **join(key))

    sources = len(CHANNELS)
    for i in range(integer.layer_count(tensors)):
        t = {key.removeprefix(f"{i}."): value for key, value in tensors.items() if key.startswith(f"{i}.")}
        hidden = len(t["bias_h"])
        if "alpha" in t:
            x = spiking_memory(model, t, x, dense, join, i)
            sources = hidden
            continue
        if "a" in t:
            u, c = model.current(len(t["bias_u"])), model.current(hidden)
            m = model.analog(len(t["bias_u"]) * len(t["b"]), bits=16, persistent=True)
            dense(x, u, f"{i}.e")
            model.memory(u, m, t["a"], t["b"], "int16", int(t["a_bits"]), int(t["b_bits"]), t["bias_u"])
            dense(m, c, f"{i}.w_m")
            dense(x, c, f"{i}.w_x")
        elif t["w"].shape[1] == sources:
            c = model.current(hidden)
            dense(x, c, f"{i}.w")
        else:
            c = model.current(hidden)
            target, column = np.nonzero(t["w"])
            synapses = np.stack([column % sources, column // sources, target, t["w"][target, column]], axis=1)
            model.sparse(x, c, synapses, delays=t["w"].shape[1] // sources, **join(f"{i}.w"))
        if "theta" in t:
            greatest = int(t.get("greatest", 0))
            x = model.spikes(hidden, bits=max(greatest, 1).bit_length())
            model.lif(c, x, int(t["theta"]), t["beta"], bias=t["bias_h"], reset="subtract at once" if greatest else None)
        else:
            x = model.analog(hidden, bits=8)
            model.activation(c, x, bias=t["bias_h"], shift=int(t["shift"]), high=int(t["high"]))
        sources = hidden
    if "o" in tensors:
        scores = model.current(len(results.classes))
        dense(x, scores, "o")
        x = model.analog(len(results.classes), bits=16)
        model.activation(scores, x, bias=tensors["bias_o"], low=-LIMIT, high=LIMIT)
    readout = model.readout(x, results.ticks, reset_network=results.is_reset, evidence_decay=results.evidence_decay)
    model.output("activity", readout, results.classes)
    spiking = "0.theta" in tensors
    kind, network = (("L2MU", "stacked spiking Legendre memories (L2MU, arXiv 2407.04076)") if "o" not in tensors else
                     ("Delay network", GRADED.format(greatest=tensors["0.greatest"]) if "0.greatest" in tensors else DELAYS)
                     if "0.a" not in tensors else
                     ("Spiking LMU", MEMORIES.format(hidden="LIF")) if spiking else ("LMU", MEMORIES.format(hidden="ReLU")))
    notice = NOTICE * (kind != "Delay network")
    model.metadata(METADATA.format(name=name, bits=bits, kind=kind, network=network, task=results.task) + notice)
    return model


def spiking_memory(model: ModelWriter, t: Tensors, x: int, dense, join, i: int) -> int:
    """The layer's ops; the slot of h."""
    u, m, h = (model.spikes(len(t[bias]), persistent=bias != "bias_u") for bias in ("bias_u", "bias_m", "bias_h"))
    into_u, into_m, into_h = (model.current(len(t[bias])) for bias in ("bias_u", "bias_m", "bias_h"))
    theta, units = int(t["theta"]), len(t["bias_u"])
    for source, key in ((x, "e_x"), (h, "e_h"), (m, "e_m")):
        dense(source, into_u, f"{i}.{key}")
    model.lif(into_u, u, theta, t["beta_u"], bias=t["bias_u"])
    for source, key in ((m, "a"), (u, "b")):
        model.block(source, into_m, t[key].astype(np.int64), groups=units, **join(f"{i}.{key}", l2mu.CONSTANT_BITS))
    model.lif(into_m, m, theta, t["beta_m"], int(t["alpha"]), t["bias_m"], model="CuBa-LIF")
    for source, key in ((x, "w_x"), (h, "w_h"), (m, "w_m")):
        dense(source, into_h, f"{i}.{key}")
    model.lif(into_h, h, theta, t["beta"], bias=t["bias_h"])
    return h


def model_file(tensors: Tensors, name: str, frames: np.ndarray, results: Results = WINDOWS) -> bytes:
    """The file, with raw frames int16 [N, T, 6] as self-test, T a result's ticks where it begins at rest, else N 1; its
    checksum (format.md section 11) is that of integer.py, so that the runtime is held to the recipe's arithmetic."""
    scores = integer.results(tensors, frames, results.ticks, results.evidence_decay)[0].reshape(-1, len(results.classes))
    issued = np.concatenate([scores.argmax(1)[:, None], scores], axis=1)
    model = writer(tensors, name, results)
    model.self_test(frames.reshape(-1, len(CHANNELS)), crc32c(issued.astype("<i4").tobytes()))
    return model.build()
