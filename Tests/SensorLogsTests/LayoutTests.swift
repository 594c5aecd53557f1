import Testing

@testable import SensorLogs

/// Tables as people have them, found by looking.
@Suite struct LayoutTests {
    private let two = model(["accel_x", "gyro_x"])
    private let expected: [Int16] = [1000, 2000, 3000, 4000]

    @Test(
        arguments: [
            ("sep=;\naccel_x;gyro_x\n1;2\n3;4\n", "separated by semicolon, header in line 2"),
            ("\"sep=,\"\naccel_x,gyro_x,\n1,2\n3,4\n", "separated by comma, header in line 2"),
            ("accel_x,gyro_x\n1,2,\n3,4,\n", "separated by comma"),
            ("accel_x gyro_x\n  1   2 \n3\t4\n", "separated by blanks"),
            ("made by: a watch\nrate: 20, model: x\n\naccel_x,gyro_x\n1,2\n3,4\n", "header in line 4"),
            ("; comment\naccel_x,gyro_x\n; more\n1,2\n3,4\n", "separated by comma"),
            ("# rate 20\n#accel\naccel_x\tgyro_x\n1\t2\n3\t4\n", "separated by tab"),
            ("accel_x;gyro_x\n1,0;2\n3;4,0\n", "separated by semicolon, decimal comma"),
            ("note,accel_x,gyro_x\n\"a,b\",1,2\n\"c\",3,4\n", "separated by comma"),
        ] as [(String, String)]) func layouts(_ text: String, _ words: String) throws
    {
        for end in ["\n", "\r\n"] {
            let wholes = try read(text.replacing("\n", with: end), two)
            #expect(wholes.map(\.frames) == [expected], "\(text)")
            #expect(wholes[0].segment.notes.contains { $0.contains(words) }, "\(wholes[0].segment.notes)")
        }
    }

    @Test func longPreambles() throws {
        for count in [1, 40, 900] {
            let preamble = (0..<count).map { "Serial number \($0): a, b\n" }.joined()
            #expect(try read(preamble + "accel_x,gyro_x\n1,2\n3,4\n", two)[0].frames == expected)
        }
        let longer = String(repeating: "text\n", count: 2000) + "accel_x,gyro_x\n1,2\n3,4\n"
        #expect(refusal(longer, two) != nil)
        #expect(try read(longer, two, options { $0.headerLine = 2001 })[0].frames == expected)
    }

    @Test func columnsByNumber() throws {
        let numbers = options { $0.columns = ["accel_x": "2", "gyro_x": "3"] }
        for text in ["9,1,2\n8,3,4\n", "9 1 2\n8 3 4\n", "a,b,c\n9,1,2\n8,3,4\n", "nan,1,2\n9,3,4\n"] {
            #expect(try read(text, two, numbers)[0].frames == expected)
        }
        let none = options { $0.columns = ["accel_x": "2", "gyro_x": "4"] }
        #expect(refusal("9,1,2\n", two, none)?.message.hasPrefix("no column \"4\", to which gyro_x is mapped") == true)
    }

    @Test(arguments: [
        ("accX", "gyrX"), ("Accelerometer X", "Gyroscope X"), ("Acceleration x (m/s^2)", "Gyroscope x (rad/s)"),
        ("x_acc", "x_gyro"), ("S_TEST_Accel_WR_X_CAL", "S_TEST_Gyro_X_CAL"), ("Accelerometer/Raw.x", "Gyroscope/Raw.x"),
        ("ax", "gx"), ("accelerometerAccelerationX", "motionRotationRateX"), ("TotalAcceleration_x", "GYROX"),
        ("ACC X-axis", "angular velocity X"), ("accelx", "gyrox"), ("hand_acc16_x", "hand_gyro_x"),
    ]) func sensorsByName(_ accelerometer: String, _ gyroscope: String) throws {
        for text in ["\(accelerometer),what,\(gyroscope)\n1,9,2\n3,9,4\n", "\(gyroscope),\(accelerometer)\n2,1\n4,3\n"]
        {
            let wholes = try read(text, two)
            #expect(wholes[0].frames == expected)
            #expect(wholes[0].segment.notes.contains { $0.hasPrefix("accel_x from columns \"\(accelerometer)\"") })
        }
    }

    @Test func whatCouldBeSeveralIsAskedFor() throws {
        let several = refusal("chest_acc_x,hand_acc_x,gyro_x\n1,2,3\n", two)
        #expect(
            several?.description == """
                log.csv:1: "chest_acc_x" and "hand_acc_x" could all be accel_x
                  hint: --map accel_x=chest_acc_x takes the first of them
                """)
        let mapped = options { $0.columns = ["accel": "hand_acc"] }
        #expect(try read("chest_acc_x,hand_acc_x,gyro_x\n9,1,2\n9,3,4\n", two, mapped)[0].frames == expected)
        for name in ["userAcceleration.x", "linear_acceleration_x", "gravity_accel_x"] {
            #expect(refusal("\(name),gyro_x\n1,2\n", two)?.message.contains("without gravity") == true)
            #expect(try read("\(name),acc_x,gyro_x\n9,1,2\n9,3,4\n", two)[0].frames == expected)
        }
    }

    @Test func columnsThatAreAdded() throws {
        let sum = options { $0.columns = ["accel_x": "gravity.x + user.x"] }
        #expect(try read("gravity.x,user.x,gyro_x\n0.5,0.5,2\n-1,4,4\n", two, sum)[0].frames == expected)
    }

    @Test func sessionsByColumns() throws {
        let rows = (0..<24).map { "\($0 % 12 * 50),\($0 < 12 ? "a" : "b"),\($0),0\n" }.joined()
        let wholes = try read("time_ms,user,accel_x,gyro_x\n" + rows, two)
        #expect(wholes.map(\.times.count) == [12, 12] && wholes.map(\.segment.session) == ["user a", "user b"])
        let mixed = "time_ms,device,accel_x,gyro_x\n" + (0..<24).map { "\($0 * 25),d\($0 % 2),\($0),0\n" }.joined()
        #expect(refusal(mixed, two)?.hint == "--only device=d0 reads the rows of one of them")
        let one = try read(mixed, two, options { $0.only = ["device": "d1"] })
        #expect(one.map(\.times.count) == [12])
        #expect(one[0].segment.notes.contains("passed over 12 rows of other recordings, as stated"))
    }
}
