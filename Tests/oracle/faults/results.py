"""Faults of outputs and of the self-test."""

from faults import bases
from faults.edits import (
    MALFORMED,
    OUTPUTS,
    SELF_TEST,
    UNSUPPORTED,
    VALUE,
    WIRING,
    Base,
    finish,
    front,
)
from faults.rows import order_faults


def faults():
    base = bases.plain()
    output, length = base.start(OUTPUTS), base.length_field(OUTPUTS)
    payload = base.payload(OUTPUTS)
    for size in (0, 2, 4, 10):
        yield f"outputs-{size}", base.with_payload(OUTPUTS, payload[:size]), MALFORMED, length, f"outputs section of {size} bytes"
    yield "outputs-short", base.with_payload(OUTPUTS, payload[:-2]), MALFORMED, length, "one class name missing"
    yield "outputs-long", base.with_payload(OUTPUTS, payload + b"\0\0"), MALFORMED, length, "one class name too many"
    for value in (0, 2, 65535):
        yield f"outputs-count-{value}", base.edited((output, "H", value)), UNSUPPORTED, output, f"{value} outputs"
    yield "outputs-reserved", base.edited((output + 2, "H", 1)), UNSUPPORTED, output + 2, "reserved field of outputs"
    for value in (10, 65535):
        yield f"output-op-{value}", base.edited((output + 6, "H", value)), MALFORMED, output + 6, "op that does not exist"
    yield "output-op-lif", base.edited((output + 6, "H", 8)), WIRING, output + 6, "output of a lif op"
    yield "output-classes-0", base.edited((output + 8, "H", 0)), VALUE, output + 8, "no class"
    for value in (2, 4, 65535):
        yield f"output-classes-{value}", base.edited((output + 8, "H", value)), WIRING, output + 8, f"{value} classes of 3 scores"
    yield from order_faults(base, output, "output-", (
            ("op-reserved", ((6, "H", 8), (10, "H", 1)), UNSUPPORTED, 10, "output of a lif op, and the reserved field"),
            ("op-classes", ((6, "H", 8), (8, "H", 2)), WIRING, 6, "output of a lif op, and 2 classes"),
            ("classes-name", ((8, "H", 2), (12, "H", 65535)), WIRING, 8, "2 classes of 3 scores, and a class name")))
    yield "output-reserved", base.edited((output + 10, "H", 1)), UNSUPPORTED, output + 10, "reserved field of an output"
    model, _, values = front()
    model.readout(values, 5)
    two = finish(model, values, 2)
    yield "two-readouts", two.data, WIRING, two.start(OUTPUTS) + 6, "two readouts, one output"
    place = two.start(OUTPUTS) + 12
    yield "order-output-name-readouts", two.edited((place, "H", 65535)), MALFORMED, place, "two readouts, and a class name"
    model, samples, values = front()
    model.input(samples, model.analog(2, 8), [0, 0], [1, 1], 0)
    model.output("out", 1, ["k0", "k1"])
    none = Base(model.build())
    yield "no-readout", none.data, WIRING, none.start(OUTPUTS) + 6, "no readout: the output's op is an input"
    place = base.length_field(SELF_TEST)
    for size in (0, 4, 7, 9, 10, 12):
        payload = (base.payload(SELF_TEST) + b"\0" * 8)[:size]
        yield f"self-test-{size}", base.with_payload(SELF_TEST, payload), MALFORMED, place, f"self-test of {size} bytes, 0 frames"
    place = base.start(SELF_TEST)
    for value, what in ((2**30, "2^32 bytes"), (2**31, "2^33 bytes"), (2**32 - 1, "nearly 2^34 bytes"), (1, "4 bytes missing")):
        yield (f"self-test-count-{value}", base.edited((place, "I", value)), MALFORMED,
               base.length_field(SELF_TEST), f"{value} frames of 2 channels: {what}")
