#if DSP
    import CKernels

    // What only Cortex-M4 and M7 with the DSP extension have loops for, those of CKernels/cortexm.

    extension Kernels {
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
