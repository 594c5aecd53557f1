import Foundation
import NIR
import SNNRuntime

/// A model file with what its making had to decide.
public struct Compiled: Sendable {
    public let bytes: [UInt8]
    public let populations: [PopulationReport]
    /// Where each population's output lies.
    public let nodes: [NodePlace]
    public let pruning: PruningReport
    /// Which slots and ops show what of the network; nil of one for a chip, which needs no calibration.
    let program: Emitter?
}

/// Makes a model file of a NIR graph: late projections first, then the input, then every population behind what it reads.
public func compile(
    _ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double, _ options: CompileOptions
) throws(CompileError) -> Compiled {
    let lowered = try Lowered(graph, schedule, dialect: dialect, dt: dt)
    var emitter = try Emitter(lowered, options)
    return try emitter.emit(dialect: dialect, dt: dt)
}

/// Why a graph cannot be compiled, apart from what depends on options; nil if it can.
public func obstacle(_ graph: Graph, _ schedule: Schedule, dialect: Dialect, dt: Double) -> CompileError? {
    do {
        _ = try Emitter(try Lowered(graph, schedule, dialect: dialect, dt: dt), CompileOptions(window: 1, rate: (1, 1)))
        return nil
    } catch { return error }
}

struct Emitter {
    /// Its blocks lie between signals that are not laid out channels last.
    private(set) var lowered: Lowered
    let options: CompileOptions
    private var file = ModelFile()
    private var inputSlot = 0
    private var delaySlots: [Int] = []
    private var poolSlots: [Int] = []
    /// Sources that lie channel last in their slots, with their channels: what convolutions and pools read and write.
    private var channels: [Lowered.Source: Int] = [:]
    /// Per population: the slots of its current and its output, its op, its integers.
    private(set) var currents: [Int] = []
    private(set) var outputs: [Int] = []
    private(set) var neuronOps: [Int] = []
    private(set) var quantized: [QuantizedPopulation] = []
    /// Of populations without spikes that are read before they are quantized: how far they reach, in the network's own units.
    private var ranges: [Int: Double] = [:]
    /// By how much their states are shifted as they are read.
    private var readShifts: [Int: Int] = [:]
    /// Of memories that are recurrences: those, and the bits of their states, sign apart.
    private var recurrences: [Int: (recurrence: LegendreRecurrence, bits: Int)] = [:]
    /// Per population, what pruning left.
    private var orders: [NodePlace.Order] = []
    private var report = PruningReport()

    init(_ lowered: Lowered, _ options: CompileOptions) throws(CompileError) {
        (self.lowered, self.options) = (lowered, options)
        try checkOptions()
        // What convolutions and pools see: of a source that was flattened or joined before, their shape counts.
        func note(_ source: Lowered.Source, _ count: Int) throws(CompileError) {
            if let known = channels[source], known != count {
                throw CompileError(
                    "convolutions and pools see the same signal with \(known) and with \(count) channels, which cannot be compiled yet"
                )
            }
            channels[source] = count
        }
        for (number, pool) in lowered.pools.enumerated() {
            try note(pool.source, pool.from[0])
            try note(.pool(number), pool.to[0])
        }
        for (number, population) in lowered.populations.enumerated() {
            for term in population.terms {
                guard case .convolution(let map) = term.map else { continue }
                try note(term.source, map.from[0])
                try note(.population(number), map.to[0])
            }
        }
        // Delays lie as what they delay does.
        for (number, delay) in lowered.delays.enumerated().reversed() {
            if let known = channels[.delay(number)] { try note(delay.source, known) }
        }
        for (number, delay) in lowered.delays.enumerated() {
            if let known = channels[delay.source] { try note(.delay(number), known) }
        }
        for pool in lowered.pools {
            if case .population(let inner) = lowered.root(pool.source), isMembrane(pool.source),
                pool.pool.function != .maximum
            {
                throw CompileError(
                    "a pool of the membranes of \(lowered.populations[inner].name) cannot be compiled yet")
            }
            try requireWindow(pool.pool)
        }
        for (number, population) in lowered.populations.enumerated() {
            for case .convolution(let map) in population.terms.map(\.map) {
                if let (pool, _) = map.maxima { try requireWindow(pool) }
            }
            for (at, term) in population.terms.enumerated()
            where channels[term.source] != nil || channels[.population(number)] != nil {
                self.lowered.populations[number].terms[at].map = term.map.spread
            }
        }
        if channels[.population(lowered.output)] != nil {
            throw CompileError(
                "the Output shows channels and positions, which cannot be compiled yet; put an Affine before it")
        }
    }

    private func requireWindow(_ pool: PoolNode) throws(CompileError) {
        if zip(pool.padding, pool.kernel).contains(where: { $0 >= $1 }) {
            throw CompileError("a pool's padding of \(pool.padding) reaches as far as its window")
        }
    }

