"""Quantized network of lmu.py -> integer tensors of lmu_integer.py -> model file."""

from __future__ import annotations

import numpy as np
import torch

from har import lmu_integer
from har.data import CHANNELS, CLASSES, COUNTS_PER_UNIT, WINDOW_LENGTH
from har.lmu import CEILING, HIDDEN_STEPS, Network, Projection
from har.lmu_integer import Tensors
from har.samples import INPUT_GAIN, INPUT_LIMIT
from snnfile import ModelWriter, crc32c

ENCODING = {8: "int8", 4: "int4", 2: "ternary"}
INPUT_BITS = 12  # x in ±2047, that is 256 steps per unit of network input
INPUT_SHIFT = 17  # the largest with which the multipliers fit int16
MEMORY_STEPS = 512  # per unit of u and m, which are near unit variance: ±64 in 16 bits
CURRENT_STEPS = 2048  # per unit of a hidden current: 16 times the threshold of a LIF neuron in 16 bits
SCORE_STEPS = 512  # per unit of a score
MULTIPLIER_BITS = 20

METADATA = """\
name: {name}
description: {kind} for seven hand activities from a watch's accelerometer and gyroscope, {bits}-bit weights
data: WISDM Smartphone and Smartwatch Activity and Biometrics, Weiss 2019, UCI dataset 507, CC BY 4.0
network: stacked Legendre memories (Voelker et al., NeurIPS 2019) with {hidden} hidden layers
licence: CC BY 4.0
notice: the Legendre Memory Unit may be covered by patents of Applied Brain Research
"""


def constants(values: np.ndarray) -> tuple[np.ndarray, np.int64]:
    """int16 values and their number of fraction bits, the most that fit."""
    bits = int(np.floor(np.log2(lmu_integer.LIMIT / np.abs(values).max())))
    return np.rint(values * 2.0**bits).astype(np.int64), np.int64(bits)


@torch.no_grad()
def integer_tensors(network: Network) -> Tensors:
    """The integers of a network that was quantized (Network.quantize) and trained further."""
    gain = np.array(INPUT_GAIN) / COUNTS_PER_UNIT * 2 ** (INPUT_BITS - 1) / INPUT_LIMIT
    out: Tensors = {
        "input_multiplier": np.rint(gain * 2**INPUT_SHIFT).astype(np.int64),
        "input_shift": np.int64(INPUT_SHIFT), "input_bits": np.int64(INPUT_BITS),
        "weight_bits": np.int64(network.readout.bits),
    }

    def project(names: tuple[str, ...], bias: str, projection: Projection, sources: tuple[float, ...], target: float,
                orders: int = 1) -> None:
        """Writes the matrices and the bias; `sources` and `target`: integer steps per unit of each slot. Columns of the
        first matrix are in `orders` groups, each of all memory inputs."""
        limit = 2 ** (projection.bits - 1) - 1
        for name, weights, step_log, source in zip(names, projection.weights, projection.steps, sources):
            step = step_log.exp().double()
            grid = (weights.double() / step).clamp(-limit, limit).round().long().numpy()
            if name.endswith("w_m"):
                grid = grid.reshape(len(grid), orders, -1).swapaxes(1, 2).reshape(len(grid), -1)
            multiplier = step[:, 0].numpy() / source * target
            shift = min(47, int(np.floor(MULTIPLIER_BITS - np.log2(multiplier.max()))))
            out[name], out[f"{name}_join"] = grid.astype(np.int8), np.int64(shift)
            out[f"{name}_multiplier"] = np.rint(multiplier * 2.0**shift).astype(np.int64)
        out[bias] = np.rint(projection.bias.double().numpy() * target).astype(np.int64)

    source = 2 ** (INPUT_BITS - 1) / INPUT_LIMIT
    for i, layer in enumerate(network.layers):
        project((f"{i}.e",), f"{i}.bias_u", layer.encoder, (source,), MEMORY_STEPS)
        out[f"{i}.a"], out[f"{i}.a_bits"] = constants(layer.a.numpy())
        out[f"{i}.b"], out[f"{i}.b_bits"] = constants(layer.b.numpy())
        project((f"{i}.w_m", f"{i}.w_x"), f"{i}.bias_h", layer.hidden, (MEMORY_STEPS, source), CURRENT_STEPS,
                orders=len(layer.b))
        if network.shape.spiking:
            beta = torch.sigmoid(layer.beta_logit.double()).numpy()
            out |= {f"{i}.theta": np.int64(CURRENT_STEPS), f"{i}.beta": np.rint(beta * 32768).astype(np.int64)}
            source = 1
        else:
            out |= {f"{i}.shift": np.int64(np.log2(CURRENT_STEPS / HIDDEN_STEPS)),
                    f"{i}.high": np.int64(CEILING * HIDDEN_STEPS - 1)}
            source = HIDDEN_STEPS
    project(("o",), "bias_o", network.readout, (source,), SCORE_STEPS)
    return out


