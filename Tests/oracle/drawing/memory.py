"""Drawing of memory."""

import numpy as np


class Memories:
    """What draws memories."""

    def memory(self, draft, units, order, encoding, width, flags):
        """Matrices whose rows of A sum in magnitude to about 2^sA: some memories decay, some saturate."""
        dice = self.dice
        earlier = [op for op in draft.unplaced_memories if op["encoding"] == encoding and len(op["input_matrix"]) == order]
        limit = 127 if encoding == "int8" else 32767
        state_bits = dice.between(2, 6) if encoding == "int8" else dice.between(4, 14)
        per_element = max(1, (2**state_bits * dice.between(40, 160) // 100) * 2 // order)
        matrix = np.clip(dice.array((order, order), -per_element, per_element), -limit - 1, limit)
        matrix *= dice.array((order, order), 0, 99) < dice.pick((30, 70, 100))
        np.fill_diagonal(matrix, np.clip(dice.array(order, 0, 2**state_bits), -limit - 1, limit))
        if dice.chance(20):
            matrix[0, 0] = dice.pick((-limit - 1, limit))
        input_matrix = dice.array(order, -limit - 1, limit) * (dice.array(order, 0, 99) < 85)
        input_bits = dice.between(5, 9) if encoding == "int8" else dice.between(13, 17)
        if dice.chance(5):
            state_bits, input_bits = dice.pick(((30, 0), (0, 30), (30, 30), (0, 0)))
        op = {"state_matrix": matrix, "input_matrix": input_matrix, "encoding": encoding, "state_bits": state_bits,
              "input_bits": input_bits, "bias": 0}
        if earlier:  # shared tensors
            op |= {key: earlier[0][key] for key in ("state_matrix", "input_matrix", "state_bits")}
        greatest = 32767 if width == 16 else 2**30 - 1
        swing = greatest >> dice.between(5, 12)
        op["bias"] = dice.array(units, -swing, swing) if flags else dice.pick((0, dice.between(-swing, swing)))
        if dice.chance(15):  # close to the limit
            op["bias"] = op["bias"] + dice.pick((-greatest, greatest))
        draft.unplaced_memories.append(op)
        return op
