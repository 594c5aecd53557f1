"""What programs show of periods of parameters."""

from drawing.coverage.names import FIELDS
from reader import Kind

KINDS = ()


def required():
    return {
        "period": [f"{reader} {behind}" for reader in ("lif", "activation") for behind in (
            "behind a convolution", "behind a pool", "behind a block")] + [f"of {field}" for field in FIELDS] + [
                "without arrays", "1", "the whole count"],
    }


def note_period(seen, model, op, name, has_arrays):
    parameters = op.parameters
    if not parameters.period:
        return
    writers = [other for other in model.ops if other.outputs == op.inputs]
    for behind, kind, length in (("convolution", Kind.CONVOLUTION, "target_channels"), ("pool", Kind.POOL, "channels")):
        seen.note("period", f"{name} behind a {behind}", any(
            other.kind == kind and getattr(other.parameters, length) == parameters.period for other in writers) and has_arrays)
    seen.note("period", f"{name} behind a block", has_arrays and any(
        other.kind == Kind.BLOCK and other.parameters.groups > 1 for other in writers))
    seen.note("period", "without arrays", not has_arrays)
    seen.note("period", "1", parameters.period == 1 and has_arrays)
    seen.note("period", "the whole count", parameters.period == model.slots[op.inputs[0]].count > 1 and has_arrays)