    /// Refuses widths that the format has not, and settings of layers that the network has not.
    private func checkOptions() throws(CompileError) {
        for bits in [options.weights.common] + options.weights.exceptions.values where ![1, 2, 4, 8, 16].contains(bits)
        {
            throw CompileError("weights of \(bits) bits, expected 1, 2, 4, 8 or 16")
        }
        let populations = Set(lowered.populations.map(\.name))
        let matrices = Set(matrixNames.map(\.description))
        func check(_ keys: some Sequence<String>, _ known: Set<String>) throws(CompileError) {
            if let odd = keys.filter({ !known.contains($0) }).min() {
                throw CompileError("there is no layer \"\(odd)\"; layers are \(known.sorted().joined(separator: ", "))")
            }
        }
        try check(options.weights.exceptions.keys, populations.union(matrices))
        try check(options.grid.exceptions.keys, populations)
        try check(options.state.exceptions.keys, populations)
        try check(options.fractionBits.keys, populations)
        try check(options.memories.exceptions.keys, populations)
        for population in lowered.populations where options.memories.exceptions[population.name] != nil {
            guard case .memory = population.neuron.kind else { throw CompileError("\(population.name): is no memory") }
        }
        if !(1...16).contains(options.segments) { throw CompileError("\(options.segments) segments, expected 1 to 16") }
        try check(options.sparse, matrices)
    }

    /// All matrices, population after population; two of one name go together.
    var matrixNames: [MatrixName] {
        lowered.populations.flatMap { population in
            population.terms.map { MatrixName(from: name($0.source), into: population.name) }
        }
    }

    private func name(_ source: Lowered.Source) -> String {
        switch lowered.root(source) {
        case .population(let number): lowered.populations[number].name
        case .pool: "pool"
        default: "input"
        }
    }

    /// Place of each element in its slot: channel last where the source is spatial.
    func layout(_ source: Lowered.Source) -> [Int] {
        let count = self.count(source)
        guard let channels = channels[source] else { return Array(0..<count) }
        let places = count / channels
        return (0..<count).map { $0 % places * channels + $0 / places }
    }

    /// Values in the order of a source's slot, or, of what enters memories, as they are.
    private func laidOut<Value>(_ values: [Value], _ source: Lowered.Source) -> [Value] {
        if values.count != count(source) { return values }
        var placed = values
        for (i, place) in layout(source).enumerated() { placed[place] = values[i] }
        return placed
    }

    private mutating func slot(for source: Lowered.Source, _ readLate: [Lowered.Source]) -> Int {
        let type = self.type(source)
        return file.slot(type.kind, bits: type.bits, count: count(source), isPersistent: readLate.contains(source))
    }

