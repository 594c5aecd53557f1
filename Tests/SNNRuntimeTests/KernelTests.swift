#if arch(x86_64)
    import CKernels
    import Foundation
    import Testing

    @testable import SNNRuntime

    /// The loops of CKernels against the helpers that the portable loops use, at sizes that the golden programs do not have.
    /// Bytes and values are random; what the loops must not touch is checked too.
    @Suite(.enabled(if: ProcessorLevel.ofThisMachine != .portable)) struct KernelTests {
        static let has512 = ProcessorLevel.ofThisMachine == .avx512
        static let encodings: [Encoding] = [.binary, .ternary, .int4, .int8, .int16]
        static let lengths = Array(1...160) + [255, 256, 257, 300, 512, 1040]

        /// Runs of random weights, behind as many bytes as a file has before its data and before as many as one has after it; beyond
        /// these, memory that cannot be read.
        private final class Runs {
            static let (before, after) = (128, 4)
            let memory: UnsafeMutableRawPointer
            let byteCount: Int
            let start: UnsafeRawPointer
            let stride: Int

            init(_ encoding: Encoding, _ length: Int, count: Int, _ random: inout Seeded) {
                stride = Int(encoding.runByteCount(UInt32(length)))
                let page = Int(getpagesize())
                let used = stride * count + Runs.after
                byteCount = (used + Runs.before + page - 1) / page * page + page
                memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                let first = memory + (byteCount - page - used)
                for i in 0..<stride * count {
                    first.storeBytes(of: .random(in: 0...255, using: &random), toByteOffset: i, as: UInt8.self)
                }
                mprotect(memory + (byteCount - page), page, PROT_NONE)
                start = UnsafeRawPointer(first)
            }

            deinit { munmap(memory, byteCount) }
        }

        @Test(arguments: encodings)
        func rowsOfSpikes(_ encoding: Encoding) {
            var random = Seeded(1)
            for length in KernelTests.lengths {
                for (sources, percent) in [(1, 100), (31, 50), (33, 10), (64, 100)]
                    + (length % 16 < 2 ? [(300, 100), (700, 60)] : [])
                {
                    let runs = Runs(encoding, length, count: sources, &random)
                    var words = [UInt32](repeating: 0, count: (sources + 31) / 32)
                    var expected = [Int32](repeating: 9, count: length + 1)
                    let shift =
                        encoding.bits < 8
                        ? [0, UInt32.random(in: 1...9, using: &random), 30].randomElement(using: &random)! : 0
                    for source in 0..<sources where Int.random(in: 0..<100, using: &random) < percent {
                        words[source / 32] |= 1 << UInt32(source % 32)
                        for i in 0..<length {
                            expected[i] &+= encoding.weight(runs.start + source * runs.stride, i) &<< Int32(shift)
                        }
                    }
                    var sums = [Int32](repeating: 9, count: length + 1)
                    var sums512 = KernelTests.has512 ? sums : expected
                    let (stride, wordCount) = (UInt32(runs.stride), UInt32(words.count))
                    let events = words.reduce(0) { $0 + UInt32($1.nonzeroBitCount) }
                    if shift > 0 {
                        snnrt_add_shifted_spikes(
                            encoding.bits, runs.start, stride, words, wordCount, events, &sums, UInt32(length), shift)
                    } else {
                        snnrt_add_spikes(
                            encoding.bits, runs.start, stride, words, wordCount, events, &sums, UInt32(length))
                    }
                    if KernelTests.has512 && shift > 0 {
                        snnrt_add_shifted_spikes512(
                            encoding.bits, runs.start, stride, words, wordCount, &sums512, UInt32(length), shift)
                    } else if KernelTests.has512 {
                        snnrt_add_spikes512(
                            encoding.bits, runs.start, stride, words, wordCount, &sums512, UInt32(length))
                    }
                    #expect(sums == expected && sums512 == expected, "\(length) weights, \(sources) sources")
                }
            }
        }

        @Test(arguments: encodings)
        func rowsTimesValues(_ encoding: Encoding) {
            var random = Seeded(2)
            for length in KernelTests.lengths {
                for sources in [1, 6, 40] + (length % 16 < 2 ? [600] : []) {
                    let runs = Runs(encoding, length, count: sources, &random)
                    let range: ClosedRange<Int16> = encoding == .int16 ? -100...100 : -32767...32767
                    let values = (0..<sources).map { _ in
                        Bool.random(using: &random) ? Int16.random(in: range, using: &random) : 0
                    }
                    // Rounded to them: from the half below, which is taken up, to short of the half above.
                    let shift = [0, 1, 4, 14].randomElement(using: &random)!
                    let half = (Int32(1) << shift) >> 1
                    let wide = values.map {
                        ($0 == 0 ? 0 : Int32($0) << shift) + Int32.random(in: -half...max(half - 1, 0), using: &random)
                    }
                    var expected = [Int32](repeating: -4, count: length + 1)
                    for source in 0..<sources {
                        for i in 0..<length {
                            expected[i] &+=
                                encoding.weight(runs.start + source * runs.stride, i) &* Int32(values[source])
                        }
                    }
                    let stride = UInt32(runs.stride)
                    for add in [snnrt_add_values]
                        + (KernelTests.has512 && encoding.bits <= 8 ? [snnrt_add_values512] : [])
                    {
                        var (narrowSums, wideSums) = (
                            [Int32](repeating: -4, count: length + 1), [Int32](repeating: -4, count: length + 1)
                        )
                        let events = add(
                            encoding.bits, runs.start, stride, values, nil, 0, UInt32(sources), &narrowSums,
                            UInt32(length))
                        _ = add(
                            encoding.bits, runs.start, stride, nil, wide, UInt32(shift), UInt32(sources), &wideSums,
                            UInt32(length))
                        #expect(narrowSums == expected && wideSums == expected, "\(length) weights, \(sources) sources")
                        #expect(events == values.count { $0 != 0 })
                    }
                }
            }
        }

        /// Values beyond 16 bits are clamped.
        @Test func clampedValues() {
            for add in [snnrt_add_values] + (KernelTests.has512 ? [snnrt_add_values512] : []) {
                for (value, expected) in [
                    (Int32.max, Int32(32767)), (.min, -32767), (65535, 32767), (65533, 32767), (65532, 32766),
                ] {
                    var sum: Int32 = 0
                    let padding = [UInt8](repeating: 0, count: 64) + [UInt8(bitPattern: -2)] + [0, 0, 0, 0]
                    padding.withUnsafeBytes { _ = add(8, $0.baseAddress! + 64, 1, nil, [value], 1, 1, &sum, 1) }
                    #expect(sum == -2 * expected)
                }
            }
        }

        @Test func joins() {
            var random = Seeded(3)
            let sums = corners(&random), multipliers = corners(&random)
            for shift in 0...47 as ClosedRange<UInt32> {
                // Joined sums fit 32 bits, by the proof.
                let scales = zip(sums, multipliers).map { sum, multiplier in
                    let fits = roundShift(product(sum, multiplier), Int32(shift))
                    return fits.magnitude <= Int32.max.magnitude ? multiplier : 0
                }
                var current = [Int32](repeating: 0, count: sums.count)
                snnrt_join_multiplied(&current, sums, scales, shift, UInt32(sums.count))
                for i in sums.indices {
                    #expect(Int64(current[i]) == roundShift(product(sums[i], scales[i]), Int32(shift)))
                }
                if shift > 30 { continue }
                for isLeft in [false, true] {
                    var current = [Int32](repeating: 0, count: sums.count)
                    snnrt_join_shifted(&current, sums, shift, isLeft ? 1 : 0, UInt32(sums.count))
                    for i in sums.indices {
                        #expect(current[i] == (isLeft ? sums[i] << Int32(shift) : roundShift(sums[i], Int32(shift))))
                    }
                }
            }
        }

        @Test func clips() {
            var random = Seeded(4)
            let input = corners(&random), multipliers = corners(&random)
            for shift in 0...47 as ClosedRange<UInt32> {
                var output = [Int16](repeating: 0, count: input.count)
                let events = snnrt_clip(input, &output, multipliers, [0], 1, shift, -7, 32767, UInt32(input.count))
                for i in input.indices {
                    let scaled = clamp(roundShift(product(input[i], multipliers[i]), Int32(shift)), Int32.max)
                    #expect(Int32(output[i]) == min(max(scaled, -7), 32767))
                }
                #expect(events == output.count { $0 != 0 })
            }
        }

        /// A multiple of 8 values, the ends of the range among them.
        private func corners(_ random: inout Seeded) -> [Int32] {
            [0, 1, -1, Int32.max, -Int32.max, 1 << 30, -(1 << 30), 32768]
                + (0..<56).map { _ in
                    Int32.random(in: -Int32.max...Int32.max, using: &random) >> Int32.random(in: 0...31, using: &random)
                }
        }

        /// Into a synaptic slot, of plain and of many spikes, with values that 16 bits hold and with greater ones.
        @Test(arguments: [Encoding.binary, .ternary, .int4, .int8])
        func rowsThatSaturate(_ encoding: Encoding) {
            var random = Seeded(7)
            for length in KernelTests.lengths {
                for (sources, limit, shift) in [
                    (1, 15, 0), (40, 31, 3), (300, 255, 0), (40, 15, 8), (33, 1, 2), (600, 1, 8),
                ] {
                    let runs = Runs(encoding, length, count: sources, &random)
                    let lowest = limit == 1 || Bool.random(using: &random) ? 0 : -limit
                    let values = (0..<sources).map { _ in Int16(Int.random(in: lowest...limit, using: &random)) }
                    var words = [UInt32](repeating: 0, count: (sources + 31) / 32)
                    for (source, value) in values.enumerated() where value != 0 {
                        words[source / 32] |= 1 << UInt32(source % 32)
                    }
                    var (expected, currents) = (
                        [Int16](repeating: 30000, count: length + 1), [Int16](repeating: 30000, count: length + 1)
                    )
                    for source in 0..<sources {
                        for i in 0..<length {
                            let product =
                                encoding.weight(runs.start + source * runs.stride, i)
                                * (Int32(values[source]) << Int32(shift))
                            expected[i] = Int16(saturated(Int32(expected[i]) + product))
                        }
                    }
                    let events = words.withUnsafeBufferPointer {
                        snnrt_add_saturating(
                            encoding.bits, runs.start, UInt32(runs.stride), limit == 1 ? $0.baseAddress : nil, values,
                            UInt32(shift),
                            UInt32(sources), Int32(limit), &currents, UInt32(length))
                    }
                    #expect(currents == expected, "\(length) weights, \(sources) sources")
                    #expect(events == values.count { $0 != 0 })
                }
            }
        }

        @Test(arguments: [8, 16] as [UInt32], [16, 32])
        func memories(_ bits: UInt32, _ width: Int) {
            var random = Seeded(5)
            let encoding: Encoding = bits == 8 ? .int8 : .int16
            let limit = width == 32 ? Int32.wideLimit : Int32.narrowLimit
            for order in [16, 17, 31, 32, 47, 100] {
                let runs = Runs(encoding, order, count: order + 1, &random)
                let column = runs.start + order * runs.stride
                let before = (0..<order).map { _ in
                    [limit, 0 - limit, Int32.random(in: -limit...limit, using: &random)].randomElement(using: &random)!
                }
                for (aShift, bShift) in [(0, 0), (15, 12), (30, 30)] as [(UInt32, UInt32)] {
                    let drive = Int32.random(in: -limit...limit, using: &random)
                    var (narrow, wide) = ([Int16](repeating: 0, count: order), [Int32](repeating: 0, count: order))
                    if width == 32 {
                        snnrt_memory(bits, runs.start, column, aShift, bShift, before, drive, UInt32(order), &wide, 1)
                    } else {
                        snnrt_memory(bits, runs.start, column, aShift, bShift, before, drive, UInt32(order), &narrow, 0)
                    }
                    for i in 0..<order {
                        var sum: Int64 = 0
                        for j in 0..<order {
                            sum += product(encoding.weight(runs.start + i * runs.stride, j), before[j])
                        }
                        let added = roundShift(product(encoding.weight(column, i), drive), Int32(bShift))
                        let expected = clamp(roundShift(sum, Int32(aShift)) + added, limit)
                        #expect((width == 32 ? wide[i] : Int32(narrow[i])) == expected, "order \(order), row \(i)")
                    }
                }
            }
        }

        @Test(arguments: [8, 16] as [UInt32]) func smallMemories(_ bits: UInt32) {
            var random = Seeded(8)
            let encoding: Encoding = bits == 8 ? .int8 : .int16
            for order in 1...15 {
                let runs = Runs(encoding, order, count: order + 1, &random)
                let column = runs.start + order * runs.stride
                for (units, aShift, bShift, fraction) in [(1, 0, 0, 0), (4, 15, 12, 3), (5, 30, 30, 15)]
                    as [(Int, Int32, Int32, Int32)]
                {
                    let input = (0..<units).map { _ in
                        [0, 1, -1, 5, 32767, -32768].randomElement(using: &random)! as Int32
                    }
                    let biases = (0..<units).map { _ in [0, 0, -9, 40000].randomElement(using: &random)! as Int32 }
                    // Past the last unit nothing may be touched.
                    let before = (0..<units * order + 16).map { _ in
                        [0, 0, 32767, -32767, Int16.random(in: -32767...32767, using: &random)].randomElement(
                            using: &random)!
                    }
                    for isShared in [false, true] {
                        var (found, expected, events) = (before, before, UInt32(0))
                        for unit in 0..<units {
                            let drive = clamp((input[unit] << fraction) &+ biases[isShared ? 0 : unit], 32767)
                            let state = before[unit * order..<(unit + 1) * order].map { Int32($0) }
                            events += UInt32(state.count { $0 != 0 }) + (drive != 0 ? 1 : 0)
                            for i in 0..<order {
                                var sum: Int64 = 0
                                for j in 0..<order {
                                    sum += product(encoding.weight(runs.start + i * runs.stride, j), state[j])
                                }
                                let added = roundShift(product(encoding.weight(column, i), drive), bShift)
                                expected[unit * order + i] = Int16(clamp(roundShift(sum, aShift) + added, 32767))
                            }
                        }
                        let counted = snnrt_small_memories(
                            bits, runs.start, column, UInt32(aShift), UInt32(bShift), input, biases, isShared ? 0 : 1,
                            UInt32(fraction),
                            UInt32(units), UInt32(order), &found)
                        #expect(found == expected && counted == events, "order \(order), \(units) units")
                    }
                }
            }
        }

        /// Random factors of 32 bits, so that everything wraps, before unreadable memory; the word behind the unit stays.
        @Test(arguments: [1, 2, 15, 16, 17, 33, 48, 63, 64, 65, 100, 255, 256, 1001, 4095, 4096])
        func recurrences(order: Int) {
            var random = Seeded(7)
            func values(_ count: Int) -> [Int32] {
                (0..<count).map { _ in Int32.random(in: .min ... .max, using: &random) }
            }
            for isComplex in [false, true] {
                let (poles, substeps, limit) = (2, 2, Int32.wideLimit)
                let shape = Pole.Shape(segmentCount: 16, placeCount: UInt16((order + 15) / 16), isComplex: isComplex)
                let bytes = Runs(.int8, 4 * poles * Int(shape.factorCount), count: 1, &random)
                let factors = bytes.start.assumingMemoryBound(to: Int32.self)
                let before = values(order).map { clamp($0, limit) }
                var room = [Int32](repeating: 0, count: Int((1 + shape.parts) * shape.count + 2 * shape.rowCount))
                for (shift, drive) in [(30, limit), (26, -7), (1, 1), (0, -limit)] as [(UInt8, Int32)] {
                    var (found, expected) = (before + [99], before)
                    snnrt_recurrence(
                        factors, UInt32(order), UInt32(poles), UInt32(substeps), UInt32(shift), isComplex ? 1 : 0,
                        drive, limit, &found)
                    room.withUnsafeMutableBufferPointer { room in
                        var pole = Pole(
                            shape: shape, factors: factors, right: room.baseAddress!, room: room.baseAddress!)
                        for _ in 0..<substeps {
                            for i in 0..<Int(shape.count) { pole.right[i] = i < order ? expected[i] : 0 }
                            pole.right[0] &-= drive
                            pole.factors = factors
                            for _ in 0..<poles {
                                if isComplex {
                                    pole.solve(shift, addingTo: &expected, order, isComplex: True.self)
                                } else {
                                    pole.solve(shift, addingTo: &expected, order, isComplex: False.self)
                                }
                                pole.factors += Int(shape.factorCount)
                            }
                            expected = expected.map { clamp($0, limit) }
                        }
                    }
                    #expect(found == expected + [99], "complex \(isComplex), shift \(shift)")
                }
            }
        }

        /// Every decay of every membrane that a random walk over the range meets.
        @Test func decays() {
            var random = Seeded(6)
            for _ in 0..<2000 {
                let limit = Int32.wideLimit
                var membranes = (0..<8).map { _ in
                    [limit, -limit, 0, 32767, -32768, 1 << 15].randomElement(using: &random)!
                        >> Int32.random(in: 0...3, using: &random)
                        + Int32.random(in: -9...0, using: &random)
                }.map { clamp($0, limit) }
                let betas = (0..<8).map { _ in
                    [0, 1, 32767, 32768, UInt16.random(in: 0...32768, using: &random)].randomElement(using: &random)!
                }
                let expected = zip(membranes, betas).map { Int32.decay($0, $1) }
                let input = [Int32](repeating: 0, count: 8)
                membranes.withUnsafeMutableBytes { bytes in
                    betas.withUnsafeBufferPointer { betas in
                        input.withUnsafeBufferPointer { input in
                            var population = snnrt_population(
                                membranes: bytes.baseAddress, currents: nil, input: input.baseAddress,
                                betas: betas.baseAddress,
                                alphas: betas.baseAddress, thetas: nil, biases: input.baseAddress, words: nil,
                                arrays: 1, period: 8,
                                fraction_bits: 0, count: 8, fires_at_threshold: 0, subtracts: 0)
                            _ = snnrt_tick_neurons(&population, UInt32(SNNRT_INTEGRATES), 1)
                        }
                    }
                }
                #expect(membranes == expected)
            }
        }
    }
#endif
