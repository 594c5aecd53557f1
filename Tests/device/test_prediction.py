"""What `snnrt budget --core` predicts, against what is counted under QEMU: python3 -m pytest Tests/device/test_prediction.py

FOLDER (SNNRT_DEVICE) is that of fit/fit.py, COMMAND (SNNRT) the built `snnrt`. No model here is one that the table was fitted on.
"""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "fit"), str(HERE.parent / "oracle")]
import reader  # noqa: E402
import windows  # noqa: E402
from core.fields import Parameter, resolved  # noqa: E402
from draft import ROOT  # noqa: E402
from fit import CORES, measure  # noqa: E402
from interpreter import Network  # noqa: E402
from snnrt.file import seal  # noqa: E402

FOLDER = Path(os.environ.get("SNNRT_DEVICE", ROOT / "build" / "device"))
COMMAND = Path(os.environ.get("SNNRT", ROOT / ".build" / "release" / "snnrt")).resolve()
MODELS = sorted((ROOT / "models").glob("*/*.snn"))
TICKS, FORCED_TICKS = 240, 12
TOLERANCE = 0.15


def frames_of(model):
    """A stretch of the log that comes with a model."""
    own = model.parent / "sample.npy"
    return (np.load(own) if own.exists() else windows.counts(ROOT / "models/sample.csv"))[:TICKS]


def forced(data):
    """The model with no threshold and the greatest bias that the proof of sums lets pass: every neuron fires in every tick."""
    model = reader.parse(data)
    for size in range(30, 0, -1):
        body = bytearray(data[: model.byte_count - 4])
        for op in model.ops:
            for field in op.parameters.fields:
                if isinstance(field, Parameter) and field.name in ("threshold", "threshold_step", "bias") and op.parameters.has(field.name):
                    write(body, model, op, field, 2**size if field.name == "bias" else 0)
        try:
            changed = seal(body)
            reader.parse(changed)
            return changed
        except reader.Refused:
            continue
    raise AssertionError("no bias passes")


def write(body, model, op, field, value):
    """`value` as all elements of a parameter."""
    stored, at = getattr(op.parameters, field.name), op.block + field.offset
    if np.ndim(stored) == 0:
        struct.pack_into("<i", body, at, value)
        return
    array = np.full(len(stored), value, resolved(field.element, op.parameters)).tobytes()
    at = model.sections[reader.DATA][0] + struct.unpack_from("<I", body, at)[0]
    body[at : at + len(array)] = array


@pytest.fixture(scope="module", params=CORES)
def measured(request):
    """(core, measured ticks by model) of the shipped models, and with -forced behind their names of those that always fire."""
    rng = np.random.default_rng(1)
    names = []
    for model in MODELS:
        frames = frames_of(model)
        loud = rng.choice([-1, 1], (FORCED_TICKS, frames.shape[1])) * rng.integers(8000, 32767, (FORCED_TICKS, frames.shape[1]))
        for name, data, rows in ((model.stem, model.read_bytes(), frames), (f"{model.stem}-forced", forced(model.read_bytes()), loud)):
            (FOLDER / f"{name}.snn").write_bytes(data)
            rows.astype("<i2").tofile(FOLDER / f"{name}.raw")
            names.append(name)
    (FOLDER / "names.txt").write_text("".join(f"{name}\n" for name in names))
    return request.param, measure(FOLDER, request.param)


def predicted(core, name):
    command = [COMMAND, "budget", FOLDER / f"{name}.snn", FOLDER / f"{name}.raw", "--raw", "--core", core, "--format", "json", "--quiet"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["instructions"]


def test_predictions(measured, capsys):
    """Each model's average tick within the tolerance, no tick above what is said of the worst, all neurons firing or not."""
    core, ticks = measured
    faults = []
    with capsys.disabled():
        print(f"\n\n{core}\n\n| model | counted | predicted | off | dearest tick | all firing | at worst |\n|---|---|---|---|---|---|---|")
        for model in MODELS:
            totals, fired = ([sum(parts) for parts, _ in ticks[name]] for name in (model.stem, f"{model.stem}-forced"))
            report, mean = predicted(core, model.stem), np.mean(totals)
            off = report["expectedPerTick"] / mean - 1
            print(f"| {model.stem} | {mean:,.0f} | {report['expectedPerTick']:,} | {off:+.1%} | {max(totals):,} | {max(fired):,} "
                  f"| {report['worstPerTick']:,} |")
            if abs(off) > TOLERANCE:
                faults.append(f"{model.stem}: {off:+.1%}")
            if max(*totals, *fired) > report["worstPerTick"]:
                faults.append(f"{model.stem}: dearer than the worst")
            if report["estimated"]:
                faults.append(f"{model.stem}: {report['estimated']} not measured")
            # Op by op a bound may be passed a little; it is the sum that is promised.
            for line, counts in zip(report["ops"], zip(*(parts for parts, _ in ticks[model.stem] + ticks[f"{model.stem}-forced"])), strict=True):
                if max(counts) > (1 + TOLERANCE) * line["worst"]:
                    faults.append(f"{model.stem}, op {line['op']}: {max(counts)} above {line['worst']}")
    assert not faults


def test_forced_models_fire():
    """The neurons of the models above do all fire: the last of their ticks has every event."""
    for model in MODELS:
        data = forced(model.read_bytes())
        network = Network(reader.parse(data))
        for _ in range(3):
            network.tick([20000] * len(network.model.channels))
        for op in network.ops:
            if op.op.kind == reader.Kind.LIF and op.parameters.is_spiking:
                assert op.events == 3 * op.source_slot.count, model.stem
