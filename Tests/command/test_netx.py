"""netx files of lava-dl in Loihi's integers: against what lava-dl recorded, and against the plain equations."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from command import run

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = ROOT / "Tests/fixtures/nir"
sys.path[:0] = [str(ROOT / "Tests/peers"), str(NETWORKS)]
from engine import Network  # noqa: E402
import netx  # noqa: E402

USAGE, REFUSED = 64, 65
TINYNET = Path(os.environ.get("SNNRT_SHARED", ROOT.parent / "shared")) / "models/lava-dl/tinynet"


def compiled(tmp_path, path, *options):
    """The network, its report, and a function that gives the spikes of a layer after a tick, channels first."""
    model = tmp_path / "model.snn"
    done = run("compile", path, "-o", model, "--target", "loihi", "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    network = Network(model.read_bytes())
    metadata = json.loads(run("inspect", model, "--format", "json").stdout)["metadata"]
    places = {}
    for line in metadata:
        if line.startswith("node in slot "):
            words, name = line.removeprefix("node in slot ").split(": ")
            places[name] = (int(words.split(",")[0]), int(words.split(", ")[1].split()[0]) if "," in words else None)

    def spikes(name, shape):
        slot, channels = places[name]
        values = network.slot(slot, int(np.prod(shape)))
        return values.reshape(shape) if channels is None else np.moveaxis(values.reshape(-1, channels), 1, 0).reshape(shape)

    return network, json.loads(done.stdout), spikes


def recorded():
    """The cut of tinynet: its drive, and the spikes of each layer."""
    vectors = np.load(NETWORKS / "tinynet.npz")
    shapes = {"input": (3, 13, 13), "first": (24, 5, 5), "last": (6, 1, 1)}
    spikes = {name: np.unpackbits(vectors[name], axis=1, count=int(np.prod(shape))).reshape(16, *shape) for name, shape in shapes.items()}
    return NETWORKS / "tinynet.net", vectors["drive"].astype(int), spikes


def whole():
    """tinynet as lava-dl wrote it."""
    spikes = {name: np.moveaxis(np.load(TINYNET / f"{file}.npy")[0], -1, 0) for name, file in
              (("input", "input"), ("first", "layer1"), ("last", "output"))}
    return TINYNET / "tiny.net", np.load(TINYNET / "input_bias.npy").transpose(2, 1, 0).astype(int), spikes


@pytest.mark.parametrize("source, counts", [
    (recorded, (5504, 1009, 54)),
    pytest.param(whole, (6783, 1633, 92), marks=pytest.mark.skipif(not TINYNET.exists(), reason=f"SKIPPED: {TINYNET} is missing (set SNNRT_SHARED)")),
])
def test_tinynet_gives_every_spike_that_lava_recorded(tmp_path, source, counts):
    """The record's first tick is empty: its tick t is the network's t - 1. The input's neurons get 36·x + 34."""
    path, drive, record = source()
    network, report, spikes = compiled(tmp_path, path, "--window", "100", "--count", "1/36")
    assert report["inputBits"] == 16
    frame = (drive - 34).astype(np.int16).reshape(1, -1)
    assert all(not record[name][0].any() for name in record)
    for tick in range(1, 16):
        network.push(frame)
        for layer, name in enumerate(record):
            assert (spikes(f"layer/{layer}", record[name][tick].shape) == record[name][tick]).all(), (tick, name)
    assert tuple(int(record[name].sum()) for name in record) == counts


