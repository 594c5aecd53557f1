"""What programs show of readout."""

from itertools import product

from drawing.coverage.names import SOURCES, source_name

KINDS = ("readout",)


def required():
    evidence = ["n = 1, no evidence", "n = 1, leak", "n = 1, no leak"]
    rings = [f"n = {n}, {first}" for n in ("2–4", "5 and more") for first in ("late", "early")]
    return {
        "readout": [f"{integration} {end} {source} {shift}" for integration, end, source, shift in
                    product(("sum", "last", "leaky", "maximum"), ("keep", "reset"), SOURCES, ("plain", "shifted"))],
        "window": ["1", "2–12", "above 12", "no result", "several results"],
        "evidence": [f"{integration} {end} {item}" for integration, items in
                     (("sum", evidence + rings), ("last", evidence + rings), ("leaky", evidence),
                      ("maximum", evidence))
                     for end in ("keep", "reset") for item in items],
        "ring of entries": ["hop 1", "hop above 1", "result before it is full", "never full", "2n − 1 entries passed"],
        "readout's place": ["last", "above other ops"],
    }


def note(seen, model, i, op):
    parameters = op.parameters
    integration = ("sum", "last", "leaky", "maximum")[parameters.integration - 1]
    seen.note("readout", " ".join((integration, ("keep", "reset")[parameters.resets_network],
                                   source_name(model.slots[op.inputs[0]]), ("plain", "shifted")[parameters.shift > 0])))
    window = parameters.window
    seen.note("window", "1" if window == 1 else "2–12" if window <= 12 else "above 12")
    n, leak = parameters.entries, parameters.evidence_decay
    if n == 1:
        item = "no evidence" if leak == 0 else "no leak" if leak == 32768 else "leak"
    else:
        item = "early" if parameters.is_early else "late"
        seen.note("ring of entries", "hop 1" if parameters.hop == 1 else "hop above 1")
    seen.note("evidence", f"{integration} {('keep', 'reset')[parameters.resets_network]} "
                          f"n = {1 if n == 1 else '2–4' if n <= 4 else '5 and more'}, {item}")
    seen.note("readout's place", "last" if i == len(model.ops) - 1 else "above other ops")


def note_program(seen, model, network, frames, tally):
    parameters = network.readout.parameters
    entries, n = network.ticks // parameters.hop, parameters.entries
    if n > 1:
        seen.note("ring of entries", "result before it is full", parameters.is_early and entries)
        seen.note("ring of entries", "never full", 0 < entries < n)
        seen.note("ring of entries", "2n − 1 entries passed", entries > 2 * n - 1)
    seen.note("window", "no result", network.results == 0)
    seen.note("window", "several results", network.results > 2)
