#if arch(x86_64) || DSP
    import CKernels
#endif

/// memory: M independent linear units of order q that share stored matrices (format.md section 9.4). The
/// state m is the output slot; L is 32767 or 2^30 − 1, by its width:
///
///     u = clamp( c·2^f + b, L )
///     m[t][i] = clamp( rnd( Σ_j A[i][j]·m[t−1][j], sA ) + rnd( B[i]·u, sB ), L )
package struct Memory {
    /// Current of M elements.
    package internal(set) var source: Slot
    /// M·q elements, unit-major.
    package internal(set) var target: Slot
    /// Arena offset of q values i32: one unit's state before the tick.
    var scratch: UInt32 = 0
    /// File offset of A, q × q, row-major.
    let stateMatrix: UInt32
    /// File offset of B, q.
    let inputMatrix: UInt32
    /// File offset of the bias: M values, or the field itself.
    let bias: UInt32
    package let order: UInt32
    package let encoding: Encoding
    package let aShift: UInt8
    package let bShift: UInt8
    package let fractionBits: UInt8
    let hasBiasPerUnit: UInt8

    init(_ model: Model, _ wires: Wires, _ block: UInt32) throws(Refusal) {
        (source, target) = (wires.source, wires.target)
        try wires.requireMemories(ofOrder: model.u16(block &+ 4))

        guard let encoding = Encoding(rawValue: model.u8(block)) else { throw Refusal(.unsupported, at: block) }
        if encoding.bits < 8 { throw Refusal(.badValue, at: block) }
        self.encoding = encoding
        aShift = model.u8(block &+ 1)
        if aShift > 30 { throw Refusal(.badValue, at: block &+ 1) }
        bShift = model.u8(block &+ 2)
        if bShift > 30 { throw Refusal(.badValue, at: block &+ 2) }
        fractionBits = model.u8(block &+ 3)
        if fractionBits > 15 { throw Refusal(.badValue, at: block &+ 3) }
        order = try model.require(model.u16(block &+ 4), in: 1...4096, at: block &+ 4)
        hasBiasPerUnit = model.u8(block &+ 6)
        if hasBiasPerUnit > 1 { throw Refusal(.badValue, at: block &+ 6) }
        try model.requireZero(block &+ 7, 1)
        let width = encoding.bits &>> 3
        stateMatrix = try model.tensor(block &+ 8, width &* order &* order, alignment: width)  // ≤ 2^25
        inputMatrix = try model.tensor(block &+ 12, width &* order, alignment: width)
        let biases = NeuronParameter(
            field: block &+ 16, isArray: hasBiasPerUnit != 0, count: source.count, width: 4,
            range: Int32.min...Int32.max)
        bias = try biases.locate(model)
    }

    func tick(_ workspace: Workspace, _ counters: Counters) {
        #if arch(x86_64)
            if workspace.hasVectors && order < 16 && target.bits == 16 && !counters.isFull {
                let events = snnrt_small_memories(
                    encoding.bits, workspace.file + index(stateMatrix), workspace.file + index(inputMatrix),
                    UInt32(aShift),
                    UInt32(bShift), workspace.int32s(source.place),
                    (workspace.file + index(bias)).assumingMemoryBound(to: Int32.self), hasBiasPerUnit != 0 ? 1 : 0,
                    UInt32(fractionBits), source.count, order, workspace.int16s(target.place))
                counters.add(events: events)
                return
            }
        #endif
        if target.bits == 32 {
            tick(workspace, counters, as: Int32.self)
        } else {
            tick(workspace, counters, as: Int16.self)
        }
    }

    @inline(__always)
    private func tick<State: StateWidth>(_ workspace: Workspace, _ counters: Counters, as: State.Type) {
        let states = (workspace.arena + index(target.place)).assumingMemoryBound(to: State.self)
        let before = workspace.int32s(scratch)
        let input = workspace.int32s(source.place)
        let biases = Row<Int32>(workspace, bias, isArray: hasBiasPerUnit != 0)
        let rows = workspace.file + index(stateMatrix)
        let column = workspace.file + index(inputMatrix)
        let count = index(order)
        let rowByteCount = count &* index(encoding.bits &>> 3)
        var events: UInt32 = 0
        var tally = EffectiveTally()

        for unit in 0..<index(source.count) {
            let state = states + unit &* count
            // |c·2^f + b| < 2^31: proved at opening.
            let drive = clamp(
                (input[unit] &<< Int32(truncatingIfNeeded: fractionBits)) &+ biases[unit], State.limit)
            var nonzero: UInt32 = drive != 0 ? 1 : 0
            for j in 0..<count {
                before[j] = state[j].value
                nonzero &+= before[j] != 0 ? 1 : 0
            }
            if counters.isFull { countEffective(rows, column, before, drive, &tally) }
            if nonzero == 0 { continue }  // 0 stays 0 exactly
            events &+= nonzero
            #if arch(x86_64) || DSP
                if canUseVectors(workspace) {
                    snnrt_memory(
                        encoding.bits, rows, column, UInt32(truncatingIfNeeded: aShift),
                        UInt32(truncatingIfNeeded: bShift),
                        before, drive, order, state, target.bits == 32 ? 1 : 0)
                    continue
                }
            #endif
            for i in 0..<count {
                // |A·m| < 2^45, at most 2^12 of them: < 2^57.
                var sum: Int64 = 0
                let row = rows + i &* rowByteCount
                for j in 0..<count { sum &+= product(encoding.weight(row, j), before[j]) }
                let kept = roundShift(sum, Int32(truncatingIfNeeded: aShift))
                let added = roundShift(product(encoding.weight(column, i), drive), Int32(truncatingIfNeeded: bShift))
                state[i] = State(narrowing: clamp(kept &+ added, State.limit))
            }
        }
        counters.add(events: events)
        if counters.isFull { counters.add(tally) }
    }

    /// Whether the loops of CKernels take a unit.
    @inline(__always)
    private func canUseVectors(_ workspace: Workspace) -> Bool {
        #if DSP
            return true
        #else
            return workspace.hasVectors && order >= 16
        #endif
    }

    private func countEffective(
        _ rows: UnsafeRawPointer, _ column: UnsafeRawPointer, _ state: UnsafeMutablePointer<Int32>, _ drive: Int32,
        _ tally: inout EffectiveTally
    ) {
        let count = index(order)
        let rowByteCount = count &* index(encoding.bits &>> 3)
        tally.add(value: drive, operations: drive == 0 ? 0 : encoding.nonzeroCount(column, count: count))
        for j in 0..<count where state[j] != 0 {
            var nonzero: UInt32 = 0
            for i in 0..<count { nonzero &+= encoding.weight(rows + i &* rowByteCount, j) != 0 ? 1 : 0 }
            tally.add(value: state[j], operations: nonzero)
        }
    }
}
