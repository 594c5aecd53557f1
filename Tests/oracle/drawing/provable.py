"""Shrinking of what the proof refuses."""

import struct

import numpy as np

import reader
from drawing.values import toward_zero


def provable(draft):
    """The draft's file, after shrinking what the proof refuses."""
    while True:
        data = draft.build()
        try:
            reader.parse(data)
            return data
        except reader.Refused as refused:
            if refused.status != reader.Status.MAY_OVERFLOW:
                raise
            sections = dict((kind, (offset, length)) for kind, _, offset, length in
                            struct.iter_unpack("<HHII", data[32:32 + 12 * struct.unpack_from("<H", data, 24)[0]]))
            shrink(draft, draft.ops[(refused.offset - sections[4][0]) // 20])


def shrink(draft, reading):
    """Halves what can be halved of what goes into the current slot of the op `reading`."""
    shrunk = False
    current = reading["current"] if "current" in reading else reading["source"]
    for op in draft.ops:
        if op.get("target") == current:
            shrunk = True
            if op["make"] == "pool":
                if op["function"] == "sum" and op["shift"] < 47:
                    op["shift"] += 1
                elif draft.slots[op["source"]]["make"] == "current":
                    shrink(draft, op)
                else:
                    shrunk = False
            elif op["join"] == "left" and op["shift"]:
                op["shift"] -= 1
            elif op["join"] == "right" and op["shift"] < 30 or op["join"] == "multiplier" and op["shift"] < 47:
                op["shift"] += 1
            elif op["make"] == "sparse" and op["encoding"].startswith("int"):
                op["synapses"] = np.column_stack((op["synapses"][:, :3], toward_zero(op["synapses"][:, 3], 1)))
            elif op["encoding"].startswith("int"):
                op["weights"] = toward_zero(op["weights"], 1)
            elif "multipliers" in op:
                op["multipliers"] = toward_zero(op["multipliers"], 1)
            else:
                shrunk = False
    if not shrunk and reading["make"] == "loihi":
        reading["exponent"] -= 1
    elif not shrunk and "bias" in reading:
        reading["bias"] = toward_zero(reading["bias"], 1)
