import Testing

@testable import SensorLogs

@Suite struct UnitTests {
    private let accel = model(["accel_x"])

    @Test(
        arguments: [
            ("accX[mg]", "accX", "mg"), ("Acceleration x (m/s^2)", "Acceleration x", "m/s^2"),
            ("a (m/(s^2))", "a", "m/(s^2)"),
            ("accel_x_mg", "accel_x", "mg"), ("accel_x_m_s2", "accel_x", "m/s2"), ("accel_x_dps", "accel_x_dps", nil),
            ("accel(x)", "accel(x)", nil), ("accel_x", "accel_x", nil), ("a (left)", "a", "left"), ("()", "()", nil),
        ] as [(String, String, String?)]) func unitsInColumnNames(_ name: String, _ base: String, _ unit: String?)
    {
        let split = splitValueUnit(name, quantity: .acceleration)
        #expect(split.base == base && split.unit == unit)
    }

    @Test(arguments: [
        ("m/s²", "m/s^2"), ("m/s/s", "m/s^2"), ("M / S ** 2", "m/s^2"), ("m/(s^2)", "m/s^2"), ("m/s^2", "m/s^2"),
        ("m·s⁻²", "m/s^2"), ("meters/second²", "m/s^2"), ("G", "g"), ("mG", "mg"), ("°/s", "deg/s"),
        ("º/s", "deg/s"), ("dps", "deg/s"), ("degrees per second", "deg/s"), ("deg/sec", "deg/s"), ("mdps", "mdeg/s"),
        ("rad/s", "rad/s"), ("°", "deg"), ("µT", "uT"), ("μT", "uT"), ("°C", "degC"), ("mbar", "hPa"),
    ]) func spellings(_ text: String, _ name: String) { #expect(ValueUnit.spelled(text)?.name == name) }

    @Test func aSharedSpellingHasTheChannelsQuantity() {
        #expect(ValueUnit.spelled("G", quantity: .magneticField)?.name == "gauss")
        #expect(ValueUnit.spelled("mG", quantity: .magneticField)?.name == "mgauss")
        #expect(ValueUnit.spelled("G", quantity: .pressure)?.name == "g")
        #expect(ValueUnit.spelled("furlong") == nil && ValueUnit.isUnit("LSB") && !ValueUnit.isUnit("left"))
    }

    @Test(
        arguments: [
            ("g", "m/s^2", 1.0, 9.80665), ("mg", "m/s^2", -716, -716 * 9.80665 / 1000), ("mg", "g", 1500, 1.5),
            ("m/s^2", "g", 9.80665, 1), ("deg/s", "rad/s", 180, Double.pi), ("mdps", "dps", 250, 0.25),
            ("rad/s", "deg/s", Double.pi, 180), ("deg", "rad", 1, Double.pi / 180), ("degC", "K", 20, 293.15),
            ("degF", "degC", 32, (32 + 459.67) * 5 / 9 - 273.15), ("gauss", "uT", 0.5, 50),
            ("hPa", "Pa", 1013.25, 101325),
            ("g", "m/s^2", 1e308, Double.greatestFiniteMagnitude), ("rad/s", "rad/s", 0.1, 0.1),
        ] as [(String, String, Double, Double)]) func conversions(
            _ from: String, _ to: String, _ value: Double, _ expected: Double
        )
    {
        let conversion = Conversion(from: ValueUnit.spelled(from)!, to: ValueUnit.spelled(to)!)
        #expect(conversion(value) == expected)
    }

    @Test func aUnitInTheNameIsConvertedAndSaidOnce() throws {
        let wholes = try read(
            "t_s,accel_x (g),accel_y_mg,gyro_x\n0,1,-1000,1\n0.05,0.5,2000,2\n",
            model(["accel_x", "accel_y", "gyro_x"]))
        #expect(wholes[0].frames == [9807, -9807, 1000, 4903, 19613, 2000])
        let said = wholes[0].segment.notes.filter { $0.contains("->") }
        #expect(said == ["accel_x (g): g -> m/s^2, v · 9.80665", "accel_y_mg: mg -> m/s^2, v · 9.80665 / 1000"])
        let mapped = try read("t_s,aX[G]\n0,1\n0.05,2\n", accel, options { $0.columns = ["accel_x": "aX[G]"] })
        #expect(mapped[0].frames == [9807, 19613])
        // The column that has the channel's name goes before one that has it with a unit.
        #expect(try read("t_s,accel_x (g),accel_x\n0,1,2\n", accel)[0].frames == [2000])
    }

    @Test func aRowOfUnits() throws {
        let rows = "t,accel_x,gyro_x,\nms,m/(s^2),deg/s,\n0,1,180,\n50,2,90,\n"
        let wholes = try read(rows, model(["accel_x", "gyro_x"]))
        #expect(wholes[0].frames == [1000, 3142, 2000, 1571] && wholes[0].times == [0, 0.05])
        #expect(wholes[0].segment.notes.contains("line 2 is a row of units"))
        #expect(wholes[0].segment.notes.contains("column \"t\" is time in ms"))
        #expect(
            refusal("t,accel_x\ns,LSB\n0,1\n", accel)?.description == """
                log.csv:2: column 2 (accel_x): accel_x is in "LSB", which cannot be converted to the model's "m/s^2"
                  hint: --unit accel_x=UNIT says what it is in, --scale accel_x=1/64 turns counts into that unit
                """)
        // A bad first row is one.
        #expect(refusal("t_s,accel_x\n0,x\n0.05,1\n", accel)?.line == 2)
    }

