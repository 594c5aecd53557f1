/// A bump cursor over the caller's memory. Without memory it measures: the same calls give the size that
/// opening will need.
struct Arena {
    /// Offset of the next free byte.
    private(set) var used: UInt32 = 0
    /// False once a demand was beyond `capacity`: what was taken from then on is not there.
    private(set) var fits = true
    private let capacity: UInt32

    /// Pass UInt32.max to measure.
    init(capacity: UInt32) { self.capacity = capacity }

    /// Offset of `byteCount` bytes at a multiple of `alignment`, a power of two up to 8.
    @inline(never)
    mutating func take(_ byteCount: UInt32, alignment: UInt32 = 4) -> UInt32 {
        let mask = alignment &- 1
        // Not beyond 2^32 + 6: `used` is a multiple of 4 unless it is 2^32 − 1, from which nothing is taken.
        let start = (used &+ mask) & ~mask
        let (end, overflow) = start.addingReportingOverflow(byteCount)
        if start < used || overflow || end > capacity {
            (used, fits) = (UInt32.max, false)
            return 0
        }
        used = end
        return start
    }
}
