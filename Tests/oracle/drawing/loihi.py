"""Drawing of loihi."""


class Loihis:
    """What draws populations of Loihi."""

    def loihi(self, draft, count, channels=None, persistent=None):
        """An unplaced population; `calibrate` sets thresholds. channels: what a period should be, if there is one."""
        dice = self.dice
        comparison, exponent = wish = self.loihi_wishes.next()
        spread = self.loihi_spreads.next()
        current = draft.slot("current", count)
        target = draft.slot("spikes", count, persistent=dice.chance(60) if persistent is None else persistent, bits=1)
        op = {"make": "loihi", "current": current, "target": target, "comparison": comparison, "exponent": exponent}
        length = count
        if spread == "period":
            length = channels if channels and dice.chance(80) else dice.pick([i for i in range(1, count + 1) if count % i == 0])
            op["period"] = length
        flags = 0 if spread == "shared" else dice.between(1 if spread == "per neuron" else 0, 15)
        swing = 2 ** dice.between(8, 18)
        for i, (field, shared, low, high) in enumerate((
                ("current_decay", dice.pick((0, 0, 4096, 4096, 4095, 2048, 1, dice.between(1, 4095))), 500, 4096),
                ("voltage_decay", dice.pick((0, 4096, 163, 415, 1, dice.between(1, 4095))), 0, 2000),
                ("threshold", 2 ** (12 + max(exponent, 0)), 2 ** (11 + max(exponent, 0)), 2 ** (12 + max(exponent, 0))),
                ("bias", dice.pick((0, 0, dice.between(-swing, swing))), -swing, swing))):
            op[field] = dice.array(length, low, high) if flags >> i & 1 else shared
        if flags & 8 and dice.chance(30):
            op["bias"][dice.between(0, length - 1)] = dice.pick((2**30 - 1, 1 - 2**30))
        self.dealt.append((self.loihi_wishes, wish, op))
        return op
