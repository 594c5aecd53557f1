"""PyTorch's basic operations as nodes. What only moves numbers moves their addresses; the rest makes nodes or is refused."""

from __future__ import annotations

import numpy as np
import torch
from torch.utils._pytree import tree_leaves, tree_map

from .errors import ExportError

# They place numbers elsewhere and change none: the same operation moves the addresses.
_MOVES = {"clone", "cat", "stack", "index", "index_select", "gather", "repeat", "flip", "roll", "_to_copy", "lift_fresh", "select_scatter",
          "slice_scatter", "constant_pad_nd"}
_ACTIVATIONS = {f"{name}{end}" for name in ("relu", "tanh", "sigmoid", "hardtanh", "clamp", "clamp_min") for end in ("", "_")}
_OPERATIONS = {}


def operation(*names):
    def register(function):
        _OPERATIONS.update(dict.fromkeys(names, function))
        return function

    return register


def run(recorder, function, arguments, options):
    """Runs an operation and notes it."""
    name = function.overloadpacket.__name__
    book = recorder.book
    tensors = [leaf for leaf in tree_leaves((arguments, options)) if isinstance(leaf, torch.Tensor)]
    if name in ("copy_", "fill_", "zero_"):
        return _overwrite(recorder, function, arguments, options)
    tracked = any(book.tracks(tensor) for tensor in tensors)
    if not tracked:
        # A matrix or a kernel on zeros from before the first tick gives what its node gives at rest.
        x = {"addmm": 1, "mm": 0, "convolution": 0}.get(name)
        if x is None or not _could_be_at_rest(recorder, arguments[x]):
            return function(*arguments, **options)
    if name in _ACTIVATIONS:
        return _activation(recorder, name, function, arguments, options)
    if name in _OPERATIONS:
        return _OPERATIONS[name](recorder, function, arguments, options)
    if name in _MOVES:
        return _move(recorder, name, function, arguments, options)
    if name in ("empty_like", "zeros_like", "ones_like", "full_like", "new_zeros", "new_empty", "new_full", "new_ones", "rand_like"):
        return function(*arguments, **options)
    if function.is_view or name in ("detach", "_unsafe_view", "_reshape_alias", "unsafe_split", "unbind"):
        result = function(*arguments, **options)
        known = {(tensor.untyped_storage()._cdata, tensor.dtype) for tensor in tensors}
        if all((tensor.untyped_storage()._cdata, tensor.dtype) in known for tensor in tree_leaves(result) if isinstance(tensor, torch.Tensor)):
            return result
    raise ExportError(f"{recorder.site()[2]}: {name} of signals has no node (docs/frameworks)")


def _could_be_at_rest(recorder, x):
    return x.numel() > 0 and x.shape[0] == recorder.window_count and not isinstance(x, torch.nn.Parameter) and not bool((x != 0).any())


def _move(recorder, name, function, arguments, options):
    result = function(*arguments, **options)
    if not isinstance(result, torch.Tensor):
        raise ExportError(f"{recorder.site()[2]}: {name} of signals has no node")

    def addresses(value):
        if not isinstance(value, torch.Tensor) or value.dtype in (torch.int64, torch.int32, torch.bool) and not recorder.book.tracks(value):
            return value
        found = recorder.book.of(value)
        return torch.full(value.shape, -1, dtype=torch.int64) if found is None else found

    if name == "_to_copy":
        _check_cast(recorder, arguments[0], result.dtype)
        return _written(recorder, result, addresses(arguments[0]).clone())
    if name == "constant_pad_nd":
        if len(arguments) > 2 and arguments[2] != 0:
            raise ExportError(f"{recorder.site()[2]}: pads with {arguments[2]}, where only zeros have a node")
        arguments = (arguments[0], arguments[1], -1)
    moved = function(*tree_map(addresses, arguments), **{key: value for key, value in options.items() if key != "memory_format"})
    return _written(recorder, result, moved)


