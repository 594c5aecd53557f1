"""What snnrt.export carries and refuses, module by module; it checks itself against each module's run."""

import sys
import warnings
from pathlib import Path

import h5py
import nir
import numpy as np
import pytest
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
sys.modules.setdefault("samna", None)

import snnrt  # noqa: E402
from snnrt.export import ExportError  # noqa: E402
from snnrt.nir import legendre, of  # noqa: E402

X = torch.randn(12, 15, 4, generator=torch.Generator().manual_seed(1))
IMAGES = (torch.rand(12, 6, 1, 8, 8, generator=torch.Generator().manual_seed(1)) < 0.3).float()


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(2)
    warnings.simplefilter("ignore")


def behind(neurons, last=None):
    """Two layers, the first of them of the neurons in question."""
    import snntorch as snn

    net = nn.Sequential(nn.Linear(4, 16), neurons, nn.Linear(16, 5), last or snn.Leaky(beta=0.9, init_hidden=True))
    net[0].weight.data *= 4
    return net


def types(exported):
    return [node["type"] for node in exported.graph.nodes.values()]


# ---- files ---------------------------------------------------------------------------------------


def test_the_file_says_what_nir_does_not(tmp_path):
    import snntorch as snn

    exported = snnrt.export(behind(snn.Leaky(beta=0.8, reset_mechanism="zero", init_hidden=True)), X, tmp_path / "n.nir", readout="sum",
                            rate=50, labels=np.zeros(12), classes=list("abcde"), channels=["x", "y", "z", "w"])
    with h5py.File(tmp_path / "n.nir") as file:
        meta = {key: file["node/metadata"][key][()] for key in file["node/metadata"]}
        assert (meta["snnrt.dialect"], meta["snnrt.readout"], meta["snnrt.window"]) == (b"snnrt", b"sum", 15)
        assert meta["snnrt.dt"] == 1 / 50 and meta["snnrt.rate"] == 50 and list(meta["snnrt.classes"]) == [b"a", b"b", b"c", b"d", b"e"]
        one = file["node/nodes/1/metadata"]
        assert (one["snnrt.reset"][()], one["snnrt.reset_delay"][()]) == (b"zero", b"next")
    expected = np.load(tmp_path / "n.expected.npz")
    assert expected["input"].shape == (12, 15, 4) and expected["scores"].shape == (12, 5) and expected["spikes/1"].shape == (12, 15, 16)
    assert expected["labels"].tolist() == [0] * 12 and exported.path == tmp_path / "n.nir"


def test_nirs_own_package_opens_convolutions(tmp_path):
    import snntorch as snn

    net = nn.Sequential(nn.Conv2d(1, 3, 3, stride=2), snn.Leaky(beta=0.9, threshold=0.2, init_hidden=True), nn.AvgPool2d(3), nn.Flatten(),
                        nn.Linear(3, 5))
    snnrt.export(net, IMAGES, tmp_path / "n.nir", readout="last")
    graph = nir.read(tmp_path / "n.nir")
    assert tuple(graph.nodes["0"].input_shape) == (8, 8) and graph.metadata["snnrt.dialect"] == "snnrt"
    assert graph.nodes["1"].metadata["snnrt.reset"] == "subtract"


def test_the_module_is_left_as_it_was():
    import snntorch as snn

    net = behind(nn.Sequential(nn.Dropout(0.5), snn.Leaky(beta=0.9, init_hidden=True)))
    before = {name: value.clone() for name, value in net.state_dict().items()}
    snnrt.export(net, X, readout="sum")
    assert net.training and net[1][0].training and "forward" not in vars(net[3])
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


# ---- structure -----------------------------------------------------------------------------------


class Loop(nn.Module):
    """A loop over ticks whose tick is `body(self, x, states)`; `end` puts them together."""

    def __init__(self, body, end=lambda outputs: torch.stack(outputs).sum(0), **layers):
        super().__init__()
        self.body, self.end = body, end
        for name, layer in layers.items():
            setattr(self, name, layer)

    def forward(self, x):
        states, outputs = {}, []
        for t in range(x.shape[1]):
            outputs.append(self.body(self, x[:, t], states))
        return self.end(outputs)


