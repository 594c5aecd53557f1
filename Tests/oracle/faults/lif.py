"""Faults of lif."""

import numpy as np

from faults import bases
from faults.bases import ALIF, LI
from faults.edits import (
    HUGE,
    INPUT_AT,
    MALFORMED,
    OUTPUT_AT,
    STREAMS,
    UNSUPPORTED,
    VALUE,
    WIRING,
    finish,
    front,
    matrix,
)
from faults.rows import element_faults, order_faults, parameter_faults, parameter_faults_at, tensor_rows


def faults():
    base = bases.plain()
    cuba, lif, li = 2, 6, 8
    rows = [(cuba, "lif-model", 0, "B", value, UNSUPPORTED, f"lif model {value}") for value in (0, 7, 255)]
    rows += [(cuba, "lif-reset", 1, "B", value, UNSUPPORTED, f"reset {value}") for value in (5, 255)]
    rows += [(cuba, "cuba-reset", 1, "B", 0, VALUE, "CuBa-LIF without reset"),
             (lif, "lif-reset", 1, "B", 0, VALUE, "LIF without reset")]
    rows += [(li, "li-reset", 1, "B", value, VALUE, f"LI with reset {value}") for value in (1, 2, 3, 4)]
    rows += [(li, "li-reset", 1, "B", 5, UNSUPPORTED, "LI with reset 5")]
    rows += [(cuba, "lif-comparison", 2, "B", value, UNSUPPORTED, f"comparison {value}") for value in (2, 255)]
    rows += [(li, "li-comparison", 2, "B", 1, VALUE, "LI with comparison 1"),
             (li, "li-comparison", 2, "B", 2, UNSUPPORTED, "LI with comparison 2")]
    rows += [(cuba, "lif-width", 3, "B", value, UNSUPPORTED, f"state of {value} bits") for value in (0, 8, 17, 64)]
    rows += [(cuba, "lif-fraction", 4, "B", 16, VALUE, "f = 16")]
    rows += [(op, f"flags-{op}", 5, "B", old | bit, UNSUPPORTED, f"array flag {bit:#x}")
             for op, old in ((cuba, 15), (lif, 4), (li, 9)) for bit in (64, 128)]
    yield from parameter_faults_at(base, [(op, f"flags-{name}", 5, "B", old | bit, VALUE, at,
                                           f"array flag {bit:#x} of a model without it")
                                          for op, old, name, bits in ((cuba, 15, "cuba", (16, 32)), (lif, 4, "lif", (2, 16, 32)),
                                                                      (li, 9, "li", (2, 4, 16, 32)))
                                          for bit, at in ((2, 12), (4, 16), (16, 24), (32, 28)) if bit in bits])
    rows += [(cuba, "lif-refractory", 6, "H", value, UNSUPPORTED, f"{value} refractory ticks with reset 2")
             for value in (1, 32767)]
    rows += [(lif, "lif-refractory-subtract", 6, "H", 1, UNSUPPORTED, "a refractory tick with reset 1"),
             (lif, "lif-refractory-subtract", 6, "H", 32768, VALUE, "32768 refractory ticks with reset 1"),
             (li, "li-refractory", 6, "H", 1, VALUE, "LI with a refractory tick"),
             (li, "li-refractory", 6, "H", 65535, VALUE, "LI with 65535 refractory ticks"),
             (lif, "lif-beta", 8, "I", 32769, VALUE, "β = 32769"), (lif, "lif-beta", 8, "I", 0x80000000, VALUE, "β = 2^31"),
             (lif, "lif-alpha", 12, "I", 1, VALUE, "LIF with α = 1"), (li, "li-alpha", 12, "I", 1, VALUE, "LI with α = 1"),
             (li, "li-theta", 16, "I", 1, VALUE, "LI with θ = 1")]
    rows += [(op, f"{name}-{field}", at, "I", 1, VALUE, f"{field} = 1 without an adaptive threshold")
             for op, name in ((cuba, "cuba"), (lif, "lif"), (li, "li")) for field, at in (("rho", 24), ("kappa", 28))]
    rows += [(op, f"{name}-period", 32, "I", value, VALUE, f"period {value} of {count} neurons")
             for op, name, count in ((cuba, "cuba", 4), (lif, "lif", 2), (li, "li", 3))
             for value in (count + 1, 2 * count, 2**24, 2**24 + 1, 2**31, 2**32 - 1)]
    for offset, name, size, alignment in ((8, "beta-array", 8, 2), (12, "alpha-array", 8, 2), (16, "theta-array-16", 8, 2),
                                          (20, "bias-array", 16, 4)):
        rows += tensor_rows(base, cuba, name, offset, size, alignment)
    rows += tensor_rows(base, lif, "theta-array-32", 16, 8, 4)
    rows += tensor_rows(base, li, "li-bias-array", 20, 12, 4)
    yield from parameter_faults(base, rows)
    for name, op, field, form, last, values in (
            ("beta", cuba, 8, "H", 3, (32769, 65535)), ("alpha", cuba, 12, "H", 3, (32769, 65535)),
            ("theta-16", cuba, 16, "h", 3, (-1, -32768)), ("theta-32", lif, 16, "i", 1, (-1, 2**30, 2**31 - 1))):
        yield from element_faults(base, base.block(op) + field, "", name, form, last, values)
    for width, limit in ((16, 2**15 - 1), (32, 2**30 - 1)):
        model, _, values = front()
        current, spikes = model.current(2), model.spikes(2)
        model.dense(values, current, matrix([1, 0], [0, 1]), "int8")
        model.lif(current, spikes, limit, 32768, 32768, model="CuBa-LIF", width=width)
        shared = finish(model, spikes, 2)
        yield from parameter_faults(shared, [
            (2, f"theta-shared-{width}", 16, "I", limit + 1, VALUE, "θ above L"),
            (2, f"theta-shared-{width}", 16, "I", 2**32 - 1, VALUE, "θ = 2^32 − 1"),
            (2, f"alpha-shared-{width}", 12, "I", 32769, VALUE, "α = 32769"),
            (2, f"beta-shared-{width}", 8, "I", 32769, VALUE, "β = 32769")])
    yield from variant_faults()
    yield from period_faults()


