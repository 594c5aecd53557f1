/// How the weights of a tensor are packed (docs/format.md, "Weights"). A run holds the weights from one source element
/// to its destinations, from the least significant bit upward.
package enum Encoding: UInt8 {
    case binary = 1, ternary, int4, int8, int16

    package var bits: UInt32 { 1 &<< (UInt32(truncatingIfNeeded: rawValue) &- 1) }

    /// Bytes of a run of `count` weights.
    @inline(__always)
    package func runByteCount(_ count: UInt32) -> UInt32 { (bits &* count &+ 7) &>> 3 }  // count ≤ 2^24

    /// One weight of a run.
    @inline(__always)
    func weight(_ run: UnsafeRawPointer, _ i: Int) -> Int32 {
        switch self {
        case .binary: return 2 &* field(run, i &>> 3, i & 7, 1) &- 1
        case .ternary: return ternaryValue(field(run, i &>> 2, 2 &* (i & 3), 3))
        case .int4: return int4Value(field(run, i &>> 1, 4 &* (i & 1), 15))
        case .int8: return Int32(truncatingIfNeeded: run.load(fromByteOffset: i, as: Int8.self))
        case .int16: return Int32(truncatingIfNeeded: run.load(fromByteOffset: 2 &* i, as: Int16.self))
        }
    }

    /// The same, as a call: for opening and for full accounting.
    @inline(never)
    func weightCalled(_ run: UnsafeRawPointer, _ i: Int) -> Int32 { weight(run, i) }

    func nonzeroCount(_ run: UnsafeRawPointer, count: Int) -> UInt32 {
        var nonzero: UInt32 = 0
        if self == .int8 {
            let bytes = run.assumingMemoryBound(to: Int8.self)
            for i in 0..<count { nonzero &+= bytes[i] != 0 ? 1 : 0 }
        } else {
            for i in 0..<count { nonzero &+= weightCalled(run, i) != 0 ? 1 : 0 }
        }
        return nonzero
    }
}

@inline(__always)
private func field(_ run: UnsafeRawPointer, _ at: Int, _ shift: Int, _ mask: Int32) -> Int32 {
    (Int32(truncatingIfNeeded: run.load(fromByteOffset: at, as: UInt8.self)) &>> Int32(truncatingIfNeeded: shift))
        & mask
}

/// 00 → 0, 01 → +1, 11 → −1.
@inline(__always)
private func ternaryValue(_ code: Int32) -> Int32 { (code & 1) &- (code & 2) }

@inline(__always)
private func int4Value(_ code: Int32) -> Int32 { (code ^ 8) &- 8 }

/// How the sums of a projection join their current.
package enum Join: UInt8 { case add = 0, leftShift, rightShift, multiplier }

/// `runCount` runs of `runLength` weights each, one behind the other.
struct WeightTensor {
    /// File offset of run 0.
    var offset: UInt32 = 0
    var encoding = Encoding.int8
    var runCount: UInt32 = 0
    var runLength: UInt32 = 0

    var runByteCount: UInt32 { encoding.runByteCount(runLength) }
    var weightCount: UInt64 { widen(runCount) &* widen(runLength) }
}

extension FileView {
    /// Refuses a tensor of runs that does not lie in data.
    func checkExtent(_ weights: WeightTensor, _ field: UInt32) throws(Refusal) {
        let (byteCount, overflow) = weights.runByteCount.multipliedReportingOverflow(by: weights.runCount)
        if overflow { throw Refusal(.malformed, at: field) }
        _ = try tensor(field, byteCount, alignment: 4)
    }

    /// Refuses ternary code 10 and padding bits that are not 0.
    func checkRuns(_ weights: WeightTensor) throws(Refusal) {
        let (bits, byteCount) = (weights.encoding.bits, weights.runByteCount)
        if bits >= 8 { return }
        let used = (bits &* weights.runLength) & 7
        for run in 0..<weights.runCount {
            let first = weights.offset &+ run &* byteCount
            if weights.encoding == .ternary {
                for at in first..<first &+ byteCount {
                    let byte = u8(at)
                    if (byte &>> 1) & ~byte & 0x55 != 0 { throw Refusal(.malformed, at: at) }
                }
            }
            let last = first &+ byteCount &- 1
            if used != 0 && u8(last) &>> UInt8(truncatingIfNeeded: used) != 0 { throw Refusal(.malformed, at: last) }
        }
    }

    /// Weights of 0 among them.
    func zeroCount(_ weights: WeightTensor) -> UInt64 {
        var zeros = weights.weightCount
        for run in 0..<weights.runCount {
            let start = base + index(weights.offset &+ run &* weights.runByteCount)
            zeros &-= widen(weights.encoding.nonzeroCount(start, count: index(weights.runLength)))
        }
        return zeros
    }
}
