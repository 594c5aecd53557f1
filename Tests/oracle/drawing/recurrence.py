"""Drawing of recurrence: with factors of Legendre's system and with others."""

from itertools import product

from snnrt import legendre

# Segment count, places of a segment and whether all of them hold an element; None for any.
SHAPES = [*((1, places, True) for places in (1, 2, 3, 5, None, None)),
          *product((16,), (1, 2, 3, 4, 5, 7, 8, 9, 16, 17), (False, True)),
          *product((2, 3, 4, 8, None), (1, None), (False, True))]


class Recurrences:
    """What draws recurrences."""

    def recurrence(self, draft, is_legendre, units=None):
        """An unplaced op; `calibrate` sets fraction bits."""
        dice = self.dice
        shape, is_complex = wish = self.recurrence_wishes.next()
        segments, order = self.shape(*shape)
        substeps = self.substeps.next(lambda substeps: substeps * order <= 300)
        bits, has_biases, bound = self.state_wishes.next()
        units = units or dice.between(1, max(1, min(6, 140 // order)))
        greatest = 32767 if bits == 16 else 2**30 - 1
        if is_legendre:
            degree = self.degrees.next(lambda degree: (degree > 1) == is_complex)
            theta = max(2, order * dice.pick((2, 3, 5, 12)) // dice.pick((1, 2)))
            factors, output_shift = legendre.integers(order, theta, degree, substeps, segments)
            greatest = min(greatest, 2**25) if dice.chance(80) else greatest
        else:
            factors, output_shift = self.factors(self.poles.next(lambda poles: poles * order <= 1100), segments, is_complex,
                                                 order)
        limit = {"whole": greatest, "some": greatest >> dice.between(1, 6 if bits == 16 else 16),
                 "small": dice.pick((1, 20, 300))}[bound]
        initial = dice.pick((0, 0, 1, -77, 32767))
        swing = max(1, limit >> dice.between(3, 10))
        op = {"make": "recurrence", "current": draft.slot("current", units),
              "target": draft.slot("analog", units * order, bits=bits, persistent=True, initial=initial),
              "factors": factors, "output_shift": output_shift, "limit": limit, "substeps": substeps,
              "bias": dice.array(units, -swing, swing) if has_biases else dice.pick((0, 0, 0, dice.between(-swing, swing)))}
        self.dealt.append((self.recurrence_wishes, wish, op))
        return op

    def shape(self, segments, places, is_whole):
        """Segment count and order."""
        dice = self.dice
        segments = segments or dice.pick((5, 6, 7, 9, 10, 11, 12, 13, 14, 15))
        places = places or dice.pick((2, 2, 3, 4, 5, 6, 9, 17))
        return segments, segments * places - (0 if is_whole else dice.between(1, segments - 1))

    def factors(self, poles, segments, is_complex, order):
        """Factors of any size, those at the ends of i32 among them, or such that no product wraps; and an output shift."""
        dice, places = self.dice, -(-order // segments)
        rows = 2 * places if segments == 1 else 4 * places + 3
        shape = (poles, rows, 2, segments) if is_complex else (poles, rows, segments)
        if dice.chance(50):
            factors = dice.array(shape, -2**31, 2**31 - 1)
            factors[dice.array(shape, 0, 9) == 0] = dice.pick((-2**31, 2**31 - 1, 0))
            return factors, dice.pick((0, 1, 16, 29, 30, 30))
        factors = dice.array(shape, -2**29, 2**29) >> dice.between(0, 3)
        return factors, dice.pick((30, 30, 29, 28))

    def at_rest(self, draft, op):
        """Leaves a unit of `op` without input, in which nothing happens where it starts from 0."""
        unit = self.dice.between(0, draft.count(op["current"]) - 1)
        for other in draft.ops:
            if other.get("target") == op["current"] and other["make"] == "dense" and other["encoding"] != "binary":
                other["weights"] = other["weights"].copy()
                other["weights"][unit] = 0

    def placed(self, draft, op, *sources):
        """As `place`; in some a unit stays at rest."""
        target = self.place(draft, op, *sources)
        if self.dice.chance(50) and draft.count(op["current"]) > 1:
            self.at_rest(draft, op)
        return target
