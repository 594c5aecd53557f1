#if arch(x86_64)
    import CKernels
#endif

/// xylo: the integer neurons of Xylo (format.md section 9.14) behind a synaptic slot y of P currents each,
/// d(x, k) = x >> k, but 1 where that is 0 and x > 0:
///
///     y −= d( y, synaptic dash );   V = sat16( V[t−1] + sat16( sat16( −d( V[t−1], membrane dash ) + Σ y ) + b ) )
///     while V ≥ θ and S < smax:  V −= θ,  S += 1;   an alias is given S spikes more, smax at most
package struct Xylo {
    package internal(set) var source: Slot
    package internal(set) var target: Slot
    /// Arena offset of V, one i16 per neuron.
    var state: UInt32 = 0
    /// File offset of the parameter block, and of the data section, where arrays lie.
    private let block: UInt32
    private let data: UInt32
    /// P: synaptic currents of a neuron.
    package let currentCount: UInt8
    /// Bit p: parameter number p has one value per neuron; bit 4: there are aliases.
    private let perNeuron: UInt8

    /// The parameters, in the order of their fields and flags.
    private enum Parameter: UInt8 { case membraneDash = 0, synapticDash, threshold, bias }
    private static let aliasFlag: UInt8 = 16
    private static let noAlias: UInt32 = 65535

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        (self.block, data) = (block, model.section(.data).offset)
        let hasOne = source.count == target.count
        try wires.requireSource(source.kind == .synaptic && (hasOne || source.count == 2 &* target.count))
        try wires.requireTarget(target.kind == .spikes)
        currentCount = hasOne ? 1 : 2
        perNeuron = model.u8(block)
        if perNeuron > (target.isBitmap ? 15 : 31) { throw Refusal(.badValue, at: block) }
        try model.requireZero(block &+ 1, 3)
        for number in 0..<4 as Range<UInt8> { _ = try field(Parameter(rawValue: number)!).locate(model) }
        var aliases: UInt32 = 0
        if hasAliases {
            aliases = try model.tensor(block &+ 20, 2 &* target.count, alignment: 2)
        } else if model.u32(block &+ 20) != 0 {
            throw Refusal(.badValue, at: block &+ 20)
        }
        for number in 0..<4 as Range<UInt8> {
            let parameter = Parameter(rawValue: number)!
            try field(parameter).checkElements(model, at: offset(of: parameter, model.base))
        }
        if !hasAliases { return }
        for i in 0..<target.count {
            let alias = model.u16(aliases &+ 2 &* i)
            if alias >= target.count && alias != Xylo.noAlias { throw Refusal(.badValue, at: aliases &+ 2 &* i) }
        }
    }

    package var hasAliases: Bool { perNeuron & Xylo.aliasFlag != 0 }
    private func isPerNeuron(_ parameter: Parameter) -> Bool { perNeuron &>> parameter.rawValue & 1 != 0 }

    /// A parameter's field, and what it may hold.
    private func field(_ parameter: Parameter) -> NeuronParameter {
        let (width, range): (UInt32, ClosedRange<Int32>)
        switch parameter {
        case .membraneDash, .synapticDash: (width, range) = (2, 0...15)
        case .threshold: (width, range) = (2, 0...32767)
        case .bias: (width, range) = (4, -32768...32767)
        }
        return NeuronParameter(
            field: block &+ 4 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue), isArray: isPerNeuron(parameter),
            count: parameter == .synapticDash ? source.count : target.count, width: width, range: range)
    }

    /// File offset of a checked parameter: of its array, or of the field itself.
    private func offset(of parameter: Parameter, _ file: UnsafeRawPointer) -> UInt32 {
        let field = block &+ 4 &+ 4 &* UInt32(truncatingIfNeeded: parameter.rawValue)
        return isPerNeuron(parameter) ? data &+ (file + index(field)).load(as: UInt32.self) : field
    }

    /// Parameter bits read per tick.
    var parameterBitCount: UInt64 {
        var bits: UInt64 = hasAliases ? 16 &* widen(target.count) : 0
        for number in 0..<4 as Range<UInt8> {
            let field = field(Parameter(rawValue: number)!)
            bits &+= widen(8 &* field.width) &* (field.isArray ? widen(field.count) : 1)
        }
        return bits
    }

    var stateByteCount: UInt32 { paddedByteCount(target.count, isWide: false) }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        let count = index(target.count)
        let synaptic = workspace.int16s(source.place)
        let membranes = workspace.int16s(state)
        let membraneDashes: Row<UInt16> = row(workspace, .membraneDash)
        let synapticDashes: Row<UInt16> = row(workspace, .synapticDash)
        let thresholds: Row<Int16> = row(workspace, .threshold)
        let biases: Row<Int32> = row(workspace, .bias)
        let (done, spikesBefore, changesBefore) = tickWithVectors(workspace)
        var changedCount = changesBefore
        var spikes = SpikeWriter(workspace, target, from: done, spikesBefore)
        let given = hasAliases ? workspace.int16s(target.place) : nil
        if let given { for i in 0..<count { given[i] = 0 } }

        for i in done..<count {
            let membrane = membranes[i].value
            // −(−32768), of a dash of 0, is −32768 in the chip's 16 bits.
            var change = Int16(truncatingIfNeeded: 0 &- decay(membrane, membraneDashes[i])).value
            for p in 0..<Int(truncatingIfNeeded: currentCount) {
                let at = p &* count &+ i
                let current = synaptic[at].value &- decay(synaptic[at].value, synapticDashes[at])
                synaptic[at] = Int16(truncatingIfNeeded: current)
                change = change &+ current  // of at most two
            }
            change = saturated(saturated(change) &+ biases[i])
            var reached = saturated(membrane &+ change)
            let threshold = thresholds[i].value
            let before = given.map { $0[i].value } ?? 0
            let more = min(thresholdsReached(reached, threshold, bits: target.bits), target.limit &- before)
            reached = reached &- more &* threshold
            let fired = before &+ more
            membranes[i] = Int16(truncatingIfNeeded: reached)
            changedCount &+= reached != membrane ? 1 : 0
            if let given { give(fired, of: i, to: given, workspace) } else { spikes.put(fired, i) }
        }
        var events: UInt32 = 0
        if let given {
            for i in 0..<count { events &+= given[i] != 0 ? 1 : 0 }
        } else {
            events = spikes.finish()
        }
        counters.add(events: events)
        if counters.isFull { counters.add(membraneUpdates: changedCount) }
    }

    /// Neurons 0 ..< done, by the loop of CKernels. Returns how many those are, how many of them fired and how many of their
    /// membranes changed. An alias makes a neuron wait for those before it: none then.
    @inline(__always)
    private func tickWithVectors(_ workspace: Workspace) -> (done: Int, events: UInt32, changes: UInt32) {
        #if arch(x86_64)
            if !workspace.hasVectors || hasAliases || target.count < 8 { return (0, 0, 0) }
            func array<Element>(_ parameter: Parameter) -> UnsafePointer<Element> {
                (workspace.file + index(offset(of: parameter, workspace.file))).assumingMemoryBound(to: Element.self)
            }
            var population = snnrt_xylo_population(
                membranes: workspace.int16s(state), currents: workspace.int16s(source.place),
                membrane_dashes: array(.membraneDash), synaptic_dashes: array(.synapticDash),
                thresholds: array(.threshold),
                biases: array(.bias), words: target.isBitmap ? workspace.words(target.place) + 1 : nil,
                spikes: workspace.int16s(target.place), arrays: UInt32(truncatingIfNeeded: perNeuron),
                count: target.count,
                current_count: UInt32(truncatingIfNeeded: currentCount), limit: target.limit)
            let counts = snnrt_tick_xylo(&population)
            return (
                index(target.count & ~7), UInt32(truncatingIfNeeded: counts), UInt32(truncatingIfNeeded: counts &>> 32)
            )
        #else
            return (0, 0, 0)
        #endif
    }

    /// A neuron's spikes, and as many more for its alias.
    private func give(_ fired: Int32, of i: Int, to given: UnsafeMutablePointer<Int16>, _ workspace: Workspace) {
        given[i] = Int16(truncatingIfNeeded: fired)  // ≤ 2^8 − 1
        let aliases = (workspace.file + index(data &+ word(workspace.file, block &+ 20))).assumingMemoryBound(
            to: UInt16.self)
        let alias = UInt32(truncatingIfNeeded: aliases[i])
        if alias == Xylo.noAlias { return }
        given[index(alias)] = Int16(truncatingIfNeeded: min(given[index(alias)].value &+ fired, target.limit))
    }

    private func word(_ file: UnsafeRawPointer, _ at: UInt32) -> UInt32 { (file + index(at)).load(as: UInt32.self) }

    private func row<Element>(_ workspace: Workspace, _ parameter: Parameter) -> Row<Element> {
        Row(workspace, offset(of: parameter, workspace.file), isArray: isPerNeuron(parameter))
    }
}

/// d( x, dash ).
@inline(__always)
private func decay(_ x: Int32, _ dash: UInt16) -> Int32 {
    let part = x &>> Int32(truncatingIfNeeded: dash)
    return part == 0 && x > 0 ? 1 : part
}
