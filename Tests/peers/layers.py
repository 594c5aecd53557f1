"""A layer of 32 neurons in every framework that installs: its own step, its own exporter, on one random input.

    python layers.py OUT         writes OUT/layers.json and, per layer, NAME.nir, NAME.spikes.npy, NAME.voltages.npy

Weights, biases, thresholds and inputs are short binary fractions, so that a layer's currents are exact in 32 bits and
come out the same on every machine; decays are multiples of 1/256.
"""

import importlib.metadata
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nir
import numpy as np

from nirfile import write

TICKS, INPUTS, NEURONS = 240, 8, 32
# Voltages are recorded every so many ticks.
EVERY = 5
DT = 1e-3


@dataclass
class Layer:
    """A recorded layer and how it is to be read."""

    name: str
    package: str
    graph: nir.NIRGraph
    # [ticks, neurons]: spikes of each tick, membranes behind the reset.
    spikes: np.ndarray
    voltages: np.ndarray
    # What `snnrt compile` is told.
    dialect: str
    options: dict = field(default_factory=dict)


def draw():
    rng = np.random.default_rng(4)
    x = rng.integers(0, 4, (TICKS, INPUTS)) * (rng.random((TICKS, INPUTS)) < 0.4)
    weight = rng.integers(-40, 80, (NEURONS, INPUTS)) / 64
    bias = rng.integers(-8, 9, NEURONS) / 64
    keep = rng.integers(180, 250, NEURONS) / 256
    keep_current = rng.integers(100, 220, NEURONS) / 256
    threshold = rng.integers(48, 96, NEURONS) / 16
    return x.astype(np.float32), *(a.astype(np.float32) for a in (weight, bias, keep, keep_current, threshold))


X, WEIGHT, BIAS, KEEP, KEEP_CURRENT, THRESHOLD = draw()


def layers():
    for framework in (norse, snntorch, spikingjelly, sinabs, rockpool, spyx, nengo):
        yield from framework()


def linear():
    import torch

    layer = torch.nn.Linear(INPUTS, NEURONS)
    layer.weight.data, layer.bias.data = torch.tensor(WEIGHT), torch.tensor(BIAS)
    return layer


def run(step):
    """Spikes and membranes of `step(x)`, x [1, inputs] of each tick."""
    import torch

    with torch.no_grad():
        ticks = [step(torch.tensor(x)[None]) for x in X]
    return [np.stack([np.asarray(tick[i]).reshape(-1) for tick in ticks]) for i in range(2)]


def norse():
    import torch
    from norse.torch import LIFBoxCell, LIFBoxParameters, LIFCell, LIFParameters, SequentialState, IAFCell, IAFParameters
    from norse.torch.functional.reset import reset_subtract
    from norse.torch.utils.export_nir import to_nir

    inverse = torch.tensor((1 - KEEP) / np.float32(DT))
    threshold = torch.tensor(THRESHOLD)

    def layer(name, cell, dialect, **options):
        network = SequentialState(linear(), cell)
        state = None

        def step(x):
            nonlocal state
            spikes, state = network(x, state)
            return spikes, state[1].v

        return Layer(name, "norse", to_nir(network, torch.tensor(X[0])), *run(step), dialect, options)

    box = LIFBoxParameters(tau_mem_inv=inverse, v_th=threshold / 8, v_leak=0 * threshold)
    yield layer("norse-lif", LIFBoxCell(box), "norse-export")
    yield layer("norse-lif-subtract", LIFBoxCell(box._replace(reset_method=reset_subtract)), "norse-export", reset="subtract")
    cuba = LIFParameters(
        tau_mem_inv=inverse, tau_syn_inv=torch.tensor((1 - KEEP_CURRENT) / np.float32(DT)), v_th=threshold / 4, v_leak=0 * threshold)
    yield layer("norse-cuba", LIFCell(cuba), "norse-export")
    yield layer("norse-if", IAFCell(IAFParameters(v_th=threshold)), "norse-export", dt=1)


