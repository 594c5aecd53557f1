"""Seeded random programs with golden traces, and traces of given models.

    python3 generate.py --out DIR --programs 700 --seed 1 --ticks 48     NAME.snn .trace .json, coverage.json, golden.tsv
    python3 generate.py --check golden.tsv [--out DIR]                   the same set again, compared by CRC-32C
    python3 generate.py --model FILE.snn --frames FRAMES.npy --out DIR --name NAME [--results-only]

golden.tsv has for each program its name, the CRC-32C of its file and of its trace. drawing.traces says what a trace is.
NAME.results holds for each result i32 label and i32 scores, and at the end the state block. NAME.json is the accounting
after the last tick.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

import reader  # noqa: E402
from drawing.coverage import Coverage  # noqa: E402
from drawing.programs import makers  # noqa: E402
from drawing.traces import results_only, trace, write_accounting  # noqa: E402
from interpreter import Network  # noqa: E402


def add_extras(draft, index, frames, dice):
    """Optional sections in some programs: self-test, metadata, sections of a later format, another order."""
    if index % 6 == 3:
        frames = frames[:17]
        network = Network(reader.parse(draft.build()))
        for frame in frames:
            network.tick(frame)
        draft.self_test = frames, network.checksum
    if index % 8 == 5:
        draft.extras = [(10, 0, "licence: CC0-1.0\nsource: générate.py".encode()),
                        (dice.pick((11, 999, 65535)), 0, bytes(dice.array(dice.between(0, 9), 0, 255).tolist()))]


def make_program(maker, i, ticks):
    """Program number i: its draft, file, model, shape, frames, tally, trace, and its network after the last tick."""
    draft, shape, frames = maker.drawn(i, ticks)
    add_extras(draft, i, frames, maker.dice)
    data = draft.build()
    model, tally = reader.parse(data), Counter()
    content, network = trace(model, frames, tally)
    maker.take_back(draft, network)
    return draft, data, model, shape, frames, tally, content, network


def golden_line(name, data, content):
    return f"{name}\t{reader.crc32c(data[:-4]):08x}\t{reader.crc32c(content):08x}"


def make_set(out, programs, seed, ticks):
    """Writes the set; returns its coverage and the lines of golden.tsv."""
    out.mkdir(parents=True, exist_ok=True)
    coverage = Coverage()
    golden = [f"# generate.py --programs {programs} --seed {seed} --ticks {ticks}"]
    for i, maker in makers(seed, programs):
        draft, data, model, shape, frames, tally, content, network = make_program(maker, i, ticks)
        (out / f"{draft.name}.snn").write_bytes(data)
        (out / f"{draft.name}.trace").write_bytes(content)
        write_accounting(out / f"{draft.name}.json", network)
        coverage.add(model, network, frames, tally, shape)
        golden.append(golden_line(draft.name, data, content))
    (out / "golden.tsv").write_text("\n".join(golden) + "\n")
    (out / "coverage.json").write_text(json.dumps(coverage.summary(), indent=1, ensure_ascii=False) + "\n")
    return coverage, golden


def check_set(path, out):
    """The number of lines in which the set made anew differs from the list at `path`, and its coverage."""
    expected = path.read_text().splitlines()
    words = expected[0].split()
    programs, seed, ticks = (int(words[words.index(option) + 1]) for option in ("--programs", "--seed", "--ticks"))
    coverage, golden = make_set(out, programs, seed, ticks)
    different = sorted(set(expected) ^ set(golden))
    for line in different:
        print("only in", "the list:" if line in set(expected) else "the new set:", line)
    return len(different), coverage


def trace_given(options):
    model = reader.parse(Path(options.model).read_bytes())
    frames = np.load(options.frames)
    if frames.ndim != 2 or frames.dtype != np.int16:
        raise ValueError(f"{options.frames}: not int16 of shape (ticks, channels)")
    options.out.mkdir(parents=True, exist_ok=True)
    content, network = results_only(model, frames) if options.results_only else trace(model, frames, None)
    (options.out / f"{options.name}.{'results' if options.results_only else 'trace'}").write_bytes(content)
    write_accounting(options.out / f"{options.name}.json", network)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--programs", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ticks", type=int, default=48)
    parser.add_argument("--check", type=Path, metavar="GOLDEN.TSV")
    parser.add_argument("--model", metavar="FILE.snn")
    parser.add_argument("--frames", metavar="FRAMES.npy")
    parser.add_argument("--name", default="given")
    parser.add_argument("--results-only", action="store_true")
    options = parser.parse_args()
    if options.check:
        with tempfile.TemporaryDirectory() as folder:
            different, coverage = check_set(options.check, options.out or Path(folder))
        print(coverage.table())
        print(f"{different} lines differ")
        return 1 if different or coverage.missing() else 0
    if options.out is None:
        parser.error("--out is needed")
    if options.model:
        trace_given(options)
        return 0
    coverage, _ = make_set(options.out, options.programs, options.seed, options.ticks)
    print(coverage.table())
    return 1 if coverage.missing() else 0


if __name__ == "__main__":
    sys.exit(main())