    mutating func emit(dialect: Dialect, dt: Double) throws(CompileError) -> Compiled {
        let inputCount = lowered.inputShape.reduce(1, *)
        if inputCount > 65535 || lowered.populations[lowered.output].count > 65535 {
            throw CompileError(
                "\(inputCount) inputs and \(lowered.populations[lowered.output].count) outputs, where the format has 65,535 at most"
            )
        }
        // Thousands of channels have no names: the file holds 65,535 bytes of them.
        let names =
            options.channelNames.isEmpty
            ? (0..<inputCount).map { inputCount > 4096 ? "" : "\($0)" } : options.channelNames
        if names.count != inputCount { throw CompileError("\(names.count) channel names for \(inputCount) inputs") }
        try chooseRecurrences()
        try quantizeAll()
        prune()
        let samples = try file.stream(
            options.title, rate: options.rate, channels: names.map { ($0, options.unit, options.count) })
        let read = lowered.populations.flatMap(\.terms).filter(\.isLate).map(\.source)
        inputSlot = file.slot(.analog, bits: options.inputBits, count: inputCount, isPersistent: read.contains(.input))
        for population in lowered.populations {
            currents.append(file.slot(.current, bits: 32, count: population.rowCount))
            let isLate = read.contains(.population(outputs.count))
            let type = self.type(.population(outputs.count))
            let keepsState = isMembrane(.population(outputs.count))
            outputs.append(
                file.slot(type.kind, bits: type.bits, count: population.count, isPersistent: isLate || keepsState))
        }
        for number in lowered.delays.indices { delaySlots.append(slot(for: .delay(number), read)) }
        for number in lowered.pools.indices { poolSlots.append(slot(for: .pool(number), read)) }

        for (number, population) in quantized.enumerated() {
            for matrix in population.matrices where matrix.term.isLate { project(matrix, into: number) }
        }
        let shifts = inputShifts
        let greatest = shifts.max()!
        let block =
            [UInt8(greatest), 0, 0, 0] + u32(file.tensor(shifts.flatMap { u16(0) + u16(1 << (greatest - $0)) }))
        if channels[.input] != nil {
            // Channels last, through a permutation that changes no value.
            let given = file.slot(.analog, bits: options.inputBits, count: inputCount)
            let moved = file.slot(.current, bits: 32, count: inputCount)
            file.op(.input, samples, given, block)
            sparse(given, moved, [4, 0, 0, 0], layout(.input).map { [(target: $0, weight: 1)] }, inputCount, bits: 8)
            let limit = options.inputLimit
            file.op(
                .activation, moved, inputSlot,
                [1, 0, 0, 0] + u32(1) + u32(0) + u16(-limit & 0xffff) + u16(limit) + u32(0))
        } else {
            file.op(.input, samples, inputSlot, block)
        }
        try emitFollowers(of: .input)
        for (number, population) in quantized.enumerated() {
            for matrix in population.matrices where !matrix.term.isLate { project(matrix, into: number) }
            neurons(number)
            try emitFollowers(of: .population(number))
        }

        let shown = lowered.populations[lowered.output]
        let classes = options.classNames.isEmpty ? (0..<shown.count).map { "\($0)" } : options.classNames
        if classes.count != shown.count {
            throw CompileError("\(classes.count) class names for \(shown.count) outputs")
        }
        // Membranes of 30 bits are summed in steps that 31 bits hold over the window.
        var shift: UInt8 = 0
        if lowered.isOutputSummed && !shown.neuron.fires {
            while 1 << shift < options.window { shift += 1 }
        }
        let integration: UInt8 = lowered.isOutputSummed ? 1 : 2
        let readout = file.op(
            .readout, outputs[lowered.output], ModelFile.noSlot,
            [integration, options.resetsNetwork ? 1 : 0, shift, 0] + u32(options.window) + u32(options.window) + u16(0)
                + u16(0))
        try file.output("class", op: readout, classes: classes)
        file.metadata = [
            "compiled-from: NIR", "dialect: \(dialect.name)", "reset: \(dialect.reset.rawValue)",
            "reset-delay: \(dialect.resetDelay.rawValue)",
            "reset-delay-of-currents: \((dialect.currentResetDelay ?? dialect.resetDelay).rawValue)",
            "spike-bits: \(dialect.spikeBits)",
            "dt: \(dt)",
        ]
        // For `verify`: which slot shows which node.
        var nodes: [NodePlace] = []
        for (number, population) in lowered.populations.enumerated() {
            let order = channels[.population(number)].map { .channelsLast($0) } ?? orders[number]
            nodes.append(NodePlace(slot: outputs[number], node: population.name, order: order))
        }
        file.metadata += nodes.map(\.line)
        return Compiled(
            bytes: try file.bytes(), populations: quantized.map(\.report), nodes: nodes, pruning: report, program: self)
    }

    private mutating func prune() {
        orders = lowered.populations.map { _ in .nir }
        if options.prunes {
            let pruning = Pruning(
                lowered, quantized, silent: options.silent,
                isFixed: { [lowered, channels] number in
                    channels[.population(number)] != nil
                        || lowered.pools.contains { lowered.root($0.source) == .population(number) }
                }, largest: largest)
            orders = pruning.stays.map { stays in .of(stays.indices.filter { stays[$0] }, of: stays.count) }
            (lowered, quantized) = pruning.pruned
            report = pruning.report
        }
    }

    /// Grids in the order of the populations: what is read has one by then, or, where it is read recurrently, a range.
    private mutating func quantizeAll() throws(CompileError) {
        for (number, population) in lowered.populations.enumerated() {
            for term in population.terms {
                guard let source = base(term.source), source >= number, !lowered.populations[source].neuron.fires else {
                    continue
                }
                ranges[source] = 0
            }
        }
        for number in ranges.keys.sorted() { (ranges[number], _) = expectedRange(number) }
        // States leave as many bits as the sums they enter need.
        for number in ranges.keys {
            let sum = expectedRange(number).sum / ranges[number]!
            readShifts[number] = membraneShift(number) - max(0, min(membraneShift(number), Int(log2(sum).rounded(.up))))
        }
        for (number, population) in lowered.populations.enumerated() {
            let sources = population.terms.indices.map { traits(number, $0) }
            var settings = PopulationQuantizer.Settings(
                weightBits: sources.map { options.weights[MatrixName(from: $0.name, into: population.name)] },
                grid: options.grid[population.name], state: options.state[population.name],
                fractionBits: options.fractionBits[population.name], window: Double(options.window),
                peaks: options.calibration?.peaks[number], margin: options.margin)
            settings.stateLimit = recurrences[number].map { exp2(Double($0.bits)) - 1 }
            if !population.neuron.isActivation {
                settings.scale = ranges[number].map { exp2(Double(15 + readShift(number))) / $0 }
            }
            quantized.append(try PopulationQuantizer(population, sources, settings).quantized())
            if let (recurrence, _) = recurrences[number] {
                quantized[number].report.recurrence = .init(
                    degree: recurrence.degree, substeps: recurrence.substeps, segments: options.segments,
                    error: recurrence.error)
            }
        }
    }

