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

/// A value that the compiler knows: a generic argument makes a loop of its own, where a literal may be merged away.
protocol StaticBool { static var isTrue: Bool { get } }
enum True: StaticBool { static var isTrue: Bool { true } }
enum False: StaticBool { static var isTrue: Bool { false } }
