"""Drawing of pool."""

from itertools import product

import numpy as np

from drawing.kinds import KINDS

# Function, kind of source and kind of target; an average is a sum with a multiplier.
POOLS = [(function, source, target) for function, source in product(("sum", "average"), (*KINDS, "current"))
         for target in ("analog", "current")] + [("maximum", kind, kind) for kind in (*KINDS, "current")]


class Pools:
    """What draws pools."""

    def pool(self, draft, source, shape, wish=None, target=None):
        """A pool; returns its slot and shape. Into analog slots `calibrate` sets multiplier and shift."""
        dice = self.dice
        origin = draft.slots[source]
        kind = "current" if origin["make"] == "current" else draft.source_kind(source)
        wish = wish or self.pool_wishes.next(lambda wish: wish[1] == kind)
        function, _, target_kind = wish
        window, strides, padding, counts = [], [], [], []
        for size in shape[:2]:
            length = 1 if size == 1 else dice.between(1, min(4, size))
            stride = length if dice.chance(50) else dice.between(1, 3)
            before, after = (dice.between(0, length - 1) for _ in range(2)) if dice.chance(40) else (0, 0)
            window, strides, padding = window + [length], strides + [stride], padding + [before, after]
            counts.append((size + before + after - length) // stride + 1)
        new_shape = (*counts, shape[2])
        op = {"source": source, "shape": shape, "window": tuple(window), "strides": tuple(strides), "padding": tuple(padding),
              "function": "maximum" if function == "maximum" else "sum"}
        area, count = window[0] * window[1], int(np.prod(new_shape))
        if function == "average":
            op |= {"multiplier": dice.pick((1, 1, -1)) * (32768 // area - (area == 1)), "shift": 15}
        elif function == "sum":
            op |= {"multiplier": dice.pick((1, 1, 3, -2, dice.between(-900, 900))), "shift": dice.pick((0, 0, 1, 3))}
        if target_kind == "current":
            new = draft.slot("current", count)
            if function != "maximum" and kind not in ("current", "wide"):  # spikes to a current of some bits
                if function == "average":
                    op["shift"] = dice.between(5, 9)
                else:
                    op |= {"multiplier": dice.between(20, 900), "shift": 0}
        elif function == "maximum":
            new = draft.slot(origin["make"], count, bits=origin["bits"], persistent=dice.chance(40))
        else:
            new = draft.slot("analog", count, bits=dice.between(2, 16), persistent=dice.chance(40))
            op["shift"] += 0 if dice.chance(20) else 1
        self.dealt.append((self.pool_wishes, wish, draft.op("pool", target=new, **op)))
        return new, new_shape
