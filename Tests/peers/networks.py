"""Networks that snnrt.export carries: small, trained for seconds on drawn classes, each in its framework's own ways.

    python networks.py OUT [NAME …]      trains, exports and writes OUT/NAME.nir and OUT/NAME.expected.npz

Seven classes of signals on four channels, a window of 24 ticks each; bars that move in four directions for networks of images.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
# Rockpool never asks for the chip's driver, which would fetch itself from elsewhere when imported.
sys.modules.setdefault("samna", None)

from snnrt.export import export  # noqa: E402

CHANNELS, TICKS, CLASSES, HIDDEN = 4, 24, 7, 32
WINDOWS = 100


def signals(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows [count, ticks, channels] in sixteenths and their classes: sines of each class's own frequencies and phases, and noise."""
    rng = np.random.default_rng(1)
    frequency, phase = rng.uniform(0.1, 0.9, (2, CLASSES, CHANNELS))
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, count)
    t = np.arange(TICKS)[None, :, None]
    x = np.sin(frequency[labels][:, None] * t + 7 * phase[labels][:, None] + rng.normal(0, 0.2, (count, 1, 1)))
    x = 1.5 * x + rng.normal(0, 0.3, x.shape)
    return torch.tensor(np.round(16 * x) / 16, dtype=torch.float32), torch.tensor(labels)


