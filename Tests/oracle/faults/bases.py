"""Valid models that the faults are edits of."""

import numpy as np

import ops
from faults import edits
from faults.edits import Base, finish, front, matrix
from snnrt.file import NONE


def plain() -> Base:
    """Ops 0 input, 1 dense int4 left, 2 CuBa-LIF 16 with arrays, 3 block ternary multiplier, 4 memory int16 with biases,
    5 dense int16 wide, 6 LIF 32 with arrays (2 neurons), 7 dense binary right, 8 LI 32 with arrays, 9 leaky readout.
    Slots 0 samples, 1 analog 8 bits, 2 current 4, 3 spikes 4, 4 current 2, 5 analog 32 persistent 6, 6 current 2,
    7 spikes 2 persistent, 8 current 3, 9 analog 32 persistent 3."""
    model, _, values = front()
    current, spikes = model.current(4), model.spikes(4)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6], [7, -8]), "int4", "left", 2)
    model.lif(current, spikes, np.array([100, 200, 300, 400]), np.array([32768, 0, 1, 2]), np.array([5, 6, 7, 8]),
              np.array([-1, 0, 1, 2]), "CuBa-LIF", "zero", 16, 1)
    units, memory = model.current(2), model.analog(6, 32, True, initial=3)
    model.block(spikes, units, matrix([1, -1]), "ternary", 2, "multiplier", 3, multipliers=np.array([-9]))
    model.memory(units, memory, matrix([9, 1, 0], [0, 9, 1], [0, 0, 9]), np.array([1, 2, 3]), "int16", 4, 1,
                 np.array([5, -5]), 2)
    wide_current, wide_spikes = model.current(2), model.spikes(2, True)
    model.dense(memory, wide_current, matrix([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]), "int16", source_shift=16)
    model.lif(wide_current, wide_spikes, np.array([7, 9]), 5, bias=2, width=32)
    last_current, last = model.current(3), model.analog(3, 32, True)
    model.dense(wide_spikes, last_current, matrix([1, -1], [1, 1], [-1, 1]), "binary", "right", 1)
    model.lif(last_current, last, decay=np.array([1, 2, 3]), bias=np.array([4, 5, 6]), model="LI", width=32)
    model.output("out", model.readout(last, 5, "leaky", True, 1, 32000), ["k0", "k1", "k2"])
    model.self_test(np.zeros((0, 2), np.int64), 0)
    model.metadata("a: b")
    return Base(model.build())


def neurons() -> Base:
    """Variants of lif, graded spikes, a ring of entries.

    Ops 0 input, 1 dense, 2 ALIF 16 with arrays and refractory ticks, subtract, 3 dense,
    4 CuBa-ALIF 32 with arrays, zero, 5 dense, 6 CuBa-LI 16, 7 dense, 8 CuBa-LIF 32, zero at once, ≥, 32767 refractory ticks,
    9 dense, 10 CuBa-ALIF 16, 11 dense, 12 LIF zero, 13 readout of a ring of 3.
    Slots 0 samples, 1 analog 8 bits, 2 current 3, 3 spikes 3 bits 3, 4 current 2, 5 spikes 2 persistent, 6 current 2,
    7 analog 16 persistent 2, 8 current 2, 9 spikes 8 bits 2 persistent, 10 current 2, 11 spikes 2, 12 current 2, 13 spikes 2."""
    model, _, values = front()
    current, graded = model.current(3), model.spikes(3, bits=3)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6]), "int4")
    model.lif(current, graded, np.array([10, 20, 30]), np.array([32768, 0, 7]), 0, np.array([1, 2, 3]), "ALIF",
              "subtract at once", 16, 1, ">=", 3, np.array([0, 1, 32768]), np.array([0, 1, 32767]))
    identity = matrix([1, -1], [1, 1])
    current, plain = model.current(2), model.spikes(2, True)
    model.dense(graded, current, matrix([1, 2, 3], [4, 5, 6]), "int4")
    model.lif(current, plain, np.array([10, 20]), np.array([32768, 0]), np.array([5, 6]), np.array([1, 2]), "CuBa-ALIF",
              "zero at once", 32, 0, ">", 0, np.array([3, 4]), np.array([0, 2**30 - 1]))
    current, state = model.current(2), model.analog(2, 16, True, initial=-9)
    model.dense(plain, current, identity, "int4")
    model.lif(current, state, 0, 30000, np.array([5, 6]), 1, "CuBa-LI")
    current, wide = model.current(2), model.spikes(2, True, bits=8)
    model.dense(state, current, identity, "int4")
    model.lif(current, wide, 9, 8, 7, 6, "CuBa-LIF", "zero at once", 32, 0, ">=", 32767)
    current, last = model.current(2), model.spikes(2)
    model.dense(wide, current, identity, "int4")
    model.lif(current, last, 9, 8, 7, 6, "CuBa-ALIF", "subtract at once", 16, 0, ">", 2, 5, 4)
    current, end = model.current(2), model.spikes(2)
    model.dense(last, current, identity, "int4")
    model.lif(current, end, 1, reset="zero")
    model.output("out", model.readout(end, 12, hop=4, is_early=True), ["k0", "k1"])
    return Base(model.build())


