"""From a module and a sample to a file: the one function of the package."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from ..nir import output_node
from ..nir import write as write_nir
from . import given
from .checking import Agreement, compare
from .emit import Emitter, Graph
from .errors import ExportError
from .leaves import LeafRecorder, evaluating, intercepted, leaves, substituted
from .population import DT
from .readout import Readout, find, scores
from .recorder import Recorder
from .reference import Reference
from .running import LAYOUTS, call, count_ticks, fixed_windows, plain_run, prepared

_FRAMEWORKS = {"snntorch": "snnTorch", "norse": "Norse", "spikingjelly": "SpikingJelly", "sinabs": "Sinabs", "rockpool": "Rockpool"}


@dataclass
class Exported:
    """A network as it stands in a NIR file, and what the module gave on the sample.

    `graph`: nodes by name and edges; `metadata` of the graph; `input` [windows, ticks, …], `scores` [windows, classes] and `spikes`
    {node: [windows, ticks, …]} of the module; `agreement` of a reference in 64 bits with them; `notes` for the reader."""

    graph: Graph
    metadata: dict
    input: np.ndarray
    scores: np.ndarray
    spikes: dict[str, np.ndarray]
    agreement: Agreement
    labels: np.ndarray | None = None
    path: Path | None = None
    notes: list[str] = field(default_factory=list)

    def write(self, path) -> Path:
        """Writes PATH and, beside it, NAME.expected.npz; gives the latter's path."""
        self.path = Path(path)
        write_nir(self.path, self.graph.nodes, self.graph.edges, self.graph.late, self.metadata, self.graph.metadata)
        arrays = {"input": self.input, "scores": self.scores} | {f"spikes/{name}": values for name, values in self.spikes.items()}
        if self.labels is not None:
            arrays["labels"] = self.labels
        expected = self.path.with_suffix(".expected.npz")
        np.savez_compressed(expected, **arrays)
        return expected

    def __str__(self) -> str:
        lines = [f"{len(self.graph.nodes)} nodes, {len(self.graph.edges)} edges, {len(self.graph.late)} of them late; "
                 f"{self.metadata['snnrt.window']} ticks a window, readout {self.metadata['snnrt.readout']}", str(self.agreement)]
        if self.labels is not None:
            lines.append(f"the module is right in {100 * (self.scores.argmax(axis=1) == self.labels).mean():.2f} % of windows")
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines + ([f"written to {self.path}"] if self.path else []))


def export(module: torch.nn.Module, sample, path=None, *, readout: str | None = None, ticks: int | None = None,
           layout: str | None = None, output: int = 0, rate: float | None = None, dt: float | None = None, labels=None,
           classes=None, channels=None) -> Exported:
    """Writes a trained network as a NIR file of dialect "snnrt", and what it gave on a sample as NAME.expected.npz.

    module: a torch.nn.Module of snnTorch's, Norse's, SpikingJelly's, Sinabs', Rockpool's or PyTorch's layers, in 32 bits on the
        processor. It is run as it is after training (eval()), its states reset before and after.
    sample: windows of the network's input, [windows, ticks, channels …], array or tensor; with `ticks` images [windows, channels …]
        that are shown for so many ticks. Some hundred windows say more of the quantized network than one.
    path: the NIR file; None writes nothing, `Exported.write` does later.
    readout: how a window's scores come from ticks where the module gives all of them: "sum", "mean", "last" or "max". Modules that
        put ticks together themselves need none.
    layout: how forward gets the sample: "BT" (windows, ticks, …), "TB" (ticks, windows, …), "*" (windows · ticks, …), "step" one
        tick a call; None finds out. output: which of several results has the scores.
    rate: ticks per second of the sensor, if it is known; dt: seconds per tick that time constants are written with, 1 / rate or the
        framework's unless given. Where both are given, the file says both: dt is nominal, and the sensor's rate holds for samples.
    labels: true class of each window, [windows], whole numbers from 0; classes, channels: their names, one for each score, and one
        for each channel or for each element of a tick's input.

    Raises ExportError: what the file cannot say, with the module's name or the line of code; a written network that does not
    give what the module gave."""
    if hasattr(module, "to_nir"):
        raise ExportError(f"a {type(module).__name__} writes itself, exactly: module.save(path, sample)")
    x = given.sample(sample, ticks)
    given.parameters(module)
    rate, dt, labels = given.positive("rate", rate), given.positive("dt", dt), given.labels(labels, len(x))
    shape = x.shape[2:] if ticks is None else x.shape[1:]
    channels = given.names("channels", channels, {shape[0], shape.numel()})
    with torch.no_grad(), evaluating(module):
        traced = _trace(module, x, ticks, layout, readout, output)
        return _finish(module, x, traced, output, path, rate=rate, dt=dt, labels=labels, classes=classes, channels=channels)


