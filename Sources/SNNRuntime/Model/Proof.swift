// The proof that no sum overflows: format.md section 9.12.

let largestSum: UInt32 = 0x7fff_ffff
/// Stands for every bound above `largestSum`.
let unbounded: UInt32 = 0xffff_ffff
/// Elements proved at a time.
private let chunk: UInt32 = 64

extension Model {
    /// Refuses unless no sum into any current, shifted and biased by its reader, can pass 2^31 − 1.
    func proveSums() throws(Refusal) {
        for reader in 0..<opCount {
            switch try parseOp(reader) {
            case .lif(let op):
                let bias = Bias(
                    op.fractionBits, at: op.offset(of: .bias, base), count: op.isPerNeuron(.bias) ? op.period : 1)
                try proveSums(reader, op.source, bias)
            case .memory(let op):
                let bias = Bias(op.fractionBits, at: op.bias, count: op.hasBiasPerUnit != 0 ? op.source.count : 1)
                try proveSums(reader, op.source, bias)
            case .recurrence(let op):
                let bias = Bias(op.fractionBits, at: op.bias, count: op.hasBiasPerUnit ? op.source.count : 1)
                try proveSums(reader, op.source, bias)
            case .activation(let op):
                try proveSums(reader, op.source, Bias(0, at: op.bias, count: op.hasBiasPerNeuron ? op.period : 1))
            case .loihi(let op): try proveSums(reader, op.source, Bias(op.leftShift, at: 0, count: 0))
            case .pool(let op):
                if op.source.kind == .current { try proveSums(reader, op.source, Bias(0, at: 0, count: 0)) }
            case .input, .projection, .readout, .sparse, .convolution, .delay, .xylo: break
            }
        }
    }

    /// What a reader adds to a current: c·2^f + b, element i having bias i mod count; none with a count of 0.
    private struct Bias {
        let fractionBits: UInt32
        let offset: UInt32
        let count: UInt32

        init(_ fractionBits: UInt8, at offset: UInt32, count: UInt32) {
            self.fractionBits = UInt32(truncatingIfNeeded: fractionBits)
            (self.offset, self.count) = (offset, count)
        }
    }

    private func proveSums(_ reader: UInt32, _ current: Slot, _ bias: Bias) throws(Refusal) {
        let pooled = try boundOfPools(reader)
        try forEachBound(reader, current) { first, period, projected throws(Refusal) in
            let (sum, overflow) = projected.addingReportingOverflow(pooled)
            if overflow || sum > largestSum &>> bias.fractionBits { throw Refusal(.mayOverflow, at: opRecord(reader)) }
            if bias.count == 0 { return }
            let room = largestSum &- (sum &<< bias.fractionBits)
            // Elements a period apart have the same bound; only their biases differ.
            let step = bias.count == 1 ? 0 : quotient(period, bias.count).remainder
            var (element, at) = (first, quotient(first, bias.count).remainder)
            repeat {
                if i32(bias.offset &+ 4 &* at).magnitude > room { throw Refusal(.mayOverflow, at: opRecord(reader)) }
                element &+= period  // ≤ 2^25
                at = at &+ step >= bias.count ? at &+ step &- bias.count : at &+ step
            } while bias.count > 1 && element < current.count
        }
    }

    /// Σ_p joined_p over the pools into the current that an op reads, the same for all its elements.
    private func boundOfPools(_ reader: UInt32) throws(Refusal) -> UInt32 {
        let slot = sourceSlot(ofOp: reader)
        var total: UInt32 = 0
        for op in 0..<reader where targetSlot(ofOp: op) == slot {
            guard case .pool(let pool) = try parseOp(op) else { continue }
            var largest = pool.source.limit.magnitude
            if pool.source.kind == .current {
                largest = 0
                // Its own sums have been proved, and are of projections only.
                try forEachBound(op, pool.source) { _, _, bound throws(Refusal) in largest = max(largest, bound) }
            }
            let bound = pool.joinedBound(self, largest)
            if bound > largestSum || total > largestSum &- bound { return unbounded }
            total = total &+ bound
        }
        return total
    }

    /// Calls `body(element, period, Σ_p joined_p)` for every element below the period of the current that an op reads,
    /// over the projections into it; `unbounded` where a bound passes 2^31 − 1.
    private func forEachBound(
        _ reader: UInt32, _ current: Slot, _ body: (UInt32, UInt32, UInt32) throws(Refusal) -> Void
    ) throws(Refusal) {
        let slot = sourceSlot(ofOp: reader)
        let period = try periodOfBounds(reader, current)
        var first: UInt32 = 0
        while first < period {
            let count = min(chunk, period &- first)
            var sums = InlineArray<64, UInt32>(repeating: 0)
            for op in 0..<reader where targetSlot(ofOp: op) == slot { try addBounds(op, first, count, to: &sums) }
            for i in 0..<count { try body(first &+ i, period, sums[index(i)]) }
            first &+= count
        }
    }

    /// The number of rows with bounds of their own, where all projections into a current have the same, else its count.
    private func periodOfBounds(_ reader: UInt32, _ current: Slot) throws(Refusal) -> UInt32 {
        let slot = sourceSlot(ofOp: reader)
        var period: UInt32 = 0
        for op in 0..<reader where targetSlot(ofOp: op) == slot {
            guard let own = try parseOp(op).rowCount else { continue }
            if period != 0 && own != period { return current.count }
            period = own
        }
        return max(period, 1)
    }

    /// sums[i] += joined_p of destination first + i, or `unbounded`; i < count ≤ 64. Nothing for what is no projection.
    private func addBounds(
        _ number: UInt32, _ first: UInt32, _ count: UInt32, to sums: inout InlineArray<64, UInt32>
    ) throws(Refusal) {
        let op = try parseOp(number)
        guard let rowCount = op.rowCount else { return }
        var row = quotient(first, rowCount).remainder
        var done: UInt32 = 0
        while done < count {
            let span = min(count &- done, rowCount &- row)
            let (synapses, magnitudes): (Synapses, InlineArray<64, UInt32>)
            switch op {
            case .projection(let op): (synapses, magnitudes) = (op.synapses, op.sumOfMagnitudes(self, row, span))
            case .convolution(let op): (synapses, magnitudes) = (op.synapses, op.sumOfMagnitudes(self, row, span))
            case .sparse(let op): (synapses, magnitudes) = (op.synapses, op.sumOfMagnitudes(self, row, span))
            default: return
            }
            for i in 0..<span {
                let at = index(done &+ i)
                let joined = synapses.joinedBound(self, magnitudes[index(i)], row: row &+ i)
                let total = sums[at] &+ joined  // both ≤ 2^31 − 1, or replaced
                sums[at] = max(sums[at], joined) > largestSum || total > largestSum ? unbounded : total
            }
            done &+= span
            row = 0
        }
    }
}

extension Op {
    /// Destinations of a projection that differ in their weights; nil for other ops.
    fileprivate var rowCount: UInt32? {
        switch self {
        case .projection(let op): return op.groupOutputCount
        case .convolution(let op): return UInt32(truncatingIfNeeded: op.outputChannels)
        case .sparse(let op): return op.synapses.target.count
        case .input, .lif, .memory, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: return nil
        }
    }
}

extension Projection {
    /// Σ_j |w[i][j]| for `count` ≤ 64 destinations from `row` on, values above 2^31 clipped to it.
    func sumOfMagnitudes(_ model: Model, _ row: UInt32, _ count: UInt32) -> InlineArray<64, UInt32> {
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
}
