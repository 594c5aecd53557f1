"""The authors' L2MU checkpoints -> NIR -> integers, silent neurons left out, and scored on what they did not train on.

    python -m training.conversions.braille_l2mu.build --shared DIR --work DIR --command .build/release/snnrt

DIR of --shared holds models/l2mu-braille (the checkpoints of the splits 0 to 4) and data/braille7-val-splits-0-4.npz (their
validation sets). A network is calibrated on windows of the other validation sets that are not in its own, and scored on its
own. The files of split 2 are shipped; their self-test is a calibration window.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np

from snnrt.file import assemble
from training.conversions.braille_l2mu.convert import convert

BITS, SPLITS, SHIPPED = (16, 8, 4), range(5), 2
COMPILE = ("--dialect", "snntorch", "--window", "256", "--input-bits", "2",
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


def summary(command: str, model: Path, *log: object) -> dict:
    """What `snnrt infer` says of a model on a log of samples."""
    done = subprocess.run([command, "infer", model, *log, "--raw", "--quiet", "--format", "jsonl"], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["summary"]


def with_notice(data: bytes, frames: np.ndarray, checksum: int, notice: str) -> bytes:
    """The file with a self-test of `frames` int16 [ticks, channels] and the notice before its other metadata."""
    count = int.from_bytes(data[24:26], "little")
    table = np.frombuffer(data[32 : 32 + 12 * count], [("type", "<u2"), ("flags", "<u2"), ("at", "<u4"), ("length", "<u4")])
    kept = [(int(s["type"]), int(s["flags"]), data[s["at"] : s["at"] + s["length"]]) for s in table if s["type"] < 9]
    own = b"".join(data[s["at"] : s["at"] + s["length"]] for s in table if s["type"] == 10)
    test = np.array([len(frames), checksum], "<u4").tobytes() + frames.astype("<i2").tobytes()
    return assemble(kept + [(9, 0, test), (10, 0, notice.encode() + own)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where files go (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    sets = np.load(options.shared / "data/braille7-val-splits-0-4.npz")
    for split in SPLITS:
        own = {window.tobytes() for window in sets[f"x{split}"]}
        others = {w.tobytes(): w for other in SPLITS for w in sets[f"x{other}"] if other != split and w.tobytes() not in own}
        windows, labels, calibration, test = (options.work / f"{split}-{name}.npy"
                                              for name in ("windows", "labels", "calibration", "test"))
        np.save(windows, sets[f"x{split}"].astype(np.int16))
        np.save(labels, sets[f"y{split}"].astype(np.int8))
        np.save(calibration, np.array(list(others.values())[:CALIBRATION], np.int16))
        np.save(test, np.load(calibration)[0])
        network = options.work / f"{split}.nir"
        convert(str(options.shared / f"models/l2mu-braille/braille7_l2mu_split{split}.ckpt"), str(network))
        for bits in BITS:
            model = options.work / f"braille-l2mu-w{bits}-split{split}.snn"
            subprocess.run([options.command, "compile", network, "-o", model, "--weights", str(bits), "--calibrate",
                            calibration, *COMPILE], check=True, capture_output=True)
            checksum = int(summary(options.command, model, test)["outputChecksum"], 16)
            notice = METADATA.format(bits=bits, split=split)
            model.write_bytes(with_notice(model.read_bytes(), np.load(test), checksum, notice))
            evaluation = summary(options.command, model, windows, "--labels", labels)["evaluation"]
            print(f"split {split} w{bits}: {evaluation['accuracy']:.4f} of {evaluation['count']}, {model.stat().st_size:,} bytes")
            if split == SHIPPED:
                (options.work / f"braille-l2mu-w{bits}.snn").write_bytes(model.read_bytes())
                chosen = np.concatenate([np.flatnonzero(sets[f"y{split}"] == label)[:SAMPLES] for label in range(7)])
                np.save(options.work / "sample.npy", sets[f"x{split}"][chosen].astype(np.int8))
                np.save(options.work / "sample-labels.npy", sets[f"y{split}"][chosen])


if __name__ == "__main__":
    main()
