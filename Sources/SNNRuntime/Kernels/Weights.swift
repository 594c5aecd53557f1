#if arch(x86_64)
    import CKernels
#endif

// Packed weights: format.md section 8. A run holds the weights from one source element to its
// destinations, packed from the least significant bit upward.

package enum Encoding: UInt8 {
    case binary = 1, ternary, int4, int8, int16

    package var bits: UInt32 {
        switch self {
        case .binary: return 1
        case .ternary: return 2
        case .int4: return 4
        case .int8: return 8
        case .int16: return 16
        }
    }

    /// Bytes of a run of `count` weights.
    func runByteCount(_ count: UInt32) -> UInt32 { (bits &* count &+ 7) &>> 3 }  // count ≤ 2^24

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

    /// accumulators[i] += weight[i]·value, i < count. No sum wraps: proved at opening (`proveSums`).
    @inline(never)
    func addRun(
        _ run: UnsafeRawPointer, times value: Int32, to accumulators: UnsafeMutablePointer<Int32>, count: Int,
        hasVectors: Bool
    ) {
        #if arch(x86_64)
            if hasVectors {
                snnrt_add_run(bits, run, value, accumulators, UInt32(truncatingIfNeeded: count))
                return
            }
        #endif
        switch self {
        case .int8:
            let weights = run.assumingMemoryBound(to: Int8.self)
            if value == 1 {
                for i in 0..<count { accumulators[i] &+= Int32(truncatingIfNeeded: weights[i]) }
            } else {
                for i in 0..<count { accumulators[i] &+= Int32(truncatingIfNeeded: weights[i]) &* value }
            }
        case .int16:
            let weights = run.assumingMemoryBound(to: Int16.self)
            for i in 0..<count { accumulators[i] &+= Int32(truncatingIfNeeded: weights[i]) &* value }
        case .int4:
            for i in 0..<count { accumulators[i] &+= Encoding.int4.weight(run, i) &* value }
        case .ternary:
            for i in 0..<count { accumulators[i] &+= Encoding.ternary.weight(run, i) &* value }
        case .binary:
            for i in 0..<count { accumulators[i] &+= Encoding.binary.weight(run, i) &* value }
        }
    }

    /// currents[i] = sat16( currents[i] + weight[i]·value ), i < count. |weight·value| ≤ 2^30.
    func addRun(
        _ run: UnsafeRawPointer, times value: Int32, saturating currents: UnsafeMutablePointer<Int16>, count: Int
    ) {
        if self == .int8 {
            let weights = run.assumingMemoryBound(to: Int8.self)
            if value >= 0 && value <= 256 {
                // −2^15 ≤ weight·value < 2^15: additions of 16 bits that saturate, which processors have as one instruction.
                let factor = Int16(truncatingIfNeeded: value)
                for i in 0..<count {
                    let product = Int16(truncatingIfNeeded: weights[i]) &* factor
                    currents[i] = Int16(truncatingIfNeeded: saturated(currents[i].value &+ product.value))
                }
            } else {
                for i in 0..<count {
                    let sum = currents[i].value &+ Int32(truncatingIfNeeded: weights[i]) &* value
                    currents[i] = Int16(truncatingIfNeeded: saturated(sum))
                }
            }
        } else {
            for i in 0..<count {
                currents[i] = Int16(truncatingIfNeeded: saturated(currents[i].value &+ weight(run, i) &* value))
            }
        }
    }

    /// sums[targets[synapse]] += weight[synapse]·value, first ≤ synapse < end.
    @inline(__always)
    func addSynapses<Target: FixedWidthInteger>(
        _ first: Int, _ end: Int, _ weights: UnsafeRawPointer, _ targets: UnsafePointer<Target>, _ value: Int32,
        _ sums: UnsafeMutablePointer<Int32>
    ) {
        var synapse = first
        while synapse < end {
            sums[Int(truncatingIfNeeded: targets[synapse])] &+= weight(weights, synapse) &* value
            synapse &+= 1
        }
    }

    func nonzeroCount(_ run: UnsafeRawPointer, count: Int) -> UInt32 {
        var nonzero: UInt32 = 0
        for i in 0..<count { nonzero &+= weight(run, i) != 0 ? 1 : 0 }
        return nonzero
    }

    /// Refuses ternary code 10 and padding bits that are not 0.
    func checkRun(_ model: Model, _ offset: UInt32, count: UInt32) throws(Refusal) {
        if self == .ternary {
            for at in 0..<runByteCount(count) {
                let byte = model.u8(offset &+ at)
                if (byte &>> 1) & ~byte & 0x55 != 0 { throw Refusal(.malformed, at: offset &+ at) }
            }
        }
        let used = (bits &* count) & 7
        let last = offset &+ runByteCount(count) &- 1
        if used != 0 && model.u8(last) &>> UInt8(truncatingIfNeeded: used) != 0 { throw Refusal(.malformed, at: last) }
    }
}

extension Model {
    /// File offset of `count` runs of `length` weights each, that the field refers to.
    func runs(_ field: UInt32, _ encoding: Encoding, count: UInt32, length: UInt32) throws(Refusal) -> UInt32 {
        let (byteCount, overflow) = encoding.runByteCount(length).multipliedReportingOverflow(by: count)
        if overflow { throw Refusal(.malformed, at: field) }
        return try tensor(field, byteCount, alignment: 4)
    }

    /// Refuses runs that format.md section 8 does not allow.
    func checkRuns(_ offset: UInt32, _ encoding: Encoding, count: UInt32, length: UInt32) throws(Refusal) {
        if encoding.bits >= 8 { return }
        for run in 0..<count {
            try encoding.checkRun(self, offset &+ run &* encoding.runByteCount(length), count: length)
        }
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
