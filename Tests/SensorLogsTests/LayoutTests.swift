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

    @Test func hostileTables() throws {
        for text in [";,\n", ";,", "; only\n; comments, two\n", "\n\n;\n", "#\n;,;\n"] {
            #expect(refusal(text, two) != nil, "\(text)")
        }
        // Names that take time: each is looked at once, and none is searched beyond its size.
        let wide = (0..<40_000).map { "acc\($0)x" }.joined(separator: ",")
        #expect(refusal(wide + "\n" + String(repeating: "1,", count: 39_999) + "1\n", two) != nil)
        #expect(refusal(String(repeating: "_", count: 200_000) + ",gyro_x\n1,2\n", two) != nil)
        let users = (0..<20_000).map { _ in "user" }.joined(separator: ",")
        let cells = String(repeating: ",a", count: 20_000)
        #expect(
            try read("accel_x,gyro_x," + users + "\n" + (0..<20).map { "\($0),1\(cells)\n" }.joined(), two).count == 1)
        for time in ["1e300", "1e17", "9e18"] {
            #expect(refusal("time_s,accel_x,gyro_x\n0,1,2\n\(time),1,2\n", two, ReadingOptions())?.kind == .time)
        }
        let zero = "Created By ActiGraph at 0 Hz\nAccelerometer X,Accelerometer Y,Accelerometer Z\n0,0,1\n"
        #expect(refusal(zero, model(["accel_x"]), ReadingOptions())?.message == "no column with times")
    }

    @Test func whatIsNoRowIsSaid() throws {
        let commented = try read("accel_x,gyro_x\n1,2\n#9,9\n3,4\n", two)
        #expect(commented[0].frames == expected)
        #expect(commented[0].segment.notes.contains { $0.isDoubt && $0.text.hasPrefix("1 line that begin with #") })
        #expect(refusal("accel_x,gyro_x\n#1,2\n#3,4\n", two)?.message.hasPrefix("no row was used: 2 lines") == true)
        // Excel's empty rows at the end, and a header above the rows that is a comment.
        #expect(try read("accel_x,gyro_x\n1,2\n3,4\n,\n,\n", two)[0].frames == expected)
        #expect(try read("# by a logger\n# accel_x gyro_x\n1 2\n3 4\n", two)[0].frames == expected)
        #expect(try read("accel_x|gyro_x\n1|2\n3|4\n", two)[0].frames == expected)
        // Shimmer's rows between the header and the rows.
        #expect(try read("accel_x,gyro_x\nCAL,CAL\nm/s^2,rad/s\n1,2\n3,4\n", two)[0].frames == expected)
    }

    @Test func aHeaderThatComesAgain() throws {
        let wholes = try read(
            "t_ms,accel_x,gyro_x\n0,1,2\n50,3,4\nt_ms,accel_x,gyro_x\n0,1,2\n50,3,4\n", two, ReadingOptions())
        #expect(wholes.map(\.frames) == [expected, expected])
        #expect(wholes[1].segment.notes.contains("the header comes once more: a session begins there"))
        let other = refusal(
            "t_ms,accel_x,gyro_x\n0,1,2\nt_ms,gyro_x,accel_x\n50,3,4\n", two, byTimes { $0.badRows = .skip })
        #expect(other?.message == "another header: the columns change here" && other?.line == 3)
    }

    @Test func namesThatTellLess() throws {
        // What is computed from a sensor is none; what comes beside better values gives way; a plain name goes first.
        for other in [
            "acc_x_std", "acc_bias_x", "jerk_acc_x", "acc_x_raw", "AccelerometerUncalibrated_x", "left_acc_x",
        ] {
            #expect(try read("\(other),acc_x,gyro_x\n9,1,2\n9,3,4\n", two)[0].frames == expected, "\(other)")
        }
        #expect(try read("TotalAcceleration_x,GyroscopeUncalibrated_x\n1,2\n3,4\n", two)[0].frames == expected)
        #expect(try read("X [m/s^2],gyro x\n1,2\n3,4\n", two)[0].frames == expected)
        #expect(try read("Beschleunigung x (m/s²),Gyroskop x (rad/s)\n1,2\n3,4\n", two)[0].frames == expected)
        #expect(try read("Aceleración x,Giroscopio x\n1,2\n3,4\n", two)[0].frames == expected)
        #expect(try read("Acc (m/s^2) X,AngVelX (d/s)\n1,180\n3,0\n", two)[0].frames == [1000, 3142, 3000, 0])
        // Physics Toolbox has gravity in gFx, and not in ax.
        #expect(try read("gFx,wx\n1,2\n", two)[0].frames == [9807, 2000])
        #expect(refusal("gFx,ax,wx\n1,2,3\n", two)?.message == "\"gFx\" and \"ax\" could all be accel_x")
        // gx may be gravity where wx is there too.
        #expect(refusal("ax,gx,wx\n1,2,3\n", two)?.message == "\"gx\" and \"wx\" could all be gyro_x")
        let both = refusal("gravity_x,userAcceleration_x,gyro_x\n1,2,3\n", two)
        #expect(both?.hint == "--map \"accel_x=gravity_x + userAcceleration_x\" adds them")
        let parts = try read("accel_x (g),accel_y,accel_z\n1,1,1\n", model(["accel_x", "accel_y", "accel_z"]))
        #expect(parts[0].segment.notes.contains { $0.isDoubt && $0.text.hasPrefix("1 of 3 axes name a unit") })
    }

    @Test func columnsOfTextThatAlternateAreDoubted() throws {
        let rows = (0..<64).map { "\($0 * 25),\($0 % 2 == 0 ? "left" : "right"),1,2\n" }.joined()
        let wholes = try read("t_ms,place,accel_x,gyro_x\n" + rows, two, ReadingOptions())
        #expect(
            wholes[0].segment.notes.contains {
                $0.isDoubt && $0.text.hasSuffix("--only place=left reads the rows of one of them")
            })
        #expect(
            refusal("t_ms,mac,accel_x,gyro_x\n" + rows, two, ReadingOptions())?.hint?.hasPrefix("--only mac=left")
                == true)
    }
}
