"""Faults of slot records."""

from faults import bases
from faults.edits import MALFORMED, SLOTS, UNSUPPORTED, VALUE, finish
from snnrt.file import ModelWriter


def faults():
    base = bases.plain()
    slots, place = base.payload(SLOTS), base.length_field(SLOTS)
    yield "slots-119", base.with_payload(SLOTS, slots[:119]), MALFORMED, place, "slots section of 119 bytes"
    yield "slots-124", base.with_payload(SLOTS, slots + b"\0" * 4), MALFORMED, place, "slots section of 124 bytes"
    yield "slots-4097", base.with_payload(SLOTS, slots + slots[12:24] * 4087), MALFORMED, place, "4097 slots"
    samples, analog, current, spikes, memory, wide = (base.slot(i) for i in (0, 1, 2, 3, 5, 9))
    for value in (0, 6, 255):
        yield f"slot-type-{value}", base.edited((analog, "B", value)), UNSUPPORTED, analog, f"slot type {value}"
    for what, place, values in (("samples", samples, (8, 32)), ("current", current, (0, 16)),
                                ("spikes", spikes, (0, 9, 16, 17, 32, 255)),
                                ("analog", analog, (0, 1, 17, 31, 33, 255))):
        for value in values:
            yield (f"slot-{what}-bits-{value}", base.edited((place + 1, "B", value)), UNSUPPORTED, place + 1,
                   f"{what} of {value} bits")
    for what, place, value, status in (
            ("samples", samples, 1, VALUE), ("samples", samples, 2, UNSUPPORTED), ("current", current, 1, VALUE),
            ("current", current, 3, UNSUPPORTED), ("spikes", spikes, 2, UNSUPPORTED), ("analog", analog, 255, UNSUPPORTED)):
        yield (f"slot-{what}-lifetime-{value}", base.edited((place + 2, "B", value)), status, place + 2,
               f"{what} with lifetime {value}")
    yield "slot-reserved", base.edited((spikes + 3, "B", 1)), UNSUPPORTED, spikes + 3, "reserved field of a slot"
    for value in (0, 2, 65535):
        yield f"slot-ring-{value}", base.edited((spikes + 4, "H", value)), UNSUPPORTED, spikes + 4, f"ring depth {value}"
    for name, edits, status, place, what in (
            ("bits-lifetime", ((1, "B", 9), (2, "B", 2)), UNSUPPORTED, 1, "bits and lifetime"),
            ("lifetime-reserved", ((2, "B", 1), (3, "B", 1)), VALUE, 2, "lifetime of its type, and the reserved field"),
            ("lifetime-flags", ((2, "B", 3), (3, "B", 1)), UNSUPPORTED, 2, "lifetime's reserved bit, and the reserved field"),
            ("initial-count", ((6, "h", 1), (8, "I", 0)), VALUE, 6, "initial value and count")):
        yield (f"order-slot-{name}", base.edited(*((current + at, form, value) for at, form, value in edits)), status,
               current + place,
               f"a current slot: {what}")
    for what, place, value in (("samples", samples, 1), ("current", current, 1), ("transient-spikes", spikes, 1),
                               ("persistent-spikes", base.slot(7), 1), ("transient-analog", analog, -1)):
        yield f"slot-{what}-initial", base.edited((place + 6, "h", value)), VALUE, place + 6, f"{what} initially {value}"
    graded = bases.neurons()
    for name, i in (("transient", 3), ("persistent", 9)):
        for value in (1, -1):
            place = graded.slot(i) + 6
            yield (f"slot-graded-{name}-initial{value}", graded.edited((place, "h", value)), VALUE, place,
                   f"{name} graded spikes initially {value}")
    for what, bits, value in (("8-bit", 8, 128), ("8-bit", 8, -128), ("16-bit", 16, -32768), ("2-bit", 2, 2)):
        narrow = persistent_front(bits)
        place = narrow.slot(1) + 6
        yield f"slot-{what}-initial{value}", narrow.edited((place, "h", value)), VALUE, place, f"{what} analog initially {value}"
    for value in (0, 2**24 + 1, 0xFFFFFFFF):
        for what, place in (("spikes", spikes), ("wide", wide), ("memory", memory)):
            yield f"slot-{what}-count-{value}", base.edited((place + 8, "I", value)), VALUE, place + 8, f"{value} elements"
    yield from synaptic_faults(bases.chips())


def synaptic_faults(base):
    place = base.slot(4)
    for value in (0, 1, 8, 15, 17, 32, 255):
        yield f"synaptic-bits-{value}", base.edited((place + 1, "B", value)), UNSUPPORTED, place + 1, f"synaptic of {value} bits"
    for value, status in ((0, VALUE), (2, UNSUPPORTED), (255, UNSUPPORTED)):
        yield (f"synaptic-lifetime-{value}", base.edited((place + 2, "B", value)), status, place + 2,
               f"synaptic with lifetime {value}")
    yield "synaptic-reserved", base.edited((place + 3, "B", 1)), UNSUPPORTED, place + 3, "reserved field of a synaptic slot"
    yield "synaptic-ring", base.edited((place + 4, "H", 2)), UNSUPPORTED, place + 4, "ring depth 2"
    for value in (1, -1, -32768):
        yield f"synaptic-initial{value}", base.edited((place + 6, "h", value)), VALUE, place + 6, f"synaptic initially {value}"
    for value in (0, 2**24 + 1):
        yield f"synaptic-count-{value}", base.edited((place + 8, "I", value)), VALUE, place + 8, f"{value} elements"


def persistent_front(bits):
    model = ModelWriter()
    samples = model.stream("s", (50, 1), [("c", "g", (1, 1))])
    values = model.analog(1, bits, persistent=True)
    model.input(samples, values, [0], [1], 0)
    return finish(model, values, 1)
