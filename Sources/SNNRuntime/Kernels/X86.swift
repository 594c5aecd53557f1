#if arch(x86_64)
    import CKernels

    // The loops of x86-64: those of CKernels/x86 with AVX2 and AVX-512 where the processor has them, else the portable ones. Most take
    // eight elements at a time; the portable loops take what is left.

    extension Kernels {
        @inline(__always)
        static func crc32c(_ start: UnsafeRawPointer, _ byteCount: Int, _ crc: UInt32, _ level: ProcessorLevel)
            -> UInt32
        {
            if !level.hasVectors { return Portable.crc32c(start, byteCount, crc, level) }
            return snnrt_crc32c(start.assumingMemoryBound(to: UInt8.self), UInt64(truncatingIfNeeded: byteCount), crc)
        }

        /// Rows of spikes of less than 8 bits join by a left shift while they are added.
        @inline(__always)
        static func project(_ p: ProjectionOperands, _ level: ProcessorLevel) -> UInt32 {
            let isShifted = p.join.join == .leftShift && p.source.isBitmap && p.encoding.bits < 8 && p.hasOneGroup
            if !isShifted || !level.hasVectors { return accumulate(p, level) }
            let (events, shift) = (p.source.spikeCount, UInt32(truncatingIfNeeded: p.join.shift))
            if events == 0 { return 0 }
            let wordCount = spikeWordCount(p.source.count)
            if level == .avx512 {
                snnrt_add_shifted_spikes512(
                    p.encoding.bits, p.runs, p.stride, p.source.words, wordCount, p.current, p.runLength, shift)
            } else {
                snnrt_add_shifted_spikes(
                    p.encoding.bits, p.runs, p.stride, p.source.words, wordCount, events, p.current, p.runLength, shift)
            }
            return events
        }

        @inline(__always)
        static func addRows(_ p: ProjectionOperands, to sums: UnsafeMutablePointer<Int32>, _ level: ProcessorLevel)
            -> UInt32
        {
            if !level.hasVectors || !p.hasOneGroup { return addRowsOfGroups(p, sums, level) }
            let (bits, stride, source) = (p.encoding.bits, p.stride, p.source)
            if source.isBitmap {
                let wordCount = spikeWordCount(source.count)
                if level == .avx512 {
                    snnrt_add_spikes512(bits, p.runs, stride, source.words, wordCount, sums, p.runLength)
                } else {
                    snnrt_add_spikes(
                        bits, p.runs, stride, source.words, wordCount, source.spikeCount, sums, p.runLength)
                }
                return source.spikeCount
            }
            let narrow = source.storage == .wide ? nil : source.values
            let wide = source.storage == .wide ? source.wideValues : nil
            let shift = UInt32(truncatingIfNeeded: source.shift)
            if level == .avx512 && bits <= 8 {
                return snnrt_add_values512(bits, p.runs, stride, narrow, wide, shift, source.count, sums, p.runLength)
            }
            return snnrt_add_values(bits, p.runs, stride, narrow, wide, shift, source.count, sums, p.runLength)
        }

        @inline(never)
        private static func addRowsOfGroups(
            _ p: ProjectionOperands, _ sums: UnsafeMutablePointer<Int32>, _ level: ProcessorLevel
        ) -> UInt32 {
            let (stride, count) = (index(p.stride), index(p.runLength))
            return p.forEachEvent { run, group, value in
                addRun(p.encoding, p.runs + run &* stride, times: value, to: sums + group &* count, count: count, level)
            }
        }

        @inline(__always)
        static func addSaturating(
            _ p: ProjectionOperands, to currents: UnsafeMutablePointer<Int16>, limit: Int32, _ level: ProcessorLevel
        ) -> UInt32 {
            if !level.hasVectors { return Portable.addSaturating(p, to: currents, limit: limit, level) }
            return snnrt_add_saturating(
                p.encoding.bits, p.runs, p.stride, p.source.isBitmap ? p.source.words : nil, p.source.values,
                UInt32(truncatingIfNeeded: p.join.shift), p.source.count, limit, currents, p.runLength)
        }

        @inline(__always)
        static func addRun(
            _ encoding: Encoding, _ run: UnsafeRawPointer, times value: Int32, to sums: UnsafeMutablePointer<Int32>,
            count: Int, _ level: ProcessorLevel
        ) {
            if !level.hasVectors {
                return Portable.addRun(encoding, run, times: value, to: sums, count: count, level)
            }
            snnrt_add_run(encoding.bits, run, value, sums, UInt32(truncatingIfNeeded: count))
        }

        @inline(__always)
        static func join(
            _ sums: UnsafePointer<Int32>, into current: UnsafeMutablePointer<Int32>, _ join: JoinOperands,
            count: UInt32,
            period: UInt32, _ level: ProcessorLevel
        ) {
            let stretch = join.join == .multiplier ? period : count
            let done = level.hasVectors ? index(stretch & ~7) : 0
            let (shift, multipliers) = (UInt32(truncatingIfNeeded: join.shift), join.multipliers)
            var at = 0
            while at != index(count) {
                let (from, to) = (sums + at, current + at)
                if done > 0 && join.join == .multiplier {
                    snnrt_join_multiplied(to, from, multipliers, shift, stretch)
                } else if done > 0 {
                    snnrt_join_shifted(to, from, shift, join.join == .leftShift ? 1 : 0, stretch)
                }
                if done != index(stretch) { joinStretch(from, to, join, from: done, count: index(stretch)) }
                at &+= index(stretch)
            }
        }

        @inline(__always)
        static func fireAndResetLater(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
            if p.hasVectors(level) { return p.tick(SNNRT_RESETS_NEXT_TICK, Portable.fireAndResetLater) }
            return Portable.fireAndResetLater(p, level)
        }

        @inline(__always)
        static func fireAndReset(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
            if p.hasVectors(level) && p.spikeBits == 1 && !p.isAdaptive && p.refractoryTicks == 0 {
                return p.tick(SNNRT_RESETS_SAME_TICK, Portable.fireAndReset)
            }
            return Portable.fireAndReset(p, level)
        }

        @inline(__always)
        static func integrate(_ p: Population, _ level: ProcessorLevel) -> NeuronCounts {
            if p.hasVectors(level) { return p.tick(SNNRT_INTEGRATES, Portable.integrate) }
            return Portable.integrate(p, level)
        }

        @inline(__always)
        static func fireXylo(_ p: XyloPopulation, _ level: ProcessorLevel) -> NeuronCounts {
            if !level.hasVectors || p.count < 8 { return Portable.fireXylo(p, level) }
            let isPlain = !p.spikes.isGraded
            var population = snnrt_xylo_population(
                membranes: p.membranes, currents: p.currents, membrane_dashes: p.membraneDashes,
                synaptic_dashes: p.synapticDashes, thresholds: p.thresholds, biases: p.biases,
                words: isPlain ? p.spikes.words : nil, spikes: p.spikes.values,
                arrays: UInt32(truncatingIfNeeded: p.arrays),
                count: p.count, current_count: UInt32(truncatingIfNeeded: p.currentCount), limit: p.limit)
            return fireXylo(p, from: index(p.count & ~7), NeuronCounts(snnrt_fire_xylo(&population)))
        }

        @inline(__always)
        static func activate(_ a: ActivationOperands, _ level: ProcessorLevel) -> UInt32 {
            if !level.hasVectors || a.function != .clip || a.period != a.count { return Portable.activate(a, level) }
            let events = snnrt_clip(
                a.input, a.outputs, a.multipliers, a.biases, UInt32(truncatingIfNeeded: a.arrays),
                UInt32(truncatingIfNeeded: a.shift), a.lowerBound, a.upperBound, a.count)
            return a.count & 7 == 0 ? events : activate(a, from: index(a.count & ~7), events)
        }

        /// Units of few elements all at once, of many each for itself.
        @inline(__always)
        static func advance(_ m: MemoryOperands, _ level: ProcessorLevel) -> UInt32 {
            if !level.hasVectors || (m.order < 16 && m.isWide) { return Portable.advance(m, level) }
            if m.order < 16 {
                return snnrt_small_memories(
                    m.encoding.bits, m.stateMatrix, m.inputMatrix, UInt32(truncatingIfNeeded: m.aShift),
                    UInt32(truncatingIfNeeded: m.bShift), m.input, m.biases, m.hasBiasPerUnit ? 1 : 0,
                    UInt32(truncatingIfNeeded: m.fractionBits), m.unitCount, m.order,
                    m.states.assumingMemoryBound(to: Int16.self))
            }
            return m.isWide ? advanceUnits(m, as: Int32.self) : advanceUnits(m, as: Int16.self)
        }

        /// One unit of 16 elements or more.
        @inline(__always)
        static func advance<State: StateWidth>(
            _ m: MemoryOperands, _ state: UnsafeMutablePointer<State>, _ drive: Int32
        ) {
            snnrt_memory(
                m.encoding.bits, m.stateMatrix, m.inputMatrix, UInt32(truncatingIfNeeded: m.aShift),
                UInt32(truncatingIfNeeded: m.bShift), m.before, drive, m.order, state, m.isWide ? 1 : 0)
        }

        @inline(__always)
        static func advance(
            _ r: RecurrenceOperands, _ state: UnsafeMutablePointer<Int32>, drive: Int32, _ level: ProcessorLevel
        ) {
            if !level.hasVectors || r.shape.segmentCount != 16 {
                return Portable.advance(r, state, drive: drive, level)
            }
            snnrt_recurrence(
                r.factors, r.order, UInt32(truncatingIfNeeded: r.poleCount), UInt32(truncatingIfNeeded: r.substeps),
                UInt32(truncatingIfNeeded: r.outputShift), r.shape.parts == 2 ? 1 : 0, drive, r.limit, state)
        }
    }

    extension NeuronCounts {
        /// As the loops of CKernels give them.
        @inline(__always)
        fileprivate init(_ counts: UInt64) {
            self.init(events: UInt32(truncatingIfNeeded: counts), changes: UInt32(truncatingIfNeeded: counts &>> 32))
        }
    }

    extension Population {
        @inline(__always)
        fileprivate func hasVectors(_ level: ProcessorLevel) -> Bool {
            level.hasVectors && count >= 8 && period == count
        }

        /// Eight neurons at a time, then the rest.
        @inline(__always)
        fileprivate func tick(
            _ kind: Int, _ rest: (Population, Int, NeuronCounts) -> NeuronCounts
        ) -> NeuronCounts {
            var population = snnrt_population(
                membranes: membranes, currents: isCuBa ? synapticCurrents : nil, input: input, betas: betas,
                alphas: alphas,
                thetas: thetas, biases: biases, words: spikes.words, arrays: UInt32(truncatingIfNeeded: arrays),
                period: period, fraction_bits: UInt32(truncatingIfNeeded: fractionBits), count: count,
                fires_at_threshold: firesAtThreshold ? 1 : 0, subtracts: subtracts ? 1 : 0)
            let counts = NeuronCounts(
                snnrt_tick_neurons(&population, UInt32(truncatingIfNeeded: kind), isWide ? 1 : 0))
            if count & 7 != 0 { return rest(self, index(count & ~7), counts) }
            if kind != SNNRT_INTEGRATES { spikes.finish(counts.events) }
            return counts
        }
    }
#endif
