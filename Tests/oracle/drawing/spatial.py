"""Programs of sparse, delay, convolution, pool, activation, and periods of parameters."""

from itertools import product

import numpy as np

import reader
from drawing.activation import Activations
from drawing.calibration import frames_for
from drawing.convolution import LAYOUTS, Convolutions
from drawing.coverage import fires_everywhere, is_layered
from drawing.delay import Delays
from drawing.dice import Wishes
from drawing.draft import Draft
from drawing.kinds import ENCODINGS, JOINS, KINDS, LENGTHS
from drawing.lif import Wish
from drawing.placing import Placing
from drawing.plain import PlainMaker
from drawing.pool import POOLS, Pools
from drawing.sparse import Sparses
from interpreter import Network


class SpatialMaker(Activations, Sparses, Delays, Convolutions, Pools, Placing, PlainMaker):
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

    def drawn(self, i, ticks):
        """As in plain programs; of a network of layers the first drawn in which every population fires."""
        while True:
            draft, shape = self.program("", i)
            draft.name = f"{i:03d}-{shape.replace(' program', '').replace(' ', '-')}"
            frames = frames_for(draft, ticks, self.dice)
            if not is_layered(shape):
                return draft, shape, frames
            network = Network(reader.parse(draft.build()))
            for frame in frames:
                network.tick(frame)
            if fires_everywhere(network):
                return draft, shape, frames

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
