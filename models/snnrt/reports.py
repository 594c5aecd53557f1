"""What the command reports, as objects: `data` is its JSON, and they print as tables."""

from __future__ import annotations

from .tables import Shown, table


class _Report(Shown):
    """`data`: the command's JSON, whose keys are attributes too, in Python's spelling: report.arena_bytes. `notes`: what it said
    besides."""

    def __init__(self, data: dict, notes: list[str]):
        self.data, self.notes = data, notes

    def __getattr__(self, name: str):
        words = name.split("_")
        key = words[0] + "".join(word.capitalize() for word in words[1:])
        try:
            return self.__dict__["data"][key]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no {name}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *("".join("_" + c.lower() if c.isupper() else c for c in key) for key in self.data)]

    def _remarks(self) -> list[str]:
        lines = [f"warning: {text}" for text in self.data.get("warnings", [])] + [f"note: {text}" for text in self.notes]
        return ["\n".join(lines)] if lines else []

    def _truth(self) -> list[str]:
        """What the framework gave, beside what the integers give."""
        truth = self.data.get("truth")
        if not truth:
            return ["not compared with the framework"]
        rows = [(words, agreement["windows"], _percent(agreement["labels"]), _percent(agreement.get("scoreDistance")))
                for words, agreement in (("integers", truth["integers"]), ("float reference", truth.get("reference"))) if agreement]
        shown = [table([f"compared with the framework ({truth['expected']})", "windows", "same label", "scores apart"], rows)]
        rows = [(each["node"], each["spikes"], round(each["frameworkSpikes"]), _percent(each["differing"] / max(1, each["compared"])),
                 "window {window}, tick {tick}, neuron {neuron}".format(**each["firstDivergence"]) if each.get("firstDivergence") else "none")
                for each in truth.get("populations", [])]
        header = ["population", "spikes", "framework", "neuron ticks that differ", "first divergence"]
        return shown + ([table(header, rows, right=[1, 2, 3])] if rows else [])


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f} %"


class CompileReport(_Report):
    """What became of a network: sizes, every population's widths, and the comparison with the framework."""

    def _tables(self) -> list[str]:
        rows = []
        for population in self.data.get("populations", []):
            for matrix in population["matrices"] or [{}]:
                shape = f"{matrix['rows']}x{matrix['columns']}" if matrix else ""
                rows.append((population["name"], population["neurons"], matrix.get("from", ""), shape, matrix.get("bits"),
                             matrix.get("signalToNoise"), population["stateBits"], population["fractionBits"]))
        head = [f"{self.data['bytes']:,} bytes, arena {self.data['arenaBytes']:,} bytes"
                + (f", dialect {self.data['dialect']}, dt {self.data['dt']:g} s" if self.data.get("dialect") else "")]
        header = ["population", "neurons", "from", "matrix", "bits", "SNR dB", "state bits", "fraction bits"]
        return head + ([table(header, rows, right=[1, 4, 5, 6, 7])] if rows else []) + self._truth() + self._remarks()


class CheckReport(_Report):
    """What becomes of each node. `is_supported`: the network can be compiled."""

    def _tables(self) -> list[str]:
        rows = [(node["node"], node["primitive"], "x".join(map(str, node.get("shape") or [])), node.get("isSupported"),
                 node.get("realization") or node.get("reason") or "") for node in self.data.get("nodes", [])]
        verdict = "can be compiled" if self.data.get("isSupported") else "cannot be compiled"
        return [f"{self.data.get('file', 'network')}: {verdict}",
                table(["node", "primitive", "shape", "supported", "becomes"], rows, right=())] + self._remarks()


class Comparison(_Report):
    """A model beside its network in floating point: `label_agreement`, `populations`, `truth` (what the framework gave).

    `is_enough`: as many labels agree as min_agreement asks for."""

    def __init__(self, data: dict, notes: list[str], is_enough: bool):
        super().__init__(data, notes)
        self.is_enough = is_enough

    def _tables(self) -> list[str]:
        share = self.data.get("labelAgreement")
        words = "" if share is None else f"; the float reference's label in {_percent(share)}"
        rows = []
        for population in self.data.get("populations", []):
            first = population.get("firstDivergence")
            place = "result {result}, tick {tick}, neuron {neuron}".format(**first) if first else "none"
            ticks = max(1, population["ticks"] * population["neurons"])
            rows.append((population["node"], population["spikes"], population["referenceSpikes"],
                         _percent(population["differing"] / ticks), place))
        header = ["population", "spikes", "reference", "neuron ticks that differ", "first divergence"]
        return [f"{self.data['results']:,} results{words}", table(header, rows, right=[1, 2, 3])] + self._truth() + self._remarks()
