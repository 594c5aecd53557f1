// What populations of neurons and of memory units share: the width of their state, and parameters that are one
// for all or one per neuron.

/// Width of a membrane: 16 bits with limit 32767, or 32 with limit 2^30 − 1.
protocol StateWidth {
    static var limit: Int32 { get }
    var value: Int32 { get }
    /// |x| ≤ limit.
    init(narrowing x: Int32)
    /// tz( x·decay, 15 ), decay ≤ 2^15.
    static func decay(_ x: Int32, _ decay: UInt16) -> Int32
}

extension Int16: StateWidth {
    static var limit: Int32 { Int32.narrowLimit }
    @inline(__always) var value: Int32 { Int32(truncatingIfNeeded: self) }
    @inline(__always) init(narrowing x: Int32) { self = Int16(truncatingIfNeeded: x) }
    /// |x·decay| ≤ 32767·2^15 < 2^30.
    @inline(__always) static func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
        truncateQ15(x &* Int32(truncatingIfNeeded: decay))
    }
}

extension Int32: StateWidth {
    static var narrowLimit: Int32 { 32767 }
    static var wideLimit: Int32 { (1 << 30) - 1 }
    static var limit: Int32 { wideLimit }
    @inline(__always) var value: Int32 { self }
    @inline(__always) init(narrowing x: Int32) { self = x }
    /// |x·decay| < 2^45: 64 bits.
    @inline(__always) static func decay(_ x: Int32, _ decay: UInt16) -> Int32 {
        Int32(truncatingIfNeeded: truncateQ15(product(x, Int32(truncatingIfNeeded: decay))))
    }
}

/// How many k of 1 … 2^bits − 1 have v ≥ k·threshold, by restoring division. threshold ≥ 0.
@inline(__always)
func thresholdsReached(_ v: Int32, _ threshold: Int32, bits: UInt8) -> Int32 {
    var rest = v
    if rest < threshold || rest < 0 { return 0 }
    var count: Int32 = 0
    var bit = Int32(truncatingIfNeeded: bits)
    while bit > 0 {
        bit &-= 1
        if rest &>> bit >= threshold {
            rest &-= threshold &<< bit  // ≤ rest
            count |= 1 &<< bit
        }
    }
    return count
}

/// A parameter in the file: one element per neuron, or one for all (step 0).
struct Row<Element> {
    private let first: UnsafePointer<Element>
    private let step: Int

    @inline(__always)
    init(_ workspace: Workspace, _ offset: UInt32, isArray: Bool) {
        first = (workspace.file + index(offset)).assumingMemoryBound(to: Element.self)
        step = isArray ? 1 : 0
    }
    @inline(__always)
    subscript(i: Int) -> Element { first[i &* step] }
}

/// A parameter field of a population: a value for all, or a reference to one per neuron.
struct NeuronParameter {
    /// File offset of the field.
    let field: UInt32
    let isArray: Bool
    /// Neurons.
    let count: UInt32
    /// Bytes of an array's element.
    let width: UInt32
    /// What every value must lie in.
    let range: ClosedRange<Int32>

    /// File offset of the value or the array: the field itself, or what it refers to.
    func locate(_ model: Model) throws(Refusal) -> UInt32 {
        if isArray { return try model.tensor(field, width &* count, alignment: width) }
        let value = model.i32(field)
        if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: field) }
        return field
    }

    /// Elements of 2 bytes are read unsigned: decays reach 32768, and a negative threshold is above its range.
    func checkElements(_ model: Model, at array: UInt32) throws(Refusal) {
        if !isArray { return }
        for i in 0..<count {
            let at = array &+ width &* i
            let value = width == 4 ? model.i32(at) : Int32(bitPattern: model.u16(at))
            if value < range.lowerBound || value > range.upperBound { throw Refusal(.badValue, at: at) }
        }
    }
}

extension Model {
    /// The period in a field that holds 0 where its flag is clear; the count then.
    func period(_ field: UInt32, isGiven: Bool, of count: UInt32) throws(Refusal) -> UInt32 {
        if isGiven { return try period(field, of: count) }
        if u32(field) != 0 { throw Refusal(.badValue, at: field) }
        return count
    }

    /// A period: how many elements an array has that serves `count` neurons in turn.
    func period(_ field: UInt32, of count: UInt32) throws(Refusal) -> UInt32 {
        let period = u32(field)
        if period == 0 || quotient(count, period).remainder != 0 { throw Refusal(.badValue, at: field) }
        return period
    }
}

/// A value that the compiler knows: a generic argument makes a loop of its own, where a literal may be merged away.
protocol Choice { static var isTrue: Bool { get } }
enum Yes: Choice { static var isTrue: Bool { true } }
enum No: Choice { static var isTrue: Bool { false } }