def tz(x, divisor=4096):
    return np.sign(x) * (np.abs(x) // divisor)


class Lava:
    """The layers of netx.py tick by tick: `tick` gives each layer's spikes before their delays."""

    def __init__(self, layers, ticks_per_layer, at_threshold, unit=1.0):
        self.layers, self.late, self.at_threshold, self.unit = layers, ticks_per_layer, at_threshold, unit
        self.state, self.kept, self.before = {}, {}, {}

    def tick(self, frame):
        fired, x = [], frame
        before, self.before = self.before, {}
        for at, (kind, members, neuron) in enumerate(self.layers):
            if kind == "flatten":
                x = x.reshape(-1)
                continue
            if kind == "average" or kind == "input" and neuron is None:
                continue
            if self.late and kind != "input":
                self.before[at] = x
                x = before.get(at, np.zeros_like(x))
            current = getattr(self, kind)(members, x, fired)
            if kind == "dense_rec":
                own = before.get("own", np.zeros(len(current), int))
                current = current + np.array(members["weight_rec"]).astype(int) @ own
            u, v = self.state.get(at, (np.zeros_like(current), np.zeros_like(current)))

            def each(value):
                return np.array(value).reshape(-1, *[1] * (current.ndim - 1)).astype(int) if np.size(value) == len(current) else int(np.ravel(value)[0])
            u = tz(u * (4096 - each(neuron["iDecay"]))) + (current << 6 + neuron.get("wgtExp", 0))
            v = np.clip(tz(v * (4096 - each(neuron["vDecay"]))) + u + each(members.get("bias", 0)) * 64, 1 - 2**23, 2**23 - 1)
            threshold = neuron["vThMant"] * 64
            spikes = (v >= threshold if self.at_threshold else v > threshold).astype(int)
            self.state[at] = u, v * (1 - spikes)
            fired.append(spikes)
            if kind == "dense_rec":
                self.before["own"] = spikes
            x = spikes
            if "delay" in members:
                kept = self.kept.setdefault(at, [])
                kept.append(spikes)
                x = np.array([kept[-1 - d][i] if d < len(kept) else 0 * spikes[i] for i, d in enumerate(members["delay"])])
        return fired, x

    def input(self, members, x, _):
        return np.floor(np.array(members["weight"])[0] * x * self.unit + 0.5).astype(int)

    def dense(self, members, x, _):
        weight = np.atleast_2d(members["weight"]).astype(int)
        return weight @ x

    dense_rec = dense

    def conv(self, members, x, _):
        weight, groups = members["weight"][..., 0].astype(int), members["groups"]
        (above, left), (down, right) = members["padding"], members["stride"]
        padded = np.pad(x, ((0, 0), (above, above), (left, left)))
        _, inner, height, width = weight.shape
        rows, columns = (padded.shape[1] - height) // down + 1, (padded.shape[2] - width) // right + 1
        out = np.zeros((len(weight), rows, columns), int)
        for o in range(len(weight)):
            group = padded[o // (len(weight) // groups) * inner:][:inner]
            for i in range(rows):
                for j in range(columns):
                    out[o, i, j] = (weight[o] * group[:, i * down:i * down + height, j * right:j * right + width]).sum()
        return out

    def pool(self, members, x, _):
        padded = np.pad(x, ((0, 0), (0, x.shape[1] % 2), (0, x.shape[2] % 2)))
        return 16 * padded.reshape(len(x), padded.shape[1] // 2, 2, -1, 2).sum((2, 4))


@pytest.mark.parametrize("name, options, least", [
    ("small", [], 20), ("netx_recurrent", [], 20), ("netx_single", [], 5), ("netx_delay", [], 20), ("netx_exponent", [], 20),
    ("netx_maps_cuba", [], 20), ("netx_maps_loihi", [], 20), ("netx_image_cuba", ["--count", "1/7"], 20), ("netx_image_loihi", ["--count", "1/7"], 20), ("netx_image_loihi", [], 20),
])
def test_a_netx_file_runs_as_its_integers_say(tmp_path, name, options, least):
    """Every spike of every layer, 399 ticks: v ≥ θ and a tick per layer, or v > θ and none."""
    layers = netx.NETWORKS[name]
    is_cuba = next(neuron for _, _, neuron in layers if neuron)["type"] == "CUBA"
    network, _, spikes = compiled(tmp_path, NETWORKS / f"{name}.net", "--window", "400", *options)
    reference = Lava(layers, is_cuba, is_cuba, 1 / 7 if options else 1.0)
    rng, is_image = np.random.default_rng(5), layers[0][0] == "input"
    has_values = is_image and layers[0][2] is not None
    shape = tuple(layers[0][1]["shape"]) if is_image else (3,)
    names = [f"layer/{i}" for i, layer in enumerate(layers) if layer[2]]
    counts = [0] * len(names)
    frames = rng.integers(*(-20, 120) if options else (-1, 5) if has_values else (0, 2), (399, *shape)).astype(np.int16)
    for tick, frame in enumerate(frames):
        network.push(frame.reshape(1, -1))
        fired, _ = reference.tick(frame.astype(int))
        for at, expected in enumerate(fired):
            assert (spikes(names[at], expected.shape) == expected).all(), (tick, at)
            counts[at] += expected.sum()
    assert min(counts) >= least, counts


def test_the_comparison_may_be_said(tmp_path):
    """v > θ for neurons whose type stands for v ≥ θ; what is taken unsaid is a note."""
    network, _, spikes = compiled(tmp_path, NETWORKS / "small.net", "--window", "400", "--comparison", "greater")
    beyond, at = Lava(netx.NETWORKS["small"], True, False), Lava(netx.NETWORKS["small"], True, True)
    rng, differing = np.random.default_rng(5), 0
    for tick in range(399):
        frame = rng.integers(0, 2, 3)
        network.push(frame[None].astype(np.int16))
        expected, other = beyond.tick(frame)[0], at.tick(frame)[0]
        assert all((spikes(f"layer/{i}", layer.shape) == layer).all() for i, layer in enumerate(expected)), tick
        differing += sum((a != b).sum() for a, b in zip(expected, other))
    assert differing > 0
    options = ["-o", tmp_path / "m.snn", "--target", "loihi", "--window", "9"]
    assert "--comparison greater" in run("compile", NETWORKS / "small.net", *options).stderr
    assert run("compile", NETWORKS / "small.net", *options, "--comparison", "greater", "--rate", "1000").stderr == ""
    assert run("compile", NETWORKS / "netx_image_loihi.net", *options, "--rate", "1000").stderr == ""
    assert "nobody gave the rate" in run("compile", NETWORKS / "netx_image_loihi.net", *options).stderr


@pytest.mark.parametrize("name", ["netx_image_cuba", "netx_image_loihi"])
def test_averaged_spikes_are_counted_by_groups(tmp_path, name):
    """A score is the count of a pair of neurons, each behind its delay."""
    layers = netx.NETWORKS[name]
    model, log = tmp_path / "model.snn", tmp_path / "x.npy"
    assert run("compile", NETWORKS / f"{name}.net", "-o", model, "--target", "loihi", "--window", "50").returncode == 0
    frames = np.random.default_rng(7).integers(-1, 5, (3, 50, 60)).astype(np.int16)
    np.save(log, frames)
    done = run("infer", model, log, "--raw", "--format", "jsonl", "-q")
    rows = [json.loads(line) for line in done.stdout.splitlines()][:3]
    for window, row in zip(frames, rows):
        reference, scores = Lava(layers, name.endswith("cuba"), name.endswith("cuba")), np.zeros(4, int)
        for frame in window:
            scores += reference.tick(frame.reshape(2, 5, 6).astype(int))[1].reshape(4, 2).sum(1)
        assert list(row["scores"].values() if isinstance(row["scores"], dict) else row["scores"]) == list(scores)
        assert scores.any()


@pytest.mark.parametrize("name, words", [
    ("netx_conv", "layer/0: reads an input of unknown size"),
    ("netx_odd", "layer/0/weight: -79 at [0, 0] is odd"),
    ("netx_width", "layer/1/weight: reads 4 inputs, where the layer before gives 5"),
    ("netx_graded", "layer/0/neuron/gradedSpike: is 1.0"),
    ("netx_theta", "layer/0/neuron/theta: is 1700, where vThMant says 25·2^6 = 1600"),
    ("netx_mixed", "layer/0 has neurons of type CUBA, layer/1 of type LOIHI"),
    ("netx_empty", "layer/0/shape: is []"),
    ("netx_sigma", "layer/0/neuron/type: is \"SDNN\""),
])
def test_refusals(tmp_path, name, words):
    done = run("compile", NETWORKS / f"{name}.net", "-o", tmp_path / "m.snn", "--target", "loihi", "--window", "9")
    assert done.returncode == REFUSED and words in done.stderr, (done.returncode, done.stderr)


def test_convolutions_of_nir_run_on_the_chip(tmp_path):
    """Whole weights in numbers of 32 bits stay whole: v > θ, and a tick per layer, the input's too."""
    network, report, spikes = compiled(tmp_path, NETWORKS / "convolutions.nir", "--window", "400", "--dt", "1e-3")
    assert all(matrix.get("signalToNoise") is None for population in report["populations"] for matrix in population["matrices"])
    reference, rng = Lava(netx.CONVOLUTIONS, True, False), np.random.default_rng(5)
    counts = np.zeros(3, int)
    for tick in range(399):
        frame = rng.integers(0, 2, (2, 5, 6))
        network.push(frame.reshape(1, -1).astype(np.int16))
        for at, expected in enumerate(reference.tick(frame)[0]):
            assert (spikes(f"lif{at}", expected.shape) == expected).all(), (tick, at)
            counts[at] += expected.sum()
    assert counts.min() >= 20, counts


@pytest.mark.parametrize("name, options", [
    ("small", []), ("netx_recurrent", []), ("netx_delay", []), ("netx_maps_cuba", []), ("netx_maps_loihi", []),
    ("netx_image_cuba", ["--count", "1/7"]), ("netx_image_loihi", ["--count", "1/7"]),
])
def test_verify_runs_the_integers_of_a_netx_file(tmp_path, name, options):
    model, log = tmp_path / "model.snn", tmp_path / "x.npy"
    assert run("compile", NETWORKS / f"{name}.net", "-o", model, "--target", "loihi", "--window", "60", *options).returncode == 0
    count = 3 if name in ("small", "netx_recurrent", "netx_delay") else 60
    np.save(log, np.random.default_rng(9).integers(*(-20, 120) if options else (0, 2), (3, 60, count)).astype(np.int16))
    done = run("verify", model, NETWORKS / f"{name}.net", log, "--raw", "--format", "json", "-q")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["results"] == report["equalScores"] == 3 and report["labelAgreement"] == 1
    for layer in report["populations"]:
        assert layer["differing"] == 0 and layer["spikes"] == layer["referenceSpikes"] > 0 and layer["ticks"] == 3 * 59


@pytest.mark.parametrize("dialect, words", [("lava", None), ("spikingjelly", None), ("norse", "resets to or starts at a voltage other than 0")])
def test_what_a_chips_neurons_do_not_have_is_refused(tmp_path, dialect, words):
    """Neurons that start at their leak, as one dialect's do; v >= threshold is kept."""
    model = tmp_path / "model.snn"
    network = NETWORKS / ("leaking.nir" if words else "nested.nir")
    done = run("compile", network, "-o", model, "--target", "loihi", "--window", "9", "--dt", "1e-3", "--dialect", dialect)
    assert done.returncode == (REFUSED if words else 0) and (not words or words in done.stderr), done.stderr
    if not words:
        program = json.loads(run("inspect", model, "--format", "json").stdout)["program"]
        assert all(("fires at the threshold" in op["details"]) == (dialect == "spikingjelly") for op in program if op["kind"] == "loihi")


def test_verify_finds_another_networks_integers(tmp_path):
    """Weights that differ in one place; and a network of another shape."""
    model, log, other = tmp_path / "model.snn", tmp_path / "x.npy", tmp_path / "other.net"
    assert run("compile", NETWORKS / "netx_recurrent.net", "-o", model, "--target", "loihi", "--window", "60").returncode == 0
    np.save(log, np.random.default_rng(9).integers(0, 2, (3, 60, 3)).astype(np.int16))
    done = run("verify", model, NETWORKS / "small.net", log, "--raw", "-q")
    assert done.returncode == 1 and "gives other spikes than the integers of" in done.stderr
    done = run("verify", model, NETWORKS / "netx_single.net", log, "--raw", "-q")
    assert done.returncode == REFUSED and "was not compiled from this network" in done.stderr


@pytest.mark.parametrize("name, target, options, channels, share", [
    ("convolutions", "loihi", [], 60, 0.08), ("nested", "loihi", [], 4, 0.06), ("xylo_6_32_7", "xylo", [], 6, 0.25),
])
def test_verify_runs_the_reference_of_a_chips_model(tmp_path, name, target, options, channels, share):
    """With the chip's delays; its decays have 12 bits, or are powers of two."""
    model, log = tmp_path / "model.snn", tmp_path / "x.npy"
    options = ["--target", target, "--window", "100", "--dt", "1e-3", *options]
    assert run("compile", NETWORKS / f"{name}.nir", "-o", model, *options).returncode == 0
    np.save(log, np.random.default_rng(1).integers(0, 2, (6, 100, channels)).astype(np.int16))
    done = run("verify", model, NETWORKS / f"{name}.nir", log, "--raw", "--format", "json", "-q", "--min-agreement", "80%")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["results"] == 6 and report["labelAgreement"] >= 5 / 6
    for population in report["populations"]:
        assert population["spikes"] > 50
        assert population["differing"] <= share * population["ticks"] * population["neurons"], population


@pytest.mark.parametrize("options", [
    ["--dialect", "norse"], ["--dt", "5"], ["--reset", "zero"], ["--reset-delay", "next"], ["--spike-bits", "2"], ["--allow", "rounded-delays"],
    ["--expected", "none.npz"], ["--min-agreement", "50%"]])
def test_what_a_netx_file_leaves_no_room_for_is_refused(tmp_path, options):
    """Neither does the network run otherwise than its integers say, nor is a comparison forgotten that was asked for."""
    model, common = tmp_path / "model.snn", ["--target", "loihi", "--window", "10"]
    done = run("compile", NETWORKS / "small.net", "-o", model, *common, *options)
    assert done.returncode == USAGE and f"{options[0]}: " in done.stderr and not model.exists(), done.stderr
    if options[0] in ("--expected", "--min-agreement"):
        assert run("compile", NETWORKS / "small.net", "-o", model, *common).returncode == 0
        done = run("verify", model, NETWORKS / "small.net", *options)
    else:
        done = run("check", NETWORKS / "small.net", *common, *options)
    assert done.returncode == USAGE and f"{options[0]}: " in done.stderr, done.stderr


@pytest.mark.parametrize("network, options", [("small.net", ["--target", "loihi"]), ("lmu.nir", ["--dialect", "norse", "--dt", "1"])])
def test_verify_needs_a_result(tmp_path, network, options):
    """A log shorter than a window shows nothing, so that nothing is confirmed."""
    model, log = tmp_path / "model.snn", tmp_path / "x.npy"
    assert run("compile", NETWORKS / network, "-o", model, "--window", "60", *options).returncode == 0
    np.save(log, np.zeros((20, 3), np.int16))
    done = run("verify", model, NETWORKS / network, log, "--raw", "-q")
    assert done.returncode not in (0, 1) and "gave no result" in done.stderr, (done.returncode, done.stderr)
