import Testing

@testable import SensorLogs

@Suite struct ArrayTests {
    private let two = model(["accel_x", "gyro_x"])
    private let one = model(["a"])
    private let raw = options { $0.isRaw = true }
    private let skip = options { $0.badRows = .skip }

    private func floats(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

    private func read(
        _ bytes: [UInt8], labels: [UInt8]? = nil, _ input: LogInput, _ options: ReadingOptions = ReadingOptions(),
        step: Int = .max
    ) throws -> [Whole] {
        try SensorLogsTests.read(
            SensorLog(
                sources: [source(bytes, name: "log.npy", step: step)],
                labels: labels.map { [source($0, name: "labels.npy", step: step)] } ?? [], input: input,
                options: options))
    }

    private func expect(
        _ bytes: [UInt8], labels: [UInt8]? = nil, _ description: String, _ options: ReadingOptions = ReadingOptions(),
        location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: LogError.self, sourceLocation: location) {
            _ = try read(bytes, labels: labels, two, options)
        }
        #expect(error?.description == description, sourceLocation: location)
    }

    @Test func everyTypeOfNumber() throws {
        for (descr, bytes, samples) in [
            ("|b1", [0, 1, 2], [0, 1000, 1000]), ("|u1", [0, 9, 255], [0, 9000, 32767]),
            ("|i1", [255, 127, 0x80], [-1000, 32767, -32768]), ("<u2", little(UInt16(65535)), [32767]),
            ("<i2", little(Int16(-7)), [-7000]), ("<u4", little(UInt32.max), [32767]),
            ("<i4", little(Int32(-3)), [-3000]), ("<u8", little(UInt64.max) + little(UInt64(5)), [32767, 5000]),
            ("<i8", little(Int64.min) + little(Int64(-5)), [-32768, -5000]),
            ("<f4", floats([1.5, -0.0625]), [1500, -62]),
            ("<f8", little((0.0015).bitPattern) + little((-1e300).bitPattern), [2, -32768]),
        ] as [(String, [UInt8], [Int16])] {
            for version in 1...3 as ClosedRange<UInt8> {
                let wholes = try read(npy(descr, [samples.count, 1], bytes, version: version), one)
                #expect(wholes.map(\.frames) == [samples], "\(descr)")
            }
        }
    }

    @Test func anArrayEqualsTheTextOfItsValues() throws {
        let values = (0..<600).map { Float($0 * $0 % 1013) / 37 - 9 }
        let text = "accel_x,gyro_x\n" + (0..<300).map { "\(values[2 * $0]),\(values[2 * $0 + 1])\n" }.joined()
        let expected = try SensorLogsTests.read(text, two)
        for step in [1, 7, 4096] {
            #expect(try read(npy("<f4", [300, 2], floats(values)), two, step: step) == expected)
        }
        // At another rate, stated: as if the rows had times.
        let timed =
            "t_s," + "accel_x,gyro_x\n"
            + (0..<300).map { "\(Double($0) * 0.01),\(values[2 * $0]),\(values[2 * $0 + 1])\n" }.joined()
        let resampled = try SensorLogsTests.read(timed, two)
        #expect(resampled[0].segment.isResampled && resampled[0].times.count == 60)
        #expect(try read(npy("<f4", [300, 2], floats(values)), two, options { $0.logRate = 100 }) == resampled)
    }