def test_skips_and_recurrence_become_edges():
    import snntorch as snn

    def body(net, x, states):
        before = states.get("spikes", torch.zeros(len(x), 16))
        states["spikes"], states["a"] = net.a(net.fc(x) + net.back(before), states.get("a"))
        deep, states["b"] = net.b(net.deep(states["spikes"]) + states["spikes"], states.get("b"))
        return net.out(deep)

    net = Loop(body, fc=nn.Linear(4, 16), back=nn.Linear(16, 16), a=snn.Leaky(beta=0.9), deep=nn.Linear(16, 16), b=snn.Leaky(beta=0.8),
               out=nn.Linear(16, 5))
    exported = snnrt.export(net, X)
    assert exported.graph.late == [("back", "a")] and ("a", "b") in exported.graph.edges
    assert exported.metadata["snnrt.readout"] == "sum"


@pytest.mark.parametrize("end, rule", [
    (lambda outputs: sum(outputs), "sum"), (lambda outputs: sum(outputs) / len(outputs), "mean"), (lambda outputs: outputs[-1], "last"),
    (lambda outputs: torch.stack(outputs, 1).mean(1), "mean"), (lambda outputs: torch.stack(outputs).max(0).values, "max"),
    (lambda outputs: torch.stack(outputs, 2).sum(2), "sum")])
def test_what_forward_returns_is_the_readout(end, rule):
    def body(net, x, states):
        states["v"] = 0.75 * states.get("v", torch.zeros(len(x), 5)) + net.fc(x)
        return states["v"]

    exported = snnrt.export(Loop(body, end, fc=nn.Linear(4, 5)), X)
    assert exported.metadata["snnrt.readout"] == rule and "LI" in types(exported)


def test_a_layer_behind_the_mean_over_ticks_stays_behind_it():
    import snntorch as snn

    def body(net, x, states):
        spikes, states["a"] = net.a(net.fc(x), states.get("a"))
        return spikes

    net = Loop(body, lambda outputs: net.out(torch.stack(outputs).sum(0)), fc=nn.Linear(4, 16), a=snn.Leaky(beta=0.9), out=nn.Linear(16, 5))
    exported = snnrt.export(net, X)
    assert exported.metadata["snnrt.readout"] == "sum" and exported.agreement.label_share == 1


def test_memories_are_found():
    a, b = (torch.tensor(array, dtype=torch.float32) for array in legendre(4, 12))

    def body(net, x, states):
        m = states.get("m", torch.zeros(len(x), 2, 4)) @ a.T + net.encode(x).unsqueeze(-1) * b
        states["m"] = m
        return torch.tanh(net.out(m.flatten(1)))

    exported = snnrt.export(Loop(body, lambda outputs: outputs[-1], encode=nn.Linear(4, 2), out=nn.Linear(8, 5)), X)
    (node,) = (node for node in exported.graph.nodes.values() if node["type"] == "snnrt.Memory")
    assert node["theta"] == pytest.approx(12, rel=1e-5) and np.allclose(node["B"], b) and node["A"].shape == (4, 4)


def test_norms_and_constants_go_into_the_layer_before():
    import snntorch as snn

    norm = nn.BatchNorm1d(16)
    norm.running_mean.normal_()
    norm.running_var.uniform_(0.5, 2)
    exported = snnrt.export(behind(nn.Sequential(norm, nn.Identity(), nn.Dropout(), snn.Leaky(beta=0.9, init_hidden=True))), X, readout="sum")
    assert types(exported) == ["Input", "Affine", "LIF", "Affine", "LIF", "Output"]


@pytest.mark.parametrize("pool, kind", [
    (nn.AvgPool2d(2), "AvgPool2d"), (nn.AvgPool2d(2, divisor_override=3), "Scale"), (nn.AvgPool2d(3, 2, 1, count_include_pad=False), "Scale"),
    (nn.MaxPool2d(3, 2, 1), "snnrt.MaxPool2d"), (nn.AdaptiveAvgPool2d(4), "AvgPool2d"), (nn.LPPool2d(1, 2), "SumPool2d")])
def test_pools(pool, kind):
    import snntorch as snn

    net = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), snn.Leaky(beta=0.9, threshold=0.3, init_hidden=True), pool, nn.Flatten(), nn.LazyLinear(5))
    net[0].weight.data *= 3
    net(IMAGES[:, 0])
    assert kind in types(snnrt.export(net, IMAGES, readout="sum"))


