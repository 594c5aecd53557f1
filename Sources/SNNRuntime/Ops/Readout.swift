/// readout: scores over a hop, entries, results (docs/format.md, "readout"), x = rnd( source, shift ), Lr = 2^31 − 1.
/// Every tick
///
///     sum:        score = clamp( score + x, Lr )
///     last value: score = x
///     leaky sum:  score = clamp( tz( score·λ, 15 ) + x, Lr )
///     maximum:    score = max( score, x + 2^30 )
///
/// and every hop, the scores (of a maximum less 2^30) being an entry, with n = window / hop
///
///     n = 1:      E = clamp( tz( E·μ, 15 ) + entry, Lr ), the result
///     n > 1:      result = clamp( Σ of the latest n entries, Lr )
package struct Readout: OpBody {
    package enum Integration: UInt8 { case sum = 1, lastValue, leakySum, maximum }

    package enum Block {
        package static let byteCount: UInt32 = 16
        package static let integration: UInt32 = 0
        package static let resetsNetwork: UInt32 = 1
        package static let shift: UInt32 = 2
        package static let firstResult: UInt32 = 3
        package static let window: UInt32 = 4
        package static let hop: UInt32 = 8
        /// λ.
        package static let decay: UInt32 = 12
        /// μ.
        package static let evidenceDecay: UInt32 = 14
    }

    static let fields: InlineArray<8, Field> = [
        .code(Block.integration, .u8, 1, 4), .code(Block.resetsNetwork, .u8, 0, 1), .number(Block.shift, .u8, 0, 31),
        .code(Block.firstResult, .u8, 0, 1), .number(Block.window, .u32, 1, 1 << 24),
        .number(Block.hop, .u32, 1, 1 << 24),
        .number(Block.decay, .u16, 0, 32768), .number(Block.evidenceDecay, .u16, 0, 32768),
    ]

    /// A maximum of so much is one of 0, and one of 0 of nothing yet.
    private static let maximumOfZero: Int32 = 1 << 30

    /// Arena offset of the evidence: n entries, or E, or nothing.
    var evidence: UInt32 = 0
    /// Ticks from entry to entry.
    package let hop: UInt32
    /// n ≤ 4096, once checked.
    private let entries: UInt16
    /// λ in Q15.
    package let decay: UInt16
    /// μ in Q15.
    package let evidenceDecay: UInt16
    package let integration: Integration
    package let shift: UInt8
    package let resetsNetwork: Bool
    /// Results begin with the first entry, not with the n-th.
    package let isEarly: Bool

    package var entryCount: UInt32 { UInt32(truncatingIfNeeded: entries) }
    /// Ticks that a result is about, leaks apart.
    package var window: UInt32 { entryCount &* hop }

    init(_ record: OpRecord) {
        let (file, block) = (record.file, record.block)
        integration = Integration(rawValue: file.u8(block &+ Block.integration)) ?? .sum
        resetsNetwork = file.u8(block &+ Block.resetsNetwork) == 1
        shift = file.u8(block &+ Block.shift)
        isEarly = file.u8(block &+ Block.firstResult) == 1
        hop = file.u32(block &+ Block.hop)
        let window = file.u32(block &+ Block.window)
        entries = window == hop ? 1 : UInt16(truncatingIfNeeded: quotient(window, hop).quotient)
        decay = UInt16(truncatingIfNeeded: file.u16(block &+ Block.decay))
        evidenceDecay = UInt16(truncatingIfNeeded: file.u16(block &+ Block.evidenceDecay))
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Readout(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(SlotTypes.signals.contains(record.source.type))
        let window = record.file.u32(record.block &+ Block.window)
        try record.require(!isEarly || hop != window, Block.firstResult)
        let (count, rest) = quotient(window, hop)
        try record.require(rest == 0 && count >= 1 && count <= (isWhole ? 1 : 4096), Block.hop)
        try record.require(integration == .leakySum || decay == 0, Block.decay)
        try record.require(count == 1 || evidenceDecay == 0, Block.evidenceDecay)
    }

    /// Scores whose entries do not add up.
    private var isWhole: Bool { integration == .leakySum || integration == .maximum }

    /// Ticks to a fresh network's first result.
    var ticksToFirstResult: UInt32 { isEarly ? hop : window }

    /// Values kept from entry to entry: at most 2^12 · 2^16.
    func evidenceCount(_ source: Slot) -> UInt32 {
        (entryCount > 1 ? entryCount : (evidenceDecay > 0 ? 1 : 0)) &* source.count
    }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Readout(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .readout
        let (classes, evidence) = (record.source.count, evidenceCount(record.source))
        declaration.addVariable(0x73 /* s */, classes, isWide: true, 0 &- Int32.max, Int32.max)
        // A hop's end adds up the entries.
        declaration.passes = entryCount &+ 4
        declaration.evidenceBitsRead = 32 &* widen(evidence)
        declaration.evidenceBitsWritten = evidence == 0 ? 0 : 32 &* widen(classes)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let scores = workspace.int32s(header.state)
        let rounding = Int32(truncatingIfNeeded: shift)
        var events: UInt32 = 0
        for element in 0..<header.source.count {
            let raw = workspace.value(header.source, element)
            events &+= raw != 0 ? 1 : 0
            let x = roundShift(raw, rounding)
            let score = scores[index(element)]
            switch integration {
            case .sum: scores[index(element)] = clamp(widen(score) &+ widen(x), Int32.max)
            case .lastValue: scores[index(element)] = x
            case .leakySum: scores[index(element)] = leak(score, decay, plus: x)
            // |x| < 2^30
            case .maximum: scores[index(element)] = max(score, x &+ Readout.maximumOfZero)
            }
        }
        counters.add(events: events)
    }

    /// clamp( tz( sum·decay, 15 ) + x, Lr ); |sum·decay| ≤ 2^46.
    private func leak(_ sum: Int32, _ decay: UInt16, plus x: Int32) -> Int32 {
        clamp(truncateQ15(product(sum, Int32(truncatingIfNeeded: decay))) &+ widen(x), Int32.max)
    }

    /// Ends a hop. `entriesBefore` counts as the document's state block, part 1, says. Returns whether `result`, one value
    /// per class, was written.
    func completeEntry(
        _ header: OpHeader, _ workspace: Workspace, _ entriesBefore: UnsafeMutablePointer<UInt32>,
        _ result: UnsafeMutablePointer<Int32>
    ) -> Bool {
        let scores = workspace.int32s(header.state)
        let kept = workspace.int32s(evidence)
        let classes = index(header.source.count)
        var isResult = true
        if integration == .maximum {
            for i in 0..<classes { scores[i] = clamp(widen(scores[i]) &- widen(Readout.maximumOfZero), Int32.max) }
        }
        if entryCount == 1 {
            for i in 0..<classes {
                result[i] = evidenceDecay == 0 ? scores[i] : leak(kept[i], evidenceDecay, plus: scores[i])
                if evidenceDecay != 0 { kept[i] = result[i] }
            }
        } else {
            let entries = entriesBefore[0]
            let place = index(entries >= entryCount ? entries &- entryCount : entries)
            for i in 0..<classes { kept[place &* classes &+ i] = scores[i] }
            entriesBefore[0] = entries &+ 1 == 2 &* entryCount ? entryCount : entries &+ 1
            isResult = isEarly || entriesBefore[0] >= entryCount
            if isResult {
                for i in 0..<classes {
                    var sum: Int64 = 0  // of at most 2^12 values below 2^31
                    for entry in 0..<index(entryCount) { sum &+= widen(kept[entry &* classes &+ i]) }
                    result[i] = clamp(sum, Int32.max)
                }
            }
        }
        if integration != .leakySum {
            for i in 0..<classes { scores[i] = 0 }
        }
        return isResult
    }
}

#if !hasFeature(Embedded)
    extension Readout {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let name =
                switch integration {
                case .sum: "sum"
                case .lastValue: "last value"
                case .leakySum: "leaky sum"
                case .maximum: "maximum"
                }
            let thousandths = String((Int(evidenceDecay) * 1000 + 16384) / 32768)
            let decay =
                thousandths.count > 3
                ? "1.000" : "0." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
            let evidence =
                entryCount > 1
                ? ", \(entryCount) together\(isEarly ? " as far as there are" : "")"
                : evidenceDecay > 0 ? ", evidence decays by \(decay)" : ""
            return "\(name) over \(hop) ticks\(resetsNetwork ? ", then reset" : "")\(evidence)"
        }
    }
#endif
