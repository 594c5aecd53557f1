import Foundation
import Testing

@testable import SensorLogs

/// UCI HAR's folder of inertial signals: one file a channel, one window a row.
@Suite struct InertialSignalsTests {
    /// Two windows of four values; the model's rate is theirs.
    private let input = model(["accel_x", "accel_y", "gyro_z"], rate: .init(numerator: 50, denominator: 1))
    private let files = [
        "total_acc_x_test.txt": "  1.0e+00  2 3 .5\n -1 -2 -3 -.5\n", "total_acc_y_test.txt": "0 0 0 0\n1 1 1 1\n",
        "total_acc_z_test.txt": "not read", "body_gyro_z_test.txt": "5 6 7 8\n9 9 9 9 \n",
        "body_acc_x_test.txt": "not read", "body_gyro_x_test.txt": "not read",
    ]

    private func folder(_ changes: [String: String?] = [:], at place: String = "test/Inertial Signals/") throws
        -> TemporaryFolder
    {
        var there: [String: String] = ["test/y_test.txt": "5\n2\n"]
        for (name, text) in files { there[place + name] = text }
        for (name, text) in changes { there[name] = text }
        return try TemporaryFolder(there)
    }

    private func open(_ paths: [String], _ options: ReadingOptions = ReadingOptions()) throws -> [Whole] {
        var last: (Int, Int?) = (0, 0)
        let wholes = try read(SensorLog(paths: paths, input: input, options: options) { last = ($0, $1) })
        #expect(last.0 == last.1 || paths.count > 1)
        return wholes
    }

    private func refused(_ paths: [String], _ input: LogInput? = nil, _ options: ReadingOptions = ReadingOptions())
        -> LogError?
    {
        do {
            _ = try read(SensorLog(paths: paths, input: input ?? self.input, options: options))
            return nil
        } catch { return error as? LogError }
    }

    @Test func aFolderIsRead() throws {
        let folder = try folder()
        let signals = folder.path + "/test/Inertial Signals"
        let single = ["total_acc_x", "body_acc_x", "total_acc_y", "body_gyro_z"].map { "\(signals)/\($0)_test.txt" }
        for paths in [[signals], [signals + "/"], [folder.path + "/test"], single, single.reversed()] {
            let wholes = try open(paths)
            let expected: [[Double]] = [
                [1, 0, 5, 2, 0, 6, 3, 0, 7, 0.5, 0, 8], [-1, 1, 9, -2, 1, 9, -3, 1, 9, -0.5, 1, 9],
            ]
            #expect(
                wholes.map(\.frames)
                    == expected.map { row in
                        row.enumerated().map { Int16(($1 * ($0 % 3 < 2 ? 9806.65 : 1000)).rounded(.toNearestOrEven)) }
                    })
            #expect(wholes.map(\.times) == [[0, 0.02, 0.04, 0.06], [0, 0.02, 0.04, 0.06]])
            #expect(wholes.map { $0.labels[3] } == ["STANDING", "WALKING_UPSTAIRS"])
            #expect(wholes.map(\.segment.session) == ["window 0", "window 1"])
            #expect(
                wholes[0].segment.notes == [
                    "UCI HAR inertial signals at 50 Hz: each window is a session of its own, they overlap",
                    "labels from \(folder.path)/test/y_test.txt", "total_acc_x, total_acc_y: g -> m/s^2, v · 9.80665",
                ])
        }
        #expect(
            SensorLog.separateLogs(paths: [single[0], signals, single[2]], input: watch, options: ReadingOptions()) == [
                [0, 2], [1],
            ])
        #expect(try open([signals], options { $0.logRate = 25 })[0].frames.count == 7 * 3)
    }

    @Test func whatIsRefused() throws {
        let folder = try folder()
        let signals = folder.path + "/test/Inertial Signals"
        let error = refused([signals + "/total_acc_x_test.txt"])
        #expect(
            error?.message == "holds windows of one channel of UCI's HAR dataset, total_acc_x, and the model takes more"
        )
        #expect(error?.hint == "name its folder: snnrt infer MODEL \"\(signals)\"")
        #expect(refused([folder.path])?.hint == "name one or both: snnrt infer MODEL \"\(folder.path)/test\"")
        #expect(
            refused([signals], model(["heart_rate"]))?.message.hasPrefix("no column for channel heart_rate") == true)
        // Acceleration without gravity is taken only where that is said.
        let body = signals + "/body_acc_x_test.txt"
        #expect(refused([body], model(["accel_x"]))?.message.contains("body_acc_x") == true)
        #expect(refused([body], model(["accel_x"]), options { $0.columns = ["accel_x": "body_acc_x"] })?.line == 1)
        try Data("1 2\n".utf8).write(to: URL(fileURLWithPath: signals + "/total_acc_x_train.txt"))
        #expect(refused([signals])?.message == "holds inertial signals of both train and test")
        let empty = try TemporaryFolder(["log.csv": "a\n1\n"])
        #expect(refused([empty.path])?.message == "is a folder in which no CSV file has a channel of the model")
    }

    @Test(arguments: [
        (
            "total_acc_x_test.txt", "1 2 3 4\n1 x 3 4\n",
            "total_acc_x_test.txt:2: column 2 (total_acc_x): found \"x\", expected a number"
        ),
        ("total_acc_y_test.txt", "0 0 0 0\n1 1 1\n", "total_acc_y_test.txt:2: 3 numbers, 4 in"),
        ("total_acc_y_test.txt", "0 0 0 0\n", "total_acc_y_test.txt:2: ends before"),
        ("body_gyro_z_test.txt", "0 0 0 0\n0 0 0 0\n0 0 0 0\n", "total_acc_x_test.txt:3: ends before"),
        ("total_acc_x_test.txt", "1 2 3 4\n\n", "total_acc_x_test.txt:2: a blank line"),
        ("../y_test.txt", "5\n", "y_test.txt:2: ends before the windows do"),
        ("../y_test.txt", "5\n1\n1\n", "y_test.txt:3: goes on behind the last window"),
        ("../y_test.txt", "5\n7\n", "y_test.txt:2: found \"7\", expected the number of an activity"),
    ]) func filesThatDoNotGoTogether(_ name: String, _ text: String, _ message: String) throws {
        let place = name.hasPrefix("../") ? "test/" + name.dropFirst(3) : "test/Inertial Signals/" + name
        let folder = try folder([place: text])
        let error = refused([folder.path + "/test"])
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func aBadWindowIsDroppedWhereThatIsAsked() throws {
        let folder = try folder(["test/Inertial Signals/total_acc_x_test.txt": "1 2 nan 4\n1 1 1 1\n"])
        let log = try SensorLog(paths: [folder.path + "/test"], input: input, options: options { $0.badRows = .skip })
        let wholes = try read(log)
        #expect(
            wholes.count == 1 && wholes[0].labels[0] == "WALKING_UPSTAIRS" && wholes[0].segment.session == "window 1")
        #expect(
            log.repairs.unreadableRowCount == 4
                && wholes[0].segment.notes.contains { $0.hasPrefix("dropped 1 window, the first for ") })
    }
}
