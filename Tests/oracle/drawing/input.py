"""Drawing of input."""

import numpy as np


class Inputs:
    """What draws the front of a program."""

    def front(self, draft, channels, bits=None):
        """Stream and input op; returns the analog slot."""
        dice = self.dice
        bits = bits or self.input_bits.next()
        slots = [lambda: draft.slot("stream", channels, channels=[
            (f"channel {i}", dice.pick(("", "m/s^2", "g")), (dice.between(1, 2**32 - 1), dice.between(1, 5000)))
            for i in range(channels)])]
        persistent = dice.chance(25)
        slots.append(lambda: draft.slot("analog", channels, bits=bits, persistent=persistent,
                                        initial=dice.between(-1, 1) if persistent else 0))
        order = dice.shuffled([0, 1])
        made = {i: slots[i]() for i in order}
        # A typical sample of `amplitude` becomes about half of the slot's limit, so that large ones saturate.
        amplitude = dice.pick((2, 60, 1500, 15000, 32767))
        multipliers = dice.array(channels, 1, 32767) * (2 * dice.array(channels, 0, 1) - 1)
        if dice.chance(15):
            multipliers = dice.array(channels, -1, 1)
        if dice.chance(10):
            multipliers[0] = dice.pick((-32768, 32767))
        shift = (amplitude * int(np.abs(multipliers).max() // 2 + 1) // 2 ** (bits - 2)).bit_length() - 1
        offsets = dice.array(channels, -amplitude, amplitude) // 4
        if dice.chance(20):
            offsets[0] = dice.pick((-32768, 32767))
        draft.op("input", samples=made[0], target=made[1], offsets=offsets, multipliers=multipliers,
                 shift=max(0, min(31, shift)))
        return made[1]
