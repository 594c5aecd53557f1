"""What programs show of convolution."""

from itertools import product

from drawing.coverage.names import ENCODINGS, JOINS, SOURCES, join_of

KINDS = ("convolution",)


def required():
    return {
        "convolution: encoding × source × join": [" ".join(parts) for parts in product(ENCODINGS, SOURCES, JOINS)],
        "convolution": [f"{dimension} {what}" for dimension in ("1-D", "2-D") for what in (
            "1 × 1", "stride above 1", "padding", "asymmetric padding", "dilation", "groups", "depthwise",
            "kernel larger than the source", "source element without a tap", "padded runs")],
    }


def note(seen, model, _, op):
    parameters = op.parameters
    seen.note("convolution: encoding × source × join", join_of(model, op), seen.happens)
    axes = [parameters.rows, parameters.columns]
    dimension = "1-D" if parameters.rows.size == parameters.rows.kernel == 1 else "2-D"
    axes = axes[1:] if dimension == "1-D" else axes
    met = [set() for _ in axes]
    for axis, places in zip(axes, met):
        for k in range(axis.kernel):
            places |= set(range(axis.size)[axis.meets(k)[1]])
    destinations = parameters.weights.shape[3]
    for what, holds in (
            ("1 × 1", all(axis.kernel == 1 for axis in axes)), ("stride above 1", any(axis.stride > 1 for axis in axes)),
            ("padding", any(axis.before + axis.after for axis in axes)),
            ("asymmetric padding", any(axis.before != axis.after for axis in axes)),
            ("dilation", any(axis.dilation > 1 and axis.kernel > 1 for axis in axes)), ("groups", parameters.groups > 1),
            ("depthwise", parameters.groups == parameters.channels > 1),
            ("kernel larger than the source", any(axis.kernel > axis.size for axis in axes)),
            ("source element without a tap", any(len(places) < axis.size for axis, places in zip(axes, met))),
            ("padded runs", destinations * parameters.weight_bits % 8)):
        seen.note("convolution", f"{dimension} {what}", holds)
