"""Networks that snnrt.export wrote (Tests/peers/networks.py): compiled from the file alone, they give their framework's labels."""

import json
from pathlib import Path

import pytest

from command import run

RECORDED = Path(__file__).resolve().parents[1] / "peers/recorded/export"
NETWORKS = sorted(path.stem for path in RECORDED.glob("*.nir"))


def test_every_framework_has_networks():
    assert {name.split("-")[0] for name in NETWORKS} == {"snntorch", "norse", "spikingjelly", "sinabs", "rockpool", "pytorch"}


@pytest.mark.parametrize("bits, agreement", [(16, 0.99), (8, 0.96)])
@pytest.mark.parametrize("name", NETWORKS)
def test_labels_are_the_frameworks(tmp_path, name, bits, agreement):
    done = run("compile", RECORDED / f"{name}.nir", "-o", tmp_path / "model.snn", "--weights", str(bits), "--min-agreement", str(100 * agreement),
               "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["dialect"] == "snnrt"
    # The reference of the compiler, of this file, is the framework's run; it was not made by the exporter.
    assert report["truth"]["reference"]["labels"] == 1
    assert report["truth"]["integers"]["labels"] >= agreement
