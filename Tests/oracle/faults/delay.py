"""Faults of delay."""

from faults import bases
from faults.bases import DELAY, SHARED_DELAY
from faults.edits import INPUT_AT, OUTPUT_AT, UNSUPPORTED, VALUE, WIRING
from faults.rows import parameter_faults, slot_faults, tensor_rows


def faults():
    base = bases.spatial()
    rows = [(DELAY, "delay-kept", 0, "H", value, VALUE, f"{value} frames kept") for value in (0, 4097, 65535)]
    rows += [(DELAY, "delay-flags", 2, "B", value, UNSUPPORTED, f"array flags {value}") for value in (2, 3, 129)]
    rows += [(DELAY, "delay-reserved", 3, "B", 1, UNSUPPORTED, "reserved field of delay"),
             (SHARED_DELAY, "delay-shared", 4, "I", 5, VALUE, "delay 5 of 5 frames"),
             (SHARED_DELAY, "delay-shared", 4, "I", 4096, VALUE, "delay 4096"),
             (SHARED_DELAY, "delay-shared", 4, "I", 2**32 - 1, VALUE, "delay 2^32 − 1"),
             (SHARED_DELAY, "delay-shared-kept", 0, "H", 0, VALUE, "no frame kept")]
    rows += tensor_rows(base, DELAY, "delay-array", 4, 8, 2)
    yield from parameter_faults(base, rows)
    place = base.block(SHARED_DELAY)
    yield "delay-shared-kept-2", base.edited((place, "H", 2)), VALUE, place + 4, "delay 2 of 2 frames"
    yield ("order-delay-wiring", base.edited((base.op(SHARED_DELAY) + OUTPUT_AT, "H", 15), (place, "H", 2)), WIRING,
           base.op(SHARED_DELAY) + OUTPUT_AT, "analog of other bits, and delay 2 of 2 frames")
    values = base.tensor(base.block(DELAY) + 4)
    for i, value in ((0, 4), (3, 4), (2, 65535)):
        yield (f"delay-{i}-{value}", base.edited((values + 2 * i, "H", value)), VALUE, values + 2 * i,
               f"element {i}: delay {value} of 4 frames")
    yield "delay-array-kept-3", base.edited((base.block(DELAY), "H", 3)), VALUE, values + 6, "element 3: delay 3 of 3 frames"
    yield from wiring_faults()


def wiring_faults():
    yield from slot_faults(bases.spatial(), [
        (DELAY, INPUT_AT, 0, "delay reads samples"), (DELAY, INPUT_AT, 2, "delay reads a current"),
        (DELAY, OUTPUT_AT, 17, "delay writes spikes of another count"), (DELAY, OUTPUT_AT, 10, "delay of spikes writes analog"),
        (DELAY, OUTPUT_AT, 2, "delay of spikes writes a current"),
                                             (SHARED_DELAY, OUTPUT_AT, 15, "delay writes analog of other bits")])
