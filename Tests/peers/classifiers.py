"""Small classifiers in the frameworks that most people train in, exported by the frameworks themselves.

    python classifiers.py OUT             runs the recorded weights again
    python classifiers.py OUT --train     trains them anew

OUT gets windows.npy and truth.npy and, per classifier, NAME.nir and NAME.counts.npy. Counts are the output spikes of each class over each window, as the framework ran it; the label is the greatest, ties to
the first. Five classes of spike patterns on 12 channels are drawn from a seed: each class has rates of its own in five
stretches of 10 ticks, and a window is one draw of them, a tenth of it noise.
"""

import sys
from pathlib import Path

import nir
import numpy as np
import torch

from nirfile import write

CHANNELS, TICKS, CLASSES, HIDDEN = 12, 50, 5, 48
RECORDED = Path(__file__).resolve().parent / "recorded"


def draw(count, seed):
    templates = np.random.default_rng(1).random((CLASSES, TICKS // 10, CHANNELS)) ** 2
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, count)
    rates = 0.5 * np.repeat(0.9 * templates[labels] + 0.1 * rng.random((count, TICKS // 10, CHANNELS)), 10, axis=1)
    return (rng.random((count, TICKS, CHANNELS)) < rates).astype(np.uint8), labels


class SnnTorch:
    """Current-based hidden neurons and snnTorch's default resets."""

    name = "snntorch-classifier"
    rate = 5e-3

    def __init__(self):
        import snntorch as snn

        decays = dict(init_hidden=True)
        self.network = torch.nn.Sequential(
            torch.nn.Linear(CHANNELS, HIDDEN), snn.Synaptic(
                alpha=torch.full((HIDDEN,), 0.6), beta=torch.full((HIDDEN,), 0.9), threshold=torch.ones(HIDDEN), **decays),
            torch.nn.Linear(HIDDEN, CLASSES), snn.Leaky(
                beta=torch.full((CLASSES,), 0.9), threshold=torch.ones(CLASSES), learn_threshold=True, **decays))

    def load(self, graph):
        with torch.no_grad():
            self.network[3].threshold.copy_(torch.tensor(graph.nodes["3"].v_threshold))

    def run(self, x):
        for module in self.network:
            for state in ("mem", "syn"):
                if hasattr(module, state):
                    setattr(module, state, torch.zeros(0))
        return sum(self.network(x[:, tick]) for tick in range(TICKS))

    def export(self):
        from snntorch.export_nir import export_to_nir

        self.run(torch.zeros(1, TICKS, CHANNELS))
        return export_to_nir(self.network, torch.zeros(1, CHANNELS), ignore_dims=[0])


class Norse:
    name = "norse-classifier"
    rate = 2e-2

    def __init__(self):
        from norse.torch import LIFBoxCell, LIFBoxParameters, SequentialState

        def cell(count):
            return LIFBoxCell(LIFBoxParameters(
                tau_mem_inv=torch.full((count,), 200.0), v_th=torch.full((count,), 0.1), v_leak=torch.zeros(count), alpha=torch.tensor(10.0)))

        self.network = SequentialState(
            torch.nn.Linear(CHANNELS, HIDDEN), cell(HIDDEN), torch.nn.Linear(HIDDEN, CLASSES), cell(CLASSES))
        with torch.no_grad():
            for layer in (self.network[0], self.network[2]):
                layer.weight *= 2

    def load(self, graph):
        pass

    def run(self, x):
        total, state = 0, None
        for tick in range(TICKS):
            spikes, state = self.network(x[:, tick], state)
            total = total + spikes
        return total

    def export(self):
        from norse.torch.utils.export_nir import to_nir

        return to_nir(self.network, torch.zeros(CHANNELS))


class SpikingJelly:
    """Learned time constants, two hidden layers."""

    name = "spikingjelly-classifier"
    rate = 5e-3

    def __init__(self):
        from spikingjelly.activation_based import neuron, surrogate

        def cell():
            return neuron.ParametricLIFNode(init_tau=5.0, decay_input=False, surrogate_function=surrogate.ATan())

        self.network = torch.nn.Sequential(
            torch.nn.Linear(CHANNELS, HIDDEN), cell(), torch.nn.Linear(HIDDEN, HIDDEN), cell(), torch.nn.Linear(HIDDEN, CLASSES), cell())

    def load(self, graph):
        # One time constant a layer: w = −log(τ − 1) with τ in ticks of the exporter's 1e-4 s.
        with torch.no_grad():
            for at in (1, 3, 5):
                self.network[at].w.fill_(-np.log(graph.nodes[f"_{at}"].tau.flat[0] / 1e-4 - 1))

    def run(self, x):
        from spikingjelly.activation_based import functional

        functional.reset_net(self.network)
        return sum(self.network(x[:, tick]) for tick in range(TICKS))

    def export(self):
        from spikingjelly.activation_based import functional
        from spikingjelly.activation_based.nir_exchange import export_to_nir

        functional.reset_net(self.network)
        return export_to_nir(self.network, torch.zeros(1, CHANNELS))


def train(classifier):
    x, labels = draw(600, seed=2)
    x, labels = torch.tensor(x, dtype=torch.float32), torch.tensor(labels)
    optimizer = torch.optim.Adam(classifier.network.parameters(), lr=classifier.rate)
    for epoch in range(120):
        for at in torch.randperm(len(x)).split(200):
            loss = torch.nn.functional.cross_entropy(classifier.run(x[at]) / 4, labels[at])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    print(f"{classifier.name}: loss {loss.item():.3f}", flush=True)


def load(classifier):
    """The recorded weights, from the file that the framework exported."""
    graph = nir.read(RECORDED / f"{classifier.name}.nir")
    linear = [layer for layer in classifier.network if isinstance(layer, torch.nn.Linear)]
    affine = [node for _, node in sorted(graph.nodes.items()) if isinstance(node, nir.Affine)]
    with torch.no_grad():
        for layer, node in zip(linear, affine, strict=True):
            layer.weight.copy_(torch.tensor(node.weight))
            layer.bias.copy_(torch.tensor(node.bias))
    classifier.load(graph)


def main(out, trains):
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    windows, truth = draw(240, seed=3)
    np.save(out / "windows.npy", windows)
    np.save(out / "truth.npy", truth.astype(np.uint8))
    for make in (SnnTorch, Norse, SpikingJelly):
        torch.manual_seed(1)
        classifier = make()
        train(classifier) if trains else load(classifier)
        with torch.no_grad():
            counts = classifier.run(torch.tensor(windows, dtype=torch.float32)).numpy()
        write(out / f"{classifier.name}.nir", classifier.export())
        np.save(out / f"{classifier.name}.counts.npy", np.rint(counts).astype(np.uint8))
        print(f"{classifier.name}: {(counts.argmax(1) == truth).mean():.4f} right, {counts.sum():.0f} output spikes", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--train" in sys.argv)
