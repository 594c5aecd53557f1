"""What a generated set of programs must cover, counted in programs.

A module has `required()`, {group: items}; where it is about an op, KINDS, the names of kinds, and note(seen, model, i, op),
called for each of them; and maybe note_program(seen, model, network, frames, tally), called for each program after
its last tick.
"""

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

from drawing.coverage.layers import fires_everywhere, is_layered
from reader import Kind

MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
ABOUT = [module for module in MODULES if hasattr(module, "required")]


class Coverage:
    def __init__(self):
        self.required = {}
        for module in ABOUT:
            for group, items in module.required().items():
                self.required.setdefault(group, []).extend(items)
        self.counts = {group: Counter() for group in self.required}
        self.rates = Counter()  # lif populations by the start of their 5 % step of firing rate
        self.programs = 0

    def add(self, model, network, frames, tally, shape):
        """Counts one program after its last tick; shape: what it is made to be, "" for a random program.

        Many combinations count only where something happened: `happens`, events of the op at hand.
        """
        self.programs += 1
        self.found = set()
        for i, op in enumerate(model.ops):
            kind = Kind(op.kind).name.lower()
            self.note("op", kind)
            self.happens = network.ops[i].events > 0
            for module in ABOUT:
                if kind in module.KINDS:
                    module.note(self, model, i, op)
        for module in ABOUT:
            if hasattr(module, "note_program"):
                module.note_program(self, model, network, frames, tally)
        self.note("shape", shape, not is_layered(shape) or fires_everywhere(network))
        for group, item in self.found:
            self.counts[group][item] += 1

    def note(self, group, item, holds=True):
        if holds:
            self.found.add((group, item))

    def missing(self):
        """The required items that no program covers."""
        return [f"{group}: {item}" for group, items in self.required.items() for item in items
                if not self.counts[group][item]]

    def summary(self):
        return {"programs": self.programs,
                "items": {group: {item: self.counts[group][item] for item in items}
                          for group, items in self.required.items()},
                "populationsByFiringRate": dict(self.sorted_rates()),
                "missing": self.missing()}

    def sorted_rates(self):
        return sorted(self.rates.items(), key=lambda item: -1 if item[0] == "never" else int(item[0].split()[0]))

    def table(self):
        """One line for each group: items covered, and the programs of its rarest and commonest item."""
        lines = [f"{'group':36} covered   programs (rarest … commonest)"]
        for group, items in self.required.items():
            counts = sorted((self.counts[group][item], item) for item in items)
            covered = f"{sum(count > 0 for count, _ in counts)}/{len(items)}"
            lines.append(f"{group:36} {covered:9} {counts[0][0]} ({counts[0][1]}) … {counts[-1][0]} ({counts[-1][1]})")
        lines.append("populations by firing rate, from: "
                     + ", ".join(f"{low}: {count}" for low, count in self.sorted_rates()))
        return "\n".join(lines + [f"MISSING {item}" for item in self.missing()])
