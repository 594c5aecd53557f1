#if arch(x86_64)
    import CKernels

    /// What the processor at hand can do, asked once when a file is opened. Each level has the loops of the one before it where
    /// it has none of its own. The raw values are those of `snnrt_vector_level`.
    enum ProcessorLevel: UInt8 {
        case portable, avx2, avx512

        static var portableLevel: ProcessorLevel { .portable }

        static var ofThisMachine: ProcessorLevel { ProcessorLevel(rawValue: snnrt_vector_level()) ?? .portable }
        @inline(__always)
        var hasVectors: Bool { self != .portable }
        /// Ticks are inlined: a call takes longer than many an op.
        static var callsTicks: Bool { false }
    }
#else
    /// Nothing to ask: which loops run was decided when the library was built.
    struct ProcessorLevel {
        static var ofThisMachine: ProcessorLevel { ProcessorLevel() }
        static var portableLevel: ProcessorLevel { ProcessorLevel() }
        /// Ticks are called through their table, so that a program links only those it names.
        @inline(__always)
        static var callsTicks: Bool { true }
    }
#endif