def writer(tensors: Tensors, name: str) -> ModelWriter:
    """The network as a program."""
    bits = int(tensors["weight_bits"])
    model = ModelWriter()
    channels = [(c, "m/s^2" if c.startswith("accel") else "rad/s", (1, COUNTS_PER_UNIT)) for c in CHANNELS]
    samples = model.stream("watch", (20, 1), channels)
    x = model.analog(len(CHANNELS), bits=int(tensors["input_bits"]))
    model.input(samples, x, np.zeros(len(CHANNELS), np.int64), tensors["input_multiplier"], int(tensors["input_shift"]))

    def dense(source: int, target: int, key: str) -> None:
        model.dense(source, target, tensors[key].astype(np.int64), ENCODING[bits], "multiplier",
                    int(tensors[f"{key}_join"]), multipliers=tensors[f"{key}_multiplier"])

    spiking = "0.theta" in tensors
    for i in range(sum(key.endswith(".a") for key in tensors)):
        t = {key.removeprefix(f"{i}."): value for key, value in tensors.items() if key.startswith(f"{i}.")}
        units, hidden = len(t["bias_u"]), len(t["bias_h"])
        u, c = model.current(units), model.current(hidden)
        m = model.analog(units * len(t["b"]), bits=16, persistent=True)
        dense(x, u, f"{i}.e")
        model.memory(u, m, t["a"], t["b"], "int16", int(t["a_bits"]), int(t["b_bits"]), t["bias_u"])
        dense(m, c, f"{i}.w_m")
        dense(x, c, f"{i}.w_x")
        if spiking:
            x = model.spikes(hidden)
            model.lif(c, x, int(t["theta"]), t["beta"], bias=t["bias_h"])
        else:
            x = model.analog(hidden, bits=8)
            model.activation(c, x, bias=t["bias_h"], shift=int(t["shift"]), high=int(t["high"]))
    scores, values = model.current(len(CLASSES)), model.analog(len(CLASSES), bits=16)
    dense(x, scores, "o")
    model.activation(scores, values, bias=tensors["bias_o"], low=-lmu_integer.LIMIT, high=lmu_integer.LIMIT)
    model.output("activity", model.readout(values, WINDOW_LENGTH, reset_network=True), [label for _, label in CLASSES])
    model.metadata(METADATA.format(name=name, bits=bits, kind="Spiking LMU" if spiking else "LMU",
                                   hidden="LIF" if spiking else "ReLU"))
    return model


def model_file(tensors: Tensors, name: str, windows: np.ndarray) -> bytes:
    """The file, with raw windows int16 [N, 40, 6] as self-test; its checksum (FORMAT.md section 11) is that of
    lmu_integer.py, so that the runtime is held to the recipe's arithmetic."""
    scores = lmu_integer.run(tensors, windows)[0]
    results = np.concatenate([scores.argmax(1)[:, None], scores], axis=1)
    model = writer(tensors, name)
    model.self_test(windows.reshape(-1, len(CHANNELS)), crc32c(results.astype("<i4").tobytes()))
    return model.build()
