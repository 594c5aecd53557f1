#if DSP
    import CKernels

    // What only Cortex-M4 and M7 with the DSP extension have loops for, those of CKernels/cortexm.

    extension Kernels {
        @inline(never)
        static func clear(_ words: UnsafeMutablePointer<UInt32>, _ count: Int) {
            snnrt_clear(words, UInt32(truncatingIfNeeded: count))
        }
    }
#endif
