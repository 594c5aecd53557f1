import NIR
import SNNRuntime

extension Program {
    /// The program of a pruned network: projections from last tick's values first, then the input, then every population behind
    /// what it reads.
    ///
    /// - Throws: names that do not fit the network.
    init(_ pruned: Pruned, _ options: CompileOptions, dialect: Dialect, dt: Double) throws(CompileError) {
        var writer = try ProgramWriter(pruned.quantized, options)
        writer.addSlots()
        writer.addLateProjections()
        writer.addInput()
        for number in pruned.quantized.populations.indices { writer.addPopulation(number) }
        try writer.addReadout()
        self = writer.program
        let ofReadout = metadata
        metadata = ["compiled-from: NIR"] + dialect.lines(dt: dt)
        // For `verify`: which slot shows which node.
        for (number, population) in pruned.quantized.network.populations.enumerated() where population.isNode {
            let channels = pruned.quantized.placement.channels[.population(number)]
            nodes.append(
                NodePlace(
                    slot: populations[number].output, node: population.name,
                    order: channels.map { .channelsLast($0) } ?? pruned.orders[number]))
        }
        metadata += nodes.map(\.line) + options.dataLines
        metadata += InputConversion.metadata(options, channelCount: stream.channels.count) + ofReadout
    }
}

/// A program writer makes slots and ops of a quantized network.
struct ProgramWriter {
    let quantized: Quantized
    let options: CompileOptions
    let classNames: [String]
    var program: Program

    var network: Lowered { quantized.network }
    var placement: Placement { quantized.placement }

    init(_ quantized: Quantized, _ options: CompileOptions) throws(CompileError) {
        var options = options
        let shown = quantized.network.populations[quantized.network.output]
        if options.channelNames.isEmpty { options.channelNames = quantized.network.channelNames }
        if options.classNames.isEmpty { options.classNames = quantized.network.classNames }
        (self.quantized, self.options) = (quantized, options)
        let names = try options.names(inputCount: quantized.network.inputCount, outputCount: shown.count)
        classNames = names.classes
        program = Program(
            stream: options.title, rate: options.rate,
            channels: options.channels(names.channels))
    }

    func slot(_ source: Lowered.Source) -> Int { placement.slot(.source(source)) }

    /// Values in the order of a source's slot, or, of what enters memories, as they are.
    func laidOut<Value>(_ values: [Value], _ source: Lowered.Source) -> [Value] {
        if values.count != network.count(source) { return values }
        var placed = values
        for (i, place) in quantized.order(source).enumerated() { placed[place] = values[i] }
        return placed
    }

    /// Declares the slots that the placement numbers.
    mutating func addSlots() {
        for content in placement.contents {
            switch content {
            case .samples: break
            case .current(let number):
                _ = program.addSlot(.current, bits: 32, count: network.populations[number].rowCount)
            case .source(let source):
                let type = quantized.slotType(source)
                var (isPersistent, isStart) = (placement.lateReads.contains(source), false)
                // A membrane's slot is its state.
                if case .population(let number) = source {
                    isPersistent = isPersistent || network.isMembrane(source)
                    isStart = network.populations[number].isStart
                }
                _ = program.addSlot(
                    type.kind, bits: type.bits, count: network.count(source), isPersistent: isPersistent,
                    initialValue: isStart ? 1 : 0)
            }
        }
    }

    /// Projections that read last tick's values stand above all that write.
    mutating func addLateProjections() {
        for (number, population) in quantized.populations.enumerated() {
            for matrix in population.matrices where matrix.term.isLate { addProjection(matrix, into: number) }
        }
    }

    mutating func addInput() {
        let fields = quantized.ranges.inputFields
        let input = InputOp(shift: fields.shift, channels: fields.channels)
        let count = network.inputCount
        if placement.channels[.input] == nil {
            program.add(input, from: program.stream.slot, to: slot(.input))
        } else {
            // Channels last, through a permutation that changes no value.
            let channelsFirst = program.addSlot(.analog, bits: options.inputBits, count: count)
            let moved = program.addSlot(.current, bits: 32, count: count)
            program.add(input, from: program.stream.slot, to: channelsFirst)
            let synapses = quantized.order(.input).map { [SparseOp.Synapse(target: $0, weight: 1)] }
            program.add(SparseOp(runs: synapses, targetCount: count), from: channelsFirst, to: moved)
            let limit = options.inputLimit
            program.add(
                ActivationOp(
                    function: .clip, shift: 0, multiplier: .shared(1), bias: .absent, low: -limit, high: limit),
                from: moved, to: slot(.input))
        }
        addFollowers(of: .input)
    }

    mutating func addPopulation(_ number: Int) {
        for matrix in quantized.populations[number].matrices where !matrix.term.isLate {
            addProjection(matrix, into: number)
        }
        let (current, output) = (placement.slot(.current(number)), slot(.population(number)))
        let op = program.add(neuronOp(number), from: current, to: output)
        program.populations.append(
            Program.Population(
                name: network.populations[number].name, current: current, output: output, op: op))
        addFollowers(of: .population(number))
    }

    /// Pools and delays of a source, and theirs.
    private mutating func addFollowers(of source: Lowered.Source) {
        for (number, pool) in network.pools.enumerated() where pool.source == source {
            let isSum = pool.node.function != .maximum
            let op = PoolOp(
                isSum ? .sum : .maximum, shift: isSum ? quantized.ranges.poolShifts[number] : 0,
                multiplier: isSum ? 1 : 0, pool.node, from: pool.from)
            program.add(op, from: slot(source), to: slot(.pool(number)))
            addFollowers(of: .pool(number))
        }
        for (number, delay) in network.delays.enumerated() where delay.source == source {
            let op = DelayOp(depth: delay.ticks.max()! + 1, ticks: Parameter(laidOut(delay.ticks, source)))
            program.add(op, from: slot(source), to: slot(.delay(number)))
            addFollowers(of: .delay(number))
        }
    }
}

extension PoolOp {
    /// A pool node's windows, of a source of so many channels, rows and columns.
    init(_ function: Pool.Function, shift: Int = 0, multiplier: Int = 0, _ node: PoolNode, from: [Int]) {
        self.init(
            function: function, shift: shift, multiplier: multiplier, from: from, kernel: node.kernel,
            stride: node.stride,
            padding: [node.padding[0], node.padding[0], node.padding[1], node.padding[1]])
    }
}