def test_an_image_is_shown_for_some_ticks():
    import snntorch as snn

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc, self.lif = nn.Linear(64, 5), snn.RLeaky(beta=0.9, linear_features=5)

        def forward(self, x):
            spikes, membranes = self.lif.reset_mem()
            total = 0
            for _ in range(7):
                spikes, membranes = self.lif(self.fc(x.flatten(1)), spikes, membranes)
                total = total + spikes
            return total

    exported = snnrt.export(Network(), IMAGES[:, 0], ticks=7)
    assert exported.input.shape == (12, 7, 1, 8, 8) and exported.metadata["snnrt.readout"] == "sum"


# ---- refusals ------------------------------------------------------------------------------------


def snntorch_neurons(name, **options):
    import snntorch as snn

    return getattr(snn, name)(init_hidden=True, **{"beta": 0.9, **options})


def spikingjelly_neurons(**options):
    from spikingjelly.activation_based.neuron import LIFNode

    return LIFNode(**options)


@pytest.mark.parametrize("make, reason", [
    (lambda: snntorch_neurons("Leaky", inhibition=True), "Leaky: inhibition"),
    (lambda: snntorch_neurons("Synaptic", alpha=0.5, reset_mechanism="zero"), "Synaptic: reset_mechanism"),
    (lambda: snntorch_neurons("Alpha", alpha=0.8, beta=0.7), "Alpha: a reset also clears"),
    (lambda: nn.Softmax(dim=1), r"1 \(Softmax\).*_softmax of signals has no node"),
    (lambda: nn.LayerNorm(16), r"1 \(LayerNorm\).*native_layer_norm"),
    (lambda: nn.BatchNorm1d(16, track_running_stats=False), "normalises each batch by itself")])
def test_refused_by_name(make, reason):
    with pytest.raises(ExportError, match=reason):
        snnrt.export(behind(make()), X, readout="sum")


def test_refused_with_the_line():
    def body(net, x, states):
        y = net.fc(x)
        return y * torch.sigmoid(y)

    with pytest.raises(ExportError, match=r"test_export\.py:\d+: mul of two signals"):
        snnrt.export(Loop(body, fc=nn.Linear(4, 5)), X)


@pytest.mark.parametrize("net, reason", [
    (nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), "padding_mode"), (nn.AvgPool2d(3, ceil_mode=True), "ceil_mode"),
    (nn.ConvTranspose2d(1, 2, 3), "transposed")])
def test_layers_refused(net, reason):
    with pytest.raises(ExportError, match=reason):
        snnrt.export(nn.Sequential(net, nn.Flatten(), nn.LazyLinear(5)), IMAGES, readout="last")


def test_all_ticks_need_a_readout():
    with pytest.raises(ExportError, match='readout="sum"'):
        snnrt.export(behind(snntorch_neurons("Leaky")), X)


def layers(name="Leaky", **options):
    """The layers of a Loop of two populations."""
    return {"fc": nn.Linear(4, 16), "a": snntorch_neurons(name, **options), "b": snntorch_neurons(name), "out": nn.Linear(16, 5)}


@pytest.mark.parametrize("cast, kind", [
    (lambda x: x.bool().float(), "bool"), (lambda x: x.long().float(), "int64"), (lambda x: x.half().float(), "float16"),
    (lambda x: torch.zeros(x.shape, dtype=torch.int32).copy_(x).float(), "int32"), (lambda x: x.view(torch.int32).float(), None)])
def test_casts_that_change_numbers_are_refused(cast, kind):
    with pytest.raises(ExportError, match=f"casts signals to {kind}" if kind else "view of signals has no node"):
        snnrt.export(Loop(lambda net, x, states: net.out(net.a(net.fc(cast(x)))), **layers()), (X > 0).float())


@pytest.mark.parametrize("join, reason", [
    (lambda a, b: (a + b).bool().float(), "casts signals to bool"), (lambda a, b: (a.bool() + b.bool()).float(), "adds truth values")])
def test_a_clipped_sum_of_spikes_is_no_sum(join, reason):
    with pytest.raises(ExportError, match=reason):
        snnrt.export(Loop(lambda net, x, states: net.out(join(net.a(net.fc(x)), net.b(net.fc(x)))), **layers()), X)


def test_casts_of_spikes_are_nothing():
    def body(net, x, states):
        spikes = net.a(net.fc(x.double().float()))
        return net.out(spikes.bool().float() + spikes.int())

    assert snnrt.export(Loop(body, **layers()), X).agreement.parted == 0
    with pytest.raises(ExportError, match="casts signals to bool"):
        snnrt.export(Loop(lambda net, x, states: net.out(net.a(net.fc(x)).bool().float()), **layers(graded_spikes_factor=2.0)), X)


