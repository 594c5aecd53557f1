"""Faults of xylo."""

from faults import bases
from faults.bases import PAIR, SHARED_XYLO, XYLO
from faults.edits import (
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    UNSUPPORTED,
    VALUE,
    WIRING,
)
from faults.rows import element_faults, order_faults, parameter_faults, slot_faults, tensor_rows


def faults():
    base = bases.chips()
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
    rows += [(SHARED_XYLO, "xylo-aliases-unflagged", 20, "I", value, VALUE, f"{value} without the flag of aliases")
             for value in (4, 2**31)]
    rows += [(PAIR, "xylo-aliases-unflagged-graded", 20, "I", 2, VALUE, "2 without the flag of aliases, graded output")]
    for offset, name, size, alignment in ((4, "membrane-dashes", 6, 2), (8, "synaptic-dashes", 12, 2), (12, "thresholds", 6, 2),
                                          (16, "biases", 12, 4),
                                          (20, "aliases", 6, 2)):
        rows += tensor_rows(base, XYLO, f"xylo-{name}", offset, size, alignment)
    rows += tensor_rows(base, PAIR, "xylo-pair-dashes", 8, 4, 2)
    yield from parameter_faults(base, rows)
    place = base.block(XYLO)
    for name, offset, form, last, values in (
            ("membrane-dash", 4, "H", 2, (16, 65535)), ("synaptic-dash", 8, "H", 5, (16, 65535)),
            ("threshold", 12, "h", 2, (-1, -32768)), ("bias", 16, "i", 2, (32768, -32769, -2**31)),
            ("alias", 20, "H", 2, (3, 4, 65534))):
        yield from element_faults(base, place + offset, "xylo-", name, form, last, values)
    yield ("xylo-aliases-flag-cleared", base.edited((place, "B", 15)), VALUE, place + 20,
           "aliases without their flag, behind arrays")
    yield ("xylo-becomes-plain", base.edited((base.slot(5) + 1, "B", 1)), VALUE, place, "aliases of spikes of 1 bit, by the slot")
    other = base.block(SHARED_XYLO)
    yield from order_faults(base, other, "xylo-", (
            ("flags-reserved", ((0, "B", 16), (2, "B", 1)), UNSUPPORTED, 1, "flags and reserved bytes"),
            ("flags-bias", ((0, "B", 16), (16, "i", 32768)), VALUE, 16, "aliases of spikes of 1 bit, and b"),
            ("flags-aliases", ((0, "B", 16), (20, "I", 2)), VALUE, 0, "aliases of spikes of 1 bit, misaligned"),
            ("reserved-dash", ((3, "B", 1), (4, "I", 16)), UNSUPPORTED, 1, "reserved bytes and membrane dash"),
            ("dashes", ((4, "I", 16), (8, "I", 16)), VALUE, 4, "both dashes"),
            ("dash-threshold", ((8, "I", 16), (12, "I", 32768)), VALUE, 8, "synaptic dash and θ"),
            ("threshold-bias", ((12, "I", 32768), (16, "i", 32768)), VALUE, 12, "θ and b"),
            ("bias-aliases", ((16, "i", 32768), (20, "I", 2)), VALUE, 16, "b, and aliases without their flag")))
    yield ("order-xylo-element-array", base.edited((base.tensor(place + 4), "H", 16), (place + 20, "I", HUGE)), MALFORMED,
           place + 20,
           "a membrane dash, and aliases far out")
    yield ("order-xylo-elements", base.edited((base.tensor(place + 16), "i", 32768), (base.tensor(place + 20), "H", 3)), VALUE,
           base.tensor(place + 16), "a bias and an alias")
    yield from wiring_faults()


def wiring_faults():
    base = bases.chips()
    yield from slot_faults(base, [
        (XYLO, INPUT_AT, 0, "xylo reads samples"), (XYLO, INPUT_AT, 1, "xylo reads analog"),
                                  (XYLO, INPUT_AT, 2, "xylo reads a current"),
        (XYLO, INPUT_AT, 3, "xylo reads spikes"), (XYLO, OUTPUT_AT, 4, "xylo writes its synaptic slot"),
        (SHARED_XYLO, OUTPUT_AT, 1, "xylo writes analog of its count"),
                                  (SHARED_XYLO, OUTPUT_AT, 8, "xylo writes a current of its count"),
        (SHARED_XYLO, OUTPUT_AT, 0, "xylo writes samples")])
    for op, slot, what in ((XYLO, 6, "2 synaptic elements of 3 neurons"), (SHARED_XYLO, 4, "6 synaptic elements of 2 neurons"),
                           (PAIR, 4, "6 synaptic elements of one neuron")):
        yield (f"wiring-xylo-{op}-count-{slot}", base.edited((base.op(op) + INPUT_AT, "H", slot)), WIRING,
               base.op(op) + OUTPUT_AT,
               what)
    for count in (3, 4, 2**24):
        yield (f"wiring-xylo-neurons-{count}", base.edited((base.slot(7) + 8, "I", count)), WIRING,
               base.op(SHARED_XYLO) + OUTPUT_AT,
               f"2 synaptic elements of {count} neurons")
    yield ("order-xylo-input-count", base.edited((base.op(XYLO) + INPUT_AT, "H", 8)), WIRING, base.op(XYLO) + INPUT_AT,
           "xylo of 3 neurons reads a current of 2")
