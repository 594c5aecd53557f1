"""Small networks as NIR files, written by NIR's own package: what the tests read where nothing lies beside the project.

    pip install nir && python make.py        writes the .nir files beside itself
"""

import os
from pathlib import Path

import h5py
import nir
import numpy as np

HERE = Path(__file__).resolve().parent
rng = np.random.default_rng(1)


def ones(*shape):
    return np.ones(shape, np.float32)


def weight(*shape):
    return rng.normal(0, 0.5, shape).astype(np.float32)


def lif(n, tau=0.02, threshold=0.1):
    return nir.LIF(tau=tau * ones(n), r=ones(n), v_leak=0 * ones(n), v_threshold=threshold * ones(n))


def write(name, nodes, edges):
    # NIR's own check knows no groups of channels.
    nir.write(HERE / "long.nir", nir.NIRGraph(nodes, edges, type_check=False))
    # Written again in HDF5's newer layout, which takes a fifth of the space.
    with h5py.File(HERE / "long.nir") as source, h5py.File(HERE / f"{name}.nir", "w", libver="latest") as target:
        def write_again(place, item):
            if isinstance(item, h5py.Dataset):
                target.create_dataset(place, data=item[()], dtype=item.dtype)

        source.visititems(write_again)
    (HERE / "long.nir").unlink()


# Every primitive without space: two populations and an integrator in a row, delays, a threshold, a scale.
write("every", {
    "input": nir.Input(np.array([5])), "scale": nir.Scale(np.linspace(0.5, 1.5, 5).astype(np.float32)),
    "fc": nir.Affine(weight(12, 5), weight(12) / 10), "lif": lif(12), "delay": nir.Delay(np.arange(12) * 1e-3),
    "linear": nir.Linear(weight(9, 12)),
    "cuba": nir.CubaLIF(tau_mem=0.02 * ones(9), tau_syn=0.01 * ones(9), r=4 * ones(9), v_leak=0 * ones(9), v_threshold=0.1 * ones(9)),
    "step": nir.Threshold(0.5 * ones(9)), "mix": nir.Linear(weight(8, 9)), "if": nir.IF(r=ones(8), v_threshold=2 * ones(8)),
    "flat": nir.Flatten(input_type={"input": np.array([8])}, start_dim=0, end_dim=-1), "out": nir.Linear(weight(4, 8)),
    "li": nir.LI(tau=0.05 * ones(4), r=ones(4), v_leak=0 * ones(4)), "output": nir.Output(np.array([4]))},
    [("input", "scale"), ("scale", "fc"), ("fc", "lif"), ("lif", "delay"), ("delay", "linear"), ("linear", "cuba"), ("cuba", "step"),
     ("step", "mix"), ("mix", "if"), ("if", "flat"), ("flat", "out"), ("out", "li"), ("li", "output")])

# Recurrence, through a graph within the graph.
inner = nir.NIRGraph(
    {"input": nir.Input(np.array([10])), "lif": lif(10), "back": nir.Affine(weight(10, 10) / 3, weight(10) / 20),
     "output": nir.Output(np.array([10]))},
    [("input", "lif"), ("lif", "back"), ("back", "lif"), ("lif", "output")])
write("nested", {
    "input": nir.Input(np.array([4])), "fc": nir.Linear(weight(10, 4)), "hidden": inner, "out": nir.Affine(weight(3, 10), weight(3) / 10),
    "last": lif(3), "output": nir.Output(np.array([3]))},
    [("input", "fc"), ("fc", "hidden"), ("hidden", "out"), ("out", "last"), ("last", "output")])

# A spiking CNN on 2 x 9 x 8, all strides, paddings, groups.
def conv(shape, size, **options):
    options = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1} | options
    return nir.Conv2d(input_shape=size, weight=weight(*shape), bias=weight(shape[0]) / 10, **options)


def fire(*shape):
    return nir.IF(r=ones(*shape), v_threshold=ones(*shape))