def clamped(name):
    def edit(neurons):
        setattr(neurons, name, getattr(neurons, name).clamp(-2, 2))

    return edit


@pytest.mark.parametrize("make, edit, state", [
    (lambda: snntorch_neurons("Leaky"), clamped("mem"), "mem"), (lambda: snntorch_neurons("Leaky"), lambda lif: lif.mem.mul_(0.999), "mem"),
    (lambda: snntorch_neurons("Synaptic", alpha=0.5), clamped("syn"), "syn"), (spikingjelly_neurons, clamped("v"), "v"),
    (spikingjelly_neurons, lambda lif: lif.v.clamp_(-2, 2), "v"), (spikingjelly_neurons, lambda lif: lif.reset(), "v")])
def test_hidden_states_are_changed_by_nobody_else(make, edit, state):
    def body(net, x, states):
        spikes = net.a(net.fc(x))
        edit(net.a)
        return net.out(spikes)

    with pytest.raises(ExportError, match=f"its state {state} is changed between ticks"):
        snnrt.export(Loop(body, fc=nn.Linear(4, 16), a=make(), out=nn.Linear(16, 5)), X / 10)


def test_states_changed_in_place_are_other_states():
    import snntorch as snn

    def body(net, x, states):
        spikes, states["a"] = net.a(net.fc(x), states.get("a", torch.zeros(len(x), 16)))
        states["a"].clamp_(-2, 2)
        return net.out(spikes)

    with pytest.raises(ExportError, match=r"is handed another state \(mem\)"):
        snnrt.export(Loop(body, **layers() | {"a": snn.Leaky(beta=0.9)}), X / 10)


def once_more(states):
    """How many ticks have run before this one."""
    states["count"] = states.get("count", -1) + 1
    return states["count"]


@pytest.mark.parametrize("body, reason", [
    (lambda net, x, states: nn.functional.linear(x, net.fc.weight * (1 + once_more(states))), "its weight changes"),
    (lambda net, x, states: 0.9 ** once_more(states) * net.fc(x), "its scale changes"),
    (lambda net, x, states: net.fc(x) + once_more(states), "its bias changes")])
def test_networks_that_change_from_tick_to_tick_are_refused(body, reason):
    with pytest.raises(ExportError, match=rf"test_export\.py:\d+: {reason} from tick to tick"):
        snnrt.export(Loop(body, fc=nn.Linear(4, 5)), X, layout="BT")


def test_factors_of_other_numbers_are_refused():
    def body(net, x, states):
        return net.out(net.a(net.fc(torch.cat([x[:, :3], torch.ones(len(x), 1)], 1) * 2.0)))

    with pytest.raises(ExportError, match="joins signals with numbers that are no zeros"):
        snnrt.export(Loop(body, **layers()), X)


def test_cells_without_their_state_are_refused():
    from norse.torch import LIFCell

    with pytest.raises(ExportError, match="is given no state and starts anew"):
        snnrt.export(Loop(lambda net, x, states: net.out(net.a(net.fc(x))[0]), **layers() | {"a": LIFCell()}), X)


@pytest.mark.parametrize("end", [
    lambda net, total: net.second(net.first(total) / 15), lambda net, total: net.second(net.first(total / 15)),
    lambda net, total: net.second(net.first(total)) / 15])
def test_biases_around_a_mean_are_added_once(end):
    net = Loop(lambda net, x, states: net.a(net.fc(x)), lambda outputs: end(net, sum(outputs)), first=nn.Linear(16, 8),
               second=nn.Linear(8, 5), **layers())
    exported = snnrt.export(net, X)
    assert exported.metadata["snnrt.readout"] == "mean" and exported.agreement.score_error < 1e-6


def test_some_of_the_ticks_are_no_readout():
    def body(net, x, states):
        return net.fc(x)

    with pytest.raises(ExportError, match="over some of the ticks"):
        snnrt.export(Loop(body, lambda outputs: torch.stack(outputs[5:]).sum(0), fc=nn.Linear(4, 5)), X)


def test_another_network_is_noticed(monkeypatch):
    """A step that is written wrongly is an error, not a file."""
    import snntorch as snn

    from snnrt.export.frameworks import snntorch

    monkeypatch.setattr(snntorch, "_clamped", lambda values: 0.5 * np.asarray(values.detach()))
    with pytest.raises(ExportError, match=r"^1: the written network is not the module: in tick"):
        snnrt.export(behind(snn.Leaky(beta=0.9, init_hidden=True)), X, readout="sum")


