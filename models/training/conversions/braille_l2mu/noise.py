"""How many windows do the authors' floating-point checkpoints still recognise with rounding noise on their weights?

    python -m training.conversions.braille_l2mu.noise SHARED

SHARED as for build.py. The noise is uniform, as rounding to a grid per row would leave it, `level` dB below the row's root mean
square; twelve draws a level. Printed per split: the mean change in windows of 280, its standard deviation, and how many of
the twelve lose at most two (within one point). A quarter of an hour.
"""

import sys
from pathlib import Path

import numpy as np
import torch

LEVELS, DRAWS = (90, 80, 70, 60, 50, 42), 12  # 8-bit rows lie at 42 to 50 dB, 16-bit ones at 90 and more
MATRICES = ("e_x", "e_h", "e_m", "A", "B", "W_x", "W_h", "W_m", "output_transformation")


def counts(cell: dict, weights: dict, x: torch.Tensor) -> torch.Tensor:
    """Output spikes (windows, classes) of `x` (windows, ticks, channels); the network's equations are convert.py's."""
    e_x, e_h, e_m, a_hat, b_hat, w_x, w_h, w_m, w_o = (weights[name].float().T for name in MATRICES)
    bias = cell["output_transformation.bias"].float()
    memories, order, windows = e_x.shape[1], len(a_hat), len(x)
    sizes = {"u": memories, "m": memories * order, "h": w_x.shape[1], "output": w_o.shape[1]}
    membrane = {name: torch.zeros(windows, size) for name, size in sizes.items()}
    m, h, total = torch.zeros(windows, sizes["m"]), torch.zeros(windows, sizes["h"]), torch.zeros(windows, sizes["output"])

    def lif(name, current):
        beta, theta = cell[f"spk_{name}.beta"].clip(0, 1).float(), cell[f"spk_{name}.threshold"].float()
        v = membrane[name]
        membrane[name] = v = beta * v + current - (v > theta).float() * theta
        return (v > theta).float()

    for t in range(x.shape[1]):
        now = x[:, t].float()
        u = lif("u", now @ e_x + h @ e_h + m @ e_m)
        m = lif("m", (m.view(windows, memories, order) @ a_hat + u.unsqueeze(2) * b_hat.view(1, 1, order)).flatten(1))
        h = lif("h", now @ w_x + h @ w_h + m @ w_m)
        total += lif("output", h @ w_o + bias)
    return total


def main(shared: Path) -> None:
    sets = np.load(shared / "data/braille7-val-splits-0-4.npz")
    for split in range(5):
        state = torch.load(shared / f"models/l2mu-braille/braille7_l2mu_split{split}.ckpt", map_location="cpu", weights_only=True)
        cell = {name.removeprefix("model.l2mu_cell."): value for name, value in state["state_dict"].items()}
        exact = {name: cell[f"{name}.weight"].double() for name in MATRICES}
        x, y = torch.tensor(sets[f"x{split}"]), torch.tensor(sets[f"y{split}"]).long()

        def right(weights):
            return int((counts(cell, weights, x).argmax(1) == y).sum())

        reference = right(exact)
        print(f"split {split}: {reference} of {len(y)}", flush=True)
        for level in LEVELS:
            changes = []
            for draw in range(DRAWS):
                generator = torch.Generator().manual_seed(1000 * level + draw)
                changes.append(right({
                    name: w + (torch.rand(w.shape, generator=generator, dtype=torch.float64) - 0.5) * 12**0.5
                    * w.pow(2).mean(1, keepdim=True).sqrt() * 10 ** (-level / 20) for name, w in exact.items()}) - reference)
            print(f"  {level} dB: {np.mean(changes):+.2f} +- {np.std(changes):.2f}, {sum(c >= -2 for c in changes)} of {DRAWS} within 2",
                  flush=True)


if __name__ == "__main__":
    with torch.no_grad():
        main(Path(sys.argv[1]))
