#if DSP
    import CKernels

    // What only Cortex-M4 and M7 with the DSP extension have loops for, those of CKernels/cortexm.

    extension Kernels {
        @inline(never)
        static func join(
            _ sums: UnsafePointer<Int32>, into current: UnsafeMutablePointer<Int32>, _ join: JoinOperands,
            count: UInt32,
            period: UInt32, _ level: ProcessorLevel
        ) {
            if join.join == .multiplier {
                snnrt_join_multiplied(
                    current, sums, join.multipliers, UInt32(truncatingIfNeeded: join.shift), count, period)
            } else {
                joinStretch(sums, current, join, from: 0, count: index(count))
            }
        }

        @inline(__always)
        static func activate(_ a: ActivationOperands, _ level: ProcessorLevel) -> UInt32 {
            if a.function != .clip { return Portable.activate(a, level) }
            return snnrt_clip(
                a.input, a.outputs, a.multipliers, a.biases, UInt32(truncatingIfNeeded: a.arrays),
                UInt32(truncatingIfNeeded: a.shift), a.lowerBound, a.upperBound, a.count, a.period)
        }

        @inline(__always)
        static func advance<State: StateWidth>(
            _ m: MemoryOperands, _ state: UnsafeMutablePointer<State>, _ drive: Int32
        ) {
            snnrt_memory(
                m.encoding.bits, m.stateMatrix, m.inputMatrix, UInt32(truncatingIfNeeded: m.aShift),
                UInt32(truncatingIfNeeded: m.bShift), m.before, drive, m.order, state, m.isWide ? 1 : 0)
        }

        @inline(never)
        static func clear(_ words: UnsafeMutablePointer<UInt32>, _ count: Int) {
            snnrt_clear(words, UInt32(truncatingIfNeeded: count))
        }
    }
#endif
