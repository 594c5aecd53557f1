"""snnrt.torch.quantize where Python has PyTorch, h5py and snnrt's library: its scores are the file's, its checkpoints whole, its refusals named."""

import json
import sys

import numpy as np
import pytest

from command import ROOT, SNNRT, run

sys.path.insert(0, str(ROOT / "models"))
torch = pytest.importorskip("torch", reason="NOT RUN: this Python has no PyTorch")
pytest.importorskip("h5py", reason="NOT RUN: this Python has no h5py")
from torch import nn  # noqa: E402
from snnrt.torch import Neurons, quantize  # noqa: E402


def layers(**options):
    torch.manual_seed(3)
    return [("fc1", nn.Linear(6, 24)), ("lif1", Neurons(nn.Parameter(torch.rand(24)), 0.8, **options)), ("fc2", nn.Linear(24, 5)),
            ("lif2", Neurons(0.9, 0.7, **options))]


@pytest.mark.parametrize("bits", [8, 4, 2, 1])
@pytest.mark.parametrize("reset, delay", [("subtract", "next"), ("zero", "same")])
def test_scores_are_the_files(tmp_path, bits, reset, delay):
    network = quantize(layers(reset=reset, reset_delay=delay), bits, count="1/32", input_bits=9)
    x = 2 * torch.randn(20, 30, 6)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    for _ in range(3):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(x), torch.arange(20) % 5).backward()
        assert all(torch.isfinite(value.grad).all() for value in network.parameters()) and len(optimizer.param_groups[0]["params"]) == 7
        optimizer.step()
    network.save(tmp_path / "network.nir", x)
    expected = np.load(tmp_path / "network.expected.npz")
    np.save(tmp_path / "x.npy", expected["input"])
    done = run("compile", tmp_path / "network.nir", "-o", tmp_path / "model.snn", "--min-agreement", "100%")
    assert done.returncode == 0, done.stderr
    given = run("infer", tmp_path / "model.snn", tmp_path / "x.npy", "--format", "jsonl", "-q").stdout.splitlines()[:-1]
    assert [json.loads(line)["scores"] for line in given] == expected["scores"].tolist()
    assert expected["scores"].sum() > 50 and expected["spikes/lif1"].shape == (20, 30, 24)


def test_the_packages_own_ways(tmp_path, monkeypatch):
    """snnrt.export does not trace it, which would round twice; snnrt.compile takes it as it is."""
    import snnrt
    from snnrt.export import ExportError, export

    monkeypatch.setenv("SNNRT", str(SNNRT))
    network, x = quantize(layers(), 2, count="1/32", input_bits=9), 2 * torch.randn(20, 30, 6)
    with pytest.raises(ExportError, match="writes itself"):
        export(network, x)
    model = snnrt.compile(network, x.numpy(), min_agreement=1.0, labels=np.arange(20) % 5)
    assert (model.run(x.numpy()) == network(x).detach().numpy()).all()
    network.save(tmp_path / "network.nir", x.numpy(), np.arange(20) % 5, classes=list("abcde"))
    assert np.load(tmp_path / "network.expected.npz")["labels"].tolist() == (np.arange(20) % 5).tolist()


def test_the_sample_is_saved_as_the_network_sees_it(tmp_path):
    """Rounded to counts and clamped: the file on it gives what the network gives on what was handed in."""
    network, x = quantize(layers(), 4, count="1/32", input_bits=5), 2 * torch.randn(20, 30, 6)
    network.save(tmp_path / "network.nir", x)
    expected = np.load(tmp_path / "network.expected.npz")
    assert (expected["input"] == np.clip(np.rint(x.numpy().astype(float) * 32), -15, 15) / 32).all()
    assert (network(torch.as_tensor(expected["input"])).detach().numpy() == expected["scores"]).all()
    done = run("compile", tmp_path / "network.nir", "-o", tmp_path / "model.snn", "--min-agreement", "100%")
    assert done.returncode == 0, done.stderr
    for bad, words in (({"sample": x / 0}, "not finite"), ({"sample": x, "labels": np.full(20, 1.7)}, "whole numbers"),
                       ({"sample": x, "labels": np.zeros(3)}, "for each of 20 windows")):
        with pytest.raises(ValueError, match=words):
            network.save(tmp_path / "bad.nir", **bad)
    assert not (tmp_path / "bad.nir").exists()


def test_a_step_of_training_lessens_the_loss():
    network, x, y = quantize(layers(), 2, count="1/32", input_bits=9), 2 * torch.randn(64, 20, 6), torch.arange(64) % 5
    optimizer, losses = torch.optim.Adam(network.parameters(), lr=1e-2), []
    for _ in range(40):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert np.mean(losses[-5:]) < 0.9 * losses[0], losses


def test_a_checkpoint_is_whole(tmp_path):
    network = quantize(layers(), 4, count="1/32", input_bits=9, fraction_bits={"lif1": 2})
    torch.save(network.state_dict(), tmp_path / "network.pt")
    again = quantize(layers(), 4, count="1/32", input_bits=9)
    again.load_state_dict(torch.load(tmp_path / "network.pt"))
    assert again.stages[0].population.fraction_bits == 2
    x = torch.randn(8, 20, 6)
    assert (again(x) == network(x)).all()


@pytest.mark.parametrize("change, words", [
    ({"bits": 3}, "lif1: weights of bits 3"), ({"grid": "column"}, "grid 'column'"), ({"input_bits": 17}, "input_bits 17"),
    ({"bits": 16}, "lif1: its sums reach"), ({"count": "1/1024", "bits": 8, "input_bits": 8, "state_bits": 16}, "lif1: its thresholds reach"), ({"fraction_bits": {"lif9": 1}}, "lif9"),
    ({"module": nn.Module()}, "name them with layers"), ({"module": [("fc1", nn.Linear(6, 2))]}, "the last layer must be neurons"),
    ({"module": [("fc", nn.Linear(6, 2)), ("act", nn.ReLU())]}, "act: ReLU is no layer"),
    ({"module": [("a", nn.Linear(6, 2)), ("b", nn.Linear(2, 2))]}, "b: a second matrix behind a"),
    ({"module": [("fc", nn.Linear(6, 2)), ("n", Neurons(0.9, torch.tensor([0.5, -0.5])))]}, "n: its threshold is -0.5"),
    ({"module": [("c", nn.Conv2d(1, 2, 3)), ("n", Neurons(0.9))]}, "c: give the shape"),
])
def test_refusals(change, words):
    with pytest.raises(ValueError, match=words):
        quantize(**({"module": layers(), "bits": 4, "count": "1/32"} | change))
