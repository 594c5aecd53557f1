"""Faults of readout."""

from example import example
from faults import bases
from faults.edits import UNSUPPORTED, VALUE, Base
from faults.rows import parameter_faults


def faults():
    base = bases.plain()
    readout, small = 9, Base(example())
    rows = [(readout, "readout-integration", 0, "B", value, UNSUPPORTED, f"integration {value}") for value in (0, 5, 255)]
    rows += [(readout, "readout-end", 1, "B", 2, UNSUPPORTED, "2 at a hop's end"),
             (readout, "readout-shift", 2, "B", 32, VALUE, "shift 32"),
             (readout, "readout-first", 3, "B", 1, VALUE, "an early first result where hop = window"),
             (readout, "readout-first", 3, "B", 2, UNSUPPORTED, "2 for the first result"),
             (readout, "readout-window", 4, "I", 0, VALUE, "window 0"),
             (readout, "readout-window", 4, "I", 2**24 + 1, VALUE, "window 2^24 + 1"),
             (readout, "readout-window", 4, "I", 2**32 - 1, VALUE, "window 2^32 − 1"),
             (readout, "readout-hop", 8, "I", 1, VALUE, "leaky sum with a hop below the window"),
             (readout, "readout-hop", 8, "I", 4, VALUE, "leaky sum with a hop that does not divide the window"),
             (readout, "readout-hop", 8, "I", 0, VALUE, "hop 0"),
             (readout, "readout-hop", 8, "I", 6, VALUE, "hop above the window"),
             (readout, "readout-decay", 12, "H", 32769, VALUE, "λ = 32769"),
             (readout, "readout-evidence-decay", 14, "H", 32769, VALUE, "μ = 32769"),
             (readout, "readout-evidence-decay", 14, "H", 65535, VALUE, "μ = 65535")]
    ring, place = bases.neurons(), bases.neurons().block(13)
    yield from parameter_faults(ring, [
        (13, "ring-first", 3, "B", 2, UNSUPPORTED, "2 for the first result"),
                                       (13, "ring-first", 3, "B", 255, UNSUPPORTED, "255 for the first result"),
        (13, "ring-window", 4, "I", 0, VALUE, "window 0"), (13, "ring-hop", 8, "I", 0, VALUE, "hop 0"),
        (13, "ring-hop", 8, "I", 5, VALUE, "hop 5 of a window of 12"), (13, "ring-hop", 8, "I", 24, VALUE, "hop 24, window 12"),
        (13, "ring-hop", 8, "I", 2**32 - 4, VALUE, "hop 2^32 − 4"), (13, "ring-decay", 12, "H", 1, VALUE, "λ = 1 for a sum"),
        (13, "ring-evidence-decay", 14, "H", 1, VALUE, "μ = 1 where hop is below the window"),
        (13, "ring-evidence-decay", 14, "H", 32769, VALUE, "μ = 32769 there")])
    yield ("order-readout-first-hop", ring.edited((place + 3, "B", 2), (place + 8, "I", 0)), UNSUPPORTED, place + 3,
           "2 for the first result, and hop 0")
    for name, edits, offset, what in (
            ("first-decay-range", ((8, "I", 12), (12, "H", 65535)), 12,
             "an early first result where hop = window, and λ = 65535"),
            ("hop-first", ((3, "B", 1), (8, "I", 5)), 8, "an early first result, and a hop that does not divide the window"),
            ("window-first", ((4, "I", 0), (3, "B", 1)), 4, "window 0, and an early first result"),
            ("first-decay", ((8, "I", 12), (12, "H", 1)), 3, "an early first result where hop = window, and λ for a sum"),
            ("decay-evidence", ((12, "H", 1), (14, "H", 1)), 12, "λ for a sum, and μ where hop is below the window")):
        yield (f"order-readout-{name}", ring.edited(*((place + at, form, value) for at, form, value in edits)), VALUE,
               place + offset, what)
    yield "ring-window-13", ring.edited((place + 4, "I", 13)), VALUE, place + 8, "hop 4 of a window of 13"
    yield "ring-window-3", ring.edited((place + 4, "I", 3)), VALUE, place + 8, "hop 4, window 3"
    yield "ring-4097", ring.edited((place + 4, "I", 4 * 4097)), VALUE, place + 8, "window / hop = 4097"
    yield ("ring-2-24", ring.edited((place + 4, "I", 2**24), (place + 8, "I", 1)), VALUE, place + 8, "window / hop = 2^24")
    yield "ring-none-early", ring.edited((place + 8, "I", 12)), VALUE, place + 3, "an early first result where hop = window = 12"
    yield "ring-leaky", ring.edited((place, "B", 3)), VALUE, place + 8, "leaky sum with hop 4 of a window of 12"
    yield "ring-maximum", ring.edited((place, "B", 4)), VALUE, place + 8, "maximum with hop 4 of a window of 12"
    yield "maximum-decay", ring.edited((place, "B", 4), (place + 3, "B", 0), (place + 8, "I", 12), (place + 12, "H", 1)), VALUE, place + 12, "λ = 1 for a maximum"
    yield from parameter_faults(base, rows)
    yield from parameter_faults(small, [(5, "readout-decay-last-value", 12, "H", 1, VALUE, "λ = 1 for last value")])
