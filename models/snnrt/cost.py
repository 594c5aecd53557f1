"""What a model costs, op by op."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _library as lib
from .tables import Shown, table

if TYPE_CHECKING:
    from .model import Model
    from .network import Network


class Cost(Shown):
    """What each op costs by the file alone and, where the model ran, what it spent (docs/format.md, Accounting).

    `ops`: a dictionary an op: its kind, the node that it makes, the fields of snnrt_cost and, where it ran, those of snnrt_usage
    (include/snnrt.h). `total`: the same summed. `results`: results that the run gave. Bits are bits; usage is over the whole run."""

    def __init__(self, ops: list[dict], total: dict, results: int, has_run: bool):
        self.ops, self.total, self.results, self.has_run = ops, total, results, has_run

    @classmethod
    def of(cls, network: Network, model: Model, results: int, has_run: bool) -> Cost:
        nodes = {place.slot: place.node for place in model.nodes.values()}

        def spent(op: int | None) -> dict:
            return network.cost(op) | (network.usage(op) if has_run else {})

        ops = [{"op": number, "kind": lib.KINDS[op.kind], "node": nodes.get(op.target_slot, "")} | spent(number)
               for number, op in enumerate(network.ops())]
        return cls(ops, spent(None), results, has_run)

    @property
    def per_result(self) -> dict[str, float]:
        """The total's usage, for one result."""
        return {key: value / self.results for key, value in self.total.items()} if self.results else {}

    def _tables(self) -> list[str]:
        columns = ["neurons", "weights", "synapses", "s_ace_per_result"]
        columns += ["spikes", "synaptic_operations", "ns_ace", "effective_acs", "effective_macs"] if self.has_run else []
        header = ["op", "kind", "node", *(column.replace("_", " ") for column in columns)]
        rows = [[op["op"], op["kind"], op["node"], *(op[column] for column in columns)] for op in self.ops]
        rows.append(["", "total", "", *(self.total[column] for column in columns)])
        shown = table(header, rows, right=[0, *range(3, len(header))])
        return [shown] + ([f"{self.results:,} results, {self.total['ticks']:,} ticks"] if self.has_run else [])
