/// A bump cursor over the caller's memory. Without memory it measures: the same calls give the size that
/// opening will need.
struct Arena {
    /// Offset of the next free byte; beyond `capacity` once a demand has not been met.
    private(set) var used: UInt32 = 0
    private let capacity: UInt32

    /// Pass UInt32.max to measure.
    init(capacity: UInt32) { self.capacity = capacity }

    /// Offset of `byteCount` bytes at a multiple of `alignment`, a power of two up to 8.
    mutating func take(_ byteCount: UInt32, alignment: UInt32 = 4) throws(Refusal) -> UInt32 {
        let mask = alignment &- 1
        let (padded, paddingOverflow) = used.addingReportingOverflow(mask)
        let start = padded & ~mask
        let (end, overflow) = start.addingReportingOverflow(byteCount)
        if paddingOverflow || overflow || end > capacity { throw Refusal(.arenaTooSmall) }
        used = end
        return start
    }
}
