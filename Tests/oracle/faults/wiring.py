"""Faults of who writes and reads a slot, and of the types and counts of input, dense, block, lif and memory."""

import struct

import numpy as np

from example import example
from faults import bases
from faults.edits import (
    CHANNELS,
    INPUT_AT,
    OUTPUT_AT,
    SLOTS,
    STREAMS,
    WIRING,
    Base,
    finish,
    front,
    matrix,
)


def faults():
    base = bases.plain()
    stream = base.start(STREAMS)
    yield "stream-slot-type", base.edited((stream + 12, "H", 1)), WIRING, stream + 12, "the stream's slot is analog"
    model, _, values = front(3)
    three = finish(model, values, 3)
    two = Base(three.with_payload(CHANNELS, three.payload(CHANNELS)[:24]))
    place = two.start(STREAMS)
    yield ("stream-slot-count", two.edited((place + 2, "H", 2)), WIRING, place + 12,
           "samples slot of 3 elements for 2 channels")

    def with_slot(record):
        return Base(base.with_payload(SLOTS, base.payload(SLOTS) + record))

    for name, record in (("samples", struct.pack("<BBBBHhI", 1, 16, 0, 0, 1, 0, 2)),
                         ("current", struct.pack("<BBBBHhI", 2, 32, 0, 0, 1, 0, 2)),
                         ("spikes", struct.pack("<BBBBHhI", 3, 1, 0, 0, 1, 0, 2)),
                         ("analog", struct.pack("<BBBBHhI", 4, 9, 0, 0, 1, 0, 2)),
                         ("persistent", struct.pack("<BBBBHhI", 4, 32, 1, 0, 1, 0, 2))):
        added = with_slot(record)
        yield f"unwritten-{name}", added.data, WIRING, added.slot(10), f"a {name} slot that nothing writes"

    def build(change):
        """input → dense (2 × 2) → LIF → dense → LIF → readout, as `change(model, slots)` alters it before the readout."""
        model, samples, values = front()
        slots = {"samples": samples, "values": values, "current": model.current(2), "spikes": model.spikes(2),
                 "second": model.current(2), "last": model.spikes(2)}
        weights = matrix([1, 2], [3, 4])
        change(model, slots, weights)
        return finish(model, slots["last"], 2)

    def chain(model, slots, weights, spare=None):
        """The plain program, with what `spare` adds after its first lif."""
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        if spare:
            spare(model, slots, weights)
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])

    def twice(model, slots, weights):
        def spare(model, slots, weights):
            extra = model.current(2)
            model.dense(slots["values"], extra, weights, "int8")
            model.lif(extra, slots["spikes"])
        chain(model, slots, weights, spare)

    def unread(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.dense(slots["values"], model.current(2), weights, "int8"))

    def read_twice(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.lif(slots["current"], model.spikes(2)))

    def samples_written(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], slots["samples"], [0, 0], [1, 1], 0))

    def second_input(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], slots["values"], [0, 0], [1, 1], 0))

    def reader_above(model, slots, weights):
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])
        model.dense(slots["values"], slots["second"], weights, "int8")

    def transient_above(model, slots, weights):
        model.dense(slots["values"], slots["current"], weights, "int8")
        model.dense(slots["last"], slots["current"], weights, "int8")
        model.lif(slots["current"], slots["spikes"])
        model.dense(slots["spikes"], slots["second"], weights, "int8")
        model.lif(slots["second"], slots["last"])

    for name, change, where, what in (
            ("written-twice", twice, lambda model: model.slot(3), "two LIFs write one spikes slot"),
            ("analog-twice", second_input, lambda model: model.slot(1), "two inputs write one analog slot"),
            ("samples-written", samples_written, lambda model: model.op(3) + OUTPUT_AT, "input writes the samples slot"),
            ("unread-current", unread, lambda model: model.slot(6), "a current slot that nothing reads"),
            ("current-read-twice", read_twice, lambda model: model.op(3) + INPUT_AT, "a current slot with a second reader"),
            ("current-read-above", reader_above, lambda model: model.op(4) + INPUT_AT, "a LIF above one of its projections"),
            ("transient-read-above", transient_above, lambda model: model.op(2) + INPUT_AT,
             "a transient slot read above its writer")):
        model = build(change)
        yield name, model.data, WIRING, where(model), what

    plain = build(chain)  # slots 0 samples, 1 values, 2 current, 3 spikes, 4 second, 5 last; ops 0 input … 5 readout
    two_inputs = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.input(
        slots["values"], model.analog(2, 8), [0, 0], [1, 1], 0)))
    yield "input-of-analog", two_inputs.data, WIRING, two_inputs.op(3) + INPUT_AT, "input reads an analog slot"
    place = plain.op(1) + INPUT_AT
    yield "dense-of-samples", plain.edited((place, "H", 0)), WIRING, place, "dense reads samples"
    place = plain.op(3) + INPUT_AT
    yield "dense-of-current", plain.edited((place, "H", 2)), WIRING, place, "dense reads a current slot, its second reader"
    place = plain.op(5) + INPUT_AT
    yield "readout-of-samples", plain.edited((place, "H", 0)), WIRING, place, "readout reads samples"
    lif_of_spikes = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.lif(
        slots["spikes"], model.spikes(2))))
    yield "lif-of-spikes", lif_of_spikes.data, WIRING, lif_of_spikes.op(3) + INPUT_AT, "lif reads spikes"
    memory_of_analog = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.memory(
        slots["values"], model.analog(2, 16, True), matrix([1]), np.array([1]), "int8", 1, 1)))
    yield "memory-of-analog", memory_of_analog.data, WIRING, memory_of_analog.op(3) + INPUT_AT, "memory reads an analog slot"
    for name, op, slot, edits, what in (
            ("input-to-wide", 0, 1, ((1, "B", 32),), "input writes 32-bit analog"),
            ("input-to-spikes", 0, 1, ((0, "B", 3), (1, "B", 1)), "input writes spikes"),
            ("lif-to-analog", 2, 3, ((0, "B", 4), (1, "B", 8)), "LIF writes an analog slot"),
            ("lif-to-state", 4, 5, ((0, "B", 4), (1, "B", 16), (2, "B", 1)), "LIF writes a persistent analog slot"),
            ("lif-count", 4, 5, ((8, "I", 3),), "LIF of 2 currents writes 3 spikes")):
        place = plain.slot(slot)
        yield (f"wiring-{name}", plain.edited(*((place + offset, form, value) for offset, form, value in edits)), WIRING,
               plain.op(op) + OUTPUT_AT, what)
    place = plain.block(2)
    li_to_spikes = plain.edited((place, "B", 3), (place + 1, "B", 0))
    yield "wiring-li-to-spikes", li_to_spikes, WIRING, plain.op(2) + OUTPUT_AT, "LI writes transient spikes"
    small, last = Base(example()), 5
    place = small.slot(last)
    for name, edits, what in (("li-transient", ((2, "B", 0),), "LI writes a transient slot"),
                              ("li-width", ((1, "B", 32),), "16-bit LI writes 32-bit analog"),
                              ("li-narrow", ((1, "B", 8),), "LI writes 8-bit analog"),
                              ("li-spikes", ((0, "B", 3), (1, "B", 1)), "LI writes persistent spikes")):
        yield (f"wiring-{name}", small.edited(*((place + offset, form, value) for offset, form, value in edits)), WIRING,
               small.op(4) + OUTPUT_AT, what)
    place = base.slot(5)
    yield ("wiring-memory-transient", base.edited((place + 2, "B", 0), (place + 6, "h", 0)), WIRING, base.op(4) + OUTPUT_AT,
           "memory writes a transient 32-bit slot")
    to_analog = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.dense(
        slots["values"], model.analog(2, 16), weights, "int8")))
    yield "dense-to-analog", to_analog.data, WIRING, to_analog.op(3) + OUTPUT_AT, "dense writes an analog slot"
    to_spikes = build(lambda model, slots, weights: chain(model, slots, weights, lambda *_: model.block(
        slots["values"], model.spikes(2), matrix([1]), "int8", 2)))
    yield "block-to-spikes", to_spikes.data, WIRING, to_spikes.op(3) + OUTPUT_AT, "block writes a spikes slot"

    def input_count(model, slots, weights):
        chain(model, slots, weights, lambda *_: model.input(slots["samples"], model.analog(3, 8), [0, 0], [1, 1], 0))
    longer = build(input_count)
    yield "input-count", longer.data, WIRING, longer.op(3) + OUTPUT_AT, "input of 2 channels writes 3 elements"

    def memory_to(bits, units, persistent):
        def change(model, slots, weights):
            def spare(*_):
                model.dense(slots["values"], slots["units"], weights, "int8")
                counts = model._counts[slots["memory"]]
                model._counts[slots["memory"]] = 2  # the writer would refuse the count
                model.memory(slots["units"], slots["memory"], matrix([1]), np.array([1]), "int8", 1, 1)
                model._counts[slots["memory"]] = counts
            slots["units"], slots["memory"] = model.current(2), model.analog(units, bits, persistent)
            chain(model, slots, weights, spare)
        return build(change)
    for bits, units, persistent, what in ((8, 2, True, "8-bit analog"), (16, 3, True, "3 elements for 2 units of order 1"),
                                          (16, 2, False, "a transient slot")):
        model = memory_to(bits, units, persistent)
        yield f"memory-to-{bits}-{units}-{persistent:d}", model.data, WIRING, model.op(4) + OUTPUT_AT, f"memory writes {what}"
    yield from later_faults()