def variant_faults():
    base = bases.neurons()
    alif, cuba_alif, cuba_li, graded, shared, lif = 2, 4, 6, 8, 10, 12
    for op, model, slot in ((cuba_li, 1, "state"), (cuba_li, 5, "state"), (cuba_li, 6, "state"), (alif, 3, "spikes"),
                            (graded, 4, "graded")):
        yield (f"wiring-lif-{model}-to-{slot}", base.edited((base.block(op), "B", model)), WIRING, base.op(op) + OUTPUT_AT,
               f"lif model {model} writes a slot of {slot}")
    slot, place = base.slot(7), base.op(cuba_li) + OUTPUT_AT
    for name, edits, what in (("transient", ((slot + 2, "B", 0), (slot + 6, "h", 0)), "a transient slot"),
                              ("wide", ((slot + 1, "B", 32),), "32-bit analog from 16-bit state"),
                              ("narrow", ((slot + 1, "B", 8),), "8-bit analog")):
        yield f"wiring-cuba-li-{name}", base.edited(*edits), WIRING, place, f"CuBa-LI writes {what}"
    place = base.block(cuba_li) + 3
    yield ("wiring-cuba-li-width", base.edited((place, "B", 32)), WIRING, base.op(cuba_li) + OUTPUT_AT,
           "CuBa-LI of 32 bits writes 16-bit analog")
    place = base.block(lif) + 1
    for value in (1, 2):
        yield (f"plain-becomes-graded-{value}", base.edited((base.slot(13) + 1, "B", 2), (place, "B", value)), UNSUPPORTED, place,
               f"LIF with reset {value} writes spikes of 2 bits")
    rows = []
    for op, what in ((alif, "ALIF"), (cuba_alif, "CuBa-ALIF"), (graded, "graded CuBa-LIF")):
        name = what.replace(" ", "-").lower()
        rows += [(op, f"{name}-reset", 1, "B", 0, VALUE, f"{what} without reset")]
        rows += [(op, f"{name}-reset", 1, "B", value, UNSUPPORTED, f"{what} with reset {value}") for value in (1, 2, 5)]
        rows += [(op, f"{name}-comparison", 2, "B", 2, UNSUPPORTED, f"{what} with comparison 2")]
        rows += [(op, f"{name}-refractory", 6, "H", value, VALUE, f"{what} with {value} refractory ticks")
                 for value in (32768, 65535)]
    rows += [(cuba_li, "cuba-li-reset", 1, "B", value, VALUE, f"CuBa-LI with reset {value}") for value in (1, 2, 3, 4)]
    rows += [(cuba_li, "cuba-li-comparison", 2, "B", 1, VALUE, "CuBa-LI with comparison 1"),
             (alif, "alif-alpha", 12, "I", 1, VALUE, "ALIF with α = 1")]
    rows += [(op, f"variant-flags-{op}", 5, "B", old | bit, UNSUPPORTED, f"array flag {bit:#x}")
             for op, old in ((alif, 61), (cuba_alif, 63), (cuba_li, 2), (graded, 0)) for bit in (64, 128)]
    yield from parameter_faults_at(base, [
        (op, f"variant-flags-{op}", 5, "B", flags, VALUE, at, f"array flags {flags:#x} of {what}")
        for op, what, values in ((alif, "ALIF", ((61 | 2, 12),)), (cuba_li, "CuBa-LI", ((2 | 4, 16), (2 | 16, 24), (2 | 32, 28))),
                                 (graded, "CuBa-LIF", ((16, 24), (32, 28)))) for flags, at in values])
    rows += [(cuba_li, "cuba-li-refractory", 6, "H", value, VALUE, f"CuBa-LI with {value} refractory ticks")
             for value in (1, 32768)]
    rows += [(cuba_li, "cuba-li-theta", 16, "I", 1, VALUE, "CuBa-LI with θ = 1"),
             (shared, "alpha-shared-adaptive", 12, "I", 32769, VALUE, "α = 32769"),
             (shared, "rho-shared", 24, "I", 32769, VALUE, "ρ = 32769"),
             (shared, "rho-shared", 24, "I", 2**32 - 1, VALUE, "ρ = 2^32 − 1"),
             (shared, "kappa-shared", 28, "I", 32768, VALUE, "κ above L"),
             (shared, "kappa-shared", 28, "I", 2**32 - 1, VALUE, "κ = 2^32 − 1")]
    rows += tensor_rows(base, cuba_li, "cuba-li-alpha-array", 12, 4, 2)
    for op, count, form_size, name in ((alif, 3, 2, "16"), (cuba_alif, 2, 4, "32")):
        rows += tensor_rows(base, op, f"rho-array-{name}", 24, 2 * count, 2)
        rows += tensor_rows(base, op, f"kappa-array-{name}", 28, form_size * count, form_size)
    yield from parameter_faults(base, rows)
    wide = base.edited((base.block(cuba_alif) + 5, "B", 31), (base.block(cuba_alif) + 28, "I", 2**30))
    yield "kappa-shared-32", wide, VALUE, base.block(cuba_alif) + 28, "κ = 2^30 with 32-bit state"
    for name, op, field, form, last, values in (
            ("rho", alif, 24, "H", 2, (32769, 65535)), ("kappa-16", alif, 28, "h", 2, (-1, -32768)),
            ("kappa-32", cuba_alif, 28, "i", 1, (-1, 2**30, 2**31 - 1)), ("cuba-li-alpha", cuba_li, 12, "H", 1, (32769,))):
        yield from element_faults(base, base.block(op) + field, "", name, form, last, values)
    # Of two faults the first: all fields, then wiring, then relations, then arrays, then elements.
    place = base.block(alif)
    yield from order_faults(base, place, "", (
            ("reset-comparison", ((1, "B", 1), (2, "B", 2)), UNSUPPORTED, 2, "ALIF with reset 1 and comparison 2"),
            ("reset-refractory", ((1, "B", 1), (6, "H", 65535)), VALUE, 6, "ALIF with reset 1 and 65535 refractory ticks"),
            ("reset-alpha", ((1, "B", 0), (12, "I", 1)), VALUE, 1, "ALIF without reset and α = 1"),
            ("width-flags", ((3, "B", 8), (5, "B", 191)), UNSUPPORTED, 3, "state of 8 bits and array flags"),
            ("flags-refractory", ((5, "B", 191), (6, "H", 65535)), UNSUPPORTED, 5, "array flags and refractory ticks"),
            ("alpha-period", ((12, "I", 1), (32, "I", 2)), VALUE, 12, "α of ALIF and a period of 2 for 3"),
            ("period-beta", ((8, "I", HUGE), (32, "I", 2)), VALUE, 32, "a β array far out and a period of 2 for 3"),
            ("alpha-beta", ((8, "I", HUGE), (12, "I", 32769)), VALUE, 12, "a β array far out and α = 32769"),
            ("refractory-beta", ((6, "H", 65535), (8, "I", HUGE)), VALUE, 6, "refractory ticks and a β array far out"),
            ("rho-kappa", ((24, "I", HUGE), (28, "I", HUGE)), MALFORMED, 24, "arrays of ρ and κ far out"),
            ("bias-rho", ((20, "I", HUGE), (24, "I", HUGE)), MALFORMED, 20, "arrays of b and ρ far out")))
    yield ("order-field-wiring", base.edited((base.op(cuba_li) + OUTPUT_AT, "H", 3), (base.block(cuba_li) + 4, "B", 16)), VALUE,
           base.block(cuba_li) + 4, "f = 16, and an output of another type")
    yield ("order-wiring-relation", base.edited((base.op(alif) + OUTPUT_AT, "H", 7), (place + 1, "B", 1)), WIRING,
           base.op(alif) + OUTPUT_AT, "an output of another type, and ALIF with reset 1")
    yield ("order-wiring-types-counts", base.edited((base.op(alif) + INPUT_AT, "H", 1), (base.op(alif) + OUTPUT_AT, "H", 7)),
           WIRING,
           base.op(alif) + INPUT_AT, "an input and an output of another type")
    element = base.tensor(place + 8)
    yield ("order-array-element", base.edited((element, "H", 65535), (place + 28, "I", HUGE)), MALFORMED, place + 28,
           "an element of β, and κ far out")
    yield ("order-elements", base.edited((element, "H", 65535), (base.tensor(place + 16), "h", -1)), VALUE, element,
           "elements of β and θ")
    yield ("order-op-op", base.edited((base.tensor(base.block(cuba_alif) + 8), "H", 65535), (base.op(1), "B", 0)), UNSUPPORTED,
           base.op(1), "the kind of an op, and an element of one below")
    yield ("order-ops-slots", base.edited((base.block(12) + 4, "B", 16), (base.start(STREAMS) + 12, "H", 1)), VALUE,
           base.block(12) + 4, "f of the last neurons, and the stream's slot")


