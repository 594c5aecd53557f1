"""check: all that compile would refuse, each at its node, and what a network takes."""

import json
import os
from pathlib import Path

import pytest

from command import ROOT, run

NETWORKS = ROOT / "Tests/fixtures/nir"
ODD = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "models/nir-odd"
USAGE, REFUSED = 64, 65


def report(path, *options, code=0):
    done = run("check", path, "--format", "json", *options)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def at_fault(found):
    return {node["node"]: node["reason"] for node in found["nodes"] if not node["isSupported"]}


def test_all_findings_stand_at_their_nodes():
    found = report(NETWORKS / "faults.nir", "--dialect", "norse", "--dt", "1e-3", code=REFUSED)
    reasons = at_fault(found)
    assert not found["isSupported"] and set(reasons) == {"lif1", "delay", "lif3"}
    assert "v_threshold of neuron 0 is below 0" in reasons["lif1"] and "expected 0 to 4095 ticks" in reasons["delay"] and "shorter than a tick" in reasons["lif3"]
    assert {finding["node"]: finding["reason"] for finding in found["findings"]} == reasons
    done = run("check", NETWORKS / "faults.nir", "--dialect", "norse", "--dt", "1e-3")
    rows = [line for line in done.stdout.splitlines() if " NO " in line]
    assert len(rows) == 3 and all(reason in row for reason, row in zip(reasons.values(), rows))
    assert len(done.stderr.splitlines()) == 3 and all(reason in done.stderr for reason in reasons.values())


@pytest.mark.parametrize("options, node, words", [
    (["--target", "loihi", "--dialect", "spyx"], "1", "resets by subtract"), (["--weights", "9=4", "--dialect", "norse"], None, "there is no layer \"9\""),
    (["--dialect", "exact"], "1", "resets inside the tick"),
])
def test_options_of_compile_count(options, node, words):
    """What the options make of a network that can be compiled without them."""
    path = NETWORKS / "cnn.nir"
    assert report(path, "--dt", "1")["isSupported"]
    found = report(path, "--dt", "1", *options, code=REFUSED)
    assert any(finding.get("node") == node and words in finding["reason"] for finding in found["findings"]), found["findings"]
    assert node is None or words in at_fault(found)[node]
    dialect = [] if "--dialect" in options else ["--dialect", "sinabs"]
    compiled = run("compile", path, "-o", "/dev/null", "--window", "9", "--dt", "1", *options, *dialect)
    assert compiled.returncode == REFUSED and words in compiled.stderr


def test_what_a_network_takes():
    """By hand: a convolution's products are those of its kernel's places within the source; bytes are those of the compiled file."""
    found = report(NETWORKS / "lmu.nir", "--window", "20", "--dialect", "norse")
    nodes = {node["node"]: node for node in found["nodes"]}
    assert nodes["W_x"]["parameters"] == 10 * 3 + 10 and nodes["W_x"]["operations"] == 30
    assert nodes["memory"]["parameters"] == 9 + 3 and nodes["memory"]["operations"] == 4 * (9 + 3)
    assert found["operations"] == 4 * 3 + 4 * 10 + 4 * 12 + 4 * (9 + 3) + 10 * 3 + 10 * 10 + 10 * 12 + 3 * 10
    assert found["parameters"] == sum(node["parameters"] for node in nodes.values())
    # Weights of 8 bits into h: W_x, W_h, W_m.
    assert nodes["h"]["weightBytes"] == 30 + 100 + 120
    assert found["model"]["ticksPerResult"] == 20


def test_check_predicts_the_file(tmp_path):
    options = ["--window", "40", "--dt", "1", "--dialect", "sinabs", "--weights", "4"]
    found = report(NETWORKS / "cnn.nir", *options)
    model = tmp_path / "cnn.snn"
    done = run("compile", NETWORKS / "cnn.nir", "-o", model, "--format", "json", *options)
    made = json.loads(done.stdout)
    # The stream's title is all that a check does not know.
    assert abs(found["model"]["bytes"] - made["bytes"]) <= 16 and found["model"]["arenaBytes"] == made["arenaBytes"]
    assert found["needs"] == []


@pytest.mark.parametrize("options, words", [
    (["--classes", "a,b"], "2 class names for 3 outputs"), (["--channels", "a,b"], "2 channel names for 3 inputs"),
    (["--hop", "4"], "give --keep-state"), (["--count", "1/2,1/4"], "--count: gives 2 values"), (["--dt", "10"], "give the rate with --rate"),
    (["--readout", "leaky:100000"], "has no leak as slow"), (["--normalize", "1,1e-310"], "is beyond all numbers"),
])
def test_what_compile_refuses_check_says(tmp_path, options, words):
    path, common = NETWORKS / "lmu.nir", ["--dialect", "norse", "--window", "16"] + (["--dt", "1"] if "--dt" not in options else [])
    found = report(path, *common, *options, code=REFUSED)
    assert any(words in finding["reason"] + finding.get("hint", "") for finding in found["findings"]), found["findings"]
    done = run("compile", path, "-o", tmp_path / "model.snn", *common, *options)
    assert done.returncode in (USAGE, REFUSED) and words in done.stderr


def test_what_compile_still_wants_is_said():
    assert report(NETWORKS / "every.nir")["needs"] == ["--dialect", "--dt", "--window"]


def test_netx_files_are_checked():
    found = report(NETWORKS / "netx_image_loihi.net", "--target", "loihi", "--window", "50")
    nodes = {node["node"]: node for node in found["nodes"]}
    assert [node["primitive"] for node in found["nodes"]] == ["input", "conv", "pool", "flatten", "dense", "average"]
    assert nodes["layer/1"]["shape"] == [4, 5, 3] and nodes["layer/5"]["shape"] == [4] and nodes["layer/4"]["operations"] == 8 * 24
    assert found["isSupported"] and found["model"]["arenaBytes"] > 1000 and found["needs"] == []
    assert report(NETWORKS / "small.net")["needs"] == ["--target loihi", "--window"]


@pytest.mark.parametrize("name, node, words", [
    ("netx_theta", "layer/0", "neuron/theta: is 1700"), ("netx_width", "layer/1", "weight: reads 4 inputs"),
    ("netx_odd", "layer/0", "is odd, where a matrix of both signs"), ("netx_sigma", "layer/0", "neuron/type: is \"SDNN\""),
])
def test_faults_of_netx_files_stand_at_their_layer(name, node, words):
    assert words in at_fault(report(NETWORKS / f"{name}.net", "--target", "loihi", code=REFUSED))[node]


@pytest.mark.skipif(not ODD.exists(), reason=f"SKIPPED: needs {ODD} (set SNNRT_SHARED)")
@pytest.mark.parametrize("name", sorted(path.stem for path in ODD.glob("b*.n*") if path.suffix != ".npy"))
def test_never_yes_and_refused(name):
    """Every odd file: what is refused is marked at a node, or is a finding of the whole file."""
    path = next(path for path in ODD.glob(f"{name}.n*") if path.suffix != ".npy")
    done = run("check", path, "--format", "json", *(["--target", "loihi"] if path.suffix == ".net" else ["--dt", "1e-3"]))
    if not done.stdout:
        assert done.returncode == REFUSED and done.stderr.startswith("snnrt: ")
        return
    found = json.loads(done.stdout)
    assert (done.returncode == 0) == found["isSupported"] == (not found["findings"])
    marked = at_fault(found)
    assert {finding["node"] for finding in found["findings"] if "node" in finding} == set(marked)
    assert done.returncode in (0, REFUSED)
