"""NeuroBench's spiking CNN for seven WISDM hand activities (Apache-2.0) as a NIR file, and windows to score it on.

    python -m training.conversions.neurobench_wisdm WISDM_snnTorch.ckpt network.nir
    python -m training.conversions.neurobench_wisdm --windows WISDM wisdm.npy labels.npy

WISDM: the dataset's raw watch logs, a folder or an archive. Then

    snnrt compile network.nir -o network.snn --dialect snntorch --window 40 \\
        --rate 20 --count 1/1000 --channels ax,ay,az,gx,gy,gz
    snnrt infer network.snn wisdm.npy --labels labels.npy --raw

Per tick a sample of 6 channels, snnTorch's Leaky with subtraction in the next tick, spikes of the last layer counted:
Conv1d(6, 200, 2, padding 4), MaxPool1d(2), LIF, Conv1d(200, 256, 1), MaxPool1d(2), LIF, Linear(512, 7), LIF.
"""

import argparse

import numpy as np

from snnrt.nir import array, convolution, flatten, input_node, leaky, linear, max_pool, output_node, write
from training.data import Source, load_windows

WINDOW_COUNT = 3000


def convert(checkpoint: str, out: str) -> None:
    import torch

    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
    state = {name.removeprefix("model."): array(value) for name, value in state.items()}

    def neurons(number, *shape):
        return leaky(state[f"leaky{number}.beta"], state[f"leaky{number}.threshold"], shape)

    nodes = {
        "input": input_node((6, 1)), "conv1": convolution(state["conv1.weight"], state["conv1.bias"], padding=4),
        "pool1": max_pool(2, dimensions=1), "lif1": neurons(1, 200, 4),
        "conv2": convolution(state["conv2.weight"], state["conv2.bias"]), "pool2": max_pool(2, dimensions=1),
        "lif2": neurons(2, 256, 2), "flat": flatten(), "linear": linear(state["linear.weight"], state["linear.bias"]),
        "lif3": neurons(3, 7), "output": output_node((7,))}
    names = list(nodes)
    write(out, nodes, list(zip(names[:-1], names[1:])))


def save_windows(source: str, windows: str, labels: str) -> None:
    """Counts int16 [3000, 40, 6] and classes 0 … 6 of windows drawn from all subjects, most of whom the network has seen."""
    found = load_windows(Source(source))
    chosen = np.sort(np.random.default_rng(507).permutation(len(found))[:WINDOW_COUNT])
    np.save(windows, found.raw[chosen])
    np.save(labels, found.label[chosen].astype(np.int8))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--windows", action="store_true", help="write windows and labels instead")
    parser.add_argument("paths", nargs="+", help="as above")
    arguments = parser.parse_args()
    if len(arguments.paths) != (3 if arguments.windows else 2):
        parser.error("expected CHECKPOINT OUT.nir, or --windows WISDM WINDOWS.npy LABELS.npy")
    (save_windows if arguments.windows else convert)(*arguments.paths)
