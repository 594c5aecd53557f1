"""Drawing of delay."""


class Delays:
    """What draws delays."""

    def delay(self, draft, source):
        """A delay op; returns its slot."""
        dice, kind = self.dice, draft.source_kind(source)
        wish = self.delay_wishes.next(lambda wish: wish[0] == kind)
        _, length, spread = wish
        count, origin = draft.count(source), draft.slots[source]
        kept = self.frames(length, count)
        persistent = dice.chance(30)
        target = draft.slot(origin["make"], count, bits=origin["bits"], persistent=persistent)
        if spread == "shared":
            delay = dice.pick((0, kept - 1, dice.between(0, kept - 1)))
        else:
            delay = dice.array(count, 0, kept - 1)
            delay[dice.between(0, count - 1)] = dice.pick((0, kept - 1))
        self.dealt.append((self.delay_wishes, wish, draft.op("delay", source=source, target=target, delay=delay, kept=kept)))
        return target

    def of_itself(self, draft):
        """A pool or delay that reads the slot it writes: last tick's values."""
        dice = self.dice
        count = dice.between(2, 9)
        slot = draft.slot("analog", count, bits=dice.pick((8, 16, 32)), persistent=True, initial=dice.pick((-90, 1, 100)))
        if draft.slots[slot]["bits"] == 32 or dice.chance(50):
            draft.op("delay", source=slot, target=slot, delay=dice.array(count, 0, 3), kept=4)
        else:
            draft.op("pool", source=slot, target=slot, shape=(1, count, 1), window=(1, 3), strides=(1, 1), padding=(0, 0, 1, 1),
                     function="sum", multiplier=dice.pick((11, -11, 9, 13)), shift=5)
        return slot
