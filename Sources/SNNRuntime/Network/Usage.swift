/// Part 4 of the state block: what has been counted since usage was last reset (docs/format.md, "The state block").
struct Usage {
    /// ticks, results.
    let header: UnsafeMutablePointer<UInt64>
    let checksum: UnsafeMutablePointer<UInt32>
    /// Per op: events, and under full accounting effective ACs, effective MACs and membrane updates.
    let perOp: UnsafeMutablePointer<UInt64>

    // Where they lie, from its start; ticks and results come first.
    static let checksumOffset: UInt32 = 16
    static let reserved: UInt32 = 20
    static let counters: UInt32 = 24

    init(at start: UnsafeMutableRawPointer) {
        header = start.assumingMemoryBound(to: UInt64.self)
        checksum = (start + index(Usage.checksumOffset)).assumingMemoryBound(to: UInt32.self)
        perOp = (start + index(Usage.counters)).assumingMemoryBound(to: UInt64.self)
    }

    static func byteCount(opCount: UInt32, isFull: Bool) -> UInt32 { counters &+ opCount &* (isFull ? 32 : 8) }
}