    @Test func statedUnitsAndScales() throws {
        let text = "t_s,accel_x[mg],accel_y\n0,64,128\n0.05,64,128\n"
        let wholes = try read(
            text, model(["accel_x", "accel_y"]),
            options {
                $0.units = ["accel": "g", "accel_y": "m/s^2"]
                $0.scales = ["ACCEL_": ValueScale(numerator: 1, denominator: 64)]
            })
        #expect(wholes[0].frames == [9807, 2000, 9807, 2000])
        #expect(wholes[0].segment.notes.contains("accel_x, accel_y: times 1 / 64, as stated"))
    }

    @Test func whatIsRefused() {
        #expect(
            refusal("t_s,accel_x[deg/s]\n0,1\n", accel)?.description == """
                log.csv:1: column 2 (accel_x[deg/s]): accel_x is in "deg/s", which cannot be converted to the model's "m/s^2"
                  hint: --unit accel_x=UNIT says what it is in, --scale accel_x=1/64 turns counts into that unit
                """)
        #expect(
            refusal("t_s,accel_x (g),accel_x (mg)\n0,1,1\n", accel)?.description == """
                log.csv:1: columns 2 and 3, "accel_x (g)" and "accel_x (mg)", could both be accel_x
                  hint: --map accel_x=COLUMN chooses one
                """)
        for change: (inout ReadingOptions) -> Void in [
            { $0.units = ["gyro": "dps"] }, { $0.units = ["accel": "furlong"] },
            { $0.scales = ["gyro": ValueScale(numerator: 1, denominator: 2)] },
        ] { #expect(refusal("t_s,accel_x\n0,1\n", accel, options(change))?.kind == .request) }
    }

    @Test func linesAreShownAheadWithoutBeingTaken() throws {
        for step in [1, 3, 1000] {
            let reader = LineReader(source("ab\r\n\ncd\nlast", step: step))
            var seen: [String] = []
            reader.lookAhead { line in
                seen.append(string(line)!)
                return true
            }
            #expect(seen == ["ab", "", "cd", "last"])
            var read: [String] = []
            while let line = try reader.withNextLine({ string($0)! }) { read.append(line) }
            #expect(read == seen && reader.line == 4)
        }
        let long = LineReader(source([UInt8](repeating: 0x61, count: 3 << 20)))
        long.lookAhead { _ in
            Issue.record("a line longer than a line may be")
            return true
        }
        #expect(throws: LogError.self) { try long.withNextLine { _ in } }
    }
}
