"""Faulty model files, one fault each, with the status and offset that format.md gives for it.

Each fault is an edit of a small valid model (`bases`) at a place computed from the layout in the document, not by the
reader; expectations are written beside it by hand. A module that has a function `faults()` gives (name, file, status, offset,
description); one that has `proof_cases(more)` gives (name, file, reading op, description) of sums that just fit, or with
`more` of 1 just do not. The module of an op (ops) may have `base(edits)`, a model that faults of fields and records are
made of, and `faults(edits)`; both are given faults.edits.
"""

from importlib import import_module
from pkgutil import iter_modules

import ops
import reader
from faults import edits
from faults.edits import OVERFLOW, Base

MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def proof_cases(beyond):
    for module in MODULES:
        if hasattr(module, "proof_cases"):
            yield from module.proof_cases(int(beyond))


def faults():
    for module in MODULES:
        if hasattr(module, "faults"):
            yield from module.faults()
    for module in ops.MODULES:
        if hasattr(module, "faults"):
            yield from module.faults(edits)
    for name, data, op, what in proof_cases(beyond=True):
        yield f"proof-{name}", data, OVERFLOW, Base(data).op(op), what


def check(name, data, status, offset):
    """Raises unless the reader refuses `data` with exactly this status and offset."""
    try:
        reader.parse(data)
    except reader.Refused as refused:
        if (refused.status, refused.offset) != (status, offset):
            raise AssertionError(f"{name}: expected {status} at {offset}, got {refused}") from None
    else:
        raise AssertionError(f"{name}: expected {status} at {offset}, was accepted")
