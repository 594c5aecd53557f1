"""Drawing of sparse."""

from math import isqrt

import numpy as np

from drawing.values import draw_weights, toward_zero


class Sparses:
    """What draws sparse projections."""

    def frames(self, length, count):
        """D."""
        dice = self.dice
        if length == "1":
            return 1
        if length == "few":
            return dice.between(2, 4)
        return dice.pick((5, 8, 17, 33, 64)) if count > 4 or dice.chance(60) else dice.pick((300, 1024, 4096)) // (1 + count // 2)

    def sparse(self, draft, source, target, wish=None, width=32, density=None):
        """A sparse projection with empty runs, sources without synapses and destinations without any, in some."""
        dice, kind = self.dice, draft.source_kind(source)
        wish = wish or self.sparse_wishes.next(lambda wish: wish[0] == kind)
        _, encoding, join, length = wish
        count, targets = draft.count(source), draft.count(target)
        delays = self.frames(length, count)
        total = count * delays * targets
        if total <= 200 and dice.chance(20):
            places = np.arange(total)
        else:
            most = max(3, min(800, total * (density or dice.pick((5, 10, 30, 70))) // 100))
            places = np.unique(dice.array(most, 0, total - 1))
        run, destination = places // targets, places % targets
        if delays > 64:  # some that end within the run
            soon = dice.array(len(run), 0, 1) > 0
            run = np.where(soon, run - run % delays + run % delays % 40, run)
            run, destination = np.divmod(np.unique(run * targets + destination), targets)
        kept = np.ones(len(run), bool)
        if dice.chance(35) and density is None:
            kept &= dice.array(count, 0, 2)[run // delays] > 0
        if dice.chance(35) and density is None:
            kept &= dice.array(targets, 0, 2)[destination] > 0
        if dice.chance(4) and density is None:
            kept[:] = False
        run, destination = run[kept], destination[kept]
        arguments = {"source": source, "target": target, "encoding": encoding, "join": join, "delays": delays}
        greatest, typical = self.strength(draft, source, arguments)
        fan_in = int(np.bincount(destination, minlength=1).max(initial=1)) or 1
        amplitude = self.amplitude(encoding, fan_in * greatest)
        weights = draw_weights(dice, encoding, (len(run),), amplitude) if len(run) else np.zeros(0, np.int64)
        size = ((amplitude + 1) * typical * (isqrt(fan_in) + 1) // 2).bit_length()
        weights = toward_zero(weights, self.join(arguments, size, targets, width))
        synapses = np.stack([run // delays, run % delays, destination, weights], axis=1)
        self.dealt.append((self.sparse_wishes, wish, draft.op("sparse", synapses=synapses, **arguments)))
        if dice.chance(4):  # once more, with the same parameters
            draft.ops.append(dict(draft.ops[-1]))
