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
            let own = file.declaration(ofOp: op).rowCount
            if own == 0 { continue }
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
            let source = file.record(ofOp: op).source
            var bound = source.limit.magnitude
            if source.kind == .current {
                // Its own sums have been proved, and are of projections only.
                bound = CurrentSums(file: file, reader: op, current: source).largest
            }
            file.ask(.joinedBound, ofOp: op, &bound)
            total = boundedSum(total, bound)
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
            let declaration = file.declaration(ofOp: number)
            guard let synapses = declaration.projection else { continue }
            let (rowCount, source) = (declaration.rowCount, file.record(ofOp: number).source)
            var (row, done) = (rowCount > first ? first : quotient(first, rowCount).remainder, UInt32(0))
            while done < count {
                let span = min(count &- done, rowCount &- row)
                var magnitudes = MagnitudeRequest(row: row, count: span)
                file.ask(.magnitudes, ofOp: number, &magnitudes)
                for i in 0..<span {
                    let joined = synapses.joinedBound(file, source, magnitudes.sums.sums[index(i)], row: row &+ i)
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