# Types that hold spikes of 0 and 1, and sums of them, exactly.
_HOLDS_SPIKES = (torch.bool, torch.int32, torch.int64)


def _check_cast(recorder, source: torch.Tensor, target: torch.dtype) -> None:
    """Refuses casts of signals that may change a number: all but those between float32 and float64, and of spikes of 0 and 1."""
    book = recorder.book
    if target == source.dtype or target in (torch.float32, torch.float64) or not book.tracks(source):
        return
    numbers = np.unique(book.split(book.of(source).numpy())[0])
    nodes = [recorder.network.nodes[number] for number in numbers if number >= 0]
    if target not in _HOLDS_SPIKES or not all(_is_binary(node) for node in nodes):
        raise ExportError(f"{recorder.site()[2]}: casts signals to {str(target).removeprefix('torch.')}, which rounds or cuts them and has no "
                          "node; what the sample needs of it do before, and train without it between layers")


def _is_binary(node) -> bool:
    population = node.values.get("population")
    return population is not None and population.fires and population.spike_bits == 1 and not population.counts_spikes


def _written(recorder, result, addresses):
    recorder.book.write(result, addresses)
    return result


def _overwrite(recorder, function, arguments, options):
    result = function(*arguments, **options)
    target = arguments[0]
    source = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], torch.Tensor) else None
    found = None if source is None else recorder.book.of(source)
    if source is not None:
        _check_cast(recorder, source, target.dtype)
    if found is not None:
        recorder.book.room(target).copy_(found)
    elif recorder.book.of(target) is not None:
        recorder.book.room(target).fill_(-1)
    return result


# ---- sums and factors ----------------------------------------------------------------------------


def _constant(reading, values, where, what):
    """The values of one tick of a number from elsewhere that has the operands' shape."""
    moved = values.permute(*reading.outer, *(axis for axis in range(values.dim()) if axis not in reading.outer))
    moved = moved.reshape(-1, *moved.shape[len(reading.outer):])
    if bool((moved != moved[:1]).any()):
        raise ExportError(f"{where}: {what} numbers that change from tick to tick or from window to window")
    return moved[0].double().numpy()


def _full(recorder, value, shape):
    if not isinstance(value, torch.Tensor):
        value = torch.tensor(float(value))
    addresses = recorder.book.of(value)
    if addresses is None:
        addresses = torch.full(value.shape, -1, dtype=torch.int64)
    return value.broadcast_to(shape), addresses.broadcast_to(shape)


@operation("add", "add_", "sub", "sub_", "rsub")
def _add(recorder, function, arguments, options):
    name = function.overloadpacket.__name__
    factor = options.get("alpha", arguments[2] if len(arguments) > 2 else 1)
    a, b = arguments[0], arguments[1]
    signs = {"a": (1, factor), "s": (1, -factor), "r": (-factor, 1)}[name[0]]
    before = a.clone() if isinstance(a, torch.Tensor) and name.endswith("_") else None
    result = function(*arguments, **options)
    site = recorder.site()
    if result.dtype == torch.bool:
        raise ExportError(f"{site[2]}: adds truth values, which is an or and has no node")
    (a, at), (b, bt) = _full(recorder, a, result.shape), _full(recorder, b, result.shape)
    reading = recorder.book.read([at, bt], site[2])
    a = a if before is None else before.broadcast_to(result.shape)
    constants = []
    for part, (values, addresses) in enumerate(((a, at), (b, bt))):
        strange = torch.where(addresses < 0, values, 0)
        if bool((strange != 0).any()):
            constants.append(signs[part] * _constant(reading, strange, site[2], "adds"))
    shape = reading.parts[next(iter(reading.parts))][0].shape
    bias = sum(constants) if constants else None
    node = recorder.node("sum", name.strip("_"), reading, shape, site, signs=signs, bias=bias)
    return _written(recorder, result, recorder.book.spread(node.number, reading))


