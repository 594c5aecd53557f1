"""Drawing of activation."""


class Activations:
    """What draws activations."""

    def activation(self, draft, count, channels=None, persistent=None, wish=None):
        """An unplaced activation; `calibrate` sets multiplier, shift, and bias."""
        dice = self.dice
        has_period = channels is not None and dice.chance(40)
        function, bits, spread = wish or self.activation_wishes.next(lambda wish: wish[2] == "period" or not has_period)
        limit = 2 ** (bits - 1) - 1
        persistent = dice.chance(50) if persistent is None else persistent
        target = draft.slot("analog", count, bits=bits, persistent=persistent,
                            initial=dice.pick((0, 0, 1, -limit, limit)) if persistent else 0)
        op = {"make": "activation", "current": draft.slot("current", count), "target": target, "function": function}
        self.dealt.append((self.activation_wishes, (function, bits, spread), op))
        length = count
        if spread == "period":
            length = channels or dice.pick([i for i in range(1, count + 1) if count % i == 0])
            op["period"] = length
        which = 0 if spread == "shared" else dice.between(1, 3) if spread == "per neuron" else dice.between(0, 3)
        # In 1/256 of what `calibrate` finds; biases in 1/256 of a large current.
        op["multiplier"] = dice.array(length, 64, 600) * (2 * dice.array(length, 0, 4) > 1) if which & 1 else 256
        op["bias"] = dice.array(length, -160, 160) if which & 2 else dice.pick((0, 0, dice.between(-120, 120)))
        if function == "clip":
            op["low"], op["high"] = dice.pick(((0, limit), (-limit, limit), (0, max(1, limit // 2)), (-limit // 3, limit // 2),
                                               (limit // 2, limit), (-limit, -limit), (-limit // 2, limit)))
        return op