    /// Membranes of 30 bits are read in steps of 2^15, those that recurrences leave fewer bits in finer ones.
    private func membraneShift(_ number: Int) -> Int { max(0, (recurrences[number]?.bits ?? 30) - 15) }
    private func readShift(_ number: Int) -> Int { readShifts[number] ?? membraneShift(number) }

    /// Recurrences in place of the memories that are to have one.
    private mutating func chooseRecurrences() throws(CompileError) {
        for (number, population) in lowered.populations.enumerated() {
            guard case .memory(let memory) = population.neuron.kind, options.memories[population.name] == .recurrence
            else { continue }
            guard let theta = memory.theta else {
                throw CompileError(
                    "\(population.name): has no theta, the ticks of its window, and A and B alone do not make a recurrence; store its matrices"
                )
            }
            if memory.order > 4096 {
                throw CompileError("\(population.name): order \(memory.order), where a recurrence has 4,096 at most")
            }
            let recurrence = LegendreRecurrence.nearest(to: memory, theta: theta, tolerance: MemoryForm.tolerance)
            if recurrence.error > MemoryForm.tolerance {
                throw CompileError(
                    "\(population.name): the nearest recurrence, \(recurrence.words), lies \(String(format: "%.2g", recurrence.error * 100)) % from A and B over 2 theta, where 1 % is allowed: they are not those of Legendre's system of order \(memory.order) and theta \(theta) in its usual scale; store its matrices"
                )
            }
            recurrences[number] = (recurrence, recurrence.stateBits(segments: options.segments))
        }
    }

    private func traits(_ population: Int, _ term: Int) -> PopulationQuantizer.Source {
        let source = lowered.populations[population].terms[term].source
        let (calibration, units) = (options.calibration, units(source))
        return .init(
            name: name(source), units: units, largest: largest(source),
            means: units.flatMap { units in calibration?.means[source].map { zip($0, units).map { $0 / $1 } } },
            activity: calibration?.activity[source], feedback: calibration?.feedback[population][term])
    }

    /// Bits by which each channel's samples are shifted; the same for all where convolutions and pools read them.
    private var inputShifts: [Int] {
        let count = self.count(.input)
        guard options.inputShifts.count == count else { return Array(repeating: 0, count: count) }
        return channels[.input] == nil
            ? options.inputShifts : Array(repeating: options.inputShifts.max()!, count: count)
    }

    private func count(_ source: Lowered.Source) -> Int {
        switch source {
        case .input: lowered.inputShape.reduce(1, *)
        case .population(let number): lowered.populations[number].count
        case .pool(let number): lowered.pools[number].to.reduce(1, *)
        case .delay(let number): lowered.delays[number].ticks.count
        }
    }

    /// Type and width of a source's slot.
    private func type(_ source: Lowered.Source) -> (kind: ModelFile.SlotKind, bits: UInt8) {
        switch source {
        case .input: return (.analog, options.inputBits)
        case .population(let number):
            let model = lowered.populations[number].neuron
            return model.fires
                ? (.spikes, model.spikeBits)
                : (.analog, model.isActivation ? 16 : ranges[number] != nil ? 32 : UInt8(quantized[number].stateBits))
        case .delay(let number): return type(lowered.delays[number].source)
        case .pool(let number):
            if lowered.pools[number].pool.function == .maximum { return type(lowered.pools[number].source) }
            let limit = largest(source)
            return (.analog, (2...16 as ClosedRange<UInt8>).first { limit <= Double(1 << (Int($0) - 1) - 1) }!)
        }
    }

    /// Whether it shows the state of neurons or memories.
    private func isMembrane(_ source: Lowered.Source) -> Bool {
        switch source {
        case .input: return false
        case .population(let number): return !lowered.populations[number].neuron.hasRowGrids
        case .delay(let number): return isMembrane(lowered.delays[number].source)
        case .pool(let number):
            return lowered.pools[number].pool.function == .maximum && isMembrane(lowered.pools[number].source)
        }
    }

    func sourceShift(_ source: Lowered.Source) -> UInt8 {
        guard type(source).bits == 32, let number = base(source) else { return 0 }
        return UInt8(readShift(number))
    }

