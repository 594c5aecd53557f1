"""What programs show of sparse."""

from itertools import product

import numpy as np

from drawing.coverage.names import ENCODINGS, JOINS, LENGTHS, SOURCES, is_recurrent, join_of, length_of, source_name

KINDS = ("sparse",)


def required():
    return {
        "sparse: encoding × source × join × delays": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS, LENGTHS)],
        "sparse": ["no synapse", "empty run", "source without synapses", "destination without synapses", "every synapse",
                   "padded weights", "delay D − 1", "D above 1000"] + [
                       f"recurrent {source}, {length}" for source in SOURCES for length in LENGTHS],
    }


def note(seen, model, i, op):
    parameters, source = op.parameters, model.slots[op.inputs[0]]
    length, count = length_of(parameters.delays), len(parameters.targets)
    seen.note("sparse: encoding × source × join × delays", f"{join_of(model, op)} {length}", seen.happens)
    runs = np.diff(parameters.runs).reshape(source.count, parameters.delays)
    targets = model.slots[op.outputs[0]].count
    seen.note("sparse", f"recurrent {source_name(source)}, {length}", seen.happens and is_recurrent(model, i, op))
    for what, holds in (("no synapse", count == 0), ("empty run", (runs == 0).any() and count),
                        ("source without synapses", (runs.sum(axis=1) == 0).any() and count),
                        ("destination without synapses", count and len(np.unique(parameters.targets)) < targets),
                        ("every synapse", count == runs.size * targets),
                        ("padded weights", count * parameters.weight_bits % 8),
                        ("delay D − 1", parameters.delays > 1 and runs[:, -1].any()), ("D above 1000", parameters.delays > 1000)):
        seen.note("sparse", what, holds)
