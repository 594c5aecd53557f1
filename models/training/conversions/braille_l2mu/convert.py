"""An L2MU checkpoint of the authors' (github.com/neuromorphic-polito/L2MU-Braille, Apache-2.0) as a NIR file.

    python -m training.conversions.braille_l2mu.convert CHECKPOINT OUT.nir
    snnrt compile OUT.nir -o OUT.snn --dialect snntorch --window 256 --input-bits 2

Per tick, all neurons snnTorch's Leaky with subtraction in the next tick (n memories u of order q, arXiv 2407.04076):

    u = LIF( e_x·x + e_h·h[t-1] + e_m·m[t-1] )        m = LIF( A·m[t-1] + B·u ), A and B the same for each memory
    h = LIF( W_x·x + W_h·h[t-1] + W_m·m )             o = LIF( W_o·h + b_o ), its spikes counted over the window

A is applied as it is stored, which is the transpose of the Legendre memory's.
"""

import argparse

import torch

from snnrt.nir import array, block, input_node, leaky, linear, output_node, write


def convert(checkpoint: str, out: str) -> None:
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
    cell = {name.removeprefix("model.l2mu_cell."): array(value) for name, value in state.items()}
    weights = {name: cell[f"{name}.weight"] for name in ("e_x", "e_h", "e_m", "A", "B", "W_x", "W_h", "W_m")}
    memories, order = len(weights["e_x"]), len(weights["A"])

    def neurons(name, count):
        return leaky(cell[f"spk_{name}.beta"].clip(0, 1), cell[f"spk_{name}.threshold"], (count,))

    nodes = {name: linear(weight) for name, weight in weights.items()} | {
        "A": block(weights["A"], memories), "B": block(weights["B"], memories),
        "input": input_node((weights["e_x"].shape[1],)), "u": neurons("u", memories), "m": neurons("m", memories * order),
        "h": neurons("h", len(weights["W_x"])),
        "W_o": linear(cell["output_transformation.weight"], cell["output_transformation.bias"]),
        "o": neurons("output", len(cell["output_transformation.bias"])),
        "output": output_node((len(cell["output_transformation.bias"]),))}
    edges = [("input", "e_x"), ("e_x", "u"), ("u", "B"), ("B", "m"), ("m", "W_m"), ("W_m", "h"), ("input", "W_x"), ("W_x", "h"),
             ("h", "W_o"), ("W_o", "o"), ("o", "output"), ("h", "e_h"), ("m", "e_m"), ("m", "A"), ("h", "W_h")]
    late = [("e_h", "u"), ("e_m", "u"), ("A", "m"), ("W_h", "h")]
    write(out, nodes, edges + late, late)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint")
    parser.add_argument("out")
    arguments = parser.parse_args()
    convert(arguments.checkpoint, arguments.out)