# Ops of `spatial`.
SPARSE, ALIF, DELAY, TERNARY, LI, GROUPED, MAXIMUM, CLIP, SUM, BINARY, TANH, SHARED_DELAY, RIGHT, _, OF_WIDE = range(1, 16)


def spatial() -> Base:
    """Ops 0 input, 1 sparse int4 multiplier D = 3, 2 ALIF with a period of 2, 3 delay per element, 4 sparse ternary D = 1,
    5 LI with a period of 1, 6 convolution int4 multiplier in 2 groups, 7 maximum of a current, 8 clip with arrays and a period
    of 4, 9 sum of analog, 10 convolution binary right 2-D, 11 tanh, 12 delay shared, 13 sparse int16 right, 14 LI 32,
    15 convolution int16 wide, 16 LIF, 17 readout.
    Slots 0 samples, 1 analog 8 bits 6, 2 current 4, 3 spikes 4, 4 spikes 4, 5 current 2, 6 analog 16 persistent 2, 7 current 12,
    8 current 12, 9 analog 6 bits 12, 10 analog 8 bits 4, 11 current 1, 12 analog 4 bits 1, 13 analog 4 bits 1, 14 current 1,
    15 analog 32 persistent 1, 16 current 2, 17 spikes 2."""
    model, _, values = front(channels=6)
    current, spikes = model.current(4), model.spikes(4)
    synapses = matrix([0, 0, 0, 1], [0, 0, 2, -2], [0, 2, 1, 3], [2, 1, 0, 4], [2, 1, 1, 5], [2, 1, 3, -8], [5, 2, 3, 7])
    model.sparse(values, current, synapses, "int4", 3, "multiplier", 1, multipliers=np.array([9, -9, 8, 7]))
    model.lif(current, spikes, np.array([10, 20]), np.array([30000, 0]), 0, np.array([1, -1]), "ALIF", "zero at once",
              threshold_decay=np.array([5, 32768]), threshold_step=np.array([3, 4]), period=2)
    delayed = model.spikes(4)
    model.delay(spikes, delayed, np.array([0, 1, 2, 3]), kept=4)
    current, state = model.current(2), model.analog(2, 16, True)
    model.sparse(delayed, current, matrix([0, 0, 0, 1], [1, 0, 1, -1], [3, 0, 0, 1], [3, 0, 1, 1], [2, 0, 1, 0]), "ternary")
    model.lif(current, state, decay=np.array([7]), bias=5, model="LI", period=1)
    wide, pooled, clipped = model.current(12), model.current(12), model.analog(12, 6)
    model.convolution(values, wide, (1, 3, 2), np.arange(-3, 5).reshape(4, 1, 1, 2), "int4", padding=(0, 0, 1, 0), groups=2,
                      join="multiplier", shift=2, multipliers=np.array([1, 2, 3, 4]))
    model.pool(wide, pooled, (1, 3, 4), (1, 2), "maximum", (1, 1), (0, 0, 1, 0))
    model.activation(pooled, clipped, "clip", np.array([5, 6, 7, 8]), np.array([-1, 0, 1, 2]), 3, -5, 31, period=4)
    summed = model.analog(4, 8)
    model.pool(clipped, summed, (1, 3, 4), (1, 3), multiplier=5, shift=2)
    current, curved = model.current(1), model.analog(1, 4)
    model.convolution(spikes, current, (2, 2, 1), np.array([1, -1, 1, 1]).reshape(1, 1, 2, 2), "binary", join="right", shift=1)
    model.activation(current, curved, "tanh", 900, -3, 1)
    model.delay(curved, model.analog(1, 4), 2, kept=5)
    current, last = model.current(1), model.analog(1, 32, True)
    model.sparse(state, current, matrix([0, 0, 0, 300], [1, 0, 0, -300]), "int16", 1, "right", 3)
    model.lif(current, last, model="LI", width=32)
    current, spikes = model.current(2), model.spikes(2)
    model.convolution(last, current, (1, 1, 1), np.array([2, 3]).reshape(2, 1, 1, 1), "int16", source_shift=16)
    model.lif(current, spikes, threshold=1)
    return finish(model, spikes, 2)