def period_faults():
    base = bases.spatial()
    for op, count, name in ((ALIF, 4, "alif"), (LI, 2, "li")):
        place = base.block(op)
        words = [(place + 5, "B", 0)] + [(place + at, "I", 0) for at in (8, 16, 20, 24, 28) if op == ALIF or at == 8]
        for value in (3, 5, 2 * count, 2**24, 2**24 + 1, 2**31, 2**32 - 1):
            yield (f"period-{name}-{value}", base.edited(*words, (place + 32, "I", value)), VALUE, place + 32,
                   f"period {value} of {count}, nothing per neuron")
        for value in (3, 2**24):
            yield (f"period-{name}-arrays-{value}", base.edited((place + 32, "I", value)), VALUE, place + 32,
                   f"period {value} of {count}, arrays")
    rows = []
    for offset, name, size, alignment in ((8, "beta", 4, 2), (16, "theta", 4, 2), (20, "bias", 8, 4), (24, "rho", 4, 2),
                                          (28, "kappa", 4, 2)):
        rows += tensor_rows(base, ALIF, f"period-{name}", offset, size, alignment)
    yield from parameter_faults(base, rows)
    place = base.block(ALIF)
    for i in (0, 1):
        beta, theta = base.tensor(place + 8) + 2 * i, base.tensor(place + 16) + 2 * i
        yield f"period-beta-{i}", base.edited((beta, "H", 32769)), VALUE, beta, f"element {i} of β"
        yield f"period-theta-{i}", base.edited((theta, "h", -1)), VALUE, theta, f"element {i} of θ"
    yield ("order-period-elements", base.edited((base.tensor(place + 8), "H", 40000), (place + 32, "I", 3)), VALUE, place + 32,
           "an element of β, and the period")
    yield ("order-kappa-period", base.edited((place + 28, "I", HUGE), (place + 32, "I", 3)), VALUE, place + 32,
           "κ far out, and the period")


def proof_cases(more):
    # A period: element 1 of 2 holds for neuron 3.
    writer, _, values = front(2, 2)
    current, spikes = writer.current(4), writer.spikes(4)
    writer.dense(values, current, matrix([0, 0], [0, 0], [0, 0], [1, 0]), "int8")
    op = writer.lif(current, spikes, bias=np.array([0, 2**31 - 2 + more]), period=2)
    yield "period", finish(writer, spikes, 4).data, op, "1 + 2^31 − 1 in neuron 3"