def halves():
    """A network whose membranes often lie exactly at their thresholds, and fire there."""
    import snntorch as snn

    net = nn.Sequential(nn.Linear(4, 16, bias=False), snn.Leaky(beta=0.5, init_hidden=True, spike_grad=lambda x: (x >= 0).float()),
                        nn.Linear(16, 5))
    net[0].weight.data = torch.randint(-2, 3, (16, 4)) / 2.0
    return net


def test_another_comparison_is_noticed():
    with pytest.raises(ExportError, match=r"^1: .* within 0\.002 of their threshold \d+ fire in one of the two alone"):
        snnrt.export(halves(), (X > 0).float(), readout="sum")


def test_a_decision_that_32_bits_take_otherwise_parts_nothing_else():
    """Behind it the window goes on with the module's spike, and is compared to its end."""
    net = halves()
    x = torch.zeros(12, 15, 4)
    net[0].weight.data = torch.zeros(16, 4)
    net[0].weight.data[:, 0] = torch.linspace(0.1, 0.9, 16)
    net[0].weight.data[3, 0] = 1.0
    x[0, 2, 0], x[:, 5, 0] = 1.0, 1.5
    exported = snnrt.export(net, x, readout="sum")
    assert exported.agreement.parted == 1 and exported.agreement.score_error < 1e-6 and exported.agreement.label_share == 1


@pytest.mark.parametrize("options, reason", [
    ({"labels": np.zeros(5)}, "expected the number of a class for each of 12 windows"), ({"labels": np.full(12, 1.7)}, "whole numbers"),
    ({"labels": np.eye(12)[:, :5]}, "expected the number of a class"), ({"labels": np.full(12, -1)}, "whole numbers from 0"),
    ({"labels": np.full(12, 5)}, "labels reach 5, and the module gives 5 scores"), ({"classes": ["a", "b"]}, "classes gives 2 names"),
    ({"channels": "x,y"}, "channels gives 2 names, and the network has 4"), ({"dt": 0.0}, "dt is 0.0"), ({"rate": 0}, "rate is 0"),
    ({"rate": -5}, "rate is -5"), ({"dt": float("nan")}, "dt is nan")])
def test_what_is_said_of_the_sample_is_checked(tmp_path, options, reason):
    with pytest.raises(ExportError, match=reason):
        snnrt.export(behind(snntorch_neurons("Leaky")), X, tmp_path / "n.nir", readout="sum", **options)
    assert not list(tmp_path.iterdir())


def test_a_nominal_step_stands_beside_the_rate():
    exported = snnrt.export(behind(snntorch_neurons("Leaky")), X, readout="sum", rate=20, dt=1e-3, classes="a,b,c,d,e", labels=[4] * 12)
    assert (exported.metadata["snnrt.rate"], exported.metadata["snnrt.dt"]) == (20, 1e-3)
    assert exported.metadata["snnrt.classes"] == list("abcde") and exported.labels.dtype == np.int64
    with pytest.raises(ExportError, match=r"the sample is \(0, 15, 4\)"):
        snnrt.export(behind(snntorch_neurons("Leaky")), X[:0], readout="sum")


def test_what_is_not_finite_is_refused():
    net = behind(snntorch_neurons("Leaky"))
    strange = X.clone()
    strange[3, 4, 1] = float("inf")
    with pytest.raises(ExportError, match="the sample has values that are not finite"):
        snnrt.export(net, strange, readout="sum")
    net[2].weight.data[0, 0] = float("nan")
    with pytest.raises(ExportError, match=r"2\.weight has values that are not finite"):
        snnrt.export(net, X, readout="sum")


@pytest.mark.parametrize("module", [
    nn.Conv2d(1, 2, 3, padding_mode="circular"), nn.AvgPool2d(2, divisor_override=3), nn.AvgPool2d(2, padding=1, count_include_pad=False),
    nn.AvgPool2d(2, ceil_mode=True), nn.MaxPool2d(2, dilation=2)])
def test_single_nodes_do_not_drop_settings(module):
    with pytest.raises(ValueError, match="has no node"):
        of(module, (1, 8, 8))


@pytest.mark.parametrize("options", [{"graded_spikes_factor": 2.0}, {"reset_mechanism": "none"}, {"inhibition": True}])
def test_single_neurons_do_not_drop_settings(options):
    with pytest.raises(ValueError, match="has no node"):
        of(snntorch_neurons("Leaky", **options), (3,))
