// The proof that no sum overflows (docs/format.md, "The proof of sums").

extension Model {
    /// Refuses unless no sum into any current, shifted and biased by its reader, can pass 2^31 − 1.
    @inline(never)
    public func proveSums() throws(Refusal) {
        for reader in 0..<opCount where file.record(ofOp: reader).source.kind == .current {
            guard let reading = file.reading(ofOp: reader) else { continue }
            if CurrentSums(file, reader).largest(reading, pooled: boundOfPools(reader)) > largestSum {
                throw Refusal(.mayOverflow, at: file.opRecord(reader))
            }
        }
    }

    /// Σ_p joined_p over the pools into what op `reader` reads, the same for all elements.
    @inline(never)
    private func boundOfPools(_ reader: UInt32) -> UInt32 {
        var total: UInt32 = 0
        let slot = file.sourceSlot(ofOp: reader)
        for op in 0..<reader where file.targetSlot(ofOp: op) == slot && file.opKind(op) == .pool {
            let source = file.record(ofOp: op).source
            // A pool's own sums have been proved, and are of projections only.
            var bound =
                source.kind == .current ? CurrentSums(file, op).largest(nil, pooled: 0) : source.limit.magnitude
            file.ask(.joinedBound, ofOp: op, &bound)
            total = boundedSum(total, bound)
        }
        return total
    }
}

/// The sums into a current, which op `reader` reads, by the projections and pools that write it.
struct CurrentSums {
    private let file: FileView
    private let reader: UInt32
    private let slot: UInt32
    private let count: UInt32
    /// The number of rows with bounds of their own, where all projections have the same, else the current's count.
    private let period: UInt32

    @inline(never)
    init(_ file: FileView, _ reader: UInt32) {
        (self.file, self.reader) = (file, reader)
        slot = file.sourceSlot(ofOp: reader)
        count = file.slot(slot).count
        var period: UInt32 = 0
        for op in 0..<reader where file.targetSlot(ofOp: op) == slot {
            guard let own = file.projection(ofOp: op)?.rowCount else { continue }
            period = period == 0 || period == own ? own : count
            if period != own { break }
        }
        self.period = max(period, 1)
    }

    /// Steps that `largest` takes, at worst.
    @inline(never)
    func operationCount(opCount: UInt32) -> UInt64 {
        var total = widen(count) &+ widen((period &+ 31) &>> 5) &* widen(opCount)  // < 2^36
        for number in 0..<reader where file.targetSlot(ofOp: number) == slot {
            // Runs lie in the file, or a table of them does: < 2^32.
            total = saturatingSum(total, widen(file.runsPerRow(ofOp: number)) &* widen(period))
        }
        return total
    }

    /// The greatest bound of any element; `unbounded` where one does not stay below 2^31 as its reader takes it.
    @inline(never)
    func largest(_ reading: SumReading?, pooled: UInt32) -> UInt32 {
        var (largest, first): (UInt32, UInt32) = (0, 0)
        while first < period {
            var bounds = MagnitudeSums()
            let span = min(MagnitudeSums.capacity, period &- first)
            addBounds(first, span, to: &bounds)
            for i in 0..<span {
                let sum = boundedSum(bounds[i], pooled)
                if let reading, !fits(sum, first &+ i, reading) { return unbounded }
                largest = max(largest, sum)
            }
            first &+= span
        }
        return largest
    }

    /// True if the bound of elements element, element + period, … stays below 2^31 with all their biases.
    private func fits(_ sum: UInt32, _ element: UInt32, _ reading: SumReading) -> Bool {
        if sum > largestSum &>> reading.fractionBits { return false }
        if reading.biasCount == 0 { return true }
        let room = largestSum &- (sum &<< reading.fractionBits)
        // Elements a period apart have the same bound; only their biases differ.
        let step = quotient(period, reading.biasCount).remainder
        var (i, at) = (element, quotient(element, reading.biasCount).remainder)
        repeat {
            if file.i32(reading.biases &+ 4 &* at).magnitude > room { return false }
            i &+= period  // ≤ 2^25
            at = at &+ step >= reading.biasCount ? at &+ step &- reading.biasCount : at &+ step
        } while reading.biasCount != 1 && i < count
        return true
    }

    /// Adds Σ_p joined_p over the projections into `count` destinations from `first` on, below the period.
    @inline(never)
    private func addBounds(_ first: UInt32, _ count: UInt32, to total: inout MagnitudeSums) {
        for number in 0..<reader where file.targetSlot(ofOp: number) == slot {
            guard let (rowCount, synapses) = file.projection(ofOp: number) else { continue }
            let limit = synapses.limit(file.record(ofOp: number).source)
            var (row, done) = (quotient(first, rowCount).remainder, UInt32(0))
            while done < count {
                var request = MagnitudeRequest(row: row, count: min(count &- done, rowCount &- row))
                file.ask(.magnitudes, ofOp: number, &request)
                for i in 0..<request.count {
                    total.join(synapses.joinedBound(file, limit, request.sums[i], row: row &+ i), done &+ i)
                }
                done &+= request.count
                row = 0
            }
        }
    }
}
