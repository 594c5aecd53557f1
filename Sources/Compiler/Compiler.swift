import NIR
import SNNRuntime

/// A model file with what its making had to decide.
public struct Compiled: Sendable {
    public let bytes: [UInt8]
    public let populations: [PopulationReport]
    /// Slot of each population's output, by its node; element i of NIR's order lies at `layouts[node][i]`.
    public var slots: [String: Int] {
        Dictionary(uniqueKeysWithValues: program.lowered.populations.enumerated().map { ($1.name, program.outputs[$0]) })
    }
    public var layouts: [String: [Int]] {
        Dictionary(uniqueKeysWithValues: program.lowered.populations.enumerated().map { ($1.name, program.layout(.population($0))) })
    }
    /// Which slots and ops show what of the network.
    let program: Emitter
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
    let lowered: Lowered
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

    init(_ lowered: Lowered, _ options: CompileOptions) throws(CompileError) {
        (self.lowered, self.options) = (lowered, options)
        try checkOptions()
        // What convolutions and pools see: of a source that was flattened or joined before, their shape counts.
        func note(_ source: Lowered.Source, _ count: Int) throws(CompileError) {
            if let known = channels[source], known != count {
                throw CompileError("convolutions and pools see the same signal with \(known) and with \(count) channels, which cannot be compiled yet")
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
        if channels[.population(lowered.output)] != nil {
            throw CompileError("the Output shows channels and positions, which cannot be compiled yet; put an Affine before it")
        }
    }

    /// Refuses widths that the format has not, and settings of layers that the network has not.
    private func checkOptions() throws(CompileError) {
        for bits in [options.weights.common] + options.weights.exceptions.values where ![1, 2, 4, 8, 16].contains(bits) {
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
    }

    /// All matrices, population after population; two of one name go together.
    var matrixNames: [MatrixName] {
        lowered.populations.flatMap { population in population.terms.map { MatrixName(from: name($0.source), into: population.name) } }
    }

    private func name(_ source: Lowered.Source) -> String {
        switch root(source) {
        case .population(let number): lowered.populations[number].name
        case .pool: "pool"
        default: "input"
        }
    }

    /// Place of each element in its slot: channel last where the source is spatial.
    func layout(_ source: Lowered.Source) -> [Int] {
        let count: Int =
            switch source {
            case .input: lowered.inputShape.reduce(1, *)
            case .population(let number): lowered.populations[number].count
            case .pool(let number): lowered.pools[number].to.reduce(1, *)
            case .delay(let number): lowered.delays[number].ticks.count
            }
        guard let channels = channels[source] else { return Array(0..<count) }
        let places = count / channels
        return (0..<count).map { $0 % places * channels + $0 / places }
    }

    /// Values in the order of a source's slot.
    private func laidOut<Value>(_ values: [Value], _ source: Lowered.Source) -> [Value] {
        var placed = values
        for (i, place) in layout(source).enumerated() { placed[place] = values[i] }
        return placed
    }

    mutating func emit(dialect: Dialect, dt: Double) throws(CompileError) -> Compiled {
        try quantizeAll()
        let inputCount = lowered.inputShape.reduce(1, *)
        if inputCount > 65535 || lowered.populations[lowered.output].count > 65535 {
            throw CompileError("\(inputCount) inputs and \(lowered.populations[lowered.output].count) outputs, where the format has 65,535 at most")
        }
        // Thousands of channels have no names: the file holds 65,535 bytes of them.
        let names = options.channelNames.isEmpty ? (0..<inputCount).map { inputCount > 4096 ? "" : "\($0)" } : options.channelNames
        if names.count != inputCount { throw CompileError("\(names.count) channel names for \(inputCount) inputs") }
        let samples = try file.stream(options.title, rate: options.rate, channels: names.map { ($0, options.unit, options.count) })
        let read = lowered.populations.flatMap(\.terms).filter(\.isLate).map(\.source)
        inputSlot = file.slot(.analog, bits: options.inputBits, count: inputCount, isPersistent: read.contains(.input))
        for population in lowered.populations {
            currents.append(file.slot(.current, bits: 32, count: population.count))
            let isLate = read.contains(.population(outputs.count))
            outputs.append(
                population.neuron.fires
                    ? file.slot(.spikes, bits: 1, count: population.count, isPersistent: isLate)
                    : file.slot(.analog, bits: stateBits(outputs.count), count: population.count, isPersistent: true))
        }
        for (number, delay) in lowered.delays.enumerated() {
            let isLate = read.contains(.delay(number))
            switch root(delay.source) {
            case .population(let source) where lowered.populations[source].neuron.fires:
                delaySlots.append(file.slot(.spikes, bits: 1, count: delay.ticks.count, isPersistent: isLate))
            case .population(let source): delaySlots.append(file.slot(.analog, bits: stateBits(source), count: delay.ticks.count, isPersistent: isLate))
            case .pool: delaySlots.append(file.slot(.analog, bits: try poolBits(delay.source), count: delay.ticks.count, isPersistent: isLate))
            default: delaySlots.append(file.slot(.analog, bits: options.inputBits, count: delay.ticks.count, isPersistent: isLate))
            }
        }
        for (number, pool) in lowered.pools.enumerated() {
            let bits = try poolBits(.pool(number))
            poolSlots.append(
                file.slot(.analog, bits: bits, count: pool.to.reduce(1, *), isPersistent: read.contains(.pool(number))))
        }
        for (number, population) in quantized.enumerated() {
            for matrix in population.matrices where matrix.term.isLate { project(matrix, into: number) }
        }
        let shifts = inputShifts
        let greatest = shifts.max()!
        let table = file.tensor(shifts.flatMap { u16(0) + u16(1 << (greatest - $0)) })
        let block = [UInt8(greatest), 0, 0, 0] + u32(table)
        if channels[.input] != nil {
            // Channels last, through a permutation that changes no value.
            let given = file.slot(.analog, bits: options.inputBits, count: inputCount)
            let moved = file.slot(.current, bits: 32, count: inputCount)
            file.op(.input, samples, given, block)
            sparse(given, moved, [4, 0, 0, 0], targets: layout(.input), weights: [UInt8](repeating: 1, count: inputCount))
            let limit = options.inputLimit
            file.op(.activation, moved, inputSlot, [1, 0, 0, 0] + u32(1) + u32(0) + u16(-limit & 0xffff) + u16(limit) + u32(0))
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
        if classes.count != shown.count { throw CompileError("\(classes.count) class names for \(shown.count) outputs") }
        // Membranes of 30 bits are summed in steps that 31 bits hold over the window.
        var shift: UInt8 = 0
        if lowered.isOutputSummed && !shown.neuron.fires {
            while 1 << shift < options.window { shift += 1 }
        }
        let integration: UInt8 = lowered.isOutputSummed ? 1 : 2
        let readout = file.op(
            .readout, outputs[lowered.output], ModelFile.noSlot,
            [integration, 1, shift, 0] + u32(options.window) + u32(options.window) + u16(0) + u16(0))
        try file.output("class", op: readout, classes: classes)
        file.metadata = [
            "compiled-from: NIR", "dialect: \(dialect.name)", "reset: \(dialect.reset.rawValue)",
            "reset-delay: \(dialect.resetDelay.rawValue)", "dt: \(dt)",
        ]
        // For `verify`: which slot shows which node.
        for (number, population) in lowered.populations.enumerated() {
            let order = channels[.population(number)].map { ", \($0) channels last" } ?? ""
            let name = population.name.map { $0.isNewline ? " " : $0 }
            file.metadata.append("node in slot \(outputs[number])\(order): \(String(name))")
        }
        return Compiled(bytes: try file.bytes(), populations: quantized.map(\.report), program: self)
    }

    /// Grids in the order of the populations: a membrane that others read has one by then, or is read late.
    private mutating func quantizeAll() throws(CompileError) {
        for population in lowered.populations {
            for term in population.terms {
                guard case .population(let source) = root(term.source), !lowered.populations[source].neuron.fires else { continue }
                if source >= quantized.count {
                    throw CompileError("\(population.name): reads the membranes of \(lowered.populations[source].name) recurrently, which cannot be compiled yet")
                }
            }
            let number = quantized.count
            let sources = population.terms.indices.map { traits(number, $0) }
            let settings = PopulationQuantizer.Settings(
                weightBits: sources.map { options.weights[MatrixName(from: $0.name, into: population.name)] },
                grid: options.grid[population.name], state: options.state[population.name],
                fractionBits: options.fractionBits[population.name], window: Double(options.window),
                peaks: options.calibration?.peaks[number], margin: options.margin)
            quantized.append(try PopulationQuantizer(population, sources, settings).quantized())
        }
    }

    private func traits(_ population: Int, _ term: Int) -> PopulationQuantizer.Source {
        let source = lowered.populations[population].terms[term].source
        var (units, largest): ([Double]?, Double) = (nil, 1)
        switch root(source) {
        case .input: (units, largest) = (inputUnits, Double(options.inputLimit))
        case .population(let number) where !lowered.populations[number].neuron.fires:
            let shift = Double(1 << membraneShift(number))
            (units, largest) = (quantized[number].scales.map { shift / $0 }, 32767)
        case .pool(let number):
            units = Array(repeating: poolUnit(number), count: lowered.pools[number].to.reduce(1, *))
            largest = poolLimit(number)
        case .population, .delay: break
        }
        return .init(
            name: name(source), units: units, largest: largest, means: options.calibration?.means[source],
            activity: options.calibration?.activity[source],
            feedback: options.calibration?.feedback[population][term])
    }

    /// Whether a source's elements are values, and not spikes.
    func isAnalog(_ source: Lowered.Source) -> Bool {
        if case .population(let number) = root(source) { return !lowered.populations[number].neuron.fires }
        return true
    }

    /// What one count of each input element is worth.
    private var inputUnits: [Double] {
        let unit = Double(options.count.numerator) / Double(options.count.denominator)
        return inputShifts.map { unit * Double(1 << $0) }
    }

    /// Per channel; one for all where convolutions and pools read them.
    private var inputShifts: [Int] {
        let count = lowered.inputShape.reduce(1, *)
        guard options.inputShifts.count == count else { return Array(repeating: 0, count: count) }
        return channels[.input] == nil ? options.inputShifts : Array(repeating: options.inputShifts.max()!, count: count)
    }

    private func stateBits(_ population: Int) -> UInt8 { UInt8(quantized[population].stateBits) }

    /// Membranes of 30 bits are read in steps of 2^15.
    private func membraneShift(_ population: Int) -> Int { quantized[population].stateBits == 32 ? 15 : 0 }

    /// What a source shows, delays apart.
    private func root(_ source: Lowered.Source) -> Lowered.Source {
        if case .delay(let number) = source { return root(lowered.delays[number].source) }
        return source
    }

    /// What one count of a pool's element is worth: an average is a sum whose counts are worth less.
    private func poolUnit(_ number: Int) -> Double {
        let pool = lowered.pools[number]
        let share = pool.pool.isAverage ? 1 / Double(pool.pool.kernel[0] * pool.pool.kernel[1]) : 1
        switch root(pool.source) {
        case .input: return share * inputUnits[0]
        case .pool(let inner): return share * poolUnit(inner)
        default: return share
        }
    }

    /// The greatest sum of a pool.
    private func poolLimit(_ number: Int) -> Double {
        let pool = lowered.pools[number]
        let elements = Double(pool.pool.kernel[0] * pool.pool.kernel[1])
        switch root(pool.source) {
        case .input: return elements * Double(options.inputLimit)
        case .pool(let inner): return elements * poolLimit(inner)
        default: return elements
        }
    }

    /// Bits that hold a pool's sums.
    private func poolBits(_ source: Lowered.Source) throws(CompileError) -> UInt8 {
        guard case .pool(let number) = root(source) else { preconditionFailure("asked of pools only") }
        if case .population(let inner) = root(lowered.pools[number].source), !lowered.populations[inner].neuron.fires {
            throw CompileError("a pool of the membranes of \(lowered.populations[inner].name) cannot be compiled yet")
        }
        let limit = poolLimit(number)
        for bits in 2...16 as ClosedRange<UInt8> where limit <= Double(1 << (Int(bits) - 1) - 1) { return bits }
        throw CompileError("a pool's sums reach \(limit), more than 16 bits hold; fewer --input-bits help")
    }

    func slot(_ source: Lowered.Source) -> Int {
        switch source {
        case .pool(let number): poolSlots[number]
        case .input: inputSlot
        case .population(let number): outputs[number]
        case .delay(let number): delaySlots[number]
        }
    }

    /// Pools and delays of a source, and theirs.
    private mutating func emitFollowers(of source: Lowered.Source) throws(CompileError) {
        for (number, pool) in lowered.pools.enumerated() where pool.source == source {
            let (from, to) = (pool.from, pool.pool)
            if to.padding[0] >= to.kernel[0] || to.padding[1] >= to.kernel[1] { throw CompileError("a pool's padding of \(to.padding) reaches as far as its window") }
            var block: [UInt8] = [1, 0]
            for size in [from[1], from[2], from[0]] { block += u16(size) }
            for size in to.kernel + to.stride + [to.padding[0], to.padding[0], to.padding[1], to.padding[1]] { block += [UInt8(clamping: size)] }
            file.op(.pool, slot(source), poolSlots[number], block + u16(1) + u16(0))
            try emitFollowers(of: .pool(number))
        }
        for (number, delay) in lowered.delays.enumerated() where delay.source == source {
            let depth = delay.ticks.max()! + 1
            let isShared = Set(delay.ticks).count == 1
            let field = isShared ? u32(UInt32(delay.ticks[0])) : u32(file.tensor(laidOut(delay.ticks, source).flatMap(u16)))
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
            multipliers = u32(file.tensor(rows.flatMap(i32)))
        }
        var sourceShift: UInt8 = 0
        if case .population(let source) = root(matrix.term.source), !lowered.populations[source].neuron.fires {
            sourceShift = UInt8(membraneShift(source))
        }
        let code: [Int: UInt8] = [1: 1, 2: 2, 4: 3, 8: 4, 16: 5]
        let head = [code[matrix.bits]!, join, shift, sourceShift]
        let source = slot(matrix.term.source)
        switch matrix.term.map {
        case .dense(let rows, let columns, _):
            // Columns in the order of the source's slot, rows in that of the population's.
            let order = laidOut(Array(0..<columns), matrix.term.source)
            let runs = order.flatMap { column in
                packed(laidOut((0..<rows).map { matrix.weights[$0 * columns + column] }, .population(population)), bits: matrix.bits)
            }
            file.op(.dense, source, currents[population], head + u32(1) + u32(file.tensor(runs)) + multipliers)
        case .diagonal(let values):
            // Run j is the source's element in place j.
            let places = layout(.population(population))
            let order = laidOut(Array(0..<values.count), matrix.term.source)
            sparse(
                source, currents[population], head, targets: order.map { places[$0] },
                weights: packed(order.map { matrix.weights[$0] }, bits: matrix.bits), multipliers)
        case .convolution(let map): file.op(.convolution, source, currents[population], convolution(map, matrix, head) + multipliers)
        }
    }

    /// A sparse op with one synapse per source element.
    private mutating func sparse(
        _ source: Int, _ target: Int, _ head: [UInt8], targets: [Int], weights: [UInt8], _ multipliers: [UInt8] = []
    ) {
        let count = targets.count
        let runs = file.tensor((0...count).flatMap { u32(UInt32($0)) })
        let places = file.tensor(targets.flatMap { count > 65536 ? u32(UInt32($0)) : u16($0) })
        let block = head + u16(1) + u16(0) + u32(runs) + u32(places)
        file.op(.sparse, source, target, block + u32(file.tensor(weights)) + multipliers)
    }

    /// The block of a convolution: run (c·kh + ky)·kw + kx goes from channel c to the channels of its group.
    private mutating func convolution(_ map: ConvolutionMap, _ matrix: QuantizedPopulation.Matrix, _ head: [UInt8]) -> [UInt8] {
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
                runs += packed(run, bits: matrix.bits)
            }
        }
        let padding = map.convolution.padding
        var block = head
        for size in [map.from[1], map.from[2], map.from[0], map.to[0]] { block += u16(size) }
        for size in [kernelHeight, kernelWidth] + map.convolution.stride + padding[0] + padding[1] + map.convolution.dilation {
            block.append(UInt8(clamping: size))
        }
        return block + u16(groups) + u32(file.tensor(runs))
    }

    /// Weights from the least significant bit upward, padded to a whole byte.
    private func packed(_ weights: [Int], bits: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (weights.count * bits + 7) / 8)
        for (i, weight) in weights.enumerated() {
            let pattern = bits == 1 ? (weight > 0 ? 1 : 0) : weight & (1 << bits - 1)
            for bit in 0..<bits where pattern >> bit & 1 == 1 {
                let at = i * bits + bit
                bytes[at / 8] |= 1 << UInt8(at % 8)
            }
        }
        return bytes
    }

    private mutating func neurons(_ number: Int) {
        let (model, integers) = (lowered.populations[number].neuron, quantized[number])
        let isCuBa = !model.currentKeep.isEmpty
        let kind: UInt8 = model.fires ? (isCuBa ? 2 : 1) : (isCuBa ? 4 : 3)
        let reset: UInt8 =
            !model.fires ? 0 : (model.reset == .subtract ? 1 : 2) + (model.resetDelay == .same ? 2 : 0)
        func q15(_ values: [Double]) -> [Int] { values.map { Int(($0 * 32768).rounded()) } }
        let place = Lowered.Source.population(number)
        func encodeThreshold(_ value: Int) -> [UInt8] { integers.stateBits == 16 ? u16(value) : i32(value) }
        let rows: [(values: [Int], encode: (Int) -> [UInt8])] = [
            (laidOut(q15(model.keep), place), u16), (isCuBa ? laidOut(q15(model.currentKeep), place) : [], u16),
            (model.fires ? laidOut(integers.threshold, place) : [], encodeThreshold), (laidOut(integers.bias, place), i32),
        ]
        // Channels that share their parameters are a period.
        let period = channels[place] ?? 0
        let isPeriodic = period > 0
            && rows.allSatisfy { row in row.values.indices.allSatisfy { row.values[$0] == row.values[$0 % period] } }
        var flags: UInt8 = 0
        var fields: [UInt8] = []
        for (at, row) in rows.enumerated() {
            if row.values.isEmpty {
                fields += u32(0)
            } else if Set(row.values).count == 1 {
                fields += i32(row.values[0])
            } else {
                flags |= 1 << UInt8(at)
                fields += u32(file.tensor((isPeriodic ? Array(row.values.prefix(period)) : row.values).flatMap(row.encode)))
            }
        }
        if isPeriodic && flags != 0 {
            flags |= 64
            fields += u32(UInt32(period))
        }
        neuronOps.append(file.opCount)
        file.op(
            .lif, currents[number], outputs[number],
            [kind, reset, 0, stateBits(number), UInt8(integers.fractionBits), flags, 0, 0] + fields)
    }
}
