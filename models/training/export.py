"""Integer tensors of integer.py -> model file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from snnrt.file import ModelWriter, crc32c
from training import integer, profile
from training.data import CHANNELS, CLASSES, COUNTS_PER_UNIT, WINDOW_LENGTH
from training.integer import CONSTANT_BITS, LIMIT, Tensors

ENCODING = {8: "int8", 4: "int4", 2: "ternary"}

METADATA = """\
name: {name}
description: {kind} for {task} from a watch's accelerometer and gyroscope{weights}
data: WISDM Smartphone and Smartwatch Activity and Biometrics, Weiss 2019, UCI dataset 507, CC BY 4.0
network: {network}
licence: CC BY 4.0
"""
DELAYS = "LIF layers with synaptic delays"
GRADED = DELAYS + ", spikes 0 to {greatest} that reset in the same tick"
MEMORIES = "stacked Legendre memories (Voelker et al., NeurIPS 2019) with {hidden} hidden layers"
L2MU = "L2MU, arXiv 2407.04076"
NOTICE = "notice: the Legendre Memory Unit may be covered by patents of Applied Brain Research\n"


@dataclass
class Results:
    """What a file gives: every `ticks` the sums of scores of `classes`, from rest if `is_reset`, or their evidence, of tensors
    with a switch_cost. The softmax of a result at `confidence_divisor`, if there is one, is how probable each class is."""

    task: str
    classes: tuple[str, ...]
    ticks: int
    is_reset: bool
    confidence_divisor: int = 0


WINDOWS = Results("seven hand activities", tuple(name for _, name in CLASSES), WINDOW_LENGTH, True)


def metadata(tensors: Tensors, name: str, task: str) -> str:
    if "o" not in tensors:
        kind, network = "L2MU", f"stacked spiking Legendre memories ({L2MU})"
    elif "0.a" not in tensors:
        greatest = tensors.get("0.greatest")
        kind, network = "Delay network", DELAYS if greatest is None else GRADED.format(greatest=greatest)
    elif "0.theta" in tensors:
        kind, network = "Spiking LMU", MEMORIES.format(hidden="LIF")
    else:
        kind, network = "LMU", MEMORIES.format(hidden="ReLU")
    text = METADATA.format(name=name, weights=f", {tensors['weight_bits']}-bit weights", kind=kind, network=network, task=task)
    return text + NOTICE * (kind != "Delay network")


class Program:
    """A network's ops on a `ModelWriter`, written layer by layer; `x` is the slot of the last layer's values."""

    def __init__(self, tensors: Tensors):
        self.tensors, self.model = tensors, ModelWriter()
        self.bits = int(tensors["weight_bits"])
        self.current: dict[tuple[int, str], int] = {}  # slots of populations, by layer and name
        self.spikes: dict[tuple[int, str], int] = {}
        channels = [(c, "m/s^2" if c.startswith("accel") else "rad/s", (1, COUNTS_PER_UNIT)) for c in CHANNELS]
        samples = self.model.stream("watch", (20, 1), channels)
        self.x, self.sources = self.model.analog(len(CHANNELS), bits=int(tensors["input_bits"])), len(CHANNELS)
        self.model.input(samples, self.x, np.zeros(len(CHANNELS), np.int64), tensors["input_multiplier"],
                         int(tensors["input_shift"]))

    def join(self, key: str, bits: int | None = None) -> dict:
        """How the sums of matrix `key` enter a current, and how it is stored."""
        encoding, shift = ENCODING[bits or self.bits], int(self.tensors.get(f"{key}_join", 0))
        if f"{key}_multiplier" in self.tensors:
            return {"encoding": encoding, "join": "multiplier", "shift": shift,
                    "multipliers": self.tensors[f"{key}_multiplier"]}
        return {"encoding": encoding, "join": "right" if shift else "add", "shift": shift}

    def dense(self, source: int, target: int, key: str) -> None:
        self.model.dense(source, target, self.tensors[key].astype(np.int64), **self.join(key))

    def declare_currents(self, *populations: tuple[int, str]) -> None:
        for i, name in populations:
            self.current[i, name] = self.model.current(len(self.tensors[f"{i}.bias_{name}"]))

    def declare_spikes(self, *populations: tuple[int, str]) -> None:
        for i, name in populations:
            greatest = int(self.tensors.get(f"{i}.greatest", 1))
            self.spikes[i, name] = self.model.spikes(
                len(self.tensors[f"{i}.bias_{name}"]), bits=greatest.bit_length(),
                persistent=f"{i}.e_x" in self.tensors and name != "u")

    def lif(self, i: int, name: str) -> int:
        """The population's op; the slot of its spikes."""
        def own(key: str, otherwise: int = 0) -> int | np.ndarray:
            value = self.tensors.get(f"{i}.{key}_{name}", self.tensors.get(f"{i}.{key}", otherwise))
            return value if np.ndim(value) else int(value)

        alpha, is_graded = self.tensors.get(f"{i}.alpha_{name}"), f"{i}.greatest" in self.tensors
        self.model.lif(
            self.current[i, name], self.spikes[i, name], own("theta"), own("beta"), bias=own("bias"),
            fraction_bits=own("fraction"), reset="subtract at once" if is_graded else None,
            **({} if alpha is None else {"model": "CuBa-LIF", "synaptic_decay": int(alpha)}))
        return self.spikes[i, name]

    def layer(self, i: int) -> None:
        if f"{i}.e_x" in self.tensors:
            self.x = self.spiking_memory(i)
        else:
            self.x = self.memory(i) if f"{i}.a" in self.tensors else self.synapses(i)
        self.sources = len(self.tensors[f"{i}.bias_h"])

    def spiking_memory(self, i: int) -> int:
        model, populations = self.model, ((i, "u"), (i, "m"), (i, "h"))
        if (i, "u") not in self.current:
            self.declare_spikes(*populations)
            self.declare_currents(*populations)
        u, m, h = (self.spikes[p] for p in populations)
        into_u, into_m, into_h = (self.current[p] for p in populations)
        for source, key in ((self.x, "e_x"), (h, "e_h"), (m, "e_m")):
            self.dense(source, into_u, f"{i}.{key}")
        self.lif(i, "u")
        for source, key in ((m, "a"), (u, "b")):
            model.block(source, into_m, self.tensors[f"{i}.{key}"].astype(np.int64),
                        groups=len(self.tensors[f"{i}.bias_u"]), **self.join(f"{i}.{key}", CONSTANT_BITS))
        self.lif(i, "m")
        for source, key in ((self.x, "w_x"), (h, "w_h"), (m, "w_m")):
            self.dense(source, into_h, f"{i}.{key}")
        return self.lif(i, "h")

    def memory(self, i: int) -> int:
        t = {key: self.tensors[f"{i}.{key}"] for key in ("a", "b", "a_bits", "b_bits", "bias_u")}
        u = self.model.current(len(t["bias_u"]))
        self.declare_currents((i, "h"))
        c, m = self.current[i, "h"], self.model.analog(len(t["bias_u"]) * len(t["b"]), bits=16, persistent=True)
        self.dense(self.x, u, f"{i}.e")
        self.model.memory(u, m, t["a"], t["b"], "int16", int(t["a_bits"]), int(t["b_bits"]), t["bias_u"])
        self.dense(m, c, f"{i}.w_m")
        self.dense(self.x, c, f"{i}.w_x")
        return self.hidden(i)

    def synapses(self, i: int) -> int:
        w = self.tensors[f"{i}.w"]
        if (i, "h") not in self.current:
            self.declare_currents((i, "h"))
        c = self.current[i, "h"]
        if w.shape[1] == self.sources:
            self.dense(self.x, c, f"{i}.w")
        else:
            target, column = np.nonzero(w)
            synapses = np.stack([column % self.sources, column // self.sources, target, w[target, column]], axis=1)
            self.model.sparse(self.x, c, synapses, delays=w.shape[1] // self.sources, **self.join(f"{i}.w"))
        return self.hidden(i)

    def hidden(self, i: int) -> int:
        if f"{i}.high" not in self.tensors:
            if (i, "h") not in self.spikes:
                self.declare_spikes((i, "h"))
            return self.lif(i, "h")
        t = {key: self.tensors[f"{i}.{key}"] for key in ("bias_h", "shift", "high")}
        h = self.model.analog(len(t["bias_h"]), bits=8)
        self.model.activation(self.current[i, "h"], h, bias=t["bias_h"], shift=int(t["shift"]), high=int(t["high"]))
        return h


def writer(tensors: Tensors, name: str, training: np.ndarray, results: Results) -> ModelWriter:
    """The network as a program, with metadata on its training windows."""
    program = Program(tensors)
    model = program.model
    for i in range(integer.layer_count(tensors)):
        program.layer(i)
    x = program.x
    is_evidence = "switch_cost" in tensors
    if "o" in tensors:
        scores, count = model.current(len(results.classes)), len(results.classes)
        program.dense(x, scores, "o")
        x = model.analog(count, bits=16)
        model.activation(scores, x, bias=tensors["bias_o"], low=-LIMIT, high=LIMIT)
        x = evidence(model, tensors, x, count) if is_evidence else x
    readout = model.readout(x, results.ticks, "last" if is_evidence else "sum", reset_network=results.is_reset)
    model.output("activity", readout, results.classes)
    model.metadata(metadata(tensors, name, results.task)
                   + profile.lines(training, not results.is_reset, results.confidence_divisor))
    return model


def evidence(model: ModelWriter, tensors: Tensors, scores: int, count: int) -> int:
    """The slot of what the scores have gathered, as integer.Evidence has it."""
    def clipped(*sources: int) -> int:
        """The slot of the sum of slots."""
        total = model.current(count)
        for source in sources:
            add(source, total)
        target = model.analog(count, bits=16)
        model.activation(total, target, low=-LIMIT, high=LIMIT)
        return target

    def add(source: int, total: int) -> None:
        model.block(source, total, np.ones((1, 1), np.int64), "int8", groups=count)

    behind, mean = (model.analog(count, bits=16, persistent=True) for _ in range(2))
    own, greatest = clipped(scores, behind), model.analog(1, bits=16)
    model.pool(own, greatest, (1, count, 1), (1, count), "maximum")
    below, recent = model.current(count), model.current(count)
    add(own, below)
    model.dense(greatest, below, -np.ones((count, 1), np.int64), "int8")
    model.activation(below, behind, low=-int(tensors["switch_cost"]), high=0)
    add(scores, recent)
    a, b = (np.full(shape, tensors[key]) for key, shape in (("mean_a", (1, 1)), ("mean_b", 1)))
    model.memory(recent, mean, a, b, "int16", int(tensors["mean_a_bits"]), int(tensors["mean_b_bits"]))
    return clipped(behind, mean)


def model_file(tensors: Tensors, name: str, frames: np.ndarray, training: np.ndarray, results: Results = WINDOWS) -> bytes:
    """The file, with raw frames int16 [N, T, 6] as self-test, T a result's ticks where it begins at rest, else N 1. The
    self-test's checksum is that of integer.py, so that the runtime is held to the recipe's arithmetic."""
    scores = integer.results(tensors, frames, results.ticks)[0].reshape(-1, len(results.classes))
    issued = np.concatenate([scores.argmax(1)[:, None], scores], axis=1)
    model = writer(tensors, name, training, results)
    model.self_test(frames.reshape(-1, len(CHANNELS)), crc32c(issued.astype("<i4").tobytes()))
    return model.build()
