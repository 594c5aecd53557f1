"""`snnrt inspect` and `snnrt budget`: what they show adds up."""

import json
import subprocess
import sys

import numpy as np

from command import MODEL, ROOT, SAMPLE, SNNRT, SPIKING, USAGE, run, summary

sys.path.insert(0, str(ROOT / "models"))
from snnrt.file import ModelWriter  # noqa: E402


def test_the_program_as_a_graph(tmp_path):
    text = run("inspect", SPIKING, "--graph", "-").stdout.splitlines()
    hidden = next(at for at, line in enumerate(text) if line.startswith("op 13 lif -> spikes[80]"))
    assert text[hidden + 1 : hidden + 4] == [
        "         <- op 2 through op 10, 80x40 int4, joined by multipliers >> 10",
        "         <- op 13 of the last tick through op 11, 80x80 int4, joined by multipliers >> 11",
        "         <- op 9 through op 12, 80x144 int4, joined by multipliers >> 11",
    ]
    for ending, start in ((".dot", "digraph"), (".svg", "<?xml")):
        path = tmp_path / ("program" + ending)
        assert run("inspect", MODEL, "--graph", path).returncode == 0
        assert path.read_text().startswith(start)
    without = subprocess.run([SNNRT, "inspect", MODEL, "--graph", tmp_path / "p.svg"], env={"PATH": ""}, capture_output=True, text=True)
    assert without.returncode == 74 and "graphviz" in without.stderr and not (tmp_path / "p.svg").exists()
    assert run("inspect", MODEL, "--graph", tmp_path / "p.png").returncode == USAGE
    assert run("inspect", MODEL, "--graph", "-", "--format", "json").returncode == USAGE
    assert run("inspect", MODEL, "--graph", tmp_path / "no" / "p.dot").returncode == 74


def test_ops_bear_the_names_of_their_nodes(tmp_path):
    model = tmp_path / "model.snn"
    assert run("compile", ROOT / "Tests/fixtures/nir/nested.nir", "-o", model, "--window", "9", "--dt", "1e-3", "--dialect", "norse").returncode == 0
    program = json.loads(run("inspect", model, "--format", "json").stdout)["program"]
    named = {(op["kind"], op["node"]) for op in program if "node" in op}
    assert {("lif", "hidden/lif"), ("dense", "hidden/lif"), ("lif", "last")} <= named and "node" not in program[-1]
    text = run("inspect", model).stdout
    assert any(line.split()[1:3] == ["lif", "hidden/lif"] for line in text.splitlines())
    assert ' lif "hidden/lif" -> spikes' in run("inspect", model, "--graph", "-").stdout
    drawing = tmp_path / "program.dot"
    assert run("inspect", model, "--graph", drawing).returncode == 0 and '[label="hidden/lif\\nop ' in drawing.read_text()


def slow_model(path, positions):
    """A small file whose tick looks for places of a kernel in vain, so often that it takes seconds."""
    model = ModelWriter()
    samples = model.stream("s", (1, 1), [("c", "", (1, 1))])
    value, wide = model.analog(1, bits=8), model.current(positions)
    model.input(samples, value, [0], [1], 0)
    model.dense(value, wide, np.ones((positions, 1), int), "binary")
    places = (positions - 1) // 200 + 1
    values, sums = model.analog(positions, bits=8), model.current(places)
    model.activation(wide, values, multiplier=1, low=-9, high=9)
    model.convolution(values, sums, (1, positions, 1), np.ones((1, 1, 200, 200), int), "int8", (1, 200), (199, 0, 199, 0))
    model.activation(sums, model.analog(places, bits=8))
    model.output("o", model.readout(value, window=1), ["a"])
    path.write_bytes(model.build())
    return path


def test_a_slow_tick_is_warned_of(tmp_path):
    assert "warning" not in run("inspect", MODEL).stdout + run("budget", MODEL).stdout
    path = slow_model(tmp_path / "slow.snn", 4000)
    for command in ("inspect", "budget"):
        assert "warning: a tick may take more than" in run(command, path).stdout
    report = json.loads(run("inspect", path, "--format", "json").stdout)
    assert report["operationsPerTick"] > 4000 * 200 * 201


def test_instructions_are_predicted():
    text = run("budget", MODEL, SAMPLE, "--core", "m4", "--quiet").stdout
    assert "instructions per tick on a Cortex-M4" in text and "million at worst" in text
    both = {core: json.loads(run("budget", MODEL, "--core", core, "--format", "json").stdout)["instructions"] for core in ("m4", "m33", "m33-nodsp", "m3")}
    assert both["m4"]["ops"] == both["m33"]["ops"] and both["m3"]["ops"] == both["m33-nodsp"]["ops"] != both["m4"]["ops"]
    assert all("expectedPerTick" not in report and report["estimated"] == [] for report in both.values())
    worst, ops = both["m4"]["worstPerTick"], both["m4"]["ops"]
    assert 0 <= sum(op["worst"] for op in ops) - worst < len(ops)
    measured = json.loads(run("budget", MODEL, SAMPLE, "--core", "m4", "--format", "json", "--quiet").stdout)["instructions"]
    assert measured["worstPerTick"] == worst > measured["expectedPerTick"]
    spiking = json.loads(run("budget", SPIKING, SAMPLE, "--core", "m4", "--format", "json", "--quiet").stdout)["instructions"]
    assert spiking["worstPerTick"] > 2 * spiking["expectedPerTick"]
    assert run("budget", MODEL, "--core", "z80").returncode == USAGE


def test_inspect_adds_up():
    report = json.loads(run("inspect", MODEL, "--format", "json").stdout)
    text = run("inspect", MODEL).stdout
    assert report["fileBytes"] == MODEL.stat().st_size
    assert report["arena"][-1]["offset"] + report["arena"][-1]["bytes"] == report["arenaBytes"]
    gaps = [b["offset"] - a["offset"] - a["bytes"] for a, b in zip(report["arena"], report["arena"][1:])]
    assert all(0 <= gap < 8 for gap in gaps)
    assert f"{report['arenaBytes']:,}" in text
    assert report["overheadBytes"] <= 1168  # 19 ops with blocks of their whole length
    full = json.loads(run("inspect", MODEL, "--format", "json", "--accounting", "full").stdout)
    assert full["arenaBytes"] == report["arenaBytes"] + 24 * len(report["program"])


def test_budget_adds_up():
    report = json.loads(run("budget", MODEL, SAMPLE, "--format", "json").stdout)
    static, measured = report["budget"], report["measured"]
    for line in static["ops"]:
        assert line["bitBudget"] == static["ticksPerResult"] * line["weightBits"] * line["sourceBits"]
        assert line["sAcePerResult"] == line["synapses"] * line["bitBudget"]
    for key in ("synapses", "sAcePerResult", "weights", "zeroWeights", "neurons", "stateBitsReadPerTick"):
        assert static["total"][key] == sum(line[key] for line in static["ops"])
    for key in ("synapticOperations", "nsAce", "effectiveACs", "effectiveMACs", "membraneUpdates", "modelBitsRead"):
        assert measured["total"][key] == sum(line[key] for line in measured["ops"])
    total = summary(MODEL, SAMPLE)[1]
    assert measured["total"]["nsAce"] == total["nsAce"]
    assert measured["outputChecksum"] == total["outputChecksum"]
    assert measured["total"]["nsAce"] <= measured["results"] * static["total"]["sAcePerResult"]
    assert "a model and not a measurement" in run("budget", MODEL, SAMPLE).stdout
