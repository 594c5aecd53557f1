// Linear memories: the portable loops (docs/format.md, "memory", "recurrence").

extension KernelSet {
    @inline(__always)
    static func advance16(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32 { advance(m, level) }
    @inline(__always)
    static func advanceAny(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32 { advance(m, level) }

    @inline(__always)
    static func advance(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32 {
        m.isWide ? advanceUnits(m, as: Int32.self) : advanceUnits(m, as: Int16.self)
    }

    /// Every unit that is not at rest. Returns the elements of m[t−1] and inputs u that are not 0:
    ///
    ///     u = clamp( c·2^f + b, L )
    ///     m[t][i] = clamp( rnd( Σ_j A[i][j]·m[t−1][j], sA ) + rnd( B[i]·u, sB ), L )
    @inline(__always)
    static func advanceUnits<State: StateWidth>(_ m: MemoryOperands, as: State.Type) -> UInt32 {
        let states = m.states.assumingMemoryBound(to: State.self)
        let biases = Row(m.biases, isArray: m.hasBiasPerUnit)
        let (count, before) = (index(m.order), m.before)
        var events: UInt32 = 0
        for unit in 0..<index(m.unitCount) {
            let state = states + unit &* count
            let drive = m.drive(unit, biases, State.limit)
            var nonzero: UInt32 = drive != 0 ? 1 : 0
            for j in 0..<count {
                before[j] = state[j].value
                nonzero &+= before[j] != 0 ? 1 : 0
            }
            if nonzero == 0 { continue }  // 0 stays 0 exactly
            events &+= nonzero
            advance(m, state, drive)
        }
        return events
    }

    /// One unit, whose state before the tick is m.before.
    @inline(never)
    static func advance<State: StateWidth>(_ m: MemoryOperands, _ state: UnsafeMutablePointer<State>, _ drive: Int32) {
        let (count, encoding, before, column) = (index(m.order), m.encoding, m.before, m.inputMatrix)
        let (aShift, bShift) = (Int32(truncatingIfNeeded: m.aShift), Int32(truncatingIfNeeded: m.bShift))
        let rowByteCount = count &* index(encoding.bits &>> 3)
        var row = m.stateMatrix
        for i in 0..<count {
            // |A·m| < 2^45, at most 2^12 of them: < 2^57.
            var sum: Int64 = 0
            for j in 0..<count { sum &+= product(encoding.weight(row, j), before[j]) }
            let kept = roundShift(sum, aShift)
            let added = roundShift(product(encoding.weight(column, i), drive), bShift)
            state[i] = State(narrowing: clamp(kept &+ added, State.limit))
            row += rowByteCount
        }
    }

    @inline(__always)
    static func advance(
        _ r: RecurrenceOperands, _ state: UnsafeMutablePointer<Int32>, drive: Int32, _ level: ProcessorLevel
    ) { step(r, state, drive) }

    /// All substeps of the unit whose m is `state`, with a = m − u·e0:
    ///
    ///     m = clamp( m + Σ pole( a ), L )
    @inline(never)
    static func step(_ r: RecurrenceOperands, _ state: UnsafeMutablePointer<Int32>, _ drive: Int32) {
        let (count, shape, room, limit, factors) = (index(r.order), r.shape, r.room, r.limit, r.factors)
        let (placeCount, factorCount) = (index(shape.count), index(shape.factorCount))
        // A single pole adds to m after it has read all of a.
        let isInPlace = r.poleCount == 1 && shape.count == r.order
        let right = isInPlace ? state : room
        var pole = Pole(shape: shape, factors: factors, right: right, room: room)
        for _ in 0..<r.substeps {
            if !isInPlace {
                for i in 0..<placeCount { room[i] = i < count ? state[i] : 0 }
            }
            right[0] &-= drive
            pole.factors = factors
            for _ in 0..<r.poleCount {
                if shape.parts == 2 {
                    pole.solve(r.outputShift, addingTo: state, count, isComplex: True.self)
                } else {
                    pole.solve(r.outputShift, addingTo: state, count, isComplex: False.self)
                }
                pole.factors += factorCount
            }
            if isInPlace { state[0] &+= drive }
            for i in 0..<count { state[i] = clamp(state[i], limit) }
        }
    }
}

extension MemoryOperands {
    /// u. |c·2^f + b| < 2^31: proved at opening.
    @inline(__always)
    func drive(_ unit: Int, _ biases: Row<Int32>, _ limit: Int32) -> Int32 {
        clamp((input[unit] &<< Int32(truncatingIfNeeded: fractionBits)) &+ biases[unit], limit)
    }
}
