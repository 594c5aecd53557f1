import Testing

@testable import SensorLogs

/// Edge Impulse's data acquisition format.
@Suite struct EdgeImpulseTests {
    private let two = model(["accel_x", "gyro_y"])

    private func document(
        _ values: String, interval: String = "\"interval_ms\": 50,",
        sensors: String = #"{"name": "gyrY", "units": "deg/s"}, {"name": "accX", "units": "g"}, {"name": "t"}"#
    ) -> String {
        """
        {"protected": {"ver": "v1", "alg": "none"}, "signature": "0",
         "payload": {"device_type": "T", \(interval) "sensors": [\(sensors)], "values": \(values)}}
        """
    }

    @Test func aDocumentIsRead() throws {
        for format in [
            document("[[180, 1, 0], [-90, -2.5e-1, 7]]"), "\u{FEFF}\n " + document("[[180,1,0],[-90,-0.25,7]]"),
        ] {
            let whole = try read(format, two, ReadingOptions())[0]
            #expect(whole.frames == [9807, 3142, -2452, -1571] && whole.times == [0, 0.05])
            #expect(
                whole.segment.notes == [
                    "Edge Impulse acquisition, 3 sensors at 20 Hz", "accX: g -> m/s^2, v · 9.80665",
                    "gyrY: deg/s -> rad/s, v · π / 180",
                ])
        }
        let mapped = options { $0.columns = ["accel_x": "t"] }
        #expect(try read(document("[[180, 1, 5]]"), two, mapped)[0].frames == [5000, 3142])
        // A table of one sensor may be a list; units that say nothing are none.
        let single = document("[1, 2]", sensors: #"{"name": "accX", "units": "N/A"}"#)
        #expect(try read(single, model(["accel_x"]), ReadingOptions())[0].frames == [1000, 2000])
        #expect(
            try read(document("[[0, 1, 0], [0, 2, 0]]"), two, options { $0.logRate = 10 })[0].times == [0, 0.05, 0.1])
        #expect(try read(document("[[0, 1, 0]]", interval: ""), two, atModelRate)[0].frames == [9807, 0])
    }

    @Test(arguments: [
        ("[[1, 2, 3], [1, 2]]", "log.csv: [1]: 2 values, expected one for each of 3 sensors"),
        ("[[1, 2, 3], [1, null, 3]]", "log.csv: [1, 1] (accX): found null, expected a number"),
    ]) func badRows(_ values: String, _ description: String) throws {
        let error = refusal(document(values), two, ReadingOptions())
        #expect(error?.description.hasPrefix(description) == true, "\(String(describing: error))")
        let log = try SensorLog(
            sources: [source(document(values))], input: two, options: options { $0.badRows = .skip })
        #expect(try read(log)[0].frames.count == 2 && log.repairs.unreadableRowCount == 1)
    }

    @Test func whatIsRefused() {
        func message(_ text: String, _ options: ReadingOptions = ReadingOptions()) -> String {
            refusal(text, two, options)?.message ?? "read"
        }
        #expect(message(document("[[1, \"2\", 3]]")).hasPrefix("in payload.values.[0]"))
        #expect(message(document("[[1, 2, 3]], \"x\": {")).hasPrefix("is damaged JSON"))
        #expect(message(#"{"payload": {"values": []}}"#) == "in payload: has no sensors")
        #expect(message(document("[[1, 2, 3]]", interval: "")).hasPrefix("has no interval_ms"))
        #expect(message(document("[]")) == "holds no row")
        #expect(
            message(document("[[1]]", sensors: #"{"name": "accX"}"#))
                == "no column for channel gyro_y; columns found: \"accX\"")
        #expect(message(document("[[1, 2, 3]]"), options { $0.format = .csv }) == "holds JSON, expected a text log")
        let long = document("[" + String(repeating: "[1, 2, 3],", count: 900_000) + "[1, 2, 3]]")
        #expect(message(long) == "is JSON of more than 4 MiB, which is not read")
        let deep = #"{"payload": "# + String(repeating: "[", count: 1_000_000)
        #expect(message(deep).hasPrefix("is damaged JSON"))
    }
}
