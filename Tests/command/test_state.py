"""A network's state across processes: saved in one, continued in another, bit for bit."""

import subprocess

import pytest

from command import MODEL, ROOT, SPIKING

KEEP = ROOT / "build/c/keep_state"
MODELS = [MODEL, SPIKING, ROOT / "build/vectors/example.snn"]
TICKS = 43  # past the end of a 40-tick window


def run(model, first, last, state_in, state_out):
    done = subprocess.run([KEEP, model, str(first), str(last), state_in, state_out], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("model", MODELS, ids=[model.stem for model in MODELS])
def test_continues_in_another_process_from_every_tick(model, tmp_path):
    whole = run(model, 0, TICKS, "-", tmp_path / "end")
    assert len(whole) == TICKS and len(set(line.split()[1] for line in whole)) == TICKS
    for tick in range(TICKS + 1):
        first = run(model, 0, tick, "-", tmp_path / "state")
        second = run(model, tick, TICKS, tmp_path / "state", tmp_path / "again")
        assert first + second == whole, f"saved after tick {tick}"
        assert (tmp_path / "again").read_bytes() == (tmp_path / "end").read_bytes()


def test_another_model_is_refused(tmp_path):
    run(MODELS[0], 0, 3, "-", tmp_path / "state")
    done = subprocess.run([KEEP, MODELS[1], "3", "4", tmp_path / "state", tmp_path / "out"], capture_output=True, text=True)
    assert done.returncode == 1 and "another model" in done.stderr