@dataclass
class _Traced:
    layout: str
    tick_count: int
    batch: int
    recorder: Recorder
    leaf_recorder: LeafRecorder
    readout: Readout


def _trace(module, x, ticks, layout, wanted, output) -> _Traced:
    """Runs two windows under the recorder, in the first layout that fits."""
    if layout is not None and layout not in LAYOUTS:
        raise ExportError(f'layout is "{layout}", expected one of {", ".join(LAYOUTS)}')
    fixed = fixed_windows(module)
    candidates = [layout] if layout else (["still", "still step"] if ticks is not None else _likely(module))
    # How far each layout came, and why no farther.
    failures: list[tuple[int, str, Exception]] = []
    for candidate in candidates:
        tick_count = ticks if ticks is not None else x.shape[1]
        count = fixed or (3 if tick_count == 2 else 2)
        few = x[np.arange(count) % len(x)]
        recorder = Recorder(module, tick_count, count)
        try:
            if candidate == "still" and count_ticks(module, few, output) != tick_count:
                raise ExportError(f"forward does not run its neurons {tick_count} times")
            leaf_recorder, result = _record(recorder, module, few, candidate, output)
            return _Traced(candidate, tick_count, fixed or 64, recorder, leaf_recorder, find(recorder, result, wanted))
        except Exception as error:  # pylint: disable=broad-except  (the user's own code runs here, on an input it may not take)
            if isinstance(error, ExportError) and error.is_final:
                raise
            failures.append((recorder.progress, candidate, error))
    _, candidate, error = max(failures, key=lambda failure: (failure[0], isinstance(failure[2], ExportError)))
    told = str(error) if isinstance(error, ExportError) else f"{type(error).__name__}: {error}"
    raise ExportError(told if layout else f"{told} [with its input as {LAYOUTS[candidate]}; layout= names another]") from error


def _likely(module) -> list[str]:
    times = {leaf.time for _, leaf in leaves(module).values()}
    if "*" in times:
        return ["*", "BT"]
    if 1 in times:
        return ["BT", "TB"]
    if 0 in times:
        return ["TB", "BT"]
    return ["step", "BT", "TB"]


def _record(recorder: Recorder, module, few, layout, output):
    """Runs a few windows under a recorder."""
    leaf_recorder = LeafRecorder(recorder)
    x = prepared(few, layout)
    shape = tuple(few.shape[1:] if layout.startswith("still") else few.shape[2:])
    recorder.input(x, {"step": "TB", "still": "B", "still step": "B"}.get(layout, layout), shape)
    from .frameworks import reset

    reset(module)
    with substituted(module), intercepted(leaves(module), leaf_recorder), recorder:
        result = _called(module, x, layout, recorder.tick_count, output)
    return leaf_recorder, result


def _called(module, x, layout, tick_count, output):
    """The frame at which the recorder stops to look for the user's code."""
    return call(module, x, layout, tick_count, output)