write("cnn", {
    "input": nir.Input(np.array([2, 9, 8])), "0": conv((6, 2, 3, 3), (9, 8), stride=(2, 1), padding=(1, 1)), "1": fire(6, 5, 8),
    "2": nir.SumPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
    "3": conv((4, 3, 2, 2), (2, 4), padding="same", groups=2), "4": fire(4, 2, 4),
    "5": nir.AvgPool2d(np.array([2, 2]), np.array([2, 2]), np.array([0, 0])),
    "6": nir.Flatten(input_type={"input": np.array([4, 1, 2])}, start_dim=0, end_dim=-1), "7": nir.Affine(weight(3, 8), weight(3) / 10),
    "8": fire(3), "output": nir.Output(np.array([3]))},
    [("input", "0")] + [(str(i), str(i + 1)) for i in range(8)] + [("8", "output")])

# What is refused.
with h5py.File(HERE / "unknown.nir", "w") as file:
    file["version"] = "1.0"
    node = file.create_group("node")
    node["type"] = "NIRGraph"
    node["edges"] = np.array([["input", "odd"], ["odd", "output"]], dtype=h5py.string_dtype())
    for name, kind in (("input", "Input"), ("odd", "Oscillator"), ("output", "Output")):
        group = node.create_group(f"nodes/{name}")
        group["type"] = kind
        group["shape"] = np.array([3])

# What once went wrong: joined shapes before a convolution, two populations at the output, a row of zeros beside recurrence,
# integrators that fill their 30 bits.
write("joined", {
    "input": nir.Input(np.array([2, 3, 4, 5])), "join": nir.Flatten(input_type={"input": np.array([2, 3, 4, 5])}, start_dim=0, end_dim=1),
    "conv": conv((4, 6, 3, 3), (4, 5)), "flat": nir.Flatten(input_type={"input": np.array([4, 2, 3])}, start_dim=0, end_dim=-1),
    "if": fire(24), "fc": nir.Linear(weight(5, 24)), "a": fire(5), "fc2": nir.Linear(weight(5, 24)), "b": fire(5),
    "output": nir.Output(np.array([5]))},
    [("input", "join"), ("join", "conv"), ("conv", "flat"), ("flat", "if"), ("if", "fc"), ("fc", "a"), ("if", "fc2"), ("fc2", "b"),
     ("a", "output"), ("b", "output")])
sparse = weight(10, 4)
sparse[2] = 0
write("zeros", {
    "input": nir.Input(np.array([4])), "fc": nir.Linear(sparse), "lif": lif(10), "back": nir.Linear(weight(10, 10) / 3),
    "i": nir.I(r=ones(10)), "out": nir.Linear(weight(3, 10)), "last": fire(3), "output": nir.Output(np.array([3]))},
    [("input", "fc"), ("fc", "lif"), ("lif", "back"), ("back", "lif"), ("lif", "i"), ("i", "out"), ("out", "last"), ("last", "output")])

# An L2MU's shape in plain NIR: 4 memory units of order 3 as matrices that repeat one block, and a matrix of few weights.
units, order = 4, 3
few = weight(64, 12) * (rng.random((64, 12)) < 0.05)
write("repeated", {
    "input": nir.Input(np.array([5])), "u_x": nir.Linear(weight(units, 5)), "u": lif(units, threshold=0.05),
    "B": nir.Linear(np.kron(np.eye(units), [[0.9], [-0.5], [0.45]])), "A": nir.Linear(np.kron(np.eye(units), weight(order, order))),
    "m": lif(units * order, threshold=0.02), "u_m": nir.Linear(weight(units, units * order) / 3), "few": nir.Linear(few.astype(np.float32)),
    "h": lif(64, threshold=0.01), "out": nir.Linear(weight(3, 64)), "last": lif(3, threshold=0.05), "output": nir.Output(np.array([3]))},
    [("input", "u_x"), ("u_x", "u"), ("u", "B"), ("B", "m"), ("m", "A"), ("A", "m"), ("m", "u_m"), ("u_m", "u"), ("m", "few"),
     ("few", "h"), ("h", "out"), ("out", "last"), ("last", "output")])