# Ops of `chips`.
(LOIHI, INPUTS, PLAIN, RECURRENT, XYLO, BINARY_SYNAPSES, SHARED_XYLO, CHIP_SPARSE, SHARED_LOIHI, LAST, PAIR,
 CHIP_READOUT) = range(2, 14)


def chips() -> Base:
    """Ops 0 input, 1 dense, 2 loihi ≥ with arrays and a period of 2, 3 dense int8 left, 4 dense ternary, 5 dense int4 left,
    6 xylo P = 2 with arrays and aliases, 7 dense binary, 8 xylo P = 1, 9 sparse, 10 loihi e = 7, 11 dense, 12 xylo P = 2 of one
    neuron with synaptic dashes, 13 readout.
    Slots 0 samples, 1 analog 8 bits 2, 2 current 4, 3 spikes persistent 4, 4 synaptic 6, 5 spikes 5 bits persistent 3,
    6 synaptic 2,
    7 spikes 2, 8 current 2, 9 spikes 2, 10 synaptic 2, 11 spikes 2 bits 1."""
    model, _, values = front()
    current, loihi = model.current(4), model.spikes(4, True)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6], [7, -8]), "int4")
    model.loihi(current, loihi, np.array([0, 2**23 - 1]), np.array([0, 4096]), np.array([163, 7]),
                np.array([1 - 2**30, 2**30 - 1]),
                -3, ">=", 2)
    synaptic, hidden = model.synaptic(6), model.spikes(3, True, 5)
    model.dense(values, synaptic, np.arange(-6, 6).reshape(6, 2), "int8", "left", 8)
    model.dense(loihi, synaptic, np.arange(24).reshape(6, 4) % 3 - 1, "ternary")
    model.dense(hidden, synaptic, np.arange(18).reshape(6, 3) % 16 - 8, "int4", "left", 1)
    model.xylo(synaptic, hidden, np.array([0, 32767, 9]), np.array([0, 15, 3]), np.array([1, 2, 3, 4, 5, 6]),
               np.array([-32768, 32767, 0]), np.array([2, NONE, 0]))
    synaptic, output = model.synaptic(2), model.spikes(2)
    model.dense(hidden, synaptic, matrix([1, -1, 1], [1, 1, -1]), "binary")
    model.xylo(synaptic, output, 600, 4, 5, -1)
    current, spikes = model.current(2), model.spikes(2)
    model.sparse(loihi, current, matrix([0, 0, 0, 3], [3, 0, 1, -4]), "int4")
    model.loihi(current, spikes, 640, 4096, 1, -9, 7)
    synaptic = model.synaptic(2)
    model.dense(spikes, synaptic, matrix([1, 2], [3, 4]), "int8")
    model.xylo(synaptic, model.spikes(1, bits=2), synaptic_dash=np.array([7, 8]))
    return finish(model, output, 2)


COMPLEX, REAL = 2, 4  # ops of `recurrences`


def recurrences() -> Base:
    """Ops 0 input, 1 dense, 2 recurrence of 2 units of order 3 in 2 segments, complex, 2 poles, 3 substeps, biases, 3 dense wide,
    4 recurrence of 2 units of order 1, 3 real poles, whose factors end the data, 5 readout.
    Slots 0 samples, 1 analog 8 bits 2, 2 current 2, 3 analog 32 persistent 6, 4 current 2, 5 analog 16 persistent 2."""
    model, _, values = front()
    current, memory = model.current(2), model.analog(6, 32, True, 32767)
    model.dense(values, current, matrix([1, 2], [3, -4]), "int4")
    factors = np.arange(88).reshape(2, 11, 2, 2) * 2**25 - 2**30
    factors[0, 0, 0, 0], factors[1, 10, 1, 1] = -2**31, 2**31 - 1
    model.recurrence(current, memory, factors, 30, 2**30 - 1, 3, np.array([5, -6]), 15)
    current, last = model.current(2), model.analog(2, 16, True, -9)
    model.dense(memory, current, np.arange(12).reshape(2, 6) - 6, "int8", source_shift=20)
    model.recurrence(current, last, matrix([7, -8], [9, -10], [11, -12])[:, :, None], 0, 9, bias=-3)
    return finish(model, last, 2)


def every():
    """(name, model) of the models here, and of those that ops bring."""
    yield from ((make.__name__, make()) for make in (plain, neurons, spatial, chips, recurrences))
    yield from ((module.__name__.split(".")[-1], module.base(edits)) for module in ops.MODULES if hasattr(module, "base"))
