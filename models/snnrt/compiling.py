"""From a trained network to a model file, through the command: compile, check, verify."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from . import _command
from .errors import CompileError
from .model import Model, counts
from .reports import CheckReport, Comparison, CompileReport

# Options of the command that take values in one list, separated by commas, and those that take ratios.
_LISTS, _RATIOS = ("channels", "classes", "count", "unit", "normalize"), ("count", "rate")


def compile(network, sample=None, expected=None, *, output=None, **options) -> Model:  # noqa: A001
    """Makes a model of a trained network, compared with what its framework gave.

    network: the path of a NIR file, a nir.NIRGraph, or a torch.nn.Module, which `snnrt.export` writes as one with what it gives on
        the sample.
    sample: windows of the network's input, [windows, ticks, channels …]. Of a module it is needed; else it is the input that
        belongs to what is expected, which must not have another, or without expected outputs what is calibrated on.
    expected: what the framework gave on the sample: scores [windows, classes], labels [windows], or a dictionary of arrays as
        NAME.expected.npz has them (docs/nir.md): `scores`, `labels`, `spikes/NODE`. Or the path of such a file. None: the file
        NAME.expected.npz beside a path, if it is there.
    output: the model file to write; None keeps it in memory (`Model.save`).
    options: those of `snnrt compile --help`, with underscores: window=40, weights=4, dialect="norse-export", min_agreement=0.99.
        True is a flag; a list repeats an option, or is one of names, counts or units, one for each channel; normalize is (mean,
        deviation), numbers or arrays; a dictionary writes KEY=VALUE; arrays, of calibrate or labels, go through files, integers
        being counts; counts and rates may be floats or Fractions, and are refused where no ratio of 32 bits is as exact as a float.

    Gives the Model, with `report`, which prints as the command's tables do. What the command warns of is a SnnrtWarning. Raises
    CompileError where the network is refused, or the model gives another label than the framework in more than 1 - min_agreement of
    windows. Progress is shown where standard error is a terminal."""
    with tempfile.TemporaryDirectory(prefix="snnrt-") as folder:
        place = Path(folder)
        path = _network_path(network, sample, place, options)
        target = Path(output) if output is not None else place / f"{path.stem}.snn"
        if expected is not None:
            options["expected"] = _expected_path(expected, sample, place)
        elif sample is not None and not _is_module(network):
            _use_sample(path, sample, options)
        if _is_in_counts(options.get("calibrate")):
            options.setdefault("raw", True)
        report, notes = _command.run("compile", path, "--output", target, *_flags(options, place), folder=place)
        model = Model(target)
        model.path = target if output is not None else None
        model.report = CompileReport(report, notes)
        return model


def check(network, **options) -> CheckReport:
    """What becomes of each node of a NIR file, or nir.NIRGraph, and what is refused.

    options: those of `snnrt check --help`, with underscores. Raises CompileError where the file cannot be read."""
    with tempfile.TemporaryDirectory(prefix="snnrt-") as folder:
        place = Path(folder)
        try:
            path = _network_path(network, None, place, options)
            report, notes = _command.run("check", path, *_flags(options, place), folder=place)
        except CompileError as error:
            if error.report is None:
                raise
            report, notes = error.report, str(error).splitlines()
        return CheckReport(report, notes)


def verify(model, network, x=None, *, expected=None, **options) -> Comparison:
    """Runs a model beside its network in floating point, and says where they part, and how near both are to the framework.

    model: a Model, a path or bytes. network: the NIR file, or nir.NIRGraph, that it was compiled from.
    x: windows, [windows, ticks, channels …]: floats in the channels' units, integers in counts; or the path of a log. It is the
        input of the expected outputs, where these have none. None: the input that they have.
    expected: as for `compile`. options: those of `snnrt verify --help`, with underscores; labels may be an array.

    The Comparison is given also where too few labels agree: `Comparison.is_enough` says whether they do. Raises CompileError where
    something cannot be read."""
    with tempfile.TemporaryDirectory(prefix="snnrt-") as folder:
        place = Path(folder)
        path = _network_path(network, None, place, options)
        if expected is not None:
            options["expected"] = _expected_path(expected, None if isinstance(x, (str, os.PathLike)) else x, place)
        has_input = "input" in _names(options.get("expected"))
        if has_input and isinstance(x, (str, os.PathLike)):
            raise ValueError("x is a log, and what is expected has an input of its own; leave x away, or give expected scores alone")
        logs = [] if x is None or has_input else [_log(x, place, options)]
        flags = _flags(options, place)
        try:
            report, notes = _command.run("verify", _model_path(model, place), path, *logs, *flags, folder=place)
        except CompileError as error:
            if error.report is None or error.exit_code != 1:
                raise
            return Comparison(error.report, str(error).splitlines(), is_enough=False)
        return Comparison(report, notes, is_enough=True)


# ---- what the command is given


def _network_path(network, sample, folder: Path, options: dict) -> Path:
    if isinstance(network, (str, os.PathLike)):
        return Path(network)
    path = folder / "network.nir"
    if _is_module(network):
        if sample is None:
            raise TypeError("a module is compiled with a sample of its input: snnrt.compile(module, sample)")
        if "snnrt.torch.network.QuantizedNetwork" in _classes(network):
            names = ("rate", "labels", "classes", "channels")
            network.save(path, sample, **{name: options.pop(name) for name in names if name in options})
            return path
        from .export import export

        names = ("readout", "ticks", "layout", "rate", "dt", "labels", "classes", "channels")
        export(network, sample, path, **{name: options.pop(name) for name in names if name in options})
        return path
    if type(network).__name__ == "NIRGraph":
        import nir

        nir.write(path, network)
        return path
    raise TypeError(f"network is a {type(network).__name__}, expected a path, a nir.NIRGraph or a torch.nn.Module")


def _classes(network) -> set[str]:
    return {f"{each.__module__}.{each.__qualname__}" for each in type(network).__mro__}


def _is_module(network) -> bool:
    return "torch.nn.modules.module.Module" in _classes(network)


def _expected_path(expected, sample, folder: Path) -> Path:
    """The file of expected outputs; where it has no input, the sample is its."""
    if isinstance(expected, (str, os.PathLike)):
        path = Path(expected)
        if sample is None or _names(path) and _has_input(path, sample):
            return path
        expected = dict(np.load(path)) if _names(path) else np.load(path)
    arrays = {name: array(values) for name, values in expected.items()} if isinstance(expected, Mapping) else None
    if arrays is None:
        given = array(expected)
        if sample is None:
            path = folder / "expected.npy"
            np.save(path, given)
            return path
        arrays = {"scores" if given.ndim > 1 else "labels": given}
    if sample is not None:
        _check_same(arrays.setdefault("input", array(sample)), sample, "what is expected")
    path = folder / "expected.npz"
    np.savez(path, **arrays)
    return path


def _use_sample(path: Path, sample, options: dict) -> None:
    """A sample without expected outputs: the input of those beside the network, or what is calibrated on."""
    beside = path.with_suffix(".expected.npz")
    if beside.exists():
        if not _has_input(beside, sample):
            raise ValueError(f"{beside.name} has no input, and a sample was given: give both as sample and expected")
        return
    if options.get("calibrate") is not None:
        raise ValueError("a sample and calibrate were given, and nothing is expected of the sample: leave one away")
    # As the network gets them, not in counts.
    options["calibrate"] = array(sample).astype(np.float64)


def _has_input(path: Path, sample) -> bool:
    with np.load(path) as arrays:
        if "input" not in arrays.files:
            return False
        _check_same(arrays["input"], sample, path.name)
        return True


def _check_same(own: np.ndarray, sample, where: str) -> None:
    given = array(sample)
    if own.size != given.size or own.shape[:2] != given.shape[:2] or not np.array_equal(
            own.ravel().astype(np.float32), given.ravel().astype(np.float32)):
        raise ValueError(f"the windows given are not the input that {where} has, {own.shape} there and {given.shape} here; leave one away")


def _names(path) -> list[str]:
    """Names of the arrays in an .npz."""
    if path is None or not str(path).endswith(".npz"):
        return []
    with np.load(path) as arrays:
        return arrays.files


def _log(x, folder: Path, options: dict) -> Path:
    if isinstance(x, (str, os.PathLike)):
        return Path(x)
    options.setdefault("raw", _is_in_counts(x))
    return _saved("log", array(x), folder / "log.npy")


def _is_in_counts(x) -> bool:
    return hasattr(x, "__array__") and array(x).dtype.kind in "iub"


def _model_path(model, folder: Path) -> Path:
    if isinstance(model, (str, os.PathLike)):
        return Path(model)
    path = folder / "model.snn"
    path.write_bytes(model.data if isinstance(model, Model) else model)
    return path


def array(values) -> np.ndarray:
    """NumPy's array of an array or a tensor."""
    return np.ascontiguousarray(values.detach().cpu() if hasattr(values, "detach") else values)


