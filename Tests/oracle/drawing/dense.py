"""Drawing of dense and block, and of what all projections share."""

from math import gcd, isqrt

from drawing.values import draw_weights, toward_zero


class Projections:
    """What draws projections."""

    def projection(self, draft, source, target, width, wish=None, groups=None, shape_weights=None):
        dice = self.dice
        kind = draft.source_kind(source)
        encoding, join = wish or self.projections[kind].next()
        counts = draft.count(source), draft.count(target)
        if groups is None:
            divisors = [i for i in range(2, gcd(*counts) + 1) if counts[0] % i == 0 == counts[1] % i]
            groups = dice.pick(divisors) if divisors and dice.chance(60) else dice.pick((None, None, 1))
        sources, destinations = (count // (groups or 1) for count in counts)
        arguments = {"source": source, "target": target, "encoding": encoding, "join": join}
        if groups:
            arguments["groups"] = groups
        greatest, typical = self.strength(draft, source, arguments)
        amplitude = self.amplitude(encoding, sources * greatest)
        weights = draw_weights(dice, encoding, (destinations, sources), amplitude)
        size = ((amplitude + 1) * typical * (isqrt(sources) + 1) // 2).bit_length()  # of a typical sum, in bits
        excess = self.join(arguments, size, destinations, width)
        if excess:
            weights = toward_zero(weights, excess)
        same = [op for op in draft.ops if op.get("encoding") == encoding and "weights" in op
                and op["weights"].shape == weights.shape]
        if same and dice.chance(40) and kind in ("spikes", "graded"):
            weights = same[0]["weights"]
        draft.op("block" if groups else "dense", weights=weights, **arguments)

    def strength(self, draft, source, arguments):
        """Greatest and typical magnitude of a source's elements; gives a wide one its source shift."""
        dice, kind = self.dice, draft.source_kind(source)
        if kind == "spikes":
            return 1, 1
        if kind == "graded":
            greatest = 2 ** draft.slots[source]["bits"] - 1
            return greatest, greatest // dice.pick((2, 4, 16)) + 1
        if kind == "analog":
            greatest = 2 ** (draft.slots[source]["bits"] - 1) - 1
        else:
            source_shift = dice.pick((0, 8, 15, 17, 19, 22, 25, 29, 31))
            arguments["source_shift"] = source_shift
            greatest = min(32767, 2**30 >> source_shift) + 1
        return greatest, greatest // 4 + 1

    def amplitude(self, encoding, fan_in):
        """Of weights, for a `fan_in` of sources times their greatest value."""
        dice = self.dice
        amplitude = {"binary": 1, "ternary": 1, "int4": dice.pick((1, 3, 7)), "int8": dice.pick((7, 60, 127)),
                     "int16": 2 ** dice.between(4, 15) - 1}[encoding]
        return max(1, min(amplitude, 2**29 // fan_in))

    def join(self, arguments, size, destinations, width):
        """Arguments of the join that bring sums of `size` bits to 6 … 13; returns by how many bits the weights are too
        large for a 16-bit state without a join."""
        dice, join = self.dice, arguments["join"]
        wanted = dice.between(6, 13)
        if join == "left":
            arguments["shift"] = max(0, min(30, wanted - size))
        elif join == "right":
            arguments["shift"] = max(0, min(30, size - wanted)) or dice.between(0, 2)
        elif join == "multiplier":
            bits = dice.between(1, 30)
            multipliers = dice.array(destinations, 2 ** (bits - 1), 2**bits) * (2 * (dice.array(destinations, 0, 9) > 1) - 1)
            if dice.chance(10):
                multipliers[0] = dice.pick((0, 2**31 - 1, -2**31))
            arguments |= {"multipliers": multipliers, "shift": max(0, min(47, size + bits - wanted))}
        elif width == 16 and arguments["encoding"].startswith("int") and size > 15:
            return size - 15
        return 0
