/// loihi: the integer neurons of Loihi (docs/format.md, "loihi"), u and v of 24 bits:
///
///     a = c·2^e, or c >> −e;   u = wrap24( tz( u[t−1]·(4096 − δu), 12 ) + a·2^6 )
///     V = clamp( tz( v[t−1]·(4096 − δv), 12 ) + u + b, 2^23 − 1 );   S = V ▷ θ;   v = 0 where S, else V
package struct Loihi: OpBody {
    package enum Block {
        package static let byteCount: UInt32 = 24
        package static let comparison: UInt32 = 0
        package static let weightExponent: UInt32 = 1
        package static let arrayFlags: UInt32 = 2
        package static let reserved: UInt32 = 3
        package static let currentDecay: UInt32 = 4
        package static let voltageDecay: UInt32 = 8
        package static let threshold: UInt32 = 12
        package static let bias: UInt32 = 16
        package static let period: UInt32 = 20
    }

    /// The greatest v and, but for 1, u.
    static let limit: Int32 = (1 << 23) - 1
    static let fields: InlineArray<9, Field> = [
        .code(Block.comparison, .u8, 0, 1), .number(Block.weightExponent, .i8, -8, 7), .flags(Block.arrayFlags, 15),
        .reserved(Block.reserved, .u8), .parameter(Block.currentDecay, 0, .u16, 0, 4096),
        .parameter(Block.voltageDecay, 1, .u16, 0, 4096), .parameter(Block.threshold, 2, .i32, 0, (1 << 23) - 1),
        .parameter(Block.bias, 3, .i32, 1 - (1 << 30), (1 << 30) - 1), .number(Block.period, .u32, 0, 1 << 24),
    ]

    /// File offset of the parameter block.
    private let block: UInt32
    /// P: an array of a parameter has so many elements, and neuron i has element i mod P.
    package let period: UInt32
    /// e.
    package let weightExponent: Int8
    package let firesAtThreshold: Bool
    package let arrayFlags: UInt8

    init(_ record: OpRecord) {
        let file = record.file
        block = record.block
        firesAtThreshold = file.u8(block &+ Block.comparison) == 1
        weightExponent = Int8(bitPattern: file.u8(block &+ Block.weightExponent))
        arrayFlags = file.u8(block &+ Block.arrayFlags)
        let stated = file.u32(block &+ Block.period)
        period = stated == 0 ? record.source.count : stated
    }

    @inline(never)
    static func check(_ record: OpRecord) throws(Refusal) {
        try record.check(fields.span, byteCount: Block.byteCount)
        try Loihi(record).check(record)
    }

    /// Wiring, relations, arrays and tensors, elements.
    private func check(_ record: OpRecord) throws(Refusal) {
        try record.requireSource(.current)
        try record.requireTarget(.bitmap, count: record.source.count)
        try record.requirePeriod(Block.period, of: record.source.count)
        try record.requireArrays(Loihi.fields.span, arrayFlags, count: period)
        try record.requireElements(Loihi.fields.span, arrayFlags, count: period)
    }

    /// Bits by which a current is shifted to the left at most, a·2^6 included: what the proof of sums allows for.
    private var leftShift: UInt8 { 6 &+ UInt8(bitPattern: max(weightExponent, 0)) }

    @inline(never)
    static func declare(_ record: OpRecord, in declaration: inout Declaration) {
        Loihi(record).declare(record, in: &declaration)
    }

    private func declare(_ record: OpRecord, in declaration: inout Declaration) {
        declaration.loop = .loihi
        let count = record.source.count
        declaration.addVariable(0x75 /* u */, count, isWide: true, 0 &- Loihi.limit, Loihi.limit &+ 1)
        declaration.addVariable(0x76 /* v */, count, isWide: true, 0 &- Loihi.limit, Loihi.limit)
        declaration.neurons = widen(count)
        declaration.parameterBits = record.file.parameterBits(Loihi.fields.span, arrayFlags, count: period)
        declaration.reading = SumReading(fractionBits: leftShift)
    }

    @inline(never)
    func tick(_ header: UnsafePointer<OpHeader>, _ workspace: Workspace, _ counters: Counters) {
        let header = header.pointee
        let count = index(header.source.count)
        let input = workspace.int32s(header.source.offset)
        let currents = workspace.int32s(header.state)
        let voltages = currents + count
        let currentDecays: Row<UInt16> = row(workspace, Block.currentDecay, 1)
        let voltageDecays: Row<UInt16> = row(workspace, Block.voltageDecay, 2)
        let thresholds: Row<Int32> = row(workspace, Block.threshold, 4)
        let biases: Row<Int32> = row(workspace, Block.bias, 8)
        let left = Int32(truncatingIfNeeded: leftShift)
        let right = 0 &- Int32(truncatingIfNeeded: min(weightExponent, 0))
        // v ≥ θ is v > θ − 1.
        let slack: Int32 = firesAtThreshold ? 1 : 0
        var spikes = SpikeWriter(workspace.arena + index(header.target.offset), isGraded: false)
        spikes.begin(from: 0, of: header.source.count, 0)
        var changedCount: UInt32 = 0
        var k = 0
        for i in 0..<count {
            // |c·2^left| < 2^31: proved at opening. What the sum wraps by is a multiple of 2^24.
            let current = wrap24(decay(currents[i], currentDecays[k]) &+ (input[i] &>> right) &<< left)
            currents[i] = current
            // Below 2^23 + 2^23 + 2^30 in magnitude.
            let reached = clamp(decay(voltages[i], voltageDecays[k]) &+ current &+ biases[k], Loihi.limit)
            let hasFired = reached > thresholds[k] &- slack
            let voltage = hasFired ? 0 : reached
            changedCount &+= voltage != voltages[i] ? 1 : 0
            voltages[i] = voltage
            spikes.put(hasFired ? 1 : 0, i)
            k = k &+ 1 == index(period) ? 0 : k &+ 1
        }
        counters.add(NeuronCounts(events: spikes.finish(), changes: changedCount))
    }

    private func row<Element>(_ workspace: Workspace, _ field: UInt32, _ flag: UInt8) -> Row<Element> {
        let isArray = arrayFlags & flag != 0
        return Row(workspace.parameter(block &+ field, isArray: isArray), isArray: isArray)
    }
}

/// tz( x·(4096 − decay), 12 ), |x| ≤ 2^23, in 32 bits: x by its upper and its lower 12.
@inline(__always)
private func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
    let kept = 4096 &- UInt32(truncatingIfNeeded: decay)
    let size = x.magnitude
    let decayed = Int32(bitPattern: (size &>> 12) &* kept &+ ((size & 4095) &* kept) &>> 12)
    return x < 0 ? 0 &- decayed : decayed
}

/// The y of −2^23 < y ≤ 2^23 that differs from x by a multiple of 2^24.
@inline(__always)
private func wrap24(_ x: Int32) -> Int32 { ((x &+ Loihi.limit) & 0xff_ffff) &- Loihi.limit }

#if !hasFeature(Embedded)
    extension Loihi {
        /// The parameters in a few words, for people.
        package func details(_: OpHeader, _: FileView) -> String {
            let exponent = weightExponent == 0 ? "" : ", weights times 2^\(weightExponent)"
            return "24-bit current and voltage\(firesAtThreshold ? ", fires at the threshold" : "")\(exponent)"
        }
    }
#endif