    /// What one count of each of a source's elements is worth; nil for spikes.
    func units(_ source: Lowered.Source) -> [Double]? {
        func all(_ unit: Double) -> [Double] { Array(repeating: unit, count: count(source)) }
        switch source {
        case .input:
            let unit = Double(options.count.numerator) / Double(options.count.denominator)
            return inputShifts.map { unit * Double(1 << $0) }
        case .population(let number):
            let model = lowered.populations[number].neuron
            if model.fires { return nil }
            if model.isActivation { return all(activationUnit(number)) }
            return all(
                ranges[number].map { $0 / 32768 } ?? Double(1 << Int(sourceShift(source))) / quantized[number].scales[0]
            )
        case .delay(let number): return units(lowered.delays[number].source)
        case .pool(let number):
            let pool = lowered.pools[number]
            let unit = units(pool.source)?[0]
            if pool.pool.function == .maximum { return unit.map(all) }
            // An average is a sum whose counts are worth less.
            let share = pool.pool.isAverage ? 1 / Double(pool.pool.kernel[0] * pool.pool.kernel[1]) : 1
            return all(share * (unit ?? 1) * Double(1 << poolShift(number)))
        }
    }

    /// The greatest integer that a source's elements reach as they are read.
    private func largest(_ source: Lowered.Source) -> Double {
        switch source {
        case .input: return Double(options.inputLimit)
        case .population(let number):
            return lowered.populations[number].neuron.fires ? lowered.populations[number].neuron.spikeLimit : 32767
        case .delay(let number): return largest(lowered.delays[number].source)
        case .pool(let number):
            let pool = lowered.pools[number]
            if pool.pool.function == .maximum { return largest(pool.source) }
            let sum = Double(pool.pool.kernel[0] * pool.pool.kernel[1]) * largest(pool.source)
            return min(32767, (sum / Double(1 << poolShift(number))).rounded(.up))
        }
    }

    /// By how much sums must be shifted to fit 16 bits.
    private func poolShift(_ number: Int) -> Int {
        let pool = lowered.pools[number]
        let sum = Double(pool.pool.kernel[0] * pool.pool.kernel[1]) * largest(pool.source)
        return max(0, Int(log2(sum / 32767).rounded(.up)))
    }

    /// The population that a source shows, delayed or pooled.
    private func base(_ source: Lowered.Source) -> Int? {
        switch source {
        case .input: nil
        case .population(let number): number
        case .delay(let number): base(lowered.delays[number].source)
        case .pool(let number): base(lowered.pools[number].source)
        }
    }

    /// How far a population without spikes may be expected to reach: its greatest input, adding up over the window. What it
    /// reads of itself and of later ones without a range of their own is unknown, and counts as much as all the rest. Beyond,
    /// it saturates.
    ///
    /// - Returns: that, and the greatest input.
    private func expectedRange(_ number: Int) -> (reached: Double, sum: Double) {
        let population = lowered.populations[number]
        var (sums, isOpen) = ((0..<population.rowCount).map { abs(population.bias[$0]) }, false)
        for term in population.terms {
            guard let limit = valueLimit(term.source, before: number) else {
                isOpen = true
                continue
            }
            let rows = term.map.rowList
            for (row, sum) in rows.spread(rows.list.map { $0.reduce(0) { $0 + abs($1) } }).enumerated() {
                sums[row] += limit * sum
            }
        }
        let model = population.neuron
        let inputs = sums.indices.map { abs(model.gain[$0]) * sums[$0] + abs(model.drive[$0]) }
        let reached = inputs.indices.map { max(1, model.accumulation($0, over: Double(options.window))) * inputs[$0] }
            .max()!
        return (max(1e-30, isOpen ? 2 * reached : reached), inputs.max()!)
    }

    /// The greatest magnitude of a source's elements in the network's own units; nil where it is not known before `number` is.
    private func valueLimit(_ source: Lowered.Source, before number: Int) -> Double? {
        switch source {
        case .input: return largest(source) * units(source)!.max()!
        case .delay(let delay): return valueLimit(lowered.delays[delay].source, before: number)
        case .pool(let pool):
            let limit = valueLimit(lowered.pools[pool].source, before: number)
            let window = lowered.pools[pool].pool
            return limit.map { $0 * (window.function == .sum ? Double(window.kernel[0] * window.kernel[1]) : 1) }
        case .population(let other):
            let model = lowered.populations[other].neuron
            if model.fires { return model.spikeLimit }
            if case .activation(let function) = model.kind {
                guard case .clip(let low, let high) = function else { return 1 }
                if high.isFinite { return max(abs(low), abs(high)) }
            }
            if let range = ranges[other], range > 0 { return range }
            return other < number ? expectedRange(other).reached : nil
        }
    }

    /// What one count of an activation is worth.
    private func activationUnit(_ number: Int) -> Double {
        guard case .activation(.clip(let low, let high)) = lowered.populations[number].neuron.kind else {
            return exp2(-15)
        }
        let greatest = ranges[number] ?? quantized[number].greatest
        let range = max(min(abs(low), greatest), min(abs(high), greatest))
        return range > 0 ? range / 32767 : 1
    }

