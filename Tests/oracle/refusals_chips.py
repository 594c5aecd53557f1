"""Faults of what format 1.3 added: neurons of Loihi and Xylo, synaptic slots. See refusals.py."""

import numpy as np

from edits import (HUGE, INPUT_AT, MALFORMED, OUTPUT_AT, UNSUPPORTED, VALUE, WIRING, Base, finish, front, matrix, parameter_faults,
                   record_faults, room_faults, tensor_rows)
from snnrt.file import NONE

# Ops of rich_1_3.
LOIHI, INPUTS, PLAIN, RECURRENT, XYLO, BINARY, SHARED_XYLO, SPARSE, SHARED_LOIHI, LAST, PAIR, READOUT = range(2, 14)


def rich_1_3() -> Base:
    """Ops 0 input, 1 dense, 2 loihi ≥ with arrays and a period of 2, 3 dense int8 left, 4 dense ternary, 5 dense int4 left,
    6 xylo P = 2 with arrays and aliases, 7 dense binary, 8 xylo P = 1, 9 sparse, 10 loihi e = 7, 11 dense, 12 xylo P = 2 of one
    neuron with synaptic dashes, 13 readout.
    Slots 0 samples, 1 analog 8 bits 2, 2 current 4, 3 spikes persistent 4, 4 synaptic 6, 5 spikes 5 bits persistent 3, 6 synaptic 2,
    7 spikes 2, 8 current 2, 9 spikes 2, 10 synaptic 2, 11 spikes 2 bits 1."""
    model, _, values = front()
    current, loihi = model.current(4), model.spikes(4, True)
    model.dense(values, current, matrix([1, 2], [3, 4], [5, 6], [7, -8]), "int4")
    model.loihi(current, loihi, np.array([0, 2**23 - 1]), np.array([0, 4096]), np.array([163, 7]), np.array([1 - 2**30, 2**30 - 1]),
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


def slot_faults_1_3():
    base = rich_1_3()
    place = base.slot(4)
    for value in (0, 1, 8, 15, 17, 32, 255):
        yield f"synaptic-bits-{value}", base.edited((place + 1, "B", value)), UNSUPPORTED, place + 1, f"synaptic of {value} bits"
    for value, status in ((0, VALUE), (2, UNSUPPORTED), (255, UNSUPPORTED)):
        yield f"synaptic-lifetime-{value}", base.edited((place + 2, "B", value)), status, place + 2, f"synaptic with lifetime {value}"
    yield "synaptic-reserved", base.edited((place + 3, "B", 1)), UNSUPPORTED, place + 3, "reserved field of a synaptic slot"
    yield "synaptic-ring", base.edited((place + 4, "H", 2)), UNSUPPORTED, place + 4, "ring depth 2"
    for value in (1, -1, -32768):
        yield f"synaptic-initial{value}", base.edited((place + 6, "h", value)), VALUE, place + 6, f"synaptic initially {value}"
    for value in (0, 2**24 + 1):
        yield f"synaptic-count-{value}", base.edited((place + 8, "I", value)), VALUE, place + 8, f"{value} elements"


def table_faults_1_3():
    """The table of section 7."""
    base = rich_1_3()
    for op, field, slot, what in (
            (LOIHI, INPUT_AT, 0, "loihi reads samples"), (LOIHI, INPUT_AT, 1, "loihi reads analog"), (LOIHI, INPUT_AT, 3, "loihi reads spikes"),
            (LOIHI, INPUT_AT, 4, "loihi reads a synaptic slot"), (LOIHI, OUTPUT_AT, 0, "loihi writes samples"),
            (LOIHI, OUTPUT_AT, 2, "loihi writes a current"), (LOIHI, OUTPUT_AT, 4, "loihi writes a synaptic slot"),
            (LOIHI, OUTPUT_AT, 7, "loihi of 4 currents writes 2 spikes"), (LOIHI, OUTPUT_AT, 5, "loihi writes 3 graded spikes"),
            (SHARED_LOIHI, OUTPUT_AT, 1, "loihi writes analog of its count"),
            (XYLO, INPUT_AT, 0, "xylo reads samples"), (XYLO, INPUT_AT, 1, "xylo reads analog"), (XYLO, INPUT_AT, 2, "xylo reads a current"),
            (XYLO, INPUT_AT, 3, "xylo reads spikes"),
            (XYLO, OUTPUT_AT, 4, "xylo writes its synaptic slot"), (SHARED_XYLO, OUTPUT_AT, 1, "xylo writes analog of its count"),
            (SHARED_XYLO, OUTPUT_AT, 8, "xylo writes a current of its count"), (SHARED_XYLO, OUTPUT_AT, 0, "xylo writes samples"),
            (SPARSE, OUTPUT_AT, 6, "sparse writes a synaptic slot"), (SPARSE, INPUT_AT, 6, "sparse reads a synaptic slot"),
            (BINARY, INPUT_AT, 4, "dense reads a synaptic slot"), (BINARY, INPUT_AT, 6, "dense reads the synaptic slot it writes"),
            (READOUT, INPUT_AT, 6, "readout reads a synaptic slot"), (0, OUTPUT_AT, 4, "input writes a synaptic slot"),
            (0, INPUT_AT, 6, "input reads a synaptic slot")):
        place = base.op(op) + field
        yield (f"wiring-1.3-{op}-{'from' if field == INPUT_AT else 'to'}-{slot}", base.edited((place, "H", slot)), WIRING, place, what)
    place = base.op(SHARED_LOIHI) + OUTPUT_AT
    for bits in (2, 8):
        yield (f"wiring-loihi-graded-{bits}", base.edited((base.slot(9) + 1, "B", bits)), WIRING, place, f"loihi writes spikes of {bits} bits")
    place = base.op(BINARY)
    yield "wiring-block-to-synaptic", base.edited((place, "B", 3)), WIRING, place + OUTPUT_AT, "block writes a synaptic slot"
    for op, slot, what in ((XYLO, 6, "2 synaptic elements of 3 neurons"), (SHARED_XYLO, 4, "6 synaptic elements of 2 neurons"),
                           (PAIR, 4, "6 synaptic elements of one neuron")):
        yield (f"wiring-1.3-{op}-count-{slot}", base.edited((base.op(op) + INPUT_AT, "H", slot)), WIRING, base.op(op) + OUTPUT_AT, what)
    for count in (3, 4, 2**24):
        yield (f"wiring-xylo-neurons-{count}", base.edited((base.slot(7) + 8, "I", count)), WIRING, base.op(SHARED_XYLO) + OUTPUT_AT,
               f"2 synaptic elements of {count} neurons")
    yield ("order-xylo-input-count", base.edited((base.op(XYLO) + INPUT_AT, "H", 8)), WIRING, base.op(XYLO) + INPUT_AT,
           "xylo of 3 neurons reads a current of 2")
    yield from record_faults(base, 3, (LOIHI, XYLO), 12)


def spare_faults_1_3():
    """Ops of every other kind that write or read a synaptic slot, and what section 6 says of its writers and reader."""
    weights, shape, kernel = matrix([1, 2], [3, 4]), (1, 2, 1), np.ones((1, 1, 1, 1), int)

    def build(change):
        model, _, values = front()
        slots = {"values": values, "synaptic": model.synaptic(2), "spikes": model.spikes(2, True)}
        change(model, *slots.values())
        return finish(model, slots["spikes"], 2)

    def wired(model, values, synaptic, spikes):
        model.dense(values, synaptic, weights, "int8")
        model.xylo(synaptic, spikes)

    def projected(model, values):
        current = model.current(2)
        model.dense(values, current, weights, "int8")
        return current

    def fault(name, at, what, change):
        model = build(change)
        return f"synaptic-{name}", model.data, WIRING, at(model), what

    def writes(name, add):
        def change(model, values, synaptic, spikes):
            wired(model, values, synaptic, spikes)
            current = projected(model, values)
            add(model, values, synaptic, current)
        return fault(f"from-{name}", lambda model: model.op(4) + OUTPUT_AT, f"{name} writes a synaptic slot", change)

    def reads(name, add):
        def change(model, values, synaptic, spikes):
            model.dense(values, synaptic, weights, "int8")
            add(model, synaptic, spikes)
            model.lif(projected(model, values), spikes)
        return fault(f"into-{name}", lambda model: model.op(2) + INPUT_AT, f"{name} reads a synaptic slot", change)

    yield writes("convolution", lambda model, values, synaptic, _: model.convolution(values, synaptic, shape, kernel, "int8"))
    yield writes("block-1.3", lambda model, values, synaptic, _: model.block(values, synaptic, matrix([1]), "int8", 2))
    yield writes("pool-of-analog", lambda model, values, synaptic, _: model.pool(values, synaptic, shape, (1, 1)))
    yield writes("pool-of-current", lambda model, _, synaptic, current: model.pool(current, synaptic, shape, (1, 1)))
    yield writes("maximum", lambda model, values, synaptic, _: model.pool(values, synaptic, shape, (1, 1), "maximum"))
    yield writes("delay", lambda model, values, synaptic, _: model.delay(values, synaptic, 1))
    yield writes("lif", lambda model, _, synaptic, current: model.lif(current, synaptic))
    yield writes("li", lambda model, _, synaptic, current: model.lif(current, synaptic, model="LI"))
    yield writes("memory", lambda model, _, synaptic, current: model.memory(current, synaptic, matrix([1]), np.array([1]), "int8", 1, 1))
    yield writes("activation", lambda model, _, synaptic, current: model.activation(current, synaptic))
    yield reads("convolution", lambda model, synaptic, _: model.convolution(synaptic, model.current(2), shape, kernel, "int8"))
    yield reads("block", lambda model, synaptic, _: model.block(synaptic, model.current(2), matrix([1]), "int8", 2))
    yield reads("pool", lambda model, synaptic, _: model.pool(synaptic, model.analog(2, 16), shape, (1, 1)))
    yield reads("maximum", lambda model, synaptic, _: model.pool(synaptic, model.synaptic(2), shape, (1, 1), "maximum"))
    yield reads("delay", lambda model, synaptic, _: model.delay(synaptic, model.synaptic(2), 1))
    yield reads("lif", lambda model, synaptic, spikes: model.lif(synaptic, spikes))
    yield reads("memory", lambda model, synaptic, _: model.memory(synaptic, model.analog(2, 16, True), matrix([1]), np.array([1]), "int8", 1, 1))
    yield reads("activation", lambda model, synaptic, _: model.activation(synaptic, model.analog(2, 16)))

    def of_wide(model, values, synaptic, spikes):
        wide = model.analog(2, 32, True)
        model.lif(projected(model, values), wide, model="LI", width=32)
        model.dense(wide, synaptic, weights, "int8")
        model.xylo(synaptic, spikes)

    def read_twice(model, values, synaptic, spikes):
        wired(model, values, synaptic, spikes)
        model.xylo(synaptic, model.spikes(2))

    def above_one(model, values, synaptic, spikes):
        wired(model, values, synaptic, spikes)
        model.dense(spikes, synaptic, weights, "int8")

    def above_all(model, values, synaptic, spikes):
        model.xylo(synaptic, spikes)
        model.dense(values, synaptic, weights, "int8")

    def unread(model, values, synaptic, spikes):
        model.dense(values, synaptic, weights, "int8")
        model.lif(projected(model, values), spikes)

    def unwritten(model, _, synaptic, spikes):
        model.xylo(synaptic, spikes)

    def written_twice(model, values, synaptic, spikes):
        wired(model, values, synaptic, spikes)
        model.loihi(projected(model, values), spikes)

    def transient_above(model, values, synaptic, spikes):
        late = model.spikes(2)
        model.dense(late, synaptic, weights, "int8")
        model.xylo(synaptic, spikes)
        model.loihi(projected(model, values), late)

    yield fault("of-wide", lambda model: model.op(3) + OUTPUT_AT, "dense of 32-bit analog writes a synaptic slot", of_wide)
    yield fault("read-twice", lambda model: model.op(3) + INPUT_AT, "two xylos read a synaptic slot", read_twice)
    yield fault("above-one", lambda model: model.op(2) + INPUT_AT, "a xylo above one of the ops it reads", above_one)
    yield fault("above-all", lambda model: model.op(1) + INPUT_AT, "a xylo above the op it reads", above_all)
    yield fault("unread", lambda model: model.slot(2), "a synaptic slot that nothing reads", unread)
    yield fault("unwritten", lambda model: model.slot(2), "a synaptic slot that nothing writes", unwritten)
    yield fault("spikes-written-twice", lambda model: model.slot(3), "a xylo and a loihi write one spikes slot", written_twice)
    yield fault("transient-above", lambda model: model.op(1) + INPUT_AT, "dense reads a loihi's transient spikes above it", transient_above)


def room_faults_1_3():
    yield from room_faults(rich_1_3(), "1.3")


def synaptic_dense_faults():
    base = rich_1_3()
    rows = [(INPUTS, "synaptic-encoding", 0, "B", value, UNSUPPORTED, f"weight encoding {value}") for value in (0, 6, 64, 128, 255)]
    rows += [(INPUTS, "synaptic-encoding", 0, "B", 5, VALUE, "int16 weights into a synaptic slot")]
    rows += [(INPUTS, "synaptic-join", 1, "B", value, VALUE, f"join {value} into a synaptic slot") for value in (2, 3)]
    rows += [(INPUTS, "synaptic-join", 1, "B", value, UNSUPPORTED, f"join {value}") for value in (4, 255)]
    rows += [(INPUTS, "synaptic-multipliers", 12, "I", 4, VALUE, "multipliers into a synaptic slot")]
    rows += [(INPUTS, "synaptic-shift", 2, "B", value, VALUE, f"left shift {value} into a synaptic slot") for value in (9, 30, 31, 255)]
    rows += [(PLAIN, "synaptic-add-shift", 2, "B", value, VALUE, f"add with shift {value}") for value in (1, 8)]
    rows += [(op, f"synaptic-source-shift-{op}", 3, "B", 1, VALUE, "source shift 1") for op in (INPUTS, PLAIN, RECURRENT)]
    rows += [(INPUTS, "synaptic-groups", 4, "I", value, VALUE, f"dense with {value} groups") for value in (0, 2)]
    rows += tensor_rows(base, INPUTS, "synaptic-weights", 8, 12, 4)
    rows += tensor_rows(base, RECURRENT, "synaptic-int4-weights", 8, 9, 4)
    yield from parameter_faults(base, rows)
    place = base.tensor(base.block(PLAIN) + 8)  # 4 runs of 6 ternary weights: 2 bytes each
    yield "synaptic-ternary-10", base.edited((place, "B", base.data[place] & ~3 | 2)), MALFORMED, place, "ternary code 10"
    yield "synaptic-ternary-padding", base.edited((place + 3, "B", base.data[place + 3] | 16)), MALFORMED, place + 3, "padding bits of a run"
    place = base.block(INPUTS)
    for name, edits, offset, what in (("encoding-join", ((0, "B", 5), (1, "B", 2)), 0, "int16 and a right shift"),
                                      ("join-shift", ((1, "B", 2), (2, "B", 9)), 1, "join 2 and shift 9"),
                                      ("shift-source", ((2, "B", 9), (3, "B", 1)), 2, "shift 9 and a source shift"),
                                      ("join-range", ((1, "B", 2), (2, "B", 48)), 2, "join 2 and shift 48")):
        yield f"order-synaptic-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), VALUE, place + offset, what


def loihi_faults():
    base = rich_1_3()
    rows = [(LOIHI, "loihi-comparison", 0, "B", value, UNSUPPORTED, f"comparison {value}") for value in (2, 255)]
    rows += [(SHARED_LOIHI, "loihi-exponent", 1, "b", value, VALUE, f"weight exponent {value}") for value in (8, -9, 127, -128)]
    rows += [(LOIHI, "loihi-flags", 2, "B", 15 | bit, UNSUPPORTED, f"array flag {bit}") for bit in (16, 32, 64, 128)]
    rows += [(SHARED_LOIHI, "loihi-shared-flags", 2, "B", bit, UNSUPPORTED, f"array flag {bit}") for bit in (16, 32)]
    rows += [(LOIHI, "loihi-reserved", 3, "B", value, UNSUPPORTED, "reserved field of loihi") for value in (1, 128)]
    for offset, name in ((4, "current-decay"), (8, "voltage-decay")):
        rows += [(SHARED_LOIHI, f"loihi-{name}", offset, "I", value, VALUE, f"{name} {value}") for value in (4097, 2**31, 2**32 - 1)]
    rows += [(SHARED_LOIHI, "loihi-threshold", 12, "I", value, VALUE, f"θ = {value}") for value in (2**23, 2**31, 2**32 - 1)]
    rows += [(SHARED_LOIHI, "loihi-bias", 16, "i", value, VALUE, f"b = {value}") for value in (2**30, -2**30, 2**31 - 1, -2**31)]
    rows += [(SHARED_LOIHI, "loihi-period", 20, "I", value, VALUE, f"period {value} of 2") for value in (3, 4, 2**24, 2**24 + 1, 2**31)]
    for offset, name, size, alignment in ((4, "current-decays", 4, 2), (8, "voltage-decays", 4, 2), (12, "thresholds", 8, 4), (16, "biases", 8, 4)):
        rows += tensor_rows(base, LOIHI, f"loihi-{name}", offset, size, alignment)
    yield from parameter_faults(base, rows)
    place = base.block(LOIHI)
    for name, offset, size, form, values in (
            ("current-decay", 4, 2, "H", (4097, 65535)), ("voltage-decay", 8, 2, "H", (4097, 65535)),
            ("threshold", 12, 4, "i", (-1, 2**23, 2**31 - 1)), ("bias", 16, 4, "i", (2**30, -2**30, -2**31))):
        for value in values:
            for i in (0, 1):
                at = base.tensor(place + offset) + size * i
                yield f"loihi-{name}-{i}-{value}", base.edited((at, form, value)), VALUE, at, f"element {i} of {name}: {value}"
    shared = [(place + 2, "B", 0)] + [(place + offset, "I", 0) for offset in (4, 8, 12, 16)]
    for value in (3, 5, 8, 2**31, 2**32 - 1):
        yield (f"loihi-period-of-4-{value}", base.edited(*shared, (place + 20, "I", value)), VALUE, place + 20,
               f"period {value} of 4, nothing per neuron")
    other = base.block(SHARED_LOIHI)
    for name, edits, status, offset, what in (
            ("comparison-exponent", ((0, "B", 2), (1, "b", 8)), UNSUPPORTED, 0, "comparison and exponent"),
            ("exponent-flags", ((1, "b", 8), (2, "B", 32)), VALUE, 1, "exponent and flags"),
            ("flags-reserved", ((2, "B", 32), (3, "B", 1)), UNSUPPORTED, 2, "flags and the reserved field"),
            ("reserved-period", ((3, "B", 1), (20, "I", 3)), UNSUPPORTED, 3, "the reserved field and the period"),
            ("period-decay", ((4, "I", 4097), (20, "I", 3)), VALUE, 4, "current decay and the period"),
            ("decays", ((4, "I", 4097), (8, "I", 4097)), VALUE, 4, "both decays"),
            ("decay-threshold", ((8, "I", 4097), (12, "I", 2**23)), VALUE, 8, "voltage decay and θ"),
            ("threshold-bias", ((12, "I", 2**23), (16, "i", 2**30)), VALUE, 12, "θ and b")):
        yield f"order-loihi-{name}", base.edited(*((other + at, form, value) for at, form, value in edits)), status, other + offset, what
    yield ("order-loihi-arrays-period", base.edited((place + 4, "I", HUGE), (place + 20, "I", 3)), VALUE, place + 20,
           "current decays far out, and the period")
    yield ("order-loihi-element-array", base.edited((base.tensor(place + 4), "H", 4097), (place + 16, "I", HUGE)), MALFORMED, place + 16,
           "a current decay, and biases far out")
    yield ("order-loihi-elements", base.edited((base.tensor(place + 8), "H", 4097), (base.tensor(place + 12), "i", -1)), VALUE,
           base.tensor(place + 8), "a voltage decay and a threshold")


def xylo_faults():
    base = rich_1_3()
    rows = [(XYLO, "xylo-flags", 0, "B", 31 | bit, UNSUPPORTED, f"flag {bit}") for bit in (32, 64, 128)]
    rows += [(SHARED_XYLO, "xylo-flags-of-1-bit", 0, "B", 16, VALUE, "aliases of spikes of 1 bit"),
             (SHARED_XYLO, "xylo-flags-of-1-bit", 0, "B", 32, UNSUPPORTED, "flag 32")]
    for i in (1, 2, 3):
        place = base.block(SHARED_XYLO)
        yield f"xylo-reserved-{i}", base.edited((place + i, "B", 1)), UNSUPPORTED, place + 1, f"reserved byte {i} of xylo"
    for offset, name in ((4, "membrane-dash"), (8, "synaptic-dash")):
        rows += [(SHARED_XYLO, f"xylo-{name}", offset, "I", value, VALUE, f"{name} {value}") for value in (16, 2**31, 2**32 - 1)]
    rows += [(SHARED_XYLO, "xylo-threshold", 12, "I", value, VALUE, f"θ = {value}") for value in (32768, 65535, 2**31, 2**32 - 1)]
    rows += [(SHARED_XYLO, "xylo-bias", 16, "i", value, VALUE, f"b = {value}") for value in (32768, -32769, 2**31 - 1, -2**31)]
    rows += [(SHARED_XYLO, "xylo-aliases-unflagged", 20, "I", value, VALUE, f"{value} without the flag of aliases") for value in (4, 2**31)]
    rows += [(PAIR, "xylo-aliases-unflagged-graded", 20, "I", 2, VALUE, "2 without the flag of aliases, graded output")]
    for offset, name, size, alignment in ((4, "membrane-dashes", 6, 2), (8, "synaptic-dashes", 12, 2), (12, "thresholds", 6, 2), (16, "biases", 12, 4),
                                          (20, "aliases", 6, 2)):
        rows += tensor_rows(base, XYLO, f"xylo-{name}", offset, size, alignment)
    rows += tensor_rows(base, PAIR, "xylo-pair-dashes", 8, 4, 2)
    yield from parameter_faults(base, rows)
    place = base.block(XYLO)
    for name, offset, size, form, last, values in (
            ("membrane-dash", 4, 2, "H", 2, (16, 65535)), ("synaptic-dash", 8, 2, "H", 5, (16, 65535)),
            ("threshold", 12, 2, "h", 2, (-1, -32768)), ("bias", 16, 4, "i", 2, (32768, -32769, -2**31)),
            ("alias", 20, 2, "H", 2, (3, 4, 65534))):
        for value in values:
            for i in (0, last):
                at = base.tensor(place + offset) + size * i
                yield f"xylo-{name}-{i}-{value}", base.edited((at, form, value)), VALUE, at, f"element {i} of {name}: {value}"
    yield "xylo-aliases-flag-cleared", base.edited((place, "B", 15)), VALUE, place + 20, "aliases without their flag, behind arrays"
    yield ("xylo-becomes-plain", base.edited((base.slot(5) + 1, "B", 1)), VALUE, place, "aliases of spikes of 1 bit, by the slot")
    other = base.block(SHARED_XYLO)
    for name, edits, status, offset, what in (
            ("flags-reserved", ((0, "B", 16), (2, "B", 1)), UNSUPPORTED, 1, "flags and reserved bytes"),
            ("flags-bias", ((0, "B", 16), (16, "i", 32768)), VALUE, 16, "aliases of spikes of 1 bit, and b"),
            ("flags-aliases", ((0, "B", 16), (20, "I", 2)), VALUE, 0, "aliases of spikes of 1 bit, misaligned"),
            ("reserved-dash", ((3, "B", 1), (4, "I", 16)), UNSUPPORTED, 1, "reserved bytes and membrane dash"),
            ("dashes", ((4, "I", 16), (8, "I", 16)), VALUE, 4, "both dashes"),
            ("dash-threshold", ((8, "I", 16), (12, "I", 32768)), VALUE, 8, "synaptic dash and θ"),
            ("threshold-bias", ((12, "I", 32768), (16, "i", 32768)), VALUE, 12, "θ and b"),
            ("bias-aliases", ((16, "i", 32768), (20, "I", 2)), VALUE, 16, "b, and aliases without their flag")):
        yield f"order-xylo-{name}", base.edited(*((other + at, form, value) for at, form, value in edits)), status, other + offset, what
    yield ("order-xylo-element-array", base.edited((base.tensor(place + 4), "H", 16), (place + 20, "I", HUGE)), MALFORMED, place + 20,
           "a membrane dash, and aliases far out")
    yield ("order-xylo-elements", base.edited((base.tensor(place + 16), "i", 32768), (base.tensor(place + 20), "H", 3)), VALUE,
           base.tensor(place + 16), "a bias and an alias")


FAULTS_1_3 = (slot_faults_1_3, table_faults_1_3, spare_faults_1_3, room_faults_1_3, synaptic_dense_faults, loihi_faults, xylo_faults)


def proof_cases_1_3(more):
    """As refusals.proof_cases, of currents that a loihi reads: 2^(6 + max( e, 0 )) times the sum; analog of 2 bits, xmax 1."""
    for exponent, most in ((0, 2**25 - 1), (-8, 2**25 - 1), (1, 2**24 - 1), (7, 2**18 - 1)):
        writer, _, values = front(2, 2)
        current, spikes = writer.current(1), writer.spikes(1)
        # 1 · (most − 1) + 1; biases do not count
        writer.dense(values, current, matrix([1, 0]), "int8", "multiplier", 0, multipliers=np.array([most - 1 + more]))
        op = writer.loihi(current, spikes, 100, bias=2**30 - 1, exponent=exponent)
        yield f"loihi{exponent}", finish(writer, spikes, 1).data, op, f"{most + 1} · 2^{6 + max(exponent, 0)}"
    # Of two neurons the second; of two projections the sum.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(2), writer.spikes(2)
    writer.dense(values, current, matrix([1, 0], [1, 0]), "int8", "left", 24)
    writer.sparse(values, current, matrix([0, 0, 0, 1], [1, 0, 1, -1]), "int8", 1, "multiplier", multipliers=np.array([1, 2**24 - 2 + more]))
    op = writer.loihi(current, spikes)
    yield "loihi-sum", finish(writer, spikes, 2).data, op, "2^24 + 2^24 in neuron 1"
    # Behind a pool: 2 · (2^24 − 1) + 1 = 2^25 − 1
    writer, _, values = front(2, 2)
    first, current, spikes = writer.current(2), writer.current(1), writer.spikes(1)
    writer.dense(values, first, matrix([1, 0], [0, 1]), "int8", "multiplier", multipliers=np.array([1, 2**24 - 2 + more]))
    writer.pool(first, current, (1, 2, 1), (1, 2))
    op = writer.loihi(current, spikes, 1)
    yield "loihi-pool", finish(writer, spikes, 1).data, op, "2 · 2^24 + 1 of a pool"