# What can be left out: unit 3 never fires, nothing reads order 2 but itself nor hidden neuron 4, hidden neuron 7 is only inhibited.
rng = np.random.default_rng(2)
u_x, u_m, m_h, out, own = weight(units, 5), weight(units, units * order) / 3, weight(10, units * order), weight(3, 10), weight(order, order)
u_x[3] = u_m[3] = 0
u_m[:, 2::order] = m_h[:, 2::order] = 0
own[:2, 2] = 0
own[2, 2] = 0.7
out[:, 4] = 0
m_h[7] = -abs(m_h[7])
write("dead", {
    "input": nir.Input(np.array([5])), "u_x": nir.Linear(u_x), "u": lif(units, threshold=0.05),
    "B": nir.Linear(np.kron(np.eye(units), [[0.9], [0.5], [0.45]])), "A": nir.Linear(np.kron(np.eye(units), own)),
    "m": lif(units * order, threshold=0.02), "u_m": nir.Linear(u_m), "m_h": nir.Linear(m_h), "h": lif(10, threshold=0.01),
    "out": nir.Linear(out), "last": lif(3, threshold=0.05), "output": nir.Output(np.array([3]))},
    [("input", "u_x"), ("u_x", "u"), ("u", "B"), ("B", "m"), ("m", "A"), ("A", "m"), ("m", "u_m"), ("u_m", "u"), ("m", "m_h"),
     ("m_h", "h"), ("h", "out"), ("out", "last"), ("last", "output")])


# ---- chips --------------------------------------------------------------------------------------

def cuba(n, dash_syn, dash_mem, threshold, dt=1e-3):
    """Rockpool's neurons in a chip's decays: time constants of 2^dash ticks."""
    return nir.CubaLIF(
        tau_syn=dt * 2.0**dash_syn * ones(n), tau_mem=dt * 2.0**dash_mem * ones(n), r=ones(n), v_leak=0 * ones(n),
        v_threshold=threshold * ones(n), w_in=ones(n))


# The network of Xylo's golden vectors (../shared/models/xylo), integers as they are.
xylo = Path(os.environ.get("SNNRT_SHARED", HERE.parents[2] / "shared")) / "models/xylo/xylo_6_32_7.npz"
if xylo.exists():
    vectors = np.load(xylo)
    write("xylo_6_32_7", {
        "input": nir.Input(np.array([6])), "in": nir.Linear(vectors["w_in"].astype(np.float32)),
        "hidden": cuba(32, vectors["dash_syn"], vectors["dash_mem"], vectors["threshold"]),
        "rec": nir.Linear(vectors["w_rec"].astype(np.float32)), "out": nir.Linear(vectors["w_out"].astype(np.float32)),
        "readout": cuba(7, vectors["dash_syn_out"], vectors["dash_mem_out"], vectors["threshold_out"]), "output": nir.Output(np.array([7]))},
        [("input", "in"), ("in", "hidden"), ("hidden", "rec"), ("rec", "hidden"), ("hidden", "out"), ("out", "readout"), ("readout", "output")])


def write_netx(name, layers):
    """Layers of (type, weight, further members, members of the neuron), as lava-dl writes them."""
    with h5py.File(HERE / f"{name}.net", "w", libver=("v108", "v110")) as file:
        for i, (kind, matrix, members, neuron) in enumerate(layers):
            layer = file.create_group(f"layer/{i}")
            layer["type"] = np.array([kind.encode()], "S10")
            layer["shape"], layer["weight"] = [len(matrix)], np.array(matrix, np.float32)
            for key, value in members.items():
                layer[key] = value
            for key, value in ({"type": np.bytes_("CUBA"), "iDecay": 1024, "vDecay": 128, "vThMant": 20, "refDelay": 1, "gradedSpike": False} | neuron).items():
                layer[f"neuron/{key}"] = value


# Even weights of both signs; the tests compute them too.
first, second = 2 * (np.arange(15) * 37 % 101 - 40).reshape(5, 3), 2 * (np.arange(10) * 37 % 101 - 30).reshape(2, 5)
write_netx("small", [("dense", first, {"bias": [1, -2, 0, 3, 0]}, {"type": "CUBA"}), ("dense", second, {}, {"vDecay": 300})])
write_netx("netx_conv", [("conv", first, {}, {})])
write_netx("netx_odd", [("dense", first + 1, {}, {})])
write_netx("netx_width", [("dense", first, {}, {}), ("dense", second[:, 1:], {}, {})])
write_netx("netx_delay", [("dense", first, {"delay": [1] * 5}, {})])
write_netx("netx_graded", [("dense", first, {}, {"gradedSpike": True})])