def snntorch():
    import snntorch as snn
    import torch
    from snntorch.export_nir import export_to_nir

    def layer(name, cell, membrane, **options):
        network = torch.nn.Sequential(linear(), cell)
        # The exporter follows a fresh network once; its states are those of a run then.
        graph = export_to_nir(network, torch.tensor(X[:1]), ignore_dims=[0])
        for module in network.modules():
            for state in ("mem", "syn", "spk"):
                if hasattr(module, state):
                    setattr(module, state, torch.zeros(0))

        def step(x):
            spikes = network(x)
            return spikes, membrane(network[1])

        return Layer(name, "snntorch", graph, *run(step), "snntorch", options)

    for reset in ("zero", "subtract"):
        for delay in ("same", "next"):
            modes = dict(reset_mechanism=reset, reset_delay=delay == "next", init_hidden=True)
            # Subtracting at once, snnTorch holds a spike back where a membrane stays above its threshold (docs/dialects.md):
            # here none passes twice its threshold, and below many do.
            threshold = torch.tensor(THRESHOLD * (2.5 if (reset, delay) == ("subtract", "same") else 1))
            leaky = snn.Leaky(beta=torch.tensor(KEEP), threshold=threshold, **modes)
            yield layer(f"snntorch-leaky-{reset}-{delay}", leaky, lambda cell: cell.mem, reset=reset, reset_delay=delay)
            synaptic = snn.Synaptic(
                alpha=torch.tensor(KEEP_CURRENT), beta=torch.tensor(KEEP), threshold=4 * threshold, **modes)
            yield layer(f"snntorch-synaptic-{reset}-{delay}", synaptic, lambda cell: cell.mem, reset=reset, reset_delay=delay)
    leaky = snn.Leaky(beta=torch.tensor(KEEP), threshold=torch.tensor(THRESHOLD), reset_delay=False, init_hidden=True)
    yield layer("snntorch-leaky-held-back", leaky, lambda cell: cell.mem, reset="subtract", reset_delay="same", reference_only=True)
    rng = np.random.default_rng(5)
    recurrent = snn.RLeaky(
        beta=torch.tensor(KEEP), threshold=torch.tensor(THRESHOLD), linear_features=NEURONS, reset_mechanism="subtract",
        init_hidden=True)
    recurrent.recurrent.weight.data = torch.tensor((rng.integers(-32, 33, (NEURONS, NEURONS)) / 64).astype(np.float32))
    recurrent.recurrent.bias.data = torch.tensor((rng.integers(-8, 9, NEURONS) / 64).astype(np.float32))
    yield layer("snntorch-rleaky", recurrent, lambda cell: cell.mem, reset="subtract", reset_delay="next")


def spikingjelly():
    import torch
    from spikingjelly.activation_based import functional, neuron
    from spikingjelly.activation_based.nir_exchange import export_to_nir

    def layer(name, cell, **options):
        network = torch.nn.Sequential(linear(), cell)
        graph = export_to_nir(network, torch.tensor(X[:1]), dt=DT)
        functional.reset_net(network)

        def step(x):
            spikes = network(x)
            return spikes, network[1].v

        return Layer(name, "spikingjelly", graph, *run(step), "spikingjelly-export", options)

    # One decay and one threshold a layer, which fall on the same grid as the inputs: v = θ happens.
    yield layer("spikingjelly-lif", neuron.LIFNode(tau=8.0, v_threshold=0.5), dt=DT)
    yield layer("spikingjelly-lif-undecayed", neuron.LIFNode(tau=8.0, decay_input=False, v_threshold=4.0))
    yield layer("spikingjelly-plif", neuron.ParametricLIFNode(init_tau=8.0, decay_input=False, v_threshold=4.0))
    yield layer("spikingjelly-if", neuron.IFNode(v_threshold=4.0))
    yield layer("spikingjelly-cuba", neuron.CUBALIFNode(c_decay=0.5, v_decay=0.875, v_threshold=8.0))


def sinabs():
    from sinabs.layers import IAFSqueeze, LIFSqueeze
    import torch
    from sinabs.activation import SingleSpike
    from sinabs.nir import to_nir

    # In ticks.
    tau = torch.tensor(-1 / np.log(KEEP))

    def layer(name, cell, dialect, **options):
        network = torch.nn.Sequential(linear(), cell)
        with torch.no_grad():
            spikes = network(torch.tensor(X))
            voltages = cell.recordings["v_mem"][0]
            graph = to_nir(network, torch.tensor(X[:1]))
        return Layer(name, "sinabs", graph, spikes.numpy(), voltages.numpy(), dialect, options)

    threshold = torch.tensor(THRESHOLD)
    yield layer("sinabs-lif", LIFSqueeze(1, tau_mem=tau, spike_threshold=threshold / 8, record_states=True), "sinabs-export")
    yield layer("sinabs-lif-single", LIFSqueeze(1, tau_mem=tau, spike_threshold=threshold / 8, spike_fn=SingleSpike, record_states=True),
                "sinabs-export", spike_bits=1)
    yield layer("sinabs-lif-unnormalized", LIFSqueeze(1, tau_mem=tau, spike_threshold=threshold / 2, norm_input=False, record_states=True),
                "sinabs-export-unnormalized")
    yield layer("sinabs-iaf", IAFSqueeze(1, spike_threshold=threshold / 2, record_states=True), "sinabs-export")


def rockpool():
    # It never asks for the chip's driver, which would fetch itself from elsewhere when imported.
    sys.modules.setdefault("samna", None)
    import torch
    from rockpool.nn.combinators import Sequential
    from rockpool.nn.modules import LIFNeuronTorch, LIFTorch, LinearTorch
    from rockpool.nn.modules.torch.nir import to_nir

    def tau(keep):
        return torch.tensor(-DT / np.log(keep))

    def layer(name, cell, dialect="rockpool-export", **options):
        first = LinearTorch((INPUTS, NEURONS), weight=torch.tensor(WEIGHT.T.copy()), bias=torch.tensor(BIAS), has_bias=True)
        network = Sequential(first, cell)
        graph = to_nir(network)
        network.reset_state()
        with torch.no_grad():
            spikes, _, record = network(torch.tensor(X)[None], record=True)
        voltages = next(value["vmem"] for value in record.values() if isinstance(value, dict) and "vmem" in value)
        return Layer(name, "rockpool", graph, spikes[0].numpy(), voltages[0].numpy(), dialect, options)

    threshold = torch.tensor(THRESHOLD)
    yield layer("rockpool-lif", LIFNeuronTorch((NEURONS,), tau_mem=tau(KEEP), threshold=threshold / 2, dt=DT))
    yield layer("rockpool-cuba", LIFTorch(
        (NEURONS, NEURONS), tau_mem=tau(KEEP), tau_syn=tau(KEEP_CURRENT)[:, None], threshold=threshold, bias=torch.zeros(NEURONS), dt=DT,
        has_rec=False))


