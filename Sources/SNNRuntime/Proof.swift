// The proof that no sum overflows: FORMAT.md section 9.7.

private let largestSum: UInt32 = 0x7fff_ffff
/// Stands for every bound above `largestSum`.
private let unbounded: UInt32 = 0xffff_ffff
/// Elements proved at a time.
private let chunk: UInt32 = 64

extension Model {
    /// Refuses unless no sum into any current, shifted and biased by its reader, can pass 2^31 − 1.
    func proveSums() throws(Refusal) {
        for reader in 0..<opCount {
            switch try parseOp(reader) {
            case .lif(let op):
                try proveSums(
                    reader, op.source, op.fractionBits, bias: op.offset(of: .bias, base), isArray: op.isPerNeuron(.bias))
            case .memory(let op):
                try proveSums(reader, op.source, op.fractionBits, bias: op.bias, isArray: op.hasBiasPerUnit != 0)
            case .input, .projection, .readout: break
            }
        }
    }

    private func proveSums(
        _ reader: UInt32, _ current: Slot, _ fractionBits: UInt8, bias: UInt32, isArray: Bool
    ) throws(Refusal) {
        let shift = UInt32(truncatingIfNeeded: fractionBits)
        let slot = sourceSlot(ofOp: reader)
        // Elements a period apart have the same bound; only their biases differ.
        let period = try periodOfBounds(reader, current)
        var first: UInt32 = 0
        while first < period {
            let count = min(chunk, period &- first)
            var sums = InlineArray<64, UInt32>(repeating: 0)
            for op in 0..<reader where targetSlot(ofOp: op) == slot {
                guard case .projection(let projection) = try parseOp(op) else { continue }
                projection.addBounds(self, first, count, to: &sums)
            }
            for i in 0..<count {
                let sum = sums[index(i)]
                if sum > largestSum &>> shift { throw Refusal(.mayOverflow, at: opRecord(reader)) }
                let room = largestSum &- (sum &<< shift)
                var element = first &+ i
                repeat {
                    if i32(isArray ? bias &+ 4 &* element : bias).magnitude > room {
                        throw Refusal(.mayOverflow, at: opRecord(reader))
                    }
                    element &+= period  // ≤ 2^25
                } while isArray && element < current.count
            }
            first &+= count
        }
    }

    /// r where all projections into a current have the same number r of destinations per group, else its count.
    private func periodOfBounds(_ reader: UInt32, _ current: Slot) throws(Refusal) -> UInt32 {
        let slot = sourceSlot(ofOp: reader)
        var period: UInt32 = 0
        for op in 0..<reader where targetSlot(ofOp: op) == slot {
            guard case .projection(let projection) = try parseOp(op) else { continue }
            if period != 0 && projection.groupOutputCount != period { return current.count }
            period = projection.groupOutputCount
        }
        return period
    }
}

extension Projection {
    /// sums[i] += joined_p of destination first + i, or `unbounded`; i < count ≤ 64.
    fileprivate func addBounds(
        _ model: Model, _ first: UInt32, _ count: UInt32, to sums: inout InlineArray<64, UInt32>
    ) {
        var row = quotient(first, groupOutputCount).remainder
        var done: UInt32 = 0
        while done < count {
            let span = min(count &- done, groupOutputCount &- row)
            let magnitudes = sumOfMagnitudes(model, row, span)
            for i in 0..<span {
                let at = index(done &+ i)
                let joined = joinedBound(model, magnitudes[index(i)], row: row &+ i)
                let total = sums[at] &+ joined  // both ≤ 2^31 − 1, or replaced
                sums[at] = max(sums[at], joined) > largestSum || total > largestSum ? unbounded : total
            }
            done &+= span
            row = 0
        }
    }

    /// Σ_j |w[i][j]| for `count` ≤ 64 destinations from `row` on, values above 2^31 clipped to it.
    private func sumOfMagnitudes(_ model: Model, _ row: UInt32, _ count: UInt32) -> InlineArray<64, UInt32> {
        var sums = InlineArray<64, UInt32>(repeating: 0)
        let stride = index(runByteCount)
        var run = model.base + index(weights)
        for j in 0..<groupInputCount {
            if encoding == .int8 {
                let weights = (run + index(row)).assumingMemoryBound(to: Int8.self)
                for i in 0..<index(count) { sums[i] &+= UInt32(truncatingIfNeeded: weights[i].magnitude) }
            } else {
                for i in 0..<index(count) { sums[i] &+= encoding.weight(run, index(row) &+ i).magnitude }
            }
            // 2^15 weights of at most 2^15 on top of 2^31 stay below 2^32.
            if j & 0x7fff == 0x7fff {
                for i in 0..<index(count) { sums[i] = min(sums[i], largestSum &+ 1) }
            }
            run += stride
        }
        for i in 0..<index(count) { sums[i] = min(sums[i], largestSum &+ 1) }
        return sums
    }

    /// joined_p, given Σ|w|; `unbounded` where it or bound_p passes 2^31 − 1.
    private func joinedBound(_ model: Model, _ magnitudes: UInt32, row: UInt32) -> UInt32 {
        let (high, bound) = magnitudes.multipliedFullWidth(by: sourceLimit.magnitude)
        if high != 0 || bound > largestSum { return unbounded }
        let shift = UInt32(truncatingIfNeeded: joinShift)
        switch join {
        case .add: return bound
        case .leftShift: return bound > largestSum &>> shift ? unbounded : bound &<< shift
        case .rightShift: return (bound &>> shift) &+ 1
        case .multiplier:
            let scale = model.i32(multipliers &+ 4 &* row).magnitude
            // bound < 2^31 and scale ≤ 2^31: the product is below 2^62, so its sign bit is clear.
            let scaled = shiftRight(Int64(bitPattern: widen(bound) &* widen(scale)), Int32(bitPattern: shift))
            return scaled >= widen(Int32.max) ? unbounded : UInt32(truncatingIfNeeded: scaled) &+ 1
        }
    }
}
