"""Drawing of readout."""


class Readouts:
    """What draws readouts."""

    def readout(self, draft, source, wish, evidence=None):
        """The readout op, at the end of the program or, in some, further up."""
        dice = self.dice
        integration, resets, kind, shifted = wish
        evidence = evidence or self.evidence[integration, resets].next()
        most = {"spikes": 3, "graded": 7, "analog": 15, "wide": 31}[kind]
        op = {"source": source, "integration": integration, "reset_network": resets,
              "shift": dice.between(1, most) if shifted else 0,
              "decay": dice.pick((0, 32768, 32000, dice.between(1, 32767))) if integration == "leaky" else 0}
        if evidence == "plain":
            op["window"] = dice.pick((1, 2, 3, 5, 7, 8, 12, 16, 20, 31, 100))
        elif evidence.endswith("leak"):
            op["window"] = dice.pick((1, 2, 3, 5, 7, 8, 12))
            op["evidence_decay"] = 32768 if evidence == "no leak" else dice.pick((1, 16384, 32767, dice.between(1, 32767)))
        else:
            n = dice.between(2, 4) if evidence.startswith("few") else dice.pick((5, 6, 7, 8, 9, 12, 16, 23, 100))
            op["hop"] = dice.pick((1, 1, 2, 3, 5, 7, 10) if n <= 4 else (1, 1, 2, 3))
            op |= {"window": n * op["hop"], "is_early": evidence.endswith("early")}
        draft.op("readout", **op)
        if dice.chance(25):
            writer = next(i for i, other in enumerate(draft.ops) if other.get("target") == source)
            first = 0 if draft.slots[source]["persistent"] else writer + 1
            draft.ops.insert(dice.between(first, len(draft.ops) - 1), draft.ops.pop())
