"""The most stack that each public function of a Cortex-M archive can use: python3 stack.py ARCHIVE [FUNCTION …]

The bound is static, from the disassembly. Within a function the depth of the stack is followed from its entry along every
branch: push and pop, stores and loads that move sp, additions to sp and subtractions from it. A call adds the callee's
bound to the depth at the call, a tail call likewise. A call through a register counts as one to the deepest function whose
address the function itself takes, or that any takes where it takes none; in a function that refers to a table of ops
(include/snnrt.h, "What is linked"), to the deepest of the table's functions; what GIVEN lists calls what it is given. Recursion and every other way to change sp are refused, since no bound follows from them. Functions of the
firmware's C library (memcpy, division, double arithmetic) and the exception frame of an interrupt are not counted.

Prints the deepest chain of calls below each FUNCTION, with their frames.
"""

import re
import subprocess
import sys

TABLES = {"snnrt_loaders": "snnrt_load_", "snnrt_ticks": "snnrt_tick_", "snnrt_adders": "snnrt_adder_"}
# What functions of Sources/CKernels are given to call.
GIVEN = {
    "snnrt_reset_later_rest": r"snnrt_reset_later_(narrow|wide)$", "snnrt_run_pairs": r"snnrt_(fire|filter|fire_filtered)_pairs$",
    "snnrt_add_rows": r"snnrt_adder_(spikes|values)_", "snnrt_add_values_by": r"snnrt_adder_wide_",
    "snnrt_add_synapses_of_spikes": r"snnrt_synapses_", "snnrt_add_synapses_of_values": r"snnrt_synapses_"}
# A loader answers one question of several (Ops/Op.swift); what functions below these, which ask for one, do not reach.
ASKS = {
    "FileViewV7declare": r"V5check|checkFields|addMagnitudes|joinedBound",  # for the declaration
    "CurrentSumsV9addBounds": r"V5check|checkFields|V7declare_2in|joinedBound",  # for magnitudes
    "boundOfPools": r"V5check|checkFields|V7declare_2in|addMagnitudes",  # for a pool's bound
    # Not of loaders, but alike: counting calls what counts, and rows are of spikes or of values.
    "StepV5count": r"^snnrt_tick_(?!count)", "snnrt_add_spikes": r"^snnrt_adder_values", "snnrt_add_values": r"^snnrt_adder_spikes"}
CONDITIONS = "eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
CALL = re.compile(rf"blx?({CONDITIONS})?(\.[wn])?$")
BRANCH = re.compile(rf"b({CONDITIONS})?(\.[wn])?$")
END = re.compile(r"(b|bx|udf)(\.[wn])?$|tb[bh]$")


def run(*command):
    """Lines that a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


class Instruction:
    def __init__(self, address, name, operands):
        self.address, self.name, self.operands = address, name.removesuffix(".w").removesuffix(".n"), operands
        self.callee = None  # a function elsewhere, by a relocation

    @property
    def target(self):
        return int(re.search(r"(?:^|,\s*)#?(?:0x)?([0-9a-f]+)(?:\s+<|$)", self.operands)[1], 16)

    @property
    def growth(self):
        """Bytes by which it moves the stack down; None where that cannot be told."""
        if self.name in ("push", "pop"):
            return (4 if self.name == "push" else -4) * len(self.operands.strip("{}").split(","))
        if match := re.match(r"sp, (?:sp, )?#(\w+)$", self.operands):
            if self.name in ("sub", "subw", "add", "addw"):
                return int(match[1], 0) * (1 if self.name.startswith("sub") else -1)
        if match := re.search(r"\[sp, #(-?\w+)\]!$|\[sp\], #(-?\w+)$", self.operands):
            return -int(match[1] or match[2], 0)
        if re.match(rf"(add|pop)({CONDITIONS})$", self.name):
            return 0  # an end of the function, on one of two ways
        changes = re.match(r"sp\b", self.operands) and not self.name.startswith(("cmp", "stm", "ldm", "tst"))
        return None if changes or "sp!" in self.operands else 0

    @property
    def ends(self):
        """What follows is reached from elsewhere, if at all."""
        loads = self.name in ("pop", "ldr", "ldm") and re.search(r"\bpc\b", self.operands.split("[")[0])
        return bool(loads or END.match(self.name) or self.name == "mov" and self.operands.startswith("pc"))


class Function:
    """A function's instructions by address, and how deep its stack is before each."""

    def __init__(self, name):
        self.name, self.instructions, self.depths = name, {}, {}

    def follow(self):
        order = sorted(self.instructions)
        behind = dict(zip(order, order[1:]))
        waiting = [(order[0], 0)] if order else []
        while waiting:
            address, depth = waiting.pop()
            if address in self.instructions and self.depths.get(address, -1) < depth:
                self.depths[address] = depth
                instruction = self.instructions[address]
                if instruction.growth is None:
                    sys.exit(f"{self.name}: {instruction.name} {instruction.operands}: the stack's depth cannot be followed")
                after = depth + instruction.growth
                if not instruction.callee and (BRANCH.match(instruction.name) or instruction.name in ("cbz", "cbnz")):
                    waiting.append((instruction.target, after))
                if not instruction.ends and address in behind:
                    waiting.append((behind[address], after))
            missed = [] if waiting else [address for address in order if address not in self.depths]
            if missed:
                # Only a table of branches leads here: the depth is that of the last such branch before.
                tables = [at for at in self.depths if self.instructions[at].name in ("tbb", "tbh") and at < missed[0]]
                waiting.append((missed[0], self.depths[max(tables)] if tables else 0))

    @property
    def frame(self):
        return max((depth + max(0, self.instructions[address].growth) for address, depth in self.depths.items()), default=0)


