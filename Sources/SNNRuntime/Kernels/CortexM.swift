#if DSP
    import CKernels

    // The loops of Cortex-M4 and M7 with the DSP extension, those of CKernels/cortexm. The portable loops are their twins and run on
    // other cores.

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

        @inline(never)
        static func fireAndResetLater(_ p: Population, _: ProcessorLevel) -> NeuronCounts {
            var population = snnrt_population(
                membranes: p.membranes, currents: p.isCuBa ? p.synapticCurrents : nil, input: p.input, betas: p.betas,
                alphas: p.alphas, thetas: p.thetas, biases: p.biases, words: p.spikes.words,
                arrays: UInt32(truncatingIfNeeded: p.arrays), period: p.period,
                fraction_bits: UInt32(truncatingIfNeeded: p.fractionBits), count: p.count,
                fires_at_threshold: p.firesAtThreshold ? 1 : 0, subtracts: p.subtracts ? 1 : 0)
            let counts = snnrt_reset_later(&population, p.isWide ? 1 : 0, p.countsChanges ? 1 : 0)
            let events = UInt32(truncatingIfNeeded: counts)
            p.spikes.finish(events)
            return NeuronCounts(events: events, changes: UInt32(truncatingIfNeeded: counts &>> 32))
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