    func slot(_ source: Lowered.Source) -> Int {
        switch source {
        case .pool(let number): poolSlots[number]
        case .input: inputSlot
        case .population(let number): outputs[number]
        case .delay(let number): delaySlots[number]
        }
    }

    /// Shapes of a pool's source and of its window.
    private func window(_ pool: PoolNode, _ from: [Int]) -> [UInt8] {
        let sizes = pool.kernel + pool.stride + [pool.padding[0], pool.padding[0], pool.padding[1], pool.padding[1]]
        return [from[1], from[2], from[0]].flatMap(u16) + sizes.map { UInt8(clamping: $0) }
    }

    /// Pools and delays of a source, and theirs.
    private mutating func emitFollowers(of source: Lowered.Source) throws(CompileError) {
        for (number, pool) in lowered.pools.enumerated() where pool.source == source {
            let (from, to) = (pool.from, pool.pool)
            let isSum = to.function != .maximum
            let block: [UInt8] = [isSum ? 1 : 2, isSum ? UInt8(poolShift(number)) : 0]
            file.op(.pool, slot(source), poolSlots[number], block + window(to, from) + u16(isSum ? 1 : 0) + u16(0))
            try emitFollowers(of: .pool(number))
        }
        for (number, delay) in lowered.delays.enumerated() where delay.source == source {
            let depth = delay.ticks.max()! + 1
            let isShared = Set(delay.ticks).count == 1
            let field =
                isShared ? u32(UInt32(delay.ticks[0])) : u32(file.tensor(laidOut(delay.ticks, source).flatMap(u16)))
            file.op(.delay, slot(source), delaySlots[number], u16(depth) + [isShared ? 0 : 1, 0] + field)
            try emitFollowers(of: .delay(number))
        }
    }

    private mutating func project(_ matrix: QuantizedPopulation.Matrix, into population: Int) {
        var (join, shift): (UInt8, UInt8) = (0, 0)
        var multipliers: [UInt8] = []
        switch matrix.join {
        case .add: break
        case .leftShift(let by): (join, shift) = (1, UInt8(by))
        case .multiplier(let factors, let by):
            (join, shift) = (3, UInt8(by))
            var rows = laidOut(factors, .population(population))
            if case .convolution(let map) = matrix.term.map { rows = Array(rows.prefix(map.to[0])) }
            if case .block(let map) = matrix.term.map { rows = Array(rows.prefix(map.rows)) }
            multipliers = u32(file.tensor(rows.flatMap(i32)))
        }
        let code: [Int: UInt8] = [1: 1, 2: 2, 4: 3, 8: 4, 16: 5]
        let head = [code[matrix.bits]!, join, shift, sourceShift(matrix.term.source)]
        let source = slot(matrix.term.source)
        switch matrix.term.map {
        case .block(let map):
            let runs = (0..<map.columns).flatMap { column in
                packedWeights((0..<map.rows).map { matrix.weights[$0 * map.columns + column] }, bits: matrix.bits)
            }
            file.op(
                .block, source, currents[population],
                head + u32(UInt32(map.groupCount)) + u32(file.tensor(runs)) + multipliers)
        case .dense(let rows, let columns, _):
            // Columns in the order of the source's slot, rows in that of the population's.
            let order = laidOut(Array(0..<columns), matrix.term.source)
            let runs = order.map { column in
                laidOut((0..<rows).map { matrix.weights[$0 * columns + column] }, .population(population))
            }
            let synapseCount = matrix.bits == 1 ? rows * columns : matrix.weights.count { $0 != 0 }
            let synapseBytes = (rows > 65536 ? 4 : 2) * synapseCount + synapseCount * matrix.bits / 8
            let name = MatrixName(from: name(matrix.term.source), into: lowered.populations[population].name)
            let isListed = options.sparse.contains(name.description)
            if isListed || 4 * (columns + 1) + synapseBytes < columns * ((rows * matrix.bits + 7) / 8) {
                let synapses = runs.map { run in
                    run.indices.filter { run[$0] != 0 }.map { (target: $0, weight: run[$0]) }
                }
                sparse(source, currents[population], head, synapses, rows, bits: matrix.bits, multipliers)
                return
            }
            file.op(
                .dense, source, currents[population],
                head + u32(1) + u32(file.tensor(runs.flatMap { packedWeights($0, bits: matrix.bits) })) + multipliers)
        case .diagonal(let values):
            // Run j is the source's element in place j.
            let isMemory = values.count != count(.population(population))
            let places = isMemory ? Array(0..<values.count) : layout(.population(population))
            let order = laidOut(Array(0..<values.count), matrix.term.source)
            sparse(
                source, currents[population], head, order.map { [(target: places[$0], weight: matrix.weights[$0])] },
                values.count,
                bits: matrix.bits, multipliers)
        case .convolution(let map):
            let block = convolution(map, matrix, head) + multipliers
            guard let (pool, _) = map.maxima else {
                file.op(.convolution, source, currents[population], block)
                return
            }
            let sums = file.slot(.current, bits: 32, count: map.to.reduce(1, *))
            file.op(.convolution, source, sums, block)
            file.op(.pool, sums, currents[population], [2, 0] + window(pool, map.to) + u32(0))
        }
    }