def later_faults():
    """Wiring over ops of pools, delays, activations and sparse."""
    def build(change):
        model, _, values = front()
        slots = {"values": values, "current": model.current(2), "spikes": model.spikes(2, persistent=True)}
        change(model, slots)
        return finish(model, slots["spikes"], 2)
    shape, window, weights = (1, 2, 1), (1, 1), matrix([1, 2], [3, 4])

    def pool_of_pool(model, slots):
        first = model.current(2)
        model.pool(slots["values"], first, shape, window)
        model.pool(first, slots["current"], shape, window)
        model.lif(slots["current"], slots["spikes"])

    def pool_of_both(model, slots):
        first = model.current(2)
        model.dense(slots["values"], first, weights, "int8")
        model.pool(slots["values"], first, shape, window)
        model.pool(first, slots["current"], shape, window)
        model.lif(slots["current"], slots["spikes"])

    def pool_above(model, slots):
        first = model.current(2)
        model.pool(first, slots["current"], shape, window)
        model.sparse(slots["values"], first, matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])

    def read_twice(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.activation(slots["current"], model.analog(2, 8), high=9)
        model.lif(slots["current"], slots["spikes"])

    def unread(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        model.convolution(slots["values"], model.current(2), shape, np.ones((1, 1, 1, 1), int), "int8")

    def delay_above(model, slots):
        later = model.analog(2, 8)
        model.delay(later, model.analog(2, 8), 1)
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.activation(slots["current"], later, high=9)
        model.dense(later, model.current(2), weights, "int8")
        model.lif(len(model._counts) - 1, slots["spikes"])

    def written_twice(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        model.delay(slots["spikes"], slots["spikes"], 1)

    def delay_of_itself(model, slots):
        model.sparse(slots["values"], slots["current"], matrix([0, 0, 0, 1]), "int8")
        model.lif(slots["current"], slots["spikes"])
        own = model.analog(1, 8)
        model.delay(own, own, 1)

    for name, change, where, what in (
            ("pool-of-pool", pool_of_pool, lambda base: base.op(2) + INPUT_AT, "a pool reads a current slot that a pool writes"),
            ("pool-of-both", pool_of_both, lambda base: base.op(3) + INPUT_AT, "the same with a projection beside it"),
            ("pool-above", pool_above, lambda base: base.op(1) + INPUT_AT, "a pool above the projection it reads"),
            ("current-read-twice-activation", read_twice, lambda base: base.op(3) + INPUT_AT,
             "an activation and a lif read a current"),
            ("unread-convolution", unread, lambda base: base.slot(4), "a convolution's current that nothing reads"),
            ("delay-above", delay_above, lambda base: base.op(1) + INPUT_AT, "delay reads a transient slot above its writer"),
            ("delay-of-itself", delay_of_itself, lambda base: base.op(3) + INPUT_AT, "delay reads the transient slot it writes"),
            ("written-twice-delay", written_twice, lambda base: base.slot(3), "a lif and a delay write one spikes slot")):
        model = build(change)
        yield f"wiring-{name}", model.data, WIRING, where(model), what