@operation("mul", "mul_", "div", "div_", "neg")
def _scale(recorder, function, arguments, options):
    name = function.overloadpacket.__name__
    result = function(*arguments, **options)
    site = recorder.site()
    if name == "neg":
        x, factor = arguments[0], torch.tensor(-1.0)
    else:
        x, factor = arguments
        if isinstance(factor, torch.Tensor) and recorder.book.tracks(factor):
            x, factor = factor, x
            if recorder.book.tracks(factor) or name[0] == "d":
                raise ExportError(f"{site[2]}: {name.strip('_')} of two signals has no node: weights are constants")
    if options.get("rounding_mode"):
        raise ExportError(f"{site[2]}: rounds, which has no node")
    _, addresses = _full(recorder, x, result.shape)
    # A mask of zeros also takes away what is no signal.
    recorder.expect_zeros(result, addresses, site[2])
    reading = recorder.book.read([addresses], site[2])
    factor = torch.as_tensor(factor, dtype=torch.float64).broadcast_to(result.shape)
    factor = _constant(reading, factor, site[2], "multiplies by")
    values = 1 / factor if name[0] == "d" else factor
    node = recorder.node("scale", name.strip("_"), reading, values.shape, site, scale=values)
    return _written(recorder, result, recorder.book.spread(node.number, reading))


@operation("_native_batch_norm_legit_no_training", "native_batch_norm", "cudnn_batch_norm", "_batch_norm_with_update")
def _batch_norm(recorder, function, arguments, options):
    """BatchNorm as it runs after training: a factor and an offset for each channel."""
    x, weight, bias, mean, variance = arguments[:5]
    name = function.overloadpacket.__name__
    training = name != "_native_batch_norm_legit_no_training" and arguments[5]
    site = recorder.site()
    if mean is None or training:
        raise ExportError(f"{site[2]}: normalises each batch by itself (track_running_stats=False); train with running statistics")
    epsilon = arguments[6 if name == "_native_batch_norm_legit_no_training" else 7]
    result = function(*arguments, **options)
    factor = 1 / torch.sqrt(variance.double() + epsilon)
    factor = factor if weight is None else factor * weight.double()
    offset = -mean.double() * factor
    offset = offset if bias is None else offset + bias.double()
    reading = recorder.read(x, site[2])
    like = [1, -1, *(1 for _ in x.shape[2:])]
    factor = _constant(reading, factor.reshape(like).broadcast_to(x.shape), site[2], "multiplies by")
    offset = _constant(reading, offset.reshape(like).broadcast_to(x.shape), site[2], "adds")
    node = recorder.node("scale", "norm", reading, factor.shape, site, scale=factor, bias=offset)
    _written(recorder, result[0], recorder.book.spread(node.number, reading))
    return result


@operation("native_dropout")
def _dropout(recorder, function, arguments, options):
    raise ExportError(f"{recorder.site()[2]}: Dropout is on; functional dropout needs training=self.training")


def _activation(recorder, name, function, arguments, options):
    site = recorder.site()
    reading = recorder.read(arguments[0], site[2])
    result = function(*arguments, **options)
    name = name.strip("_")
    low, high = (list(arguments[1:]) + [None, None])[:2]
    if name == "hardtanh":
        low, high = -1 if low is None else low, 1 if high is None else high
    low, high = options.get("min", low), options.get("max", high)
    if name in ("clamp", "clamp_min", "hardtanh"):
        if low is None or high is None and low != 0:
            raise ExportError(f"{site[2]}: clamps on one side only, which only has a node at 0 (relu)")
        kind = {"function": "relu"} if low == 0 else {"function": "hardtanh", "minimum": float(low)}
        kind |= {} if high is None else {"maximum": float(high)}
    else:
        kind = {"function": name}
    shape = reading.parts[next(iter(reading.parts))][0].shape
    node = recorder.node("activation", kind["function"], reading, shape, site, **kind)
    return _written(recorder, result, recorder.book.spread(node.number, reading))


from . import layers as _layers  # noqa: E402, F401  (registers its operations)