    /// A sparse op. `synapses` of each source element, by ascending target.
    private mutating func sparse(
        _ source: Int, _ target: Int, _ head: [UInt8], _ synapses: [[(target: Int, weight: Int)]], _ targetCount: Int,
        bits: Int, _ multipliers: [UInt8] = []
    ) {
        var ends = [0]
        for run in synapses { ends.append(ends.last! + run.count) }
        let runs = file.tensor(ends.flatMap { u32(UInt32($0)) })
        let places = file.tensor(
            synapses.joined().flatMap { targetCount > 65536 ? u32(UInt32($0.target)) : u16($0.target) })
        let weights = file.tensor(packedWeights(synapses.joined().map(\.weight), bits: bits))
        file.op(.sparse, source, target, head + u16(1) + u16(0) + u32(runs) + u32(places) + u32(weights) + multipliers)
    }

    /// The block of a convolution: run (c·kh + ky)·kw + kx goes from channel c to the channels of its group.
    private mutating func convolution(_ map: ConvolutionMap, _ matrix: QuantizedPopulation.Matrix, _ head: [UInt8])
        -> [UInt8]
    {
        let shape = map.convolution.weight.shape
        let (groups, inner, kernelHeight, kernelWidth) = (map.convolution.groups, shape[1], shape[2], shape[3])
        let outputs = map.to[0] / groups
        var runs: [UInt8] = []
        for channel in 0..<map.from[0] {
            let (group, within) = channel.quotientAndRemainder(dividingBy: inner)
            for position in 0..<kernelHeight * kernelWidth {
                let run = (0..<outputs).map {
                    matrix.weights[((group * outputs + $0) * inner + within) * kernelHeight * kernelWidth + position]
                }
                runs += packedWeights(run, bits: matrix.bits)
            }
        }
        let padding = map.convolution.padding
        var block = head
        for size in [map.from[1], map.from[2], map.from[0], map.to[0]] { block += u16(size) }
        for size in [kernelHeight, kernelWidth] + map.convolution.stride + padding[0] + padding[1]
            + map.convolution.dilation
        {
            block.append(UInt8(clamping: size))
        }
        return block + u16(groups) + u32(file.tensor(runs))
    }

    private mutating func neurons(_ number: Int) {
        let (model, integers) = (lowered.populations[number].neuron, quantized[number])
        neuronOps.append(file.opCount)
        switch model.kind {
        case .neurons: break
        case .memory(let memory):
            if let (recurrence, bits) = recurrences[number] { return self.recurrence(recurrence, bits, number) }
            return self.memory(memory, number)
        case .activation(let activation): return self.activation(activation, number)
        }
        let isCuBa = !model.currentKeep.isEmpty
        let kind: UInt8 = model.fires ? (isCuBa ? 2 : 1) : (isCuBa ? 4 : 3)
        let reset: UInt8 =
            !model.fires ? 0 : (model.reset == .subtract ? 1 : 2) + (model.resetDelay == .same ? 2 : 0)
        func q15(_ values: [Double]) -> [Int] { values.map { Int(($0 * 32768).rounded()) } }
        let place = Lowered.Source.population(number)
        func encodeThreshold(_ value: Int) -> [UInt8] { integers.stateBits == 16 ? u16(value) : i32(value) }
        let rows: [(values: [Int], encode: (Int) -> [UInt8])] = [
            (laidOut(q15(model.keep), place), u16), (isCuBa ? laidOut(q15(model.currentKeep), place) : [], u16),
            (model.fires ? laidOut(integers.threshold, place) : [], encodeThreshold),
            (laidOut(integers.bias, place), i32),
        ]
        // Channels, or rows of a block, that share their parameters are a period.
        var period = channels[place] ?? 0
        for term in lowered.populations[number].terms {
            if case .block(let map) = term.map, period == 0 { period = map.rows }
        }
        let parameters = encodedParameters(rows, period: period)
        let flags = parameters.flags | (parameters.period > 0 ? 64 : 0)
        let fields = parameters.fields + (parameters.period > 0 ? u32(UInt32(parameters.period)) : [])
        file.op(
            .lif, currents[number], outputs[number],
            [
                kind, reset, model.firesAtThreshold ? 1 : 0, UInt8(integers.stateBits), UInt8(integers.fractionBits),
                flags,
            ] + u16(model.refractoryTicks) + fields)
    }