def _finish(module, x, traced: _Traced, output, path, *, rate, dt, labels, classes, channels) -> Exported:
    results, fired = plain_run(module, x, traced.layout, traced.tick_count, output, traced.batch)
    names = {name: nodes[0] for name, nodes in traced.leaf_recorder.nodes.items()}
    for name, node in names.items():
        fired[name] = fired[name] / np.asarray(traced.leaf_recorder.populations[node.number].spike_value, np.float32)
    for name, values in fired.items():
        if not np.isfinite(values).all():
            raise ExportError(f"{name}: gives numbers that are not finite on the sample; were its parameters learned at too high a rate?")
    notes = _choose_bits(traced, names, fired)
    found_dt = dt if dt is not None else 1 / rate if rate is not None else _own_dt(module) or DT
    emitter = Emitter(traced.recorder.network, found_dt, traced.readout.opened, traced.recorder.static_nodes)
    sources = emitter.sources(traced.readout.part, "the module's result")
    if len({lag for _, lag in sources}) != 1:
        raise ExportError("the module's result joins values of several ticks")
    shape = emitter.shapes[sources[0][0]]
    emitter.add("output", output_node(shape), shape, [name for name, _ in sources])
    rule = traced.readout.rule
    expected = np.concatenate([scores(traced.readout, result, traced.tick_count)[:count] for result, count in results])
    classes = given.names("classes", classes, {expected.shape[1]})
    if labels is not None and labels.max() >= expected.shape[1]:
        raise ExportError(f"labels reach {labels.max()}, and the module gives {expected.shape[1]} scores")
    spikes = {made[0][0]: fired[name] for name, node in names.items() if name in fired
              and (made := emitter.written.get(node.number)) and emitter.graph.populations[made[0][0]].fires}
    frames = x.numpy() if not traced.layout.startswith("still") else np.repeat(x.numpy()[:, None], traced.tick_count, axis=1)
    order = Reference(emitter.graph, found_dt, 1).order
    emitter.graph.nodes = {name: emitter.graph.nodes[name] for name in order}
    for node in names.values():
        notes += [f"{node.name}: {note}" for note in traced.leaf_recorder.populations[node.number].notes]
    try:
        agreement = compare(emitter.graph, found_dt, frames.astype(np.float64), rule, spikes, expected)
    except ExportError as error:
        raise ExportError("\n".join([str(error), *(f"note: {note}" for note in notes)])) from error
    metadata = {"snnrt.dialect": "snnrt", "snnrt.dt": float(found_dt), "snnrt.window": int(traced.tick_count), "snnrt.readout": rule,
                "snnrt.exporter": _exporter(module)}
    metadata |= {key: value for key, value in (("snnrt.rate", rate), ("snnrt.classes", classes), ("snnrt.channels", channels)) if value is not None}
    exported = Exported(emitter.graph, metadata, frames, expected, {name: _counts(one) for name, one in spikes.items()}, agreement,
                        labels, notes=notes)
    if path is not None:
        exported.write(path)
    return exported


def _counts(values: np.ndarray) -> np.ndarray:
    whole = np.rint(values)
    return whole.astype(np.uint8) if np.array_equal(whole, values) and values.min() >= 0 and values.max() < 256 else values


def _choose_bits(traced: _Traced, names, fired) -> list[str]:
    """Bits of the spikes of neurons that fire without a bound: twice what the sample shows, 15 a tick at least."""
    notes = []
    for name, node in names.items():
        population = traced.leaf_recorder.populations[node.number]
        if population.counts_spikes and name in fired:
            greatest = int(fired[name].max())
            population.spike_bits = max(4, min(8, (2 * greatest).bit_length()))
            notes.append(f"{node.name}: fires up to {greatest} times a tick on the sample; the file has room for {2**population.spike_bits - 1}")
    return notes


def _own_dt(module) -> float | None:
    """Seconds per tick of a framework whose neurons have them."""
    for child, _ in leaves(module).values():
        value = getattr(child, "dt", None)
        if isinstance(value, (int, float)) and type(child).__module__.split(".")[0] in ("norse", "rockpool"):
            return float(value)
    return None


def _exporter(module) -> str:
    packages = {type(child).__module__.split(".")[0] for child, _ in leaves(module).values()} & _FRAMEWORKS.keys()
    names = [f"{_FRAMEWORKS[package]} {importlib.metadata.version(package)}" for package in sorted(packages)]
    return f"snnrt.export from {' and '.join(names or [f'PyTorch {torch.__version__}'])}"
