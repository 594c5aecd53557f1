"""Matrices, convolutions, pools and sums over axes, as the recorder notes them."""

from __future__ import annotations

import numpy as np
import torch

from .addresses import Reading
from .errors import ExportError
from .operations import _written, operation


def _numbers(tensor) -> np.ndarray:
    return tensor.detach().double().numpy()


def _rows(recorder, x: torch.Tensor) -> tuple[int, ...] | None:
    """The shape of a matrix's input whose first axis runs over windows, ticks and then positions: [rows, positions, inputs]."""
    addresses = recorder.book.of(x)
    if addresses is None or x.shape[0] < 2:
        return None
    node, tick, window, _ = recorder.book.split(addresses.reshape(len(x), -1).numpy())
    known = node >= 0
    low = [np.where(known, array, 1 << 40).min(axis=1) for array in (window, tick)]
    same = (low[0] == low[0][0]) & (low[1] == low[1][0])
    count = len(same) if same.all() else int(np.argmin(same))
    return (len(x) // count, count, x.shape[1]) if count > 1 and len(x) % count == 0 else None


@operation("addmm", "mm", "linear", "bmm")
def _matrix(recorder, function, arguments, options):
    name = function.overloadpacket.__name__
    result = function(*arguments, **options)
    site = recorder.site()
    bias = None
    if name == "addmm":
        bias, x, weight = arguments[:3]
        if options.get("beta", 1) != 1 or options.get("alpha", 1) != 1:
            raise ExportError(f"{site[2]}: addmm with factors has no node")
    elif name == "mm":
        x, weight = arguments[:2]
    elif name == "linear":
        x, weight, bias = (*arguments, None)[:3]
        weight = weight.t()
    elif name == "bmm" and not recorder.book.tracks(arguments[0]) and bool((arguments[0] == arguments[0][:1]).all()):
        # A·x for every window: the same as x·Aᵀ.
        return _product(recorder, arguments[1].transpose(1, 2), arguments[0][0].t(), None, result, site, transposed=True)
    elif name == "bmm" and not recorder.book.tracks(arguments[1]) and bool((arguments[1] == arguments[1][:1]).all()):
        return _product(recorder, arguments[0], arguments[1][0], None, result, site)
    else:
        raise ExportError(f"{site[2]}: {name} of signals has no node")
    if recorder.book.tracks(weight) or bias is not None and recorder.book.tracks(bias):
        raise ExportError(f"{site[2]}: a product of two signals has no node: weights are constants")
    return _product(recorder, x, weight, bias, result, site)


def _product(recorder, x, weight, bias, result, site, transposed=False):
    """x·W + b over the last axis of x, as one node for all positions that a tick has."""
    if not recorder.book.tracks(x):
        reading, shape = recorder.at_rest(tuple(x.shape[1:])), tuple(x.shape)
    else:
        shape = _rows(recorder, x) if x.dim() == 2 else None
        reading = recorder.read(x, site[2], shape)
        shape = shape or tuple(x.shape)
    last = len(shape) - 1
    if last in reading.outer:
        raise ExportError(f"{site[2]}: multiplies over the axis of ticks or windows")
    inner = [axis for axis in range(last) if axis not in reading.outer]
    positions = tuple(shape[axis] for axis in inner)
    values = _numbers(weight).T
    node = recorder.node("linear", "linear", reading, (*positions, len(values)), site, weight=values,
                         bias=None if bias is None else _numbers(bias).reshape(-1), groups=int(np.prod(positions)))
    after = Reading(reading.parts, reading.outer, reading.ticks, reading.windows, (*shape[:-1], len(values)))
    addresses = recorder.book.spread(node.number, after)
    if transposed:
        addresses = addresses.transpose(1, 2)
    return _written(recorder, result, addresses.reshape(result.shape))


@operation("convolution")
def _convolution(recorder, function, arguments, options):
    result = function(*arguments, **options)
    site = recorder.site()
    x, weight, bias, stride, padding, dilation, transposed, _, groups = arguments[:9]
    if transposed or weight.dim() > 4:
        raise ExportError(f"{site[2]}: a {'transposed' if transposed else 'three-dimensional'} convolution has no node")
    if recorder.book.tracks(weight):
        raise ExportError(f"{site[2]}: a convolution of two signals has no node")
    reading = recorder.read(x, site[2]) if recorder.book.tracks(x) else recorder.at_rest(tuple(x.shape[1:]))
    inner = tuple(x.shape[1:])
    _expect(reading, inner, x, site)
    node = recorder.node("conv", "conv", reading, tuple(result.shape[1:]), site, weight=_numbers(weight),
                         bias=None if bias is None else _numbers(bias), stride=list(stride), padding=list(padding),
                         dilation=list(dilation), groups=int(groups))
    return _rowwise(recorder, node, reading, result)


def _expect(reading, inner, x, site):
    if 0 not in reading.outer and x.shape[0] > 1 or any(axis > 0 for axis in reading.outer):
        raise ExportError(f"{site[2]}: gets ticks or windows where it expects channels and positions {inner}")


def _rowwise(recorder, node, reading, result):
    """Writes the addresses of a result whose first axis runs over windows and ticks."""
    rows = recorder.book.outputs(node.number, reading, node.shape)
    return _written(recorder, result, torch.from_numpy(rows.reshape(tuple(result.shape))))


@operation("max_pool2d_with_indices", "max_pool2d", "max_pool1d")
def _max_pool(recorder, function, arguments, options):
    result = function(*arguments, **options)
    values = result[0] if isinstance(result, tuple) else result
    x, kernel, stride, padding, dilation, ceil = (*arguments, *([], 0, 1, False)[len(arguments) - 2:])
    site = recorder.site()
    dimensions = 1 if function.overloadpacket.__name__ == "max_pool1d" else 2
    kernel, stride, padding, dilation = (_sizes(size, dimensions) for size in (kernel, stride or kernel, padding, dilation))
    if any(size != 1 for size in dilation):
        raise ExportError(f"{site[2]}: a max pool with dilation has no node")
    _whole(x, kernel, stride, padding, values, site)
    reading = recorder.read(x, site[2])
    _expect(reading, tuple(x.shape[1:]), x, site)
    node = recorder.node("maxpool", "pool", reading, tuple(values.shape[1:]), site, kernel=kernel, stride=stride, padding=padding)
    _rowwise(recorder, node, reading, values)
    return result


def _sizes(size, dimensions):
    size = [int(size)] if isinstance(size, int) else [int(one) for one in size]
    return size * dimensions if len(size) == 1 else size


def _whole(x, kernel, stride, padding, result, site):
    for i, size in enumerate(kernel):
        length = x.shape[x.dim() - len(kernel) + i]
        if result.shape[result.dim() - len(kernel) + i] != (length + 2 * padding[i] - size) // stride[i] + 1:
            raise ExportError(f"{site[2]}: ceil_mode has no node; pad or crop so that windows fit, or use ceil_mode=False")


@operation("avg_pool2d")
def _average_pool(recorder, function, arguments, options):
    result = function(*arguments, **options)
    x, kernel, stride, padding, ceil, counts_padding, divisor = (*arguments, *([], 0, False, True, None)[len(arguments) - 2:])
    site = recorder.site()
    kernel, stride, padding = (_sizes(size, 2) for size in (kernel, stride or kernel, padding))
    _whole(x, kernel, stride, padding, result, site)
    reading = recorder.read(x, site[2])
    _expect(reading, tuple(x.shape[1:]), x, site)
    # What an average over all of the kernel is still to be multiplied by.
    factor = np.ones(tuple(result.shape[1:]))
    if divisor is not None:
        factor *= kernel[0] * kernel[1] / divisor
    elif not counts_padding and any(padding):
        ones = torch.ones(1, *x.shape[1:], dtype=torch.float64)
        factor /= function(ones, kernel, stride, padding, False, True)[0].numpy()
    node = recorder.node("pool", "pool", reading, tuple(result.shape[1:]), site, kernel=kernel, stride=stride, padding=padding,
                         factor=None if (factor == 1).all() else factor)
    return _rowwise(recorder, node, reading, result)


@operation("_adaptive_avg_pool2d")
def _adaptive_pool(recorder, function, arguments, options):
    result = function(*arguments, **options)
    x, site = arguments[0], recorder.site()
    kernel = [x.shape[axis] // result.shape[axis] for axis in (-2, -1)]
    if any(x.shape[axis] != kernel[axis] * result.shape[axis] for axis in (-2, -1)):
        raise ExportError(f"{site[2]}: windows of several sizes have no node; {tuple(x.shape[-2:])} does not divide by {tuple(result.shape[-2:])}")
    reading = recorder.read(x, site[2])
    _expect(reading, tuple(x.shape[1:]), x, site)
    node = recorder.node("pool", "pool", reading, tuple(result.shape[1:]), site, kernel=kernel, stride=kernel, padding=[0, 0], factor=None)
    return _rowwise(recorder, node, reading, result)


@operation("sum", "mean", "amax", "max")
def _reduction(recorder, function, arguments, options):
    name = {"amax": "max"}.get(function.overloadpacket.__name__, function.overloadpacket.__name__)
    result = function(*arguments, **options)
    site = recorder.site()
    x = arguments[0]
    axes = arguments[1] if len(arguments) > 1 else options.get("dim", None)
    if isinstance(axes, torch.Tensor):
        raise ExportError(f"{site[2]}: the greater of two signals has no node")
    keeps = bool(arguments[2]) if len(arguments) > 2 else bool(options.get("keepdim", False))
    axes = list(range(x.dim())) if axes is None or axes == [] else [axes] if isinstance(axes, int) else list(axes)
    axes = sorted(axis % x.dim() for axis in axes)
    values = result[0] if isinstance(result, tuple) else result
    reading = recorder.read(x, site[2])
    in_outer = [axis in reading.outer for axis in axes]
    if all(in_outer) and axes:
        _over_time(recorder, name, reading, axes, keeps, values, site)
        return result
    if any(in_outer) or name == "max":
        raise ExportError(f"{site[2]}: {name} over {'ticks and elements at once' if any(in_outer) else 'elements'} has no node")
    # Over elements: a matrix of ones.
    inner = [axis for axis in range(x.dim()) if axis not in reading.outer]
    shape = tuple(x.shape[axis] for axis in inner)
    kept = tuple(1 if axis in axes else x.shape[axis] for axis in inner)
    index = np.broadcast_to(np.arange(int(np.prod(kept))).reshape(kept), shape).reshape(-1)
    weight = np.zeros((int(np.prod(kept)), len(index)))
    weight[index, np.arange(len(index))] = 1 if name == "sum" else np.prod(kept) / np.prod(shape)
    left = tuple(x.shape[axis] for axis in inner if keeps or axis not in axes) if not keeps else kept
    node = recorder.node("linear", name, reading, left, site, weight=weight, bias=None, groups=1)
    after = Reading(reading.parts, reading.outer, reading.ticks, reading.windows,
                    tuple(1 if axis in axes else size for axis, size in enumerate(x.shape)))
    _written(recorder, values, recorder.book.spread(node.number, after).reshape(values.shape))
    return result


def _over_time(recorder, name, reading, axes, keeps, values, site):
    """A sum, mean or maximum over all ticks, known at the last one."""
    last = recorder.tick_count - 1
    lengths = {axis: reading.shape[axis] for axis in axes}
    if len(axes) != 1 or sorted(reading.parts) != list(range(recorder.tick_count)) or lengths[axes[0]] != recorder.tick_count:
        raise ExportError(f"{site[2]}: {name} over some of the ticks, or over windows; only over all ticks of a window it can be said")
    parts = {last: reading.parts[last]}
    for tick, part in reading.parts.items():
        if not all(a.same(b) for a, b in zip(part, parts[last])):
            raise ExportError(f"{site[2]}: {name} over elements that change from tick to tick")
    at_end = Reading(parts, reading.outer, np.full_like(reading.ticks, last), reading.windows, reading.shape)
    shape = parts[last][0].shape
    node = recorder.node("time", name, at_end, shape, site, function=name)
    addresses = recorder.book.spread(node.number, at_end).select(axes[0], 0)
    _written(recorder, values, (addresses.unsqueeze(axes[0]) if keeps else addresses).reshape(values.shape))
