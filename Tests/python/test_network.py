"""The package's Network against the interpreter that is written from docs/format.md: results, slots and state variables of every
tick, and what is refused."""

import ctypes
import subprocess
import sys
from pathlib import Path

import interpreter
import numpy as np
import pytest
import reader

import snnrt
from snnrt import _library as lib

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "build/vectors"
EXAMPLE = VECTORS / "example.snn"
PROGRAMS = sorted(VECTORS.glob("[0-9][0-9]0-*.snn"))
BRAILLE = ROOT / "models/braille-l2mu/braille-l2mu-w8.snn"


def frames_for(model, count, seed):
    return np.random.default_rng(seed).integers(-3000, 3000, (count, len(model.channels)), dtype=np.int16)


def packed(network, op):
    """State variables as they stand in the state block: 16 or 32 bits, padded to 4 bytes."""
    parts = []
    for number, values in enumerate(network.variables(op).values()):
        variable = lib.Variable()
        lib.call("state_variable", network._handle, op, number, ctypes.byref(variable), None, 0)
        part = values.astype("<i4" if variable.bits == 32 else "<i2").tobytes()
        parts.append(part + bytes(-len(part) % 4))
    return b"".join(parts)


def test_there_are_programs():
    assert len(PROGRAMS) > 50


@pytest.mark.parametrize("path", PROGRAMS[:60], ids=lambda path: path.stem)
def test_every_tick_is_the_interpreters(path):
    model = snnrt.Model(path)
    network, oracle = snnrt.Network(model), interpreter.Network(reader.parse(path.read_bytes()))
    seen = 0
    for frame in frames_for(model, 12, 4):
        expected = oracle.tick(frame)
        results = network.push(frame)
        assert [(r.label, list(r.scores)) for r in results] == ([] if expected is None else [(expected[0], list(expected[1]))])
        for number, values in enumerate(oracle.slot_values()):
            assert (network.slot(number) == values).all()
        for number, (op, state) in enumerate(zip(network.ops(), oracle.ops)):
            variables = network.variables(number)
            assert len(variables) == op.variable_count
            if variables:
                assert packed(network, number) == b"".join(state.state())
                seen += 1
    assert seen > 0


def test_a_stream_pauses_and_goes_on():
    model = snnrt.Model(EXAMPLE)
    frames = frames_for(model, 31, 5)
    whole = snnrt.Network(model).push(frames)
    first = snnrt.Network(model)
    before = first.push(frames[:13])
    second = snnrt.Network(model.data)
    second.restore(first.save())
    after = second.push(frames[13:])
    assert [list(r.scores) for r in whole] == [list(r.scores) for r in before + after]
    assert second.usage()["ticks"] == 31 and second.usage() == first_usage(model, frames)
    assert [r.name for r in whole] == [model.classes[r.label] for r in whole]


def first_usage(model, frames):
    network = snnrt.Network(model)
    network.push(frames)
    return network.usage()


def test_results_resets_and_usage():
    network = snnrt.Network(EXAMPLE)
    assert network.result() is None
    network.push(frames_for(network.model, 4, 6))
    assert network.result().label in (0, 1)
    network.reset()
    assert network.result() is None and network.usage()["ticks"] == 4
    network.reset(usage=True)
    assert network.usage()["ticks"] == 0
    assert network.usage(1)["effective_acs"] == 0
    full = snnrt.Network(EXAMPLE, accounting="full")
    full.push(frames_for(full.model, 4, 6))
    assert full.usage(3)["effective_acs"] > 0 and full.cost(3)["weight_bits"] == 2
    assert sum(full.cost(op)["s_ace_per_result"] for op in range(6)) == full.cost()["s_ace_per_result"]


def test_what_is_refused():
    with pytest.raises(snnrt.Error, match="not an snnrt model") as refusal:
        snnrt.Model(b"no model at all, but as long as one")
    assert refusal.value.status == -3
    damaged = bytearray(EXAMPLE.read_bytes())
    damaged[200] ^= 1
    with pytest.raises(snnrt.Error, match="checksum"):
        snnrt.Model(bytes(damaged))
    network = snnrt.Network(EXAMPLE)
    saved = network.save()
    with pytest.raises(snnrt.Error) as refusal:
        network.restore(saved[:-1])
    assert refusal.value.status == -19 and refusal.value.offset == len(saved) - 1
    with pytest.raises(snnrt.Error) as refusal:
        network.restore(snnrt.Network(BRAILLE).save())
    assert refusal.value.status == -18
    with pytest.raises(ValueError, match="expected 2 channels"):
        network.push(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="basic or full"):
        snnrt.Network(EXAMPLE, accounting="whole")


def test_the_package_loads_what_it_needs():
    """Writers need no library, the command no NumPy."""
    code = "import sys, snnrt; assert 'numpy' not in sys.modules; import snnrt._command; assert 'numpy' not in sys.modules; " \
        "from snnrt.file import ModelWriter; assert 'ctypes' not in sys.modules or 'snnrt._library' not in sys.modules; dir(snnrt)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(ROOT / "models")})