def bars(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows [count, 10, 1, 12, 12] of a bar that moves down, up, right or left, with sparse noise."""
    rng = np.random.default_rng(seed)
    labels, starts = rng.integers(0, 4, count), rng.integers(0, 12, count)
    x = rng.random((count, 10, 1, 12, 12)) < 0.03
    for i in range(count):
        for t in range(10):
            at = (starts[i] + (t if labels[i] % 2 == 0 else -t)) % 12
            if labels[i] < 2:
                x[i, t, 0, at] = True
            else:
                x[i, t, 0, :, at] = True
    return torch.tensor(x, dtype=torch.float32), torch.tensor(labels)


NETWORKS = {}


def network(draw=signals, rate=1e-2, rounds=40, **options):
    """Registers a function that makes a module and, from windows [N, T, …], its scores; `options` are export's."""
    def register(make):
        NETWORKS[make.__name__.replace("_", "-")] = (make, draw, rate, rounds, options)
        return make

    return register


# ---- snnTorch ------------------------------------------------------------------------------------


class Stepped(nn.Module):
    """A loop over time as snnTorch's tutorials write it: `body` gives the output of a tick from what came in and the states."""

    def __init__(self, **layers):
        super().__init__()
        for name, layer in layers.items():
            setattr(self, name, layer)

    def start(self):
        return {name: layer.reset_mem() for name, layer in self.named_children() if hasattr(layer, "reset_mem")}

    def run(self, name, x, states):
        """One tick of neurons; keeps their states."""
        state = states[name] if isinstance(states[name], tuple) else (states[name],)
        result = getattr(self, name)(x, *state)
        states[name] = result if len(result) == len(state) else result[1:]
        return result[0]

    def forward(self, x):
        states, outputs = self.start(), []
        for t in range(x.shape[1]):
            outputs.append(self.tick(x[:, t], states))
        return torch.stack(outputs)

    def tick(self, x, states):
        return self.run("out", self.fc2(self.run("hidden", self.fc1(x), states)), states)


def scores_of(rule="sum", **call):
    """Scores from [ticks, windows, classes]."""
    def scores(module, x):
        from snnrt.export.frameworks import reset

        reset(module)
        y = module(x)
        return y.sum(0) if rule == "sum" else y[-1] if rule == "last" else y.max(0)[0]

    return scores


def layers(hidden, out, classes=CLASSES):
    return dict(fc1=nn.Linear(CHANNELS, HIDDEN), hidden=hidden, fc2=nn.Linear(HIDDEN, classes), out=out)


@network(readout="sum")
def snntorch_leaky():
    import snntorch as snn

    return Stepped(**layers(snn.Leaky(beta=0.9, learn_beta=True), snn.Leaky(beta=0.9, learn_beta=True))), scores_of()


@network(readout="sum")
def snntorch_vectors_norm_dropout():
    import snntorch as snn

    class Network(Stepped):
        def tick(self, x, states):
            x = self.drop(self.run("hidden", self.norm(self.fc1(x)), states))
            return self.run("out", self.fc2(x), states)

    vectors = dict(learn_beta=True, learn_threshold=True)
    return Network(**layers(snn.Leaky(beta=torch.rand(HIDDEN), threshold=torch.ones(HIDDEN), **vectors),
                            snn.Leaky(beta=torch.rand(CLASSES), threshold=torch.ones(CLASSES), **vectors)),
                   norm=nn.BatchNorm1d(HIDDEN), drop=nn.Dropout(0.1)), scores_of()


@network(readout="sum")
def snntorch_rleaky():
    import snntorch as snn

    return Stepped(**layers(snn.RLeaky(beta=0.8, linear_features=HIDDEN), snn.Leaky(beta=0.9))), scores_of()


@network(readout="sum")
def snntorch_rleaky_one_to_one():
    import snntorch as snn

    return Stepped(**layers(snn.RLeaky(beta=0.8, all_to_all=False, V=-0.3), snn.Leaky(beta=0.9))), scores_of()


@network(readout="sum")
def snntorch_rsynaptic():
    import snntorch as snn

    return Stepped(**layers(snn.RSynaptic(alpha=0.5, beta=0.7, linear_features=HIDDEN), snn.Synaptic(alpha=0.4, beta=0.8))), scores_of()


@network(readout="sum")
def snntorch_lapicque():
    import snntorch as snn

    net = Stepped(**layers(snn.Lapicque(beta=0.5), snn.Lapicque(R=1.0, C=2.0)))
    net.fc1.weight.data *= 3
    return net, scores_of()


@network(readout="sum")
def snntorch_alpha():
    import snntorch as snn

    return Stepped(**layers(snn.Alpha(alpha=0.8, beta=0.6, threshold=0.5, reset_mechanism="none"), snn.Leaky(beta=0.9))), scores_of()


@network(readout="sum")
def snntorch_graded_skip():
    import snntorch as snn

    class Network(Stepped):
        def tick(self, x, states):
            first = self.run("hidden", self.fc1(x) + self.back(states["last"]), states)
            second = self.run("deep", self.fc3(first), states) + first
            states["last"] = second
            return self.run("out", self.fc2(second), states)

        def start(self):
            return super().start() | {"last": torch.zeros(1, HIDDEN)}

        def forward(self, x):
            states, outputs = self.start() | {"last": torch.zeros(len(x), HIDDEN)}, []
            for frame in x.unbind(1):
                outputs.append(self.tick(frame, states))
            return torch.stack(outputs)

    return Network(**layers(snn.Leaky(beta=0.8, graded_spikes_factor=1.5), snn.Leaky(beta=0.9)), fc3=nn.Linear(HIDDEN, HIDDEN),
                   deep=snn.Leaky(beta=0.7, reset_mechanism="zero"), back=nn.Linear(HIDDEN, HIDDEN)), scores_of()


@network()
def snntorch_membrane_last():
    import snntorch as snn

    class Network(Stepped):
        def forward(self, x):
            states = self.start()
            for t in range(x.shape[1]):
                self.tick(x[:, t], states)
            return states["out"][-1]

    return Network(**layers(snn.Leaky(beta=0.8), snn.Leaky(beta=0.9, reset_mechanism="none"))), lambda module, x: module(x)


class Bars(Stepped):
    """Two convolutions, of which the first is pooled before its neurons."""

    def tick(self, x, states):
        x = self.run("lif1", self.pool(self.norm(self.conv1(x))), states)
        x = self.pool(self.run("lif2", self.conv2(x), states))
        return self.run("out", self.fc(x.flatten(1)), states)


def bars_network(pool):
    import snntorch as snn

    return Bars(conv1=nn.Conv2d(1, 6, 3, padding=1), norm=nn.BatchNorm2d(6), lif1=snn.Leaky(beta=0.7, threshold=0.5), pool=pool,
                conv2=nn.Conv2d(6, 8, 3), lif2=snn.Leaky(beta=0.7, threshold=0.5), fc=nn.Linear(32, 4), out=snn.Leaky(beta=0.9)), scores_of()


@network(draw=bars, rounds=70, readout="sum")
def snntorch_bars_average():
    return bars_network(nn.AvgPool2d(2))


@network(draw=bars, rounds=70, readout="sum")
def snntorch_bars_maximum():
    return bars_network(nn.MaxPool2d(2))


# ---- Norse ---------------------------------------------------------------------------------------


def norse_network(*modules):
    from norse.torch import SequentialState

    net = SequentialState(*modules)
    for layer in net:
        if isinstance(layer, nn.Linear):
            layer.weight.data *= 4

    def scores(module, x, rule="sum"):
        state, outputs = None, []
        for t in range(x.shape[1]):
            y, state = module(x[:, t], state)
            outputs.append(y)
        y = torch.stack(outputs)
        return y.sum(0) if rule == "sum" else y.max(0)[0] if rule == "max" else y[-1]

    return net, scores


@network(readout="sum")
def norse_lif():
    import norse.torch as norse

    p = norse.LIFParameters(alpha=torch.tensor(10.0), v_th=torch.tensor(0.5))
    return norse_network(nn.Linear(CHANNELS, HIDDEN), norse.LIFCell(p), nn.Linear(HIDDEN, CLASSES), norse.LIFCell(p))


@network(rounds=120, rate=3e-2, readout="sum")
def norse_lif_box():
    import norse.torch as norse

    p = norse.LIFBoxParameters(alpha=torch.tensor(10.0), v_th=torch.tensor(0.3), v_leak=torch.tensor(0.05), v_reset=torch.tensor(0.05))
    return norse_network(nn.Linear(CHANNELS, HIDDEN), norse.LIFBoxCell(p), nn.Linear(HIDDEN, CLASSES), norse.LIFBoxCell(p))


@network(readout="max")
def norse_recurrent_maximum():
    import norse.torch as norse

    p = norse.LIFParameters(alpha=torch.tensor(10.0), v_th=torch.tensor(0.3))
    net, scores = norse_network(norse.LIFRecurrentCell(CHANNELS, HIDDEN, p=p), nn.Linear(HIDDEN, CLASSES), norse.LICell())
    return net, lambda module, x: scores(module, x, "max")


@network(rounds=120, readout="last")
def norse_lsnn():
    import norse.torch as norse

    p = norse.LSNNParameters(alpha=10.0, v_th=torch.tensor(0.2), tau_adapt_inv=torch.tensor(40.0), beta=torch.tensor(0.2))
    net, scores = norse_network(nn.Linear(CHANNELS, HIDDEN), norse.LSNNCell(p), nn.Linear(HIDDEN, CLASSES), norse.LIBoxCell())
    return net, lambda module, x: scores(module, x, "last")


# ---- SpikingJelly --------------------------------------------------------------------------------


def jelly(module):
    from spikingjelly.activation_based import functional

    def scores(module, x):
        functional.reset_net(module)
        return sum(module(x[:, t]) for t in range(x.shape[1]))

    return module, scores


def jelly_network(make, gain=3):
    net = nn.Sequential(nn.Linear(CHANNELS, HIDDEN), make(), nn.Linear(HIDDEN, CLASSES), make())
    for layer in net:
        if isinstance(layer, nn.Linear):
            layer.weight.data *= gain
    return jelly(net)


@network(readout="sum")
def spikingjelly_lif():
    from spikingjelly.activation_based import neuron

    return jelly_network(lambda: neuron.LIFNode(tau=2.0))


@network(readout="sum")
def spikingjelly_plif():
    from spikingjelly.activation_based import neuron

    return jelly_network(lambda: neuron.ParametricLIFNode(init_tau=3.0, decay_input=False, v_reset=None), 1)


@network(readout="sum")
def spikingjelly_if():
    from spikingjelly.activation_based import neuron

    return jelly_network(neuron.IFNode, 1)


@network(readout="sum")
def spikingjelly_sew():
    from spikingjelly.activation_based import neuron

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Sequential(nn.Linear(CHANNELS, HIDDEN), neuron.IFNode())
            self.block = nn.Sequential(nn.Linear(HIDDEN, HIDDEN), neuron.IFNode())
            self.last = nn.Sequential(nn.Linear(HIDDEN, CLASSES), neuron.IFNode())

        def forward(self, x):
            x = self.first(x)
            return self.last(self.block(x) + x)

    return jelly(Network())


@network(draw=bars, rounds=25)
def spikingjelly_bars():
    from spikingjelly.activation_based import functional, layer, neuron

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.Sequential(
                layer.Conv2d(1, 6, 3, padding=1, bias=False), layer.BatchNorm2d(6), neuron.IFNode(), layer.MaxPool2d(2, 2),
                layer.Conv2d(6, 8, 3), neuron.IFNode(), layer.AvgPool2d(2, 2), layer.Flatten(), layer.Linear(32, 4), neuron.IFNode())
            functional.set_step_mode(self, "m")

        def forward(self, x):
            return self.layers(x).mean(0)

    def scores(module, x):
        functional.reset_net(module)
        return 10 * module(x.transpose(0, 1))

    return Network(), scores


# ---- Sinabs, Rockpool ----------------------------------------------------------------------------


def sinabs_network(hidden, last, rule="sum", gain=4):
    net = nn.Sequential(nn.Linear(CHANNELS, HIDDEN), hidden, nn.Linear(HIDDEN, CLASSES), last)
    net[0].weight.data *= gain
    net[2].weight.data *= gain

    def scores(module, x):
        from snnrt.export.frameworks import reset

        reset(module)
        y = module(x)
        return y.sum(1) if rule == "sum" else y[:, -1]

    return net, scores


@network(readout="sum")
def sinabs_lif():
    import sinabs.layers as sl

    return sinabs_network(sl.LIF(tau_mem=4.0), sl.LIF(tau_mem=8.0))


@network(readout="sum")
def sinabs_lif_single():
    import sinabs.layers as sl
    from sinabs.activation import SingleSpike

    single = dict(norm_input=False, spike_fn=SingleSpike)
    return sinabs_network(sl.LIF(tau_mem=4.0, **single), sl.LIF(tau_mem=8.0, tau_syn=2.0, **single), gain=1)


@network(readout="sum")
def sinabs_iaf_recurrent():
    import sinabs.layers as sl

    return sinabs_network(sl.LIFRecurrent(tau_mem=4.0, rec_connect=nn.Linear(HIDDEN, HIDDEN, bias=False)), sl.IAF(), gain=2)


@network(readout="last")
def sinabs_alif():
    import sinabs.layers as sl
    from sinabs.activation import MembraneReset

    return sinabs_network(sl.ALIF(tau_mem=4.0, tau_adapt=8.0, reset_fn=MembraneReset()), sl.ExpLeak(tau_mem=8.0), rule="last")


def rockpool_network(hidden, last):
    from rockpool.nn.combinators import Sequential
    from rockpool.nn.modules import LinearTorch

    net = Sequential(LinearTorch((CHANNELS, HIDDEN), has_bias=True), hidden, LinearTorch((HIDDEN, CLASSES), has_bias=True), last)

    def scores(module, x):
        module.reset_state()
        return module(x)[0].sum(1)

    return net, scores


@network(readout="sum")
def rockpool_cuba_bias():
    from rockpool.nn.modules import LIFTorch

    constants = dict(tau_mem=20e-3, tau_syn=10e-3, dt=1e-2)
    return rockpool_network(LIFTorch((HIDDEN, HIDDEN), bias=0.1 * torch.randn(HIDDEN), **constants), LIFTorch((CLASSES, CLASSES), **constants))


@network(readout="sum")
def rockpool_recurrent():
    from rockpool.nn.modules import LIFNeuronTorch, LIFTorch

    return rockpool_network(LIFTorch((HIDDEN, HIDDEN), tau_mem=20e-3, tau_syn=10e-3, dt=1e-2, has_rec=True),
                            LIFNeuronTorch((CLASSES,), tau_mem=40e-3, dt=1e-2, bias=0.1 * torch.randn(CLASSES)))


# ---- PyTorch alone -------------------------------------------------------------------------------


@network()
def pytorch_lmu():
    from snnrt.nir import legendre

    class Memory(nn.Module):
        """A Legendre memory unit (Voelker et al. 2019): one memory of order 6 over 24 ticks, 32 tanh units, read at the last tick."""

        def __init__(self, order=6):
            super().__init__()
            a, b = legendre(order, TICKS)
            self.register_buffer("a", torch.tensor(a, dtype=torch.float32))
            self.register_buffer("b", torch.tensor(b, dtype=torch.float32))
            self.order = order
            self.encode_x, self.encode_h = nn.Linear(CHANNELS, 1, bias=False), nn.Linear(HIDDEN, 1, bias=False)
            self.from_x, self.from_h = nn.Linear(CHANNELS, HIDDEN), nn.Linear(HIDDEN, HIDDEN, bias=False)
            self.from_m, self.out = nn.Linear(order, HIDDEN, bias=False), nn.Linear(HIDDEN, CLASSES)

        def forward(self, x):
            h, m = torch.zeros(len(x), HIDDEN), torch.zeros(len(x), self.order)
            for t in range(x.shape[1]):
                u = self.encode_x(x[:, t]) + self.encode_h(h)
                m = m @ self.a.T + u * self.b
                h = torch.tanh(self.from_x(x[:, t]) + self.from_h(h) + self.from_m(m))
            return self.out(h)

    return Memory(), lambda module, x: module(x)


@network()
def pytorch_rnn():
    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell, self.out = nn.Linear(CHANNELS + HIDDEN, HIDDEN), nn.Linear(HIDDEN, CLASSES)

        def forward(self, x):
            h = torch.zeros(len(x), HIDDEN)
            for t in range(x.shape[1]):
                h = torch.sigmoid(self.cell(torch.cat([x[:, t], h], dim=1)))
            return self.out(h)

    return Recurrent(), lambda module, x: module(x)


def trained(name):
    """A network as it is exported, its windows, their classes and export's options."""
    make, draw, rate, rounds, options = NETWORKS[name]
    torch.manual_seed(1)
    module, scores = make()
    x, labels = draw(400, 2)
    # Rockpool's time constants, of some milliseconds, are parameters too, for which the rate is much too large.
    learned = [p for name, p in torch.nn.Module.named_parameters(module) if p.requires_grad and not name.endswith(("tau_mem", "tau_syn"))]
    optimizer = torch.optim.Adam(learned, lr=rate)
    for _ in range(rounds):
        for at in torch.randperm(len(x)).split(200):
            loss = nn.functional.cross_entropy(scores(module, x[at]) / (1 if "last" in str(options) or not options else 3), labels[at])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
    x, labels = draw(WINDOWS, 3)
    return module, x, labels, options


def main(out: Path, names) -> None:
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    for name in names or NETWORKS:
        start = time.time()
        module, x, labels, options = trained(name)
        exported = export(module, x, out / f"{name}.nir", labels=labels, **options)
        right = (exported.scores.argmax(axis=1) == labels.numpy()).mean()
        size = sum((out / f"{name}{end}").stat().st_size for end in (".nir", ".expected.npz"))
        print(f"{name}: {right:.2f} right, {exported.agreement}; {size / 1024:.0f} KB, {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
