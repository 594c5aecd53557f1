"""The suite of `make bench`: python3 suite.py SNNRT FOLDER MODELS [SECONDS]

Runs `snnrt bench` on the networks of networks.py in FOLDER, against the yardsticks there, and on every model of MODELS on
the sample log. Prints Markdown tables; times are medians of interleaved rounds in microseconds per tick. The networks of a table run
in turns, three times, and the run of the least median is shown: what else a machine does only adds, for minutes at a time.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from networks import RATES

TURNS = 3


class Suite:
    def __init__(self, command, folder, seconds):
        self.command, self.folder, self.seconds = command, folder, seconds

    def bench(self, model, *logs, neurons=None):
        """What `snnrt bench` says, with the fastest dense and event-driven yardstick under these names."""
        rivals = sorted(self.folder.glob(f"*-{neurons}-*.so")) if neurons else []
        arguments = [self.command, "bench", model, *logs, "--format", "json", "--seconds", self.seconds]
        for rival in rivals:
            arguments += ["--against", rival]
        report = json.loads(subprocess.run(map(str, arguments), check=True, capture_output=True, text=True).stdout)
        for kind in ("dense", "event"):
            of_kind = [timing for timing in report["yardsticks"] if timing["name"].startswith(kind)]
            report[kind] = min(of_kind, key=lambda timing: timing["median"], default=None)
        return report

    def in_turns(self, runs):
        """The quietest report of each of `runs`, arguments of `bench`."""
        turns = [[self.bench(*run, **names) for run, names in runs] for _ in range(TURNS)]
        return [min(reports, key=lambda report: report["network"]["median"]) for reports in zip(*turns)]

    def synthetic(self, neurons, frames="S.npy"):
        """By name of a network, its number of neurons: None where there is no yardstick."""
        return self.in_turns([((self.folder / f"{name}.snn", self.folder / frames, "--raw"), {"neurons": number})
                              for name, number in neurons.items()])


def table(columns, rows):
    print("|", " | ".join(columns), "|")
    print("|" + "---|" * len(columns))
    for row in rows:
        print("|", " | ".join(row), "|")
    print()


def spread(timing):
    return f"{timing['median'] / 1e3:.3f} ({timing['lowerQuartile'] / 1e3:.3f} … {timing['upperQuartile'] / 1e3:.3f})"


def against(report, kind):
    timing = report[kind]
    return f"{timing['median'] / 1e3:.3f} {timing['name'].split('-', 2)[2]}", f"{timing['networkRatio']:.2f}"


def per_second(report):
    return (f"{report['ticksPerSecond']:,.0f}", f"{report['synapticOperationsPerSecond'] / 1e6:,.0f}",
            f"{report['weightBytesPerSecond'] / 1e6:,.0f}")


RATE_COLUMNS = ("ticks/s", "M synaptic operations/s", "MB of weights/s")


def ops(report):
    print(f"{report['model']}, per tick\n")
    table(("op", "ns", "share", "events", "synaptic operations"),
          [(op["op"], f"{op['nanosecondsPerTick']:.0f}", f"{op['share']:.1%}", f"{op['eventsPerTick']:.1f}",
            f"{op['synapticOperationsPerTick']:.0f}") for op in report["ops"]])


def sweep(suite, neurons):
    rows, points = [], []
    for report in suite.synthetic({f"rate{neurons}-{rate}": neurons for rate in RATES}):
        points.append((report["synapticOperationsPerSecond"] / report["ticksPerSecond"], report["network"]["median"]))
        rows.append((f"{report['firingRate']:.1%}", spread(report["network"]), *against(report, "event"),
                     *against(report, "dense"), *per_second(report)[1:]))
    print(f"Rate sweep, {neurons} recurrent neurons\n")
    table(("firing", "µs (quartiles)", "event C", "ratio", "dense C", "ratio", *RATE_COLUMNS[1:]), rows)
    operations, times = np.array(points).T
    for last in range(4, len(points) + 1):
        r = np.corrcoef(operations[:last], times[:last])[0, 1]
        print(f"time against synaptic operations up to {RATES[last - 1]} %: R² {r * r:.4f}")
    print(f"monotone: {bool(np.all(np.diff(times) > 0))}\n")


def main():
    command, folder, models = (Path(argument) for argument in sys.argv[1:4])
    suite = Suite(command, folder, float(sys.argv[4]) if len(sys.argv) > 4 else 2)

    reports = suite.synthetic({f"S{neurons}": neurons for neurons in (128, 1024)})
    table(("network", "firing", "µs (quartiles)", "event C", "ratio", "dense C", "ratio", *RATE_COLUMNS),
          [(report["model"], f"{report['firingRate']:.1%}", spread(report["network"]), *against(report, "event"),
            *against(report, "dense"), *per_second(report)) for report in reports])
    for report in reports:
        ops(report)
    for neurons in (128, 1024):
        sweep(suite, neurons)

    print("Weight encodings, 1,024 recurrent neurons, 2 % firing\n")
    encodings = {"int8": "rate1024-2", **{e: f"S1024-{e}" for e in ("binary", "ternary", "int4", "int16")}}
    table(("weights", "firing", "µs (quartiles)", "recurrent op, ns", "per event, ns", *RATE_COLUMNS),
          [(encoding, f"{report['firingRate']:.1%}", spread(report["network"]), f"{report['ops'][2]['nanosecondsPerTick']:.0f}",
            f"{report['ops'][2]['nanosecondsPerTick'] / report['ops'][2]['eventsPerTick']:.1f}", *per_second(report))
           for encoding, report in zip(encodings, suite.synthetic(dict.fromkeys(encodings.values())))])

    print("Memory of order 256, one unit\n")
    table(("network", "µs (quartiles)"),
          [(report["model"], spread(report["network"]))
           for report in suite.synthetic(dict.fromkeys(path.stem for path in sorted(folder.glob("lmu*.snn"))), "lmu.npy")])

    print("Shipped models on the sample log\n")
    watch = models / "sample.csv"

    def sample(model):
        own = model.parent / "sample.npy"
        return (own, "--raw") if own.exists() else (watch,)

    table(("model", "firing", "µs (quartiles)", *RATE_COLUMNS),
          [(report["model"], f"{report['firingRate']:.1%}", spread(report["network"]), *per_second(report))
           for report in suite.in_turns([((path, *sample(path)), {}) for path in sorted(models.glob("*/*.snn"))])])


if __name__ == "__main__":
    main()