def spyx():
    import jax.numpy as jnp
    import spyx.nn
    from flax import nnx
    from spyx.nir import to_nir

    rngs = nnx.Rngs(0)

    def layer(name, cell, **options):
        first = nnx.Linear(INPUTS, NEURONS, rngs=rngs)
        first.kernel[...], first.bias[...] = jnp.array(WEIGHT.T), jnp.array(BIAS)
        network = spyx.nn.Sequential(first, cell)
        graph = to_nir(network, {"input": np.array([INPUTS])}, {"output": np.array([NEURONS])})
        state, ticks = network.initial_state(1), []
        for x in X:
            spikes, state = network(jnp.array(x)[None], state)
            ticks.append((spikes[0], state[-1][0, :NEURONS]))
        spikes, voltages = (np.stack([np.asarray(tick[i]) for tick in ticks]) for i in range(2))
        if isinstance(cell, spyx.nn.CuBaLIF):
            # It resets before it decays: as the next call finds them.
            voltages = voltages - (voltages > cell.threshold) * np.asarray(cell.threshold)
        return Layer(name, "spyx", graph, spikes, voltages, "spyx-export", options)

    def with_decays(cell, **decays):
        for name, values in decays.items():
            setattr(cell, name, nnx.Param(jnp.array(values)))
        return cell

    threshold = jnp.array(THRESHOLD)
    yield layer("spyx-lif", with_decays(spyx.nn.LIF((NEURONS,), threshold=threshold, rngs=rngs), beta=KEEP))
    yield layer("spyx-cuba", with_decays(spyx.nn.CuBaLIF((NEURONS,), threshold=4 * threshold, rngs=rngs), alpha=KEEP_CURRENT, beta=KEEP))
    yield layer("spyx-if", spyx.nn.IF((NEURONS,), threshold=threshold))


def nengo():
    import nengo

    # No exporter: written by hand, as the NIR paper read Nengo's equation.
    tau = 0.008
    threshold = THRESHOLD / 8
    with nengo.Network() as network:
        source = nengo.Node(lambda t: X[min(TICKS, round(t / DT)) - 1])
        neurons = nengo.Ensemble(
            NEURONS, 1, gain=1 / threshold.astype(float), bias=BIAS / threshold.astype(float),
            neuron_type=nengo.LIF(tau_rc=tau, tau_ref=0, min_voltage=-np.inf, initial_state={"voltage": np.zeros(NEURONS)})).neurons
        nengo.Connection(source, neurons, transform=WEIGHT, synapse=None)
        spikes, voltages = nengo.Probe(neurons), nengo.Probe(neurons, "voltage")
    with nengo.Simulator(network, dt=DT, progress_bar=False) as simulator:
        simulator.run_steps(TICKS)
    graph = nir.NIRGraph(
        {"input": nir.Input(np.array([INPUTS])), "fc": nir.Affine(WEIGHT, BIAS),
         "lif": nir.LIF(tau=np.full(NEURONS, tau), r=np.ones(NEURONS), v_leak=np.zeros(NEURONS), v_threshold=threshold),
         "output": nir.Output(np.array([NEURONS]))},
        [("input", "fc"), ("fc", "lif"), ("lif", "output")])
    yield Layer("nengo-lif", "nengo", graph, simulator.data[spikes] * DT, simulator.data[voltages], "nengo", {"dt": DT})


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "input.npy", X.astype(np.uint8))
    table = []
    for layer in layers():
        write(out / f"{layer.name}.nir", layer.graph)
        spikes = np.rint(layer.spikes)
        assert spikes.shape == (TICKS, NEURONS) and np.allclose(spikes, layer.spikes, atol=1e-6) and spikes.max() < 256
        np.save(out / f"{layer.name}.spikes.npy", spikes.astype(np.uint8))
        np.save(out / f"{layer.name}.voltages.npy", layer.voltages[::EVERY].astype(np.float64 if layer.package == "nengo" else np.float32))
        table.append({
            "name": layer.name, "package": layer.package, "version": importlib.metadata.version(layer.package), "dialect": layer.dialect,
            "isDouble": layer.package == "nengo", "every": EVERY, "spikes": int(spikes.sum())} | layer.options)
        print(f"{layer.name}: {int(spikes.sum())} spikes, {int(spikes.max())} at most a tick", flush=True)
    (out / "layers.json").write_text("[\n" + ",\n".join("  " + json.dumps(row) for row in table) + "\n]\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