class Archive:
    """The functions of an archive by (object, section, address)."""

    def __init__(self, path):
        self.functions, self.taken, self.bounds = {}, set(), {}
        symbols, relocations = self._symbols(path)
        member = section = ""
        for line in run("llvm-objdump", "--disassemble", "--no-show-raw-insn", "--triple=thumbv7em", path):
            if match := re.search(r"\(?([\w.-]+)\)?:\s+file format", line):
                member = match[1]
            elif match := re.match(r"Disassembly of section (.*):$", line):
                section = match[1]
                # A symbol that nothing refers to may be gone.
                starts = symbols.get((member, section)) or {0: section}
                self.functions |= {(member, section, start): Function(name) for start, name in starts.items()}
            elif (match := re.match(r"\s*([0-9a-f]+):\s+([^\s.<]\S*)\s*(.*?)\s*(?:@.*)?$", line)) and section:
                instruction = Instruction(int(match[1], 16), match[2], match[3])
                kind, callee = relocations.get((member, section, instruction.address), (None, None))
                instruction.callee = callee if kind in ("R_ARM_THM_CALL", "R_ARM_THM_JUMP24", "R_ARM_THM_JUMP19") else None
                start = max(start for start in starts if start <= instruction.address)
                self.functions[member, section, start].instructions[instruction.address] = instruction
        # By section of an object, the tables of ops that it refers to.
        self.tables = {}
        for (member, section, _), (_, name) in relocations.items():
            if name in TABLES:
                self.tables.setdefault((member, section), set()).add(TABLES[name])
        # By section, the functions whose addresses it takes.
        self.own = {}
        for (member, section, _), (kind, place) in relocations.items():
            if kind in ("R_ARM_REL32", "R_ARM_ABS32", "R_ARM_THM_MOVW_ABS_NC") and place in self.functions:
                self.taken.add(place)
                self.own.setdefault((member, section), set()).add(place)
        for function in self.functions.values():
            function.follow()

    @staticmethod
    def _symbols(path):
        """Functions by object, section and address; and what relocations refer to: the place of a function, or a name."""
        member, relocated, sections, functions, symbols, relocations = "", "", {}, {}, {}, {}
        for line in run("llvm-readelf", "--symbols", "--section-headers", "--relocs", "--wide", path):
            if line.startswith("File: "):
                member, sections = re.search(r"([\w.-]+)\)?$", line)[1], {}
            elif match := re.match(r"\s*\[\s*(\d+)\] (\S+)", line):
                sections[match[1]] = match[2]
            elif match := re.match(r"Relocation section '\.rel(.*?)'", line):
                relocated = match[1]
            elif match := re.match(r"([0-9a-f]{8})  ([0-9a-f]{8}) (R_\w+)", line):
                relocations[member, relocated, int(match[1], 16)] = match[3], (member, int(match[2], 16) >> 8)
            elif match := re.match(r"\s*(\d+): ([0-9a-f]+)\s+\d+ (\w+)\s+\w+\s+\w+\s+(\w+) ?(.*)$", line):
                number, value, kind, index, name = match.groups()
                place = member, sections.get(index), int(value, 16) & ~1
                symbols[member, int(number)] = place if kind in ("FUNC", "SECTION") else name
                if kind == "FUNC":
                    functions.setdefault(place[:2], {})[place[2]] = name
        return functions, {at: (kind, symbols[symbol]) for at, (kind, symbol) in relocations.items()}

    def callees(self, place):
        """Depth and place of each call within the archive."""
        function = self.functions[place]
        for address, depth in function.depths.items():
            instruction = function.instructions[address]
            if instruction.callee in self.functions:
                yield depth, instruction.callee
            elif instruction.name == "bx" and instruction.operands != "lr":
                yield from ((depth, taken) for taken in self._called(place))
            elif not instruction.callee and CALL.match(instruction.name):
                if re.match(r"r\d+|lr|ip", instruction.operands):
                    yield from ((depth, taken) for taken in self._called(place))
                else:
                    yield depth, (*place[:2], instruction.target)

    def _called(self, place):
        """What a call through a register may reach."""
        pattern = GIVEN.get(self.functions[place].name) or "|".join(self.tables.get(place[:2], ()))
        if pattern:
            return sorted(at for at, each in self.functions.items() if re.match(pattern, each.name))
        return sorted(self.own.get(place[:2], self.taken))

    def bound(self, place, above=(), unreached=None):
        """The most stack of a function and what it calls, and the chain that takes it."""
        name = self.functions[place].name
        if place in above:
            sys.exit(" > ".join(self.functions[each].name for each in (*above, place)) + ": recursion has no bound")
        unreached = next((each for part, each in ASKS.items() if part in name), unreached)
        if (place, unreached) not in self.bounds:
            best = (self.functions[place].frame, (place,))
            for depth, callee in self.callees(place):
                if unreached and re.search(unreached, self.functions[callee].name):
                    continue
                below, chain = self.bound(callee, (*above, place), unreached)
                best = max(best, (depth + below, (place, *chain)))
            self.bounds[place, unreached] = best
        return self.bounds[place, unreached]

    def public(self, names):
        """The bound of each function of the header, whose name may end in the core's in the archive."""
        places = {re.sub(r"^(snnrt_\w+)_for_\w+$", r"\1", function.name): place for place, function in self.functions.items()}
        return {name: self.bound(places[name])[0] for name in sorted(names)}


def main():
    archive = Archive(sys.argv[1])
    for place, function in sorted(archive.functions.items(), key=lambda each: each[1].name):
        if function.name in sys.argv[2:]:
            total, chain = archive.bound(place)
            print(f"{total:6} {function.name}")
            for each in chain:
                print(f"  {archive.functions[each].frame:6} {archive.functions[each].name}")


if __name__ == "__main__":
    main()