    @Test func windowsAreSegments() throws {
        let array = npy("|i1", [3, 2, 2], Array(0..<12))
        for limit in [1, 2, 4096] {
            let wholes = try read(array, two, options { $0.batchTickCount = limit })
            #expect(
                wholes.map(\.frames) == [
                    [0, 1000, 2000, 3000], [4000, 5000, 6000, 7000], [8000, 9000, 10000, 11000],
                ])
            #expect(wholes.map(\.times) == [[0, 0.05], [0, 0.05], [0, 0.05]])
            #expect(wholes.map(\.segment.session) == ["window 0", "window 1", "window 2"])
            #expect(wholes.map(\.segment.firstLine) == [1, 3, 5] && wholes.map(\.segment.lastLine) == [2, 4, 6])
        }
        // At half the model's rate each window has a tick between its rows.
        let slow = try read(array, two, options { $0.logRate = 10 })
        #expect(slow.map(\.times) == [[0, 0.05, 0.1], [0, 0.05, 0.1], [0, 0.05, 0.1]])
        #expect(slow[2].frames == [8000, 9000, 9000, 10000, 10000, 11000])
    }

    @Test func labels() throws {
        let input = LogInput(channels: one.channels, rate: one.rate, classNames: ["walk", "run"])
        let windows = npy("|i1", [2, 2, 1], [1, 2, 3, 4])
        let perWindow = try read(windows, labels: npy("<i8", [2], little(1) + little(0)), input)
        #expect(perWindow.map(\.labels) == [["run", "run"], ["walk", "walk"]])
        let perTick = try read(windows, labels: npy("|i1", [2, 2], [0, 1, 1, 255]), input)
        #expect(perTick.map(\.labels) == [["walk", "run"], ["run", nil]])
        #expect(try read(windows, labels: npy("<f4", [2], floats([1, 0])), input)[0].labels == ["run", "run"])
        let names = npy("<U3", [3], "hüp\0\0\0go\0".unicodeScalars.flatMap { little($0.value) })
        #expect(try read(npy("|i1", [3, 1], [1, 2, 3]), labels: names, input)[0].labels == ["hüp", nil, "go"])
        // A dropped tick takes its label with it.
        let dropped = npy("<f4", [3, 1], floats([1, .nan, 3]))
        #expect(try read(dropped, labels: npy("|u1", [3], [0, 0, 1]), input, skip)[0].labels == ["walk", "run"])
    }

    @Test func labelsThatAreNoClass() throws {
        let input = LogInput(channels: one.channels, rate: one.rate, classNames: ["walk", "run"])
        for (number, found) in [(2, "2"), (-2, "-2"), (.max, "9223372036854775807"), (.min, "-9223372036854775808")]
            as [(Int64, String)]
        {
            let error = #expect(throws: LogError.self) {
                _ = try read(
                    npy("|i1", [2, 2, 1], [1, 2, 3, 4]), labels: npy("<i8", [2], little(Int64(1)) + little(number)),
                    input)
            }
            // The nearest double of the greatest integer is none that fits.
            let expected =
                number == .max
                ? "found 9.223372036854776e+18, expected a class index, a whole number"
                : """
                found \(found), expected a class index, 0 to 1, or -1 for no label
                  hint: class indices count from 0; do these count from 1?
                """
            #expect(error?.description == "labels.npy: [1]: \(expected)")
        }
    }

    @Test func labelsThatDoNotFit() throws {
        let (flat, windows) = (npy("|i1", [3, 2], [1, 2, 3, 4, 5, 6]), npy("|i1", [3, 1, 2], [1, 2, 3, 4, 5, 6]))
        expect(
            flat, labels: npy("|i1", [2], [0, 0]), "labels.npy: holds labels of shape (2,), expected (3,), one per tick"
        )
        expect(
            windows, labels: npy("|i1", [3, 2], [0, 0, 0, 0, 0, 0]),
            "labels.npy: holds labels of shape (3, 2), expected (3,), one per window, or (3, 1), one per tick")
        expect(
            flat, labels: npy("<f4", [3], floats([0, 1, 1.5])),
            "labels.npy: [2]: found 1.5, expected a class index, a whole number")
        expect(windows, labels: npy("|i1", [3, 1], [0, 0]), "labels.npy: [2, 0]: the file ends here")
        expect(
            flat, labels: npy("|i1", [3], [0, 0, 0, 0]),
            """
            labels.npy: goes on behind the last element of its array
              hint: one array to a file, as numpy.save writes it
            """)
        expect(
            flat, labels: npy("<U1", [3], little(UInt32(0xD800))), "labels.npy: [0]: found 55296, expected a character")
        expect(flat, labels: Array("walk\n".utf8), "labels.npy: is no NumPy array\n  hint: numpy.save writes one")
        expect(
            Array("accel_x,gyro_x\n1,2\n".utf8), labels: npy("|i1", [1], [0]),
            """
            log.npy: is no NumPy array, so the labels in labels.npy cannot go with it
              hint: a CSV log has its labels in a column
            """)
        #expect(throws: LogError.self) {
            try SensorLog(sources: [source(flat), source(flat)], labels: [source(flat)], input: two)
        }
    }

    @Test func rawSamples() throws {
        let samples: [Int16] = [1, -2, 32767, -32768, 0, 5]
        let bytes = samples.flatMap { little($0) }
        #expect(try read(bytes, two, raw).map(\.frames) == [samples])
        #expect(try read(npy("<i2", [3, 2], bytes), two, raw).map(\.frames) == [samples])
        #expect(try read(npy("<i8", [3, 2], samples.flatMap { little(Int64($0)) }), two, raw)[0].frames == samples)
        // 0x93 is a sample, too.
        #expect(try read([0x93, 0, 0x93, 0x4E], two, raw)[0].frames == [0x93, 0x4E93])
        expect(
            npy("<i4", [2, 2], [0, 0, 40000, -32769].flatMap { little(Int32($0)) }),
            """
            log.npy: [1, 0] (accel_x): found 40000, expected a raw sample, -32768 to 32767
              hint: --skip-bad-rows drops and counts such ticks
            """, raw)
        expect(
            npy("<f4", [1, 2], floats([0, 0])),
            """
            log.npy: holds float32, expected integers: raw samples are counts
              hint: without --raw, values are taken in the channels' units
            """, raw)
        expect([], "log.npy: is empty, expected frames of 4 bytes", raw)
    }

    @Test func anIncompleteLastFrame() throws {
        let log = try SensorLog(sources: [source([1, 0, 2, 0, 3], name: "s.raw")], input: two, options: raw)
        #expect(try log.next()?.frames == [1, 2])
        let error = #expect(throws: LogError.self) { _ = try log.next() }
        #expect(
            error?.description == """
                s.raw: ends within a frame: 1 of 4 bytes behind 1 whole frame
                  hint: is it int16, 2 channels a frame? --skip-bad-rows drops what is left over
                """)
        var skipping = raw
        skipping.badRows = .skip
        let repaired = try SensorLog(sources: [source([1, 0, 2, 0, 3])], input: two, options: skipping)
        #expect(try SensorLogsTests.read(repaired).map(\.frames) == [[1, 2]])
        #expect(repaired.repairs.unreadableRowCount == 1)
    }

    @Test func numbersThatAreNone() throws {
        let array = npy("<f4", [2, 2, 2], floats([0, 1, 2, 3, 4, .nan, 6, 7]))
        expect(
            array,
            """
            log.npy: [1, 0, 1] (gyro_x): found nan, expected a finite number
              hint: --skip-bad-rows drops and counts such ticks
            """)
        let huge = npy("<f8", [1, 2], little((-1.7e308).bitPattern) + little((1.0).bitPattern))
        #expect(try read(huge, two)[0].frames == [-32768, 1000])
        // The window still begins with the tick after the one that is dropped.
        let log = try SensorLog(sources: [source(array)], input: two, options: skip)
        let wholes = try SensorLogsTests.read(log)
        #expect(wholes.map(\.frames) == [[0, 1000, 2000, 3000], [6000, 7000]] && log.repairs.unreadableRowCount == 1)
        #expect(wholes[1].segment.notes == ["dropped 1 tick that could not be read, the first at [1, 0]"])
        expect(
            npy("<f4", [1, 2], floats([.infinity, 0])),
            "log.npy: the only row was dropped: 1 tick that could not be read, the first at [0]", skip)
    }

    @Test func arraysThatDoNotFit() {
        func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        let shape = "expected (ticks, 2) or (windows, ticks, 2)"
        expect(
            npy("|i1", [4, 3], bytes(12)),
            "log.npy: holds an array of shape (4, 3), \(shape): the model's channels are accel_x, gyro_x")
        expect(npy("|i1", [4], bytes(4)), "log.npy: holds an array of shape (4,), \(shape)")
        expect(npy("|i1", [], bytes(1)), "log.npy: holds an array of shape (), \(shape)")
        expect(npy("|i1", [1, 1, 1, 2], bytes(2)), "log.npy: holds an array of shape (1, 1, 1, 2), \(shape)")
        expect(npy("|i1", [0, 2], []), "log.npy: holds an array of shape (0, 2), in which there is nothing")
        expect(npy("|i1", [3, 0, 2], []), "log.npy: holds an array of shape (3, 0, 2), in which there is nothing")
        expect(
            npy("<f8", [2, 2], bytes(32), order: "True"),
            "log.npy: is stored in Fortran order\n  hint: save numpy.ascontiguousarray(array)")
        expect(npy("<U3", [2, 2], bytes(48)), "log.npy: holds text, expected sensor values")
        let types = "expected bool, integers of up to 64 bits, float32 or float64, little-endian"
        expect(
            npy(">i2", [1, 2], bytes(4)),
            "log.npy: holds elements of type '>i2', \(types)\n  hint: save array.astype(\"<i2\")")
        expect(
            npy("<f2", [1, 2], bytes(4)),
            "log.npy: holds elements of type '<f2', \(types)\n  hint: save array.astype(numpy.float64)")
        expect(npy("|O", [1, 2], bytes(4)), "log.npy: holds elements of type '|O', \(types)")
        let structured = npy("X", [1], bytes(2)).split(separator: Array("'X'".utf8)).map(Array.init)
        let type = Array("[('a', '|i1'), ('b', '|i1')]".utf8)
        var whole = structured[0] + type + structured[1]
        whole[8] += UInt8(type.count - 3)
        expect(whole, "log.npy: holds elements of type [('a', '|i1'), ('b', '|i1')], \(types)")
        expect(npy("|i1", [1, 2], bytes(2), version: 4), "log.npy: is a NumPy array of version 4, which is not known")
        expect(
            npy("|i1", [1, 2], bytes(2), order: "0"),
            "log.npy: is stored in Fortran order\n  hint: save numpy.ascontiguousarray(array)")
        expect(Array(npy("|i1", [1, 2], []).prefix(20)), "log.npy: ends within the header of its NumPy array")
    }

    @Test func arraysThatEndEarlyOrLate() throws {
        let array = npy("<i2", [2, 2, 2], (0..<8).flatMap { little(Int16($0)) })
        expect(Array(array.dropLast(3)), "log.npy: [1, 1]: the file ends here, expected 2 windows of 2 ticks")
        expect(
            Array(npy("<i2", [3, 2], (0..<6).flatMap { little(Int16($0)) }).dropLast(4)),
            "log.npy: [2]: the file ends here, expected 3 ticks")
        expect(
            array + [0],
            """
            log.npy: goes on behind the last element of its array
              hint: one array to a file, as numpy.save writes it
            """)
        // What came before the end was given.
        let log = try SensorLog(sources: [source(Array(array.dropLast(3)))], input: two)
        #expect(try log.next()?.frames == [0, 1000, 2000, 3000])
        #expect(try log.next()?.frames == [4000, 5000])
        #expect(throws: LogError.self) { try log.next() }
        // Sizes whose product does not fit 64 bits.
        expect(
            npy("|i1", [.max, .max, 2], [1, 2]),
            "log.npy: [0, 1]: the file ends here, expected \(Int.max) windows of \(Int.max) ticks")
    }
}
