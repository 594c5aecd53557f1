"""Faults of synaptic slots: dense ops that write them, ops that may neither write nor read them."""

import numpy as np

from faults import bases
from faults.bases import BINARY_SYNAPSES, CHIP_READOUT, INPUTS, PLAIN, RECURRENT
from faults.edits import (
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    WIRING,
    finish,
    front,
    matrix,
)
from faults.rows import parameter_faults, slot_faults, tensor_rows


def faults():
    base = bases.chips()
    rows = [(INPUTS, "synaptic-encoding", 0, "B", value, UNSUPPORTED, f"weight encoding {value}")
            for value in (0, 6, 64, 128, 255)]
    rows += [(INPUTS, "synaptic-encoding", 0, "B", 5, VALUE, "int16 weights into a synaptic slot")]
    rows += [(INPUTS, "synaptic-join", 1, "B", value, VALUE, f"join {value} into a synaptic slot") for value in (2, 3)]
    rows += [(INPUTS, "synaptic-join", 1, "B", value, UNSUPPORTED, f"join {value}") for value in (4, 255)]
    rows += [(INPUTS, "synaptic-multipliers", 12, "I", 4, VALUE, "multipliers into a synaptic slot")]
    rows += [(INPUTS, "synaptic-shift", 2, "B", value, VALUE, f"left shift {value} into a synaptic slot")
             for value in (9, 30, 31, 255)]
    rows += [(PLAIN, "synaptic-add-shift", 2, "B", value, VALUE, f"add with shift {value}") for value in (1, 8)]
    rows += [(op, f"synaptic-source-shift-{op}", 3, "B", 1, VALUE, "source shift 1") for op in (INPUTS, PLAIN, RECURRENT)]
    rows += [(INPUTS, "synaptic-groups", 4, "I", value, VALUE, f"dense with {value} groups") for value in (0, 2)]
    rows += tensor_rows(base, INPUTS, "synaptic-weights", 8, 12, 4)
    rows += tensor_rows(base, RECURRENT, "synaptic-int4-weights", 8, 9, 4)
    yield from parameter_faults(base, rows)
    place = base.tensor(base.block(PLAIN) + 8)  # 4 runs of 6 ternary weights: 2 bytes each
    yield "synaptic-ternary-10", base.edited((place, "B", base.data[place] & ~3 | 2)), MALFORMED, place, "ternary code 10"
    yield ("synaptic-ternary-padding", base.edited((place + 3, "B", base.data[place + 3] | 16)), MALFORMED, place + 3,
           "padding bits of a run")
    place = base.block(INPUTS)
    for name, edits, offset, what in (("encoding-join", ((0, "B", 5), (1, "B", 2)), 0, "int16 and a right shift"),
                                      ("join-shift", ((1, "B", 2), (2, "B", 9)), 1, "join 2 and shift 9"),
                                      ("shift-source", ((2, "B", 9), (3, "B", 1)), 2, "shift 9 and a source shift"),
                                      ("join-range", ((1, "B", 2), (2, "B", 48)), 2, "join 2 and shift 48")):
        yield (f"order-synaptic-{name}", base.edited(*((place + at, form, value) for at, form, value in edits)), VALUE,
               place + offset, what)
    yield from spare_faults()
    yield from wiring_faults()


def spare_faults():
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
    yield writes("block-of-two", lambda model, values, synaptic, _: model.block(values, synaptic, matrix([1]), "int8", 2))
    yield writes("pool-of-analog", lambda model, values, synaptic, _: model.pool(values, synaptic, shape, (1, 1)))
    yield writes("pool-of-current", lambda model, _, synaptic, current: model.pool(current, synaptic, shape, (1, 1)))
    yield writes("maximum", lambda model, values, synaptic, _: model.pool(values, synaptic, shape, (1, 1), "maximum"))
    yield writes("delay", lambda model, values, synaptic, _: model.delay(values, synaptic, 1))
    yield writes("lif", lambda model, _, synaptic, current: model.lif(current, synaptic))
    yield writes("li", lambda model, _, synaptic, current: model.lif(current, synaptic, model="LI"))
    yield writes("memory", lambda model, _, synaptic, current: model.memory(
        current, synaptic, matrix([1]), np.array([1]), "int8", 1, 1))
    yield writes("activation", lambda model, _, synaptic, current: model.activation(current, synaptic))
    yield reads("convolution", lambda model, synaptic, _: model.convolution(synaptic, model.current(2), shape, kernel, "int8"))
    yield reads("block", lambda model, synaptic, _: model.block(synaptic, model.current(2), matrix([1]), "int8", 2))
    yield reads("pool", lambda model, synaptic, _: model.pool(synaptic, model.analog(2, 16), shape, (1, 1)))
    yield reads("maximum", lambda model, synaptic, _: model.pool(synaptic, model.synaptic(2), shape, (1, 1), "maximum"))
    yield reads("delay", lambda model, synaptic, _: model.delay(synaptic, model.synaptic(2), 1))
    yield reads("lif", lambda model, synaptic, spikes: model.lif(synaptic, spikes))
    yield reads("memory", lambda model, synaptic, _: model.memory(
        synaptic, model.analog(2, 16, True), matrix([1]), np.array([1]), "int8", 1, 1))
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
    yield (fault("transient-above", lambda model: model.op(1) + INPUT_AT, "dense reads a loihi's transient spikes above it",
                 transient_above))


def wiring_faults():
    base = bases.chips()
    yield from slot_faults(base, [
        (BINARY_SYNAPSES, INPUT_AT, 4, "dense reads a synaptic slot"),
                                  (BINARY_SYNAPSES, INPUT_AT, 6, "dense reads the synaptic slot it writes"),
        (CHIP_READOUT, INPUT_AT, 6, "readout reads a synaptic slot"), (0, OUTPUT_AT, 4, "input writes a synaptic slot"),
        (0, INPUT_AT, 6, "input reads a synaptic slot")])
    place = base.op(BINARY_SYNAPSES)
    yield "wiring-block-to-synaptic", base.edited((place, "B", 3)), WIRING, place + OUTPUT_AT, "block writes a synaptic slot"
