"""A program in the making."""

from ops import MODULE_OF
from snnrt.file import ModelWriter, assemble


class Draft:
    """A program in the making: slots and ops as the arguments of ModelWriter's methods, in file order."""

    def __init__(self, dice, name):
        self.dice, self.name, self.slots, self.ops, self.extras = dice, name, [], [], []
        self.unplaced_memories = []
        self.self_test = None
        self.is_lively = False  # whether `calibrate` leaves out thresholds that silence a population

    def slot(self, make, count, **arguments):
        self.slots.append({"make": make, "count": count} | arguments)
        return len(self.slots) - 1

    def op(self, make, **arguments):
        self.ops.append({"make": make} | arguments)
        return self.ops[-1]

    def count(self, slot):
        return self.slots[slot]["count"]

    def source_kind(self, slot):
        """spikes, graded, analog (up to 16 bits) or wide (32 bits)."""
        slot = self.slots[slot]
        if slot["make"] == "spikes":
            return "spikes" if slot["bits"] == 1 else "graded"
        return "wide" if slot["bits"] == 32 else "analog"

    def sections(self):
        writer = ModelWriter()
        for slot in self.slots:
            arguments = {key: value for key, value in slot.items() if key not in ("make", "channels")}
            if slot["make"] == "stream":
                writer.stream(f"stream of {self.name}", (50, 1), slot["channels"])
            else:
                getattr(writer, slot["make"])(**arguments)
        for op in self.ops:
            arguments = {key: value for key, value in op.items() if key != "make"}
            if hasattr(writer, op["make"]):
                index = getattr(writer, op["make"])(**arguments)
            else:
                index = MODULE_OF[op["make"]].write(writer, **arguments)
            if op["make"] == "readout":
                writer.output("label", index, [f"class {i}" for i in range(self.count(op["source"]))])
        if self.self_test:
            writer.self_test(*self.self_test)
        self.minor = writer.minor
        return writer.sections() + self.extras

    def build(self):
        sections = self.sections()
        if self.extras:  # the order of what is not required is free
            sections = sections[:8] + sections[:7:-1]
        return assemble(sections, self.minor)
