#!/usr/bin/env python3
"""The authors' L2MU checkpoints -> NIR -> integers, silent neurons left out, and scored on what they did not train on.

    python models/braille-l2mu/build.py --shared DIR --work DIR --command .build/release/snnrt

DIR of --shared holds models/l2mu-braille (the checkpoints of the splits 0 to 4) and data/braille7-val-splits-0-4.npz (their
validation sets). A network is calibrated on windows of the other validation sets that are not in its own, and scored on its
own. The files of split 2 are shipped; their self-test is a window and the checksum that the interpreter in
Tests/oracle gives.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "models"), str(ROOT / "Tests/oracle"), str(Path(__file__).resolve().parent)]
import reader  # noqa: E402
from convert import convert  # noqa: E402
from interpreter import Network  # noqa: E402
from snnrt.file import assemble, crc32c  # noqa: E402

BITS, SPLITS, SHIPPED = (16, 8, 4), range(5), 2
COMPILE = ("--dialect", "snntorch", "--reset", "subtract", "--reset-delay", "next", "--window", "256", "--input-bits", "2",
           "--classes", "0,1,2,3,4,5,6", "--prune-silent", "--raw")
CALIBRATION = 400  # windows
SAMPLES = 2  # windows of each letter in the sample log
METADATA = """\
name: braille-l2mu
description: seven Braille letters from a tactile fingertip, L2MU, {bits}-bit weights
source: split {split} of github.com/neuromorphic-polito/L2MU-Braille, Apache-2.0, converted to integers and pruned
data: Mueller-Cleve et al., Front. Neurosci. 16, 951164 (2022)
licence: Apache-2.0
notice: the Legendre Memory Unit may be covered by patents of Applied Brain Research
"""


def with_notice(data: bytes, frames: np.ndarray, notice: str) -> bytes:
    """The file with a self-test of `frames` int16 [ticks, channels] and the notice before its other metadata."""
    network, issued = Network(reader.parse(data)), b""
    for frame in frames:
        result = network.tick(frame)
        if result:
            issued += np.array([result[0], *result[1]], "<i4").tobytes()
    count = int.from_bytes(data[24:26], "little")
    table = np.frombuffer(data[32 : 32 + 12 * count], [("type", "<u2"), ("flags", "<u2"), ("at", "<u4"), ("length", "<u4")])
    kept = [(int(s["type"]), int(s["flags"]), data[s["at"] : s["at"] + s["length"]]) for s in table if s["type"] < 9]
    own = b"".join(data[s["at"] : s["at"] + s["length"]] for s in table if s["type"] == 10)
    test = np.array([len(frames), crc32c(issued)], "<u4").tobytes() + frames.astype("<i2").tobytes()
    return assemble(kept + [(9, 0, test), (10, 0, notice.encode() + own)], minor=int.from_bytes(data[10:12], "little"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/braille"), help="where files go (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    sets = np.load(options.shared / "data/braille7-val-splits-0-4.npz")
    for split in SPLITS:
        own = {window.tobytes() for window in sets[f"x{split}"]}
        others = {w.tobytes(): w for other in SPLITS for w in sets[f"x{other}"] if other != split and w.tobytes() not in own}
        windows, labels, calibration = (options.work / f"{split}-{name}.npy" for name in ("windows", "labels", "calibration"))
        np.save(windows, sets[f"x{split}"].astype(np.int16))
        np.save(labels, sets[f"y{split}"].astype(np.int8))
        np.save(calibration, np.array(list(others.values())[:CALIBRATION], np.int16))
        network = options.work / f"{split}.nir"
        convert(str(options.shared / f"models/l2mu-braille/braille7_l2mu_split{split}.ckpt"), str(network))
        for bits in BITS:
            model = options.work / f"braille-l2mu-w{bits}-split{split}.snn"
            subprocess.run([options.command, "compile", network, "-o", model, "--weights", str(bits), "--calibrate",
                            calibration, *COMPILE], check=True, capture_output=True)
            test = np.load(calibration)[:1].reshape(-1, 12)
            model.write_bytes(with_notice(model.read_bytes(), test, METADATA.format(bits=bits, split=split)))
            done = subprocess.run([options.command, "infer", model, windows, "--raw", "--labels", labels, "--quiet",
                                   "--format", "jsonl"], check=True, capture_output=True, text=True)
            evaluation = json.loads(done.stdout.splitlines()[-1])["summary"]["evaluation"]
            print(f"split {split} w{bits}: {evaluation['accuracy']:.4f} of {evaluation['count']}, {model.stat().st_size:,} bytes")
            if split == SHIPPED:
                (options.work / f"braille-l2mu-w{bits}.snn").write_bytes(model.read_bytes())
                chosen = np.concatenate([np.flatnonzero(sets[f"y{split}"] == label)[:SAMPLES] for label in range(7)])
                np.save(options.work / "sample.npy", sets[f"x{split}"][chosen].astype(np.int8))
                np.save(options.work / "sample-labels.npy", sets[f"y{split}"][chosen])


if __name__ == "__main__":
    main()
