"""`snnrt inspect` and `snnrt budget`: what they show adds up."""

import json
import subprocess

from command import MODEL, SAMPLE, SNNRT, USAGE, run, summary


def test_the_program_as_a_graph(tmp_path):
    text = run("inspect", MODEL, "--graph", "-").stdout.splitlines()
    hidden = next(at for at, line in enumerate(text) if line.startswith("op 13 lif -> spikes[96]"))
    assert text[hidden + 1 : hidden + 4] == [
        "         <- op 2 through op 10, 96x40 int8",
        "         <- op 13 of the last tick through op 11, 96x96 int8",
        "         <- op 9 through op 12, 96x96 int8",
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


def test_inspect_adds_up():
    report = json.loads(run("inspect", MODEL, "--format", "json").stdout)
    text = run("inspect", MODEL).stdout
    assert report["fileBytes"] == MODEL.stat().st_size
    assert report["arena"][-1]["offset"] + report["arena"][-1]["bytes"] == report["arenaBytes"]
    gaps = [b["offset"] - a["offset"] - a["bytes"] for a, b in zip(report["arena"], report["arena"][1:])]
    assert all(0 <= gap < 8 for gap in gaps)
    assert f"{report['arenaBytes']:,}" in text
    assert report["overheadBytes"] <= 1152  # 17 ops with blocks of their whole length
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
