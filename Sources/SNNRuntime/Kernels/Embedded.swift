#if _pointerBitWidth(_32)
    import CKernels

    // The loops that all processors of 32 bits have, each by the means it has: those of CKernels/embedded.

    extension Kernels {
        @inline(__always)
        static func addRows(_ p: ProjectionOperands, to sums: UnsafeMutablePointer<Int32>, _: ProcessorLevel) -> UInt32
        {
            let (bits, stride, source) = (p.encoding.bits, p.stride, p.source)
            if source.isBitmap {
                snnrt_add_spikes(
                    bits, p.runs, stride, source.words, spikeWordCount(source.count), p.inputCount, sums, p.runLength)
                return source.spikeCount
            }
            let narrow = source.storage == .wide ? nil : source.values
            let wide = source.storage == .wide ? source.wideValues : nil
            return snnrt_add_values(
                bits, p.runs, stride, narrow, wide, UInt32(truncatingIfNeeded: source.shift), source.count,
                p.inputCount,
                sums, p.runLength)
        }

        @inline(__always)
        static func addSynapses(_ s: SparseOperands, to sums: UnsafeMutablePointer<Int32>) -> UInt32 {
            var all = snnrt_synapses(
                bits: s.encoding.bits, target_bits: s.hasWideTargets ? 32 : 16, delay_count: s.stride,
                weights: s.weights,
                targets: s.targets, runs: s.runs, sums: sums)
            let source = s.source
            if source.isBitmap { return snnrt_add_synapses_of_spikes(&all, source.words, spikeWordCount(source.count)) }
            let narrow = source.storage == .wide ? nil : source.values
            let wide = source.storage == .wide ? source.wideValues : nil
            return snnrt_add_synapses_of_values(
                &all, narrow, wide, UInt32(truncatingIfNeeded: source.shift), source.count)
        }

        static var linksRows: Bool { true }

        @inline(__always)
        static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
            fireAndResetLater(p, level, isWide: p.isWide)
        }

        @inline(__always)
        static func fireAndResetLater(_ p: Population, _: ProcessorLevel, isWide: Bool) -> NeuronCounts {
            var population = snnrt_population(
                membranes: p.membranes, currents: p.isCuBa ? p.synapticCurrents : nil, input: p.input, betas: p.betas,
                alphas: p.alphas, thetas: p.thetas, biases: p.biases, words: p.spikes.words,
                arrays: UInt32(truncatingIfNeeded: p.arrays), period: p.period,
                fraction_bits: UInt32(truncatingIfNeeded: p.fractionBits), count: p.count,
                fires_at_threshold: p.firesAtThreshold ? 1 : 0, subtracts: p.subtracts ? 1 : 0)
            let counts =
                isWide
                ? snnrt_reset_later_32(&population, p.countsChanges ? 1 : 0)
                : snnrt_reset_later_16(&population, p.countsChanges ? 1 : 0)
            let events = UInt32(truncatingIfNeeded: counts)
            p.spikes.finish(events)
            return NeuronCounts(events: events, changes: UInt32(truncatingIfNeeded: counts &>> 32))
        }

        @inline(never)
        static func join(
            _ sums: UnsafePointer<Int32>, into current: UnsafeMutablePointer<Int32>, _ join: JoinOperands,
            count: UInt32,
            period: UInt32, _ level: ProcessorLevel
        ) {
            let shift = UInt32(truncatingIfNeeded: join.shift)
            if join.join == .multiplier {
                snnrt_join_multiplied(current, sums, join.multipliers, shift, count, period)
            } else {
                let isRight = join.join == .rightShift
                snnrt_join_shifted(current, sums, isRight ? 0 : shift, isRight ? shift : 0, count)
            }
        }

        @inline(__always)
        static func activate(_ a: ActivationOperands, _ level: ProcessorLevel) -> UInt32 {
            if a.function != .clip { return Portable.activate(a, level) }
            return snnrt_clip(
                a.input, a.outputs, a.multipliers, a.biases, UInt32(truncatingIfNeeded: a.arrays),
                UInt32(truncatingIfNeeded: a.shift), a.lowerBound, a.upperBound, a.count, a.period)
        }

        /// Memories of 16 bits throughout have a loop of their own.
        @inline(__always)
        static func advance(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32 {
            m.isWide || m.encoding != .int16 ? advanceAny(m, level) : advance16(m, level)
        }

        @inline(__always)
        static func advanceAny(_ m: MemoryOperands, _: ProcessorLevel) -> UInt32 {
            m.isWide ? advanceUnits(m, as: Int32.self) : advanceUnits(m, as: Int16.self)
        }

        @inline(__always)
        static func advance16(_ m: MemoryOperands, _: ProcessorLevel) -> UInt32 {
            var memories = snnrt_memories(
                state_matrix: m.stateMatrix.assumingMemoryBound(to: Int16.self),
                input_matrix: m.inputMatrix.assumingMemoryBound(to: Int16.self), input: m.input, biases: m.biases,
                states: m.states.assumingMemoryBound(to: Int16.self),
                before: UnsafeMutableRawPointer(m.before).assumingMemoryBound(to: Int16.self), unit_count: m.unitCount,
                order: m.order, bias_step: m.hasBiasPerUnit ? 1 : 0,
                fraction_bits: UInt32(truncatingIfNeeded: m.fractionBits),
                a_shift: UInt32(truncatingIfNeeded: m.aShift),
                b_shift: UInt32(truncatingIfNeeded: m.bShift))
            return snnrt_advance_memories(&memories)
        }

        @inline(__always)
        static func advance<State: StateWidth>(
            _ m: MemoryOperands, _ state: UnsafeMutablePointer<State>, _ drive: Int32
        ) {
            snnrt_memory(
                m.encoding.bits, m.stateMatrix, m.inputMatrix, UInt32(truncatingIfNeeded: m.aShift),
                UInt32(truncatingIfNeeded: m.bShift), m.before, drive, m.order, state, m.isWide ? 1 : 0)
        }
    }
#endif