    /// A and B with 16 bits, and as many behind the point as their greatest leave.
    private mutating func memory(_ memory: MemoryNode, _ number: Int) {
        let integers = quantized[number]
        func encoded(_ values: [Double]) -> (bits: UInt8, tensor: UInt32) {
            let greatest = values.map(abs).max()!
            let bits = greatest > 0 ? max(0, min(30, Int(log2(32767 / greatest).rounded(.down)))) : 15
            return (UInt8(bits), file.tensor(values.flatMap { u16(Int(($0 * exp2(Double(bits))).rounded())) }))
        }
        let (a, b) = (encoded(memory.a.values), encoded(memory.b.values))
        let bias = unitBias(integers)
        let head: [UInt8] = [5, a.bits, b.bits, UInt8(integers.fractionBits)]
        file.op(
            .memory, currents[number], outputs[number],
            head + u16(memory.order) + [bias.flag, 0] + u32(a.tensor) + u32(b.tensor) + bias.field)
    }

    private mutating func recurrence(_ recurrence: LegendreRecurrence, _ bits: Int, _ number: Int) {
        let integers = quantized[number]
        let (factors, shift) = recurrence.factors(segments: options.segments)
        let bias = unitBias(integers)
        let head: [UInt8] = [
            UInt8(options.segments), UInt8(recurrence.poleCount), UInt8(recurrence.substeps),
            UInt8(integers.fractionBits),
        ]
        file.op(
            .recurrence, currents[number], outputs[number],
            head + u16(recurrence.order) + [bias.flag | (recurrence.isComplex ? 2 : 0), UInt8(shift)]
                + u32(file.tensor(factors.flatMap { i32(Int($0)) })) + u32(UInt32(1) << bits - 1) + bias.field)
    }

    /// The bias of memory units: a value that all share, or, with the flag, the offset of one for each.
    private mutating func unitBias(_ integers: QuantizedPopulation) -> (flag: UInt8, field: [UInt8]) {
        if Set(integers.bias).count == 1 { return (0, i32(integers.bias[0])) }
        return (1, u32(file.tensor(integers.bias.flatMap(i32))))
    }

    /// z = (c + b)·m / 2^s: in units of the output for a clip, of 2^−12 for the others.
    private mutating func activation(_ activation: ActivationNode, _ number: Int) {
        let (integers, place) = (quantized[number], Lowered.Source.population(number))
        let unit = activationUnit(number)
        var (function, step, low, high): (UInt8, Double, Int, Int)
        switch activation {
        case .clip(let least, let greatest):
            func bound(_ value: Double) -> Int { Int(max(-32767, min(32767, (value / unit).rounded()))) }
            (function, step, low, high) = (1, unit, bound(least), bound(greatest))
        case .tanh: (function, step, low, high) = (2, exp2(-12), 0, 0)
        case .sigmoid: (function, step, low, high) = (3, exp2(-12), 0, 0)
        }
        let ratios = integers.scales.map { 1 / ($0 * step) }
        let shift = max(0, min(47, 30 - Int(log2(max(1e-30, ratios.max()!)).rounded(.up))))
        let multipliers = ratios.map { Int(min(Double(Int32.max), ($0 * exp2(Double(shift))).rounded())) }
        let parameters = encodedParameters(
            [(laidOut(multipliers, place), i32), (laidOut(integers.bias, place), i32)], period: channels[place] ?? 0)
        file.op(
            .activation, currents[number], outputs[number],
            [function, UInt8(shift), parameters.flags | (parameters.period > 0 ? 4 : 0), 0] + parameters.fields
                + u16(low & 0xffff) + u16(high)
                + u32(UInt32(parameters.period)))
    }

    /// Rows of per-neuron parameters as fields: 0 for a row that is not there, a value that all share, or the offset of an array,
    /// whose flag is then set. Arrays hold `period` elements where all rows repeat after so many; the period is 0 elsewhere.
    private mutating func encodedParameters(
        _ rows: [(values: [Int], encode: (Int) -> [UInt8])], period: Int
    ) -> (flags: UInt8, fields: [UInt8], period: Int) {
        let isPeriodic =
            period > 0
            && rows.allSatisfy { row in row.values.indices.allSatisfy { row.values[$0] == row.values[$0 % period] } }
        var (flags, fields): (UInt8, [UInt8]) = (0, [])
        for (at, row) in rows.enumerated() {
            if row.values.isEmpty {
                fields += u32(0)
            } else if Set(row.values).count == 1 {
                fields += i32(row.values[0])
            } else {
                flags |= 1 << UInt8(at)
                fields += u32(
                    file.tensor((isPeriodic ? Array(row.values.prefix(period)) : row.values).flatMap(row.encode)))
            }
        }
        return (flags, fields, isPeriodic && flags != 0 ? period : 0)
    }
}
