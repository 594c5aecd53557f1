"""Height and width of convolutions and pools: where source, kernel and destination meet."""

from dataclasses import dataclass


@dataclass
class Axis:
    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int = 1

    @property
    def count(self) -> int:
        """H′ or W′."""
        dividend = self.size + self.before + self.after - self.dilation * (self.kernel - 1) - 1
        return 0 if dividend < 0 else dividend // self.stride + 1

    def meets(self, k):
        """(destinations, sources) of kernel position k, as slices."""
        first = self.dilation * k - self.before  # the source of destination 0
        low = max(0, -(first // self.stride))
        high = min(self.count, (self.size - 1 - first) // self.stride + 1)
        if high <= low:
            return slice(0, 0), slice(0, 0)
        return slice(low, high), slice(first + self.stride * low, first + self.stride * (high - 1) + 1, self.stride)

    @property
    def pairs(self) -> int:
        """Ty or Tx."""
        return sum(max(0, destinations.stop - destinations.start) for destinations, _ in map(self.meets, range(self.kernel)))
