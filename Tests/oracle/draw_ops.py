"""Drawing random programs of what format 1.2 added: sparse, delay, convolution, pool, activation, periods of parameters."""

from itertools import product
from math import isqrt

import numpy as np

from draw import FIELDS, Draft, Maker, Wish, Wishes, draw_weights, kinds_of_population, toward_zero
from snnrt.file import COMPARISONS

ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
JOINS = ("add", "left", "right", "multiplier")
KINDS = ("spikes", "graded", "analog", "wide")
LENGTHS = ("1", "few", "many")  # of histories, in frames
# Function, kind of source and kind of target; an average is a sum with a multiplier.
POOLS = [(function, source, target) for function, source in product(("sum", "average"), (*KINDS, "current"))
         for target in ("analog", "current")] + [("maximum", kind, kind) for kind in (*KINDS, "current")]
LAYOUTS = ("plain", "1 × 1", "strided", "dilated", "asymmetric", "larger than the source", "groups", "groups", "depthwise")


class OpsMaker(Maker):
    """Places ops as it goes, so that `draft.ops` is in order at any time."""

    def __init__(self, dice):
        super().__init__(dice)
        self.sparse_wishes = Wishes(dice, product(KINDS, ENCODINGS, JOINS, LENGTHS))
        self.convolution_wishes = Wishes(dice, product(KINDS, ENCODINGS, JOINS))
        self.layouts = Wishes(dice, product(LAYOUTS, (1, 2)))
        self.pool_wishes = Wishes(dice, POOLS)
        self.delay_wishes = Wishes(dice, product(KINDS, LENGTHS, ("shared", "per element")))
        self.activation_wishes = Wishes(dice, product(("clip", "tanh", "sigmoid"), range(2, 17),
                                                      ("shared", "per neuron", "period")))

    def program(self, name, i):
        """Program number i of the set; (draft, what it is)."""
        number = i % 16
        make = (self.sparse_program if number < 6 else self.convolution_program if number < 12 else
                (self.spiking_cnn, self.delay_network, self.activation_lmu, self.activation_program)[number - 12])
        draft = Draft(self.dice, name)
        draft.is_lively = True
        self.dealt = []  # (wishes, wish, op) of this program
        return make(draft), make.__name__.replace("_", " ")

    def take_back(self, draft, network):
        """Deals the wishes of ops again, first, in which nothing happened."""
        for wishes, wish, op in self.dealt:
            happened = any(other is op and state.events for other, state in zip(draft.ops, network.ops))
            if not happened:
                wishes.left.insert(0, wish)

    def strength(self, draft, source, arguments):
        """As in other programs, but without source shifts that leave nothing of most wide sources."""
        greatest, typical = super().strength(draft, source, arguments)
        if arguments.get("source_shift", 0) > 22:
            arguments["source_shift"] = self.dice.pick((0, 4, 10, 13, 16, 16, 25))
            greatest = min(32767, 2**30 >> arguments["source_shift"]) + 1
            typical = greatest // 4 + 1
        return greatest, typical

    def population(self, *arguments, **options):
        """As in other programs, but such that what comes behind gets spikes for longer."""
        op = super().population(*arguments, **options)
        if "refractory" in op:
            op["refractory"] = min(op["refractory"], 5)
        return op

    # Parts of programs.

    def of_kind(self, draft, kind, count, channels=None, persistent=None):
        """An unplaced population whose target is of `kind`; channels: what a period should be, if there is one."""
        dice = self.dice
        if kind == "analog" and dice.chance(80):
            return self.activation(draft, count, channels, persistent)
        wish = self.populations.next(lambda wish: wish.make == "lif" and kind in kinds_of_population(wish))
        op = self.population(draft, 1, wish, count=count, kind=kind, persistent=persistent)
        return self.with_period(op, count, channels) if channels or dice.chance(20) else op

    def with_period(self, op, count, channels=None):
        """A period of `channels`, or of another divisor of the count."""
        dice = self.dice
        if channels is None or dice.chance(20):
            channels = dice.pick([i for i in range(1, count + 1) if count % i == 0])
        for field in FIELDS:
            if np.ndim(op.get(field, 0)):
                op[field] = op[field][:channels]
        return op | {"period": channels}

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

    def place(self, draft, population, *sources):
        """A dense or block projection from each source, then the population; returns its target."""
        for source in sources:
            self.projection(draft, source, population["current"], population.get("width", 32))
        draft.ops.append(population)
        return population["target"]

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

    def axis(self, layout, most=3):
        """Kernel, stride, padding before and after, dilation."""
        dice = self.dice
        kernel, stride, padding, dilation = dice.between(1, most), 1, dice.pick(((0, 0), (0, 0), (1, 1))), 1
        if layout == "1 × 1":
            return 1, dice.pick((1, 1, 2)), (0, 0), 1
        if layout == "strided":
            stride = dice.between(2, 4)
        elif layout == "dilated":
            kernel, dilation = dice.between(2, 3), dice.between(2, 3)
        elif layout == "asymmetric":
            padding = dice.pick(((2, 0), (0, 3), (1, 2), (5, 1)))
        return kernel, stride, padding, dilation

    def convolution(self, draft, source, shape, wish, target=None, width=32, layout=None, channels=None):
        """A convolution into a new current slot; returns the slot and its shape."""
        dice = self.dice
        _, encoding, join = wish
        layout, dimensions = layout or self.layouts.next(lambda wish: wish[1] == 1 or shape[0] > 1)
        axes = [self.axis(layout) if dimensions == 2 or i == 1 else (1, 1, (0, 0), 1) for i in range(2)]
        for i in range(2):  # what fits: padding for what is too large
            kernel, stride, padding, dilation = axes[i]
            if layout == "larger than the source" and (i == 1 or dimensions == 2):
                kernel = shape[i] + dice.between(1, 3)
            missing = dilation * (kernel - 1) + 1 - shape[i] - sum(padding)
            if missing > 0:
                padding = (padding[0] + missing // 2 + dice.between(0, 1), padding[1] + missing - missing // 2)
            axes[i] = kernel, stride, padding, dilation
        counts = [(shape[i] + sum(padding) - dilation * (kernel - 1) - 1) // stride + 1
                  for i, (kernel, stride, padding, dilation) in enumerate(axes)]
        groups = 1
        if layout in ("groups", "depthwise"):
            groups = shape[2] if layout == "depthwise" else dice.pick([i for i in range(1, shape[2] + 1) if shape[2] % i == 0])
        each = channels or dice.between(1, max(1, min(5, 120 // (counts[0] * counts[1] * groups))))
        new_shape = (*counts, groups * each)
        sources, kernel = shape[2] // groups, (axes[0][0], axes[1][0])
        arguments = {"source": source, "shape": shape, "encoding": encoding, "join": join, "groups": groups,
                     "strides": (axes[0][1], axes[1][1]), "padding": axes[0][2] + axes[1][2],
                     "dilations": (axes[0][3], axes[1][3])}
        greatest, typical = self.strength(draft, source, arguments)
        fan_in = sources * kernel[0] * kernel[1]
        amplitude = self.amplitude(encoding, fan_in * greatest)
        weights = draw_weights(dice, encoding, (new_shape[2], sources, *kernel), amplitude)
        size = ((amplitude + 1) * typical * (isqrt(fan_in) + 1) // 2).bit_length()
        weights = toward_zero(weights, self.join(arguments, size, new_shape[2], width))
        if target is None:
            target = draft.slot("current", int(np.prod(new_shape)))
        self.dealt.append((self.convolution_wishes, wish, draft.op("convolution", target=target, weights=weights, **arguments)))
        return target, new_shape

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
                op |= {"shift": dice.between(5, 9)} if function == "average" else {"multiplier": dice.between(20, 900), "shift": 0}
        elif function == "maximum":
            new = draft.slot(origin["make"], count, bits=origin["bits"], persistent=dice.chance(40))
        else:
            new = draft.slot("analog", count, bits=dice.between(2, 16), persistent=dice.chance(40))
            op["shift"] += 0 if dice.chance(20) else 1
        self.dealt.append((self.pool_wishes, wish, draft.op("pool", target=new, **op)))
        return new, new_shape

    def finish(self, draft, outputs):
        """The readout of one of `outputs`."""
        small = [slot for slot in outputs if draft.count(slot) <= 40] or outputs
        kinds = {draft.source_kind(slot) for slot in small}
        readout = self.readouts.next(lambda wish: wish[2] in kinds)
        self.readout(draft, self.dice.pick([slot for slot in small if draft.source_kind(slot) == readout[2]]), readout)
        return draft

    # Programs.

    def sparse_program(self, draft):
        """Populations of the wanted kinds on the input, then others behind sparse projections of them, of delayed slots and
        of persistent slots further down."""
        dice = self.dice
        values = self.front(draft, dice.pick((1, 2, 3, 5, 8, 17, 33)))
        wishes = [self.sparse_wishes.next() for _ in range(dice.between(5, 7))]
        slots = {kind: [] for kind in KINDS}
        slots["analog"].append(values)
        for kind in sorted({wish[0] for wish in wishes} - {"analog"}):
            count = dice.pick((1, 2, 3, 4, 7, 12, 24, 33, 40))
            slots[kind].append(self.place(draft, self.of_kind(draft, kind, count), values))
        if dice.chance(70):
            for _ in range(dice.between(1, 2)):
                kind = dice.pick([kind for kind in KINDS if slots[kind]])
                slots[kind].append(self.delay(draft, dice.pick(slots[kind])))
        made = [self.of_kind(draft, dice.pick((*KINDS, "analog")), dice.pick((1, 2, 3, 5, 9, 16, 31, 40)),
                             persistent=dice.pick((True, None))) for _ in range(2)]
        for i, population in enumerate(made):
            below = [other["target"] for other in made[i:] if draft.slots[other["target"]]["persistent"]]
            for wish in wishes[i::2]:
                fitting = slots[wish[0]] + [slot for slot in below if draft.source_kind(slot) == wish[0]]
                recurrent = fitting[len(slots[wish[0]]):]
                source = dice.pick(recurrent) if recurrent and dice.chance(50) else dice.pick(fitting)
                self.sparse(draft, source, population["current"], wish, population.get("width", 32))
            if below and dice.chance(40):
                self.sparse(draft, dice.pick(below), population["current"], width=population.get("width", 32))
            if dice.chance(30):
                self.projection(draft, values, population["current"], population.get("width", 32))
            draft.ops.append(population)
            slots[draft.source_kind(population["target"])].append(population["target"])
        return self.finish(draft, [slot for some in slots.values() for slot in some])

    def convolution_program(self, draft):
        """Convolutions of the wanted sources, pools of currents and of what comes behind, periods of channels."""
        dice = self.dice
        shape = dice.pick(((1, 12, 1), (1, 9, 4), (1, 16, 6), (5, 5, 1), (4, 6, 2), (6, 6, 3), (3, 4, 6), (1, 5, 8), (7, 3, 2),
                           (1, 1, 5)))
        values = self.front(draft, int(np.prod(shape)))
        shaped, outputs = [(values, shape)], [values]
        for wish in [self.convolution_wishes.next() for _ in range(2)]:
            fitting = [(slot, shape) for slot, shape in shaped if draft.source_kind(slot) == wish[0]]
            if not fitting:
                origin, origin_shape = shaped[-1]
                made = self.of_kind(draft, wish[0], draft.count(origin), origin_shape[2])
                fitting = [(self.place(draft, made, origin), origin_shape)]
                shaped += fitting
            source, source_shape = fitting[-1]
            if wish[0] == "analog" and dice.chance(30):  # spikes, their average, and so to the convolution
                spikes = self.place(draft, self.neurons(draft, draft.count(source), source_shape[2]), source)
                shaped.append((spikes, source_shape))
                source, source_shape = self.pool(draft, spikes, source_shape, (dice.pick(("sum", "average")), "spikes", "analog"))
                outputs += [spikes, source]
            current, new_shape = self.convolution(draft, source, source_shape, wish)
            if dice.chance(40):
                if dice.chance(25):
                    (self.sparse if dice.chance(50) else self.sum_of)(draft, dice.pick(outputs), current)
                current, new_shape = self.pool(draft, current, new_shape)
                if draft.slots[current]["make"] == "analog":
                    shaped.append((current, new_shape))
                    outputs.append(current)
                    continue
            shaped.append((self.behind(draft, current, new_shape, outputs), new_shape))
            outputs.append(shaped[-1][0])
            if dice.chance(15):
                outputs.append(self.delay(draft, outputs[-1]))
                shaped.append((outputs[-1], new_shape))
        for _ in range(dice.between(1, 2)):
            pooled, new_shape = self.pool(draft, *dice.pick(shaped[-3:]))
            if draft.slots[pooled]["make"] == "current":
                pooled = self.behind(draft, pooled, new_shape, outputs)
            shaped.append((pooled, new_shape))
            outputs.append(pooled)
        if dice.chance(15):
            outputs.append(self.of_itself(draft))
        if dice.chance(40) or draft.count(outputs[-1]) > 40:
            last = self.of_kind(draft, dice.pick(KINDS), dice.pick((2, 3, 5, 7)))
            outputs.append(self.place(draft, last, outputs[-1]))
        return self.finish(draft, outputs)

    def sum_of(self, draft, source, current):
        self.projection(draft, source, current, 32)

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

    def behind(self, draft, current, shape, outputs):
        """A population that reads `current`, into which more may be projected, some from its own persistent target."""
        dice = self.dice
        count = draft.count(current)
        population = self.of_kind(draft, dice.pick(("spikes", "spikes", "graded", "analog", "analog", "analog", "wide")), count,
                                  shape[2] if dice.chance(70) else None)
        self.on(draft, population, current)
        if dice.chance(25):
            source = dice.pick(outputs[-2:] + [population["target"]] * bool(draft.slots[population["target"]]["persistent"]))
            if dice.chance(50):
                self.sparse(draft, source, current)
            else:
                self.projection(draft, source, current, population.get("width", 32))
        draft.ops.append(population)
        return population["target"]

    def neurons(self, draft, count, channels=None, persistent=None, bits=1):
        """An unplaced spiking population of 16 or 32 bits, plain or, with bits above 1, graded."""
        dice = self.dice
        kind = "spikes" if bits == 1 else "graded"
        model = dice.pick(("LIF", "LIF", "CuBa-LIF", "ALIF"))
        reset = dice.pick(("subtract at once", "zero at once") if bits > 1 or model == "ALIF" else ("subtract", "zero"))
        wish = Wish("lif", model, dice.pick((16, 32)), dice.pick((0, 4, 8, 12)), reset, dice.pick(list(COMPARISONS)), False)
        op = self.population(draft, 1, wish, count=count, kind=kind, persistent=persistent)
        return self.with_period(op, count, channels) if channels else op

    def spiking_cnn(self, draft):
        """input → convolution → pool → lif → convolution → lif → dense → lif → readout"""
        dice = self.dice
        shape = dice.pick(((8, 8, 1), (7, 6, 2), (1, 32, 3), (6, 6, 3)))
        values = self.front(draft, int(np.prod(shape)), bits=dice.pick((4, 8, 12)))
        dimensions = 1 if shape[0] == 1 else 2
        current, shape = self.convolution(draft, values, shape, ("analog", dice.pick(("int4", "int8")), "add"),
                                          layout=("asymmetric" if dice.chance(40) else "plain", dimensions), channels=4)
        function = dice.pick(("sum", "average", "maximum"))
        current, shape = self.pool(draft, current, shape, (function, "current", "current"))
        if function == "sum":
            draft.ops[-1] |= {"multiplier": 1, "shift": dice.between(1, 3)}
        first = self.neurons(draft, draft.count(current), shape[2], bits=dice.pick((1, 1, 3)))
        spikes = self.place(draft, self.on(draft, first, current))
        current, shape = self.convolution(draft, spikes, shape, ("spikes", dice.pick(("ternary", "int4", "int8")), "add"),
                                          layout=("plain", dimensions), channels=dice.pick((3, 4)))
        spikes = self.place(draft, self.on(draft, self.neurons(draft, draft.count(current), shape[2]), current))
        output = self.place(draft, self.neurons(draft, dice.pick((3, 5))), spikes)
        draft.op("readout", source=output, window=dice.pick((8, 12, 24)), reset_network=dice.chance(30))
        return draft

    def on(self, draft, population, current):
        """Lets `population`, just made, read `current` instead of its own current slot, which goes."""
        unused = population["current"]
        draft.slots.pop(unused)
        population["current"] = current
        population["target"] -= population["target"] > unused
        return population

    def delay_network(self, draft):
        """input → dense → lif → sparse with delays → lif → readout"""
        dice = self.dice
        values = self.front(draft, dice.pick((3, 6)), bits=dice.pick((8, 12)))
        bits = dice.pick((1, 1, 2))
        hidden = self.place(draft, self.neurons(draft, dice.pick((12, 24, 33)), bits=bits), values)
        output = self.neurons(draft, dice.pick((4, 9)), persistent=True)
        kind = "spikes" if bits == 1 else "graded"
        wish = (kind, dice.pick(("ternary", "int4", "int8")), dice.pick(("add", "multiplier")), "many")
        self.sparse(draft, hidden, output["current"], wish, output["width"], density=30)
        if dice.chance(50):  # lateral, with delays
            self.sparse(draft, output["target"], output["current"], ("spikes", "int4", "add", "few"), output["width"], density=20)
        draft.ops.append(output)
        draft.op("readout", source=output["target"], window=dice.pick((8, 12, 24)), reset_network=dice.chance(50))
        return draft

    def activation_lmu(self, draft):
        """u ← values, h; memory; h = tanh (or another) of values, m and h, persistent and read above its writer; LI; readout"""
        dice = self.dice
        values = self.front(draft, dice.pick((3, 6)), bits=dice.pick((8, 12, 16)))
        hidden = self.activation(draft, dice.pick((8, 16, 21)), persistent=True,
                                 wish=self.activation_wishes.next(lambda wish: wish[0] == "tanh" or wish[1] > 5))
        memory = self.population(draft, 1, Wish("memory", dice.pick(("int8", "int16")), dice.pick((16, 32)), 0), most=24,
                                 count=dice.pick((1, 2, 3)))
        for source in (values, hidden["target"]):
            self.projection(draft, source, memory["current"], 32)
        draft.ops.append(memory)
        self.place(draft, hidden, values, memory["target"], hidden["target"])
        output = self.of_kind(draft, "wide", dice.pick((3, 5)))
        self.place(draft, output, hidden["target"])
        draft.op("readout", source=output["target"], window=dice.pick((6, 12)), integration="last", reset_network=dice.chance(50))
        return draft

    def activation_program(self, draft):
        """Activations of each other, of spikes and of delayed activations."""
        dice = self.dice
        outputs = [self.front(draft, dice.pick((2, 5, 9)))]
        for _ in range(dice.between(6, 8)):
            made = self.activation(draft, dice.pick((1, 2, 6, 12, 31)))
            recurrent = [made["target"]] if draft.slots[made["target"]]["persistent"] else []
            outputs.append(self.place(draft, made, *(dice.pick(outputs) for _ in range(dice.between(1, 2))), *recurrent))
            if dice.chance(30):
                outputs.append(self.delay(draft, outputs[-1]))
        if dice.chance(50):
            outputs.append(self.place(draft, self.neurons(draft, 4), outputs[-1]))
        return self.finish(draft, outputs)