def _flags(options: dict, folder: Path) -> list[str]:
    flags: list[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            flags.append(option)
        elif isinstance(value, Mapping):
            for key, each in value.items():
                flags += [option, f"{key}={_ratio(name, each) if name in _RATIOS else each}"]
        elif name in _LISTS and not isinstance(value, str) and _is_list(value) and not any("=" in str(each) for each in value):
            flags += [option, ",".join(_item(name, each, folder / f"{name}{number}.npy") for number, each in enumerate(value))]
        elif name in _RATIOS and not isinstance(value, str) and not _is_list(value):
            flags += [option, _ratio(name, value)]
        else:
            for number, each in enumerate(value if isinstance(value, (list, tuple)) else [value]):
                flags += [option, str(_saved(name, array(each), folder / f"{name}{number}.npy") if _is_list(each) else each)]
    return flags


def _is_list(value) -> bool:
    return isinstance(value, (list, tuple)) or hasattr(value, "__array__") and np.ndim(value) > 0


def _item(name: str, value, path: Path) -> str:
    """An item of a list that is separated by commas."""
    if name in _RATIOS:
        return _ratio(name, value)
    text = str(_saved(name, array(value), path) if _is_list(value) else value)
    if "," in text:
        raise ValueError(f'{name}: "{text}" has a comma, which separates one from the next; name it without')
    return text


def _ratio(name: str, value) -> str:
    """The ratio of whole numbers below 2^32 that a number is: of floats the one that is written with the fewest digits."""
    if isinstance(value, str):
        return value
    # 0.001 is meant as 1/1000 and not as the binary fraction next to it.
    exact = Fraction(str(value)) if isinstance(value, (float, np.floating)) and np.isfinite(value) else Fraction(value)
    most = max(1, int(((1 << 32) - 1) / max(exact, 1)))
    for found in (exact, exact.limit_denominator(1 << 24), exact.limit_denominator(most)):
        # As exact as a float.
        if found > 0 and max(found.numerator, found.denominator) < 1 << 32 and abs(found - exact) <= exact / 10**14:
            return str(found)
    raise ValueError(f"{name}: {value} is no ratio of whole numbers from 1 to 2^32 - 1; a fractions.Fraction says which is meant")


def _saved(name: str, values: np.ndarray, path: Path) -> Path:
    """An array in a file, as the command reads it: logs with one axis of channels, samples in counts as int16."""
    if name in ("log", "calibrate"):
        values = counts(name, values) if values.dtype.kind in "iub" else values.astype(np.float64)
        values = values.reshape(*values.shape[:2], -1)
    np.save(path, values)
    return path
