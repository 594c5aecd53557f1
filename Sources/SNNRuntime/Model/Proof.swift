// The proof that no sum overflows (docs/format.md, "The proof of sums").

extension Model {
    /// Refuses unless no sum into any current, shifted and biased by its reader, can pass 2^31 − 1.
    func proveSums() throws(Refusal) {
        for reader in 0..<opCount {
            let current = file.record(ofOp: reader).source
            guard current.kind == .current, let reading = file.declaration(ofOp: reader).reading else { continue }
            let sums = CurrentSums(file: file, reader: reader, current: current)
            let pooled = sums.boundOfPools
            var first: UInt32 = 0
            while first < sums.period {
                let bounds = sums.bounds(first)
                for i in 0..<min(MagnitudeSums.capacity, sums.period &- first) {
                    let sum = boundedSum(bounds.sums[index(i)], pooled)
                    if !sums.fits(sum, first &+ i, reading) { throw Refusal(.mayOverflow, at: file.opRecord(reader)) }
                }
                first &+= MagnitudeSums.capacity
            }
        }
    }
}

/// The sums into a current, which op `reader` reads, by the projections and pools that write it.
private struct CurrentSums {
    let file: FileView
    let reader: UInt32
    let current: Slot
    private let slot: UInt32
    /// The number of rows with bounds of their own, where all projections have the same, else the current's count.
    let period: UInt32

    init(file: FileView, reader: UInt32, current: Slot) {
        (self.file, self.reader, self.current) = (file, reader, current)
        slot = file.sourceSlot(ofOp: reader)
        var period: UInt32 = 0
        for op in 0..<reader where file.targetSlot(ofOp: op) == slot {
            guard let own = file.op(op).rowCount else { continue }
            period = period == 0 || period == own ? own : current.count
            if period != own { break }
        }
        self.period = max(period, 1)
    }

    /// True if the bound of elements element, element + period, … stays below 2^31 with all their biases.
    func fits(_ sum: UInt32, _ element: UInt32, _ reading: SumReading) -> Bool {
        if sum > largestSum &>> reading.fractionBits { return false }
        if reading.biasCount == 0 { return true }
        let room = largestSum &- (sum &<< reading.fractionBits)
        // Elements a period apart have the same bound; only their biases differ.
        let isShared = reading.biasCount == 1
        let step = isShared ? 0 : quotient(period, reading.biasCount).remainder
        var (i, at) = (element, isShared ? 0 : quotient(element, reading.biasCount).remainder)
        repeat {
            if file.i32(reading.biases &+ 4 &* at).magnitude > room { return false }
            i &+= period  // ≤ 2^25
            at = at &+ step >= reading.biasCount ? at &+ step &- reading.biasCount : at &+ step
        } while !isShared && i < current.count
        return true
    }

    /// Σ_p joined_p over the pools, the same for all elements.
    var boundOfPools: UInt32 {
        var total: UInt32 = 0
        for op in 0..<reader where file.opKind(op) == .pool && file.targetSlot(ofOp: op) == slot {
            let pool = file.op(op)
            guard case .pool(let body) = pool.body else { continue }
            var largest = pool.source.limit.magnitude
            if pool.source.kind == .current {
                // Its own sums have been proved, and are of projections only.
                largest = CurrentSums(file: file, reader: op, current: pool.source).largest
            }
            total = boundedSum(total, body.joinedBound(file, largest))
        }
        return total
    }

    /// The greatest Σ_p joined_p of any element.
    private var largest: UInt32 {
        var (largest, first): (UInt32, UInt32) = (0, 0)
        while first < period {
            let bounds = bounds(first)
            for i in 0..<min(MagnitudeSums.capacity, period &- first) { largest = max(largest, bounds.sums[index(i)]) }
            first &+= MagnitudeSums.capacity
        }
        return largest
    }

    /// Σ_p joined_p over the projections, of destinations `first` on below the period; `unbounded` where a bound passes 2^31 − 1.
    @inline(never)
    func bounds(_ first: UInt32) -> MagnitudeSums {
        var total = MagnitudeSums()
        let count = min(MagnitudeSums.capacity, period &- first)
        for number in 0..<reader where file.targetSlot(ofOp: number) == slot {
            let op = file.op(number)
            guard let rowCount = op.rowCount, let synapses = op.synapses else { continue }
            var (row, done) = (rowCount > first ? first : quotient(first, rowCount).remainder, UInt32(0))
            while done < count {
                let span = min(count &- done, rowCount &- row)
                var magnitudes = MagnitudeSums()
                op.addMagnitudes(file, row, span, to: &magnitudes)
                for i in 0..<span {
                    let joined = synapses.joinedBound(file, op.source, magnitudes.sums[index(i)], row: row &+ i)
                    let at = index(done &+ i)
                    total.sums[at] = boundedSum(total.sums[at], joined)
                }
                done &+= span
                row = 0
            }
        }
        return total
    }
}

extension Op {
    /// Of a projection: what it has in common with others.
    fileprivate var synapses: Synapses? {
        switch body {
        case .projection(let op): return op.synapses
        case .convolution(let op): return op.synapses
        case .sparse(let op): return op.synapses
        case .input, .lif, .memory, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: return nil
        }
    }

    /// Destinations of a projection that differ in their weights; nil for other ops.
    fileprivate var rowCount: UInt32? {
        switch body {
        case .projection(let op): return op.groupOutputCount
        case .convolution(let op): return UInt32(truncatingIfNeeded: op.outputChannels)
        case .sparse: return header.target.count
        case .input, .lif, .memory, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: return nil
        }
    }

    /// Σ|w| of a projection into `count` destinations from `row` on.
    fileprivate func addMagnitudes(_ file: FileView, _ row: UInt32, _ count: UInt32, to sums: inout MagnitudeSums) {
        switch body {
        case .projection(let op): op.addMagnitudes(file, row, count, to: &sums)
        case .convolution(let op): op.addMagnitudes(file, row, count, to: &sums)
        case .sparse(let op): op.addMagnitudes(header, file, row, count, to: &sums)
        case .input, .lif, .memory, .readout, .delay, .pool, .activation, .loihi, .xylo, .recurrence: break
        }
    }
}
