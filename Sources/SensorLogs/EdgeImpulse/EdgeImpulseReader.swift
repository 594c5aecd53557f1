import FoundationEssentials

/// The rows of a recording in Edge Impulse's data acquisition format (JSON): a table with names, units and a rate. Source:
/// docs.edgeimpulse.com, "Data acquisition format". It is held in memory.
final class EdgeImpulseReader: RowSource {
    /// A longer document is refused: its table is held whole.
    static let longestDocument = 4 << 20

    let name: String
    let hasTimes: Bool
    let session: String? = nil
    let labels = Labels()
    private(set) var repairs = Repairs()
    let units: [WrittenUnit?]

    private let document: Document
    private let columns: [Int]
    private let skipsBadRows: Bool
    private let interval: Double
    private var nextRow = 0
    private var notes: [Note] = []
    private var noted = (count: 0, first: 0)

    private struct Document: Decodable {
        struct Sensor: Decodable {
            let name: String
            let units: String?
        }
        struct Payload: Decodable {
            let interval_ms: Double?
            let sensors: [Sensor]
            let values: Values
        }
        /// One array a row, or one number where there is one sensor.
        enum Values: Decodable {
            case rows([[Double?]])
            case single([Double?])

            init(from decoder: Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let numbers = try? container.decode([Double?].self) {
                    self = .single(numbers)
                } else {
                    self = .rows(try container.decode([[Double?]].self))
                }
            }
        }
        let payload: Payload

        var rowCount: Int {
            switch payload.values {
            case .rows(let rows): rows.count
            case .single(let numbers): numbers.count
            }
        }
    }

    /// A document of that format, as far as its first bytes tell.
    static func begin(_ bytes: Span<UInt8>) -> Bool {
        guard let first = bytes.indices.first(where: { ![0x20, 9, 10, 13].contains(bytes[$0]) }),
            bytes[first] == UInt8(ascii: "{")
        else { return false }
        let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        return text.contains("\"payload\"") || text.contains("\"protected\"")
    }

    /// Refused: a document that is too long, other JSON, a channel without a sensor, a table without a rate.
    init(_ reader: LineReader, input: LogInput, options: ReadingOptions) throws(LogError) {
        name = reader.source.name
        skipsBadRows = options.badRows == .skip
        let bytes = try EdgeImpulseReader.bytes(reader)
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: bytes)
        } catch {
            throw EdgeImpulseReader.refusal(error, file: reader.source.name)
        }
        self.document = document
        let table = document.payload.sensors.map { sensor in
            let unit = sensor.units.flatMap { ["", "n/a", "none", "-"].contains($0.lowercased()) ? nil : $0 }
            return NamedColumn(
                name: sensor.name, meaning: SensorName(sensor.name).flatMap { $0.isPartial ? nil : $0.channel },
                unit: unit)
        }
        columns = try SensorLogs.columns(of: input, among: table, mapped: options.columns, file: name)
        units = columns.map { table[$0].writtenUnit(line: nil, column: $0) }
        interval = (document.payload.interval_ms ?? 0) / 1000
        hasTimes = interval > 0 && !options.replacesTimes
        guard interval > 0 || options.logRate != nil || options.usesModelRate || options.isLive else {
            throw LogError(
                .header, file: name, "has no interval_ms, which says how far its rows are apart",
                hint: "--log-rate HZ says how many rows a second has, --log-rate model that they come at the model's "
                    + "\(short(input.rate.hertz)) Hz")
        }
        let rate =
            options.statedRate(input.rate).map { "\(short($0)) Hz, as stated" }
            ?? (hasTimes ? "\(short(1 / interval)) Hz" : "the model's rate")
        notes.append("Edge Impulse acquisition, \(counted(table.count, "sensor")) at \(rate)")
    }

    private static func bytes(_ reader: LineReader) throws(LogError) -> Data {
        var bytes = Data()
        while true {
            let more: Void? = try reader.withNextBytes(1 << 16) { part in
                part.withUnsafeBufferPointer { bytes.append($0) }
            }
            if more == nil { return bytes }
            guard bytes.count <= longestDocument else {
                throw LogError(
                    .length, file: reader.source.name,
                    "is JSON of more than \(longestDocument >> 20) MiB, which is not read",
                    hint: "split the recording, or export it as CSV")
            }
        }
    }

    private static func refusal(_ error: Error, file: String) -> LogError {
        let path: [CodingKey]
        var message: String
        switch error as? DecodingError {
        case .dataCorrupted(let context)?:
            (path, message) = (context.codingPath, "is damaged JSON: \(context.debugDescription)")
        case .keyNotFound(let key, let context)?:
            (path, message) = (context.codingPath, "has no \(key.stringValue)")
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
            (path, message) = (context.codingPath, "found another value than is expected here")
        default: (path, message) = ([], "cannot be read")
        }
        let place = path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }.joined(separator: ".")
        if !place.isEmpty { message = "in \(place): \(message)" }
        return LogError(
            .header, file: file, message,
            hint: "of JSON only Edge Impulse's acquisition format is read: payload with sensors, interval_ms and values"
        )
    }

    func next(_ row: inout Row) throws(LogError) -> Bool {
        while nextRow < document.rowCount {
            let index = nextRow
            nextRow += 1
            do throws(LogError) {
                try fill(&row, index)
            } catch {
                guard skipsBadRows else { throw error }
                if noted.count == 0 { noted.first = index }
                noted.count += 1
                repairs.unreadableRowCount += 1
                continue
            }
            row.line = index + 1
            row.position = index
            row.time = Double(index) * interval
            row.startsSession = false
            return true
        }
        return false
    }

    private func fill(_ row: inout Row, _ index: Int) throws(LogError) {
        switch document.payload.values {
        case .single(let numbers):
            guard document.payload.sensors.count == 1 else {
                throw LogError(
                    .cellCount, file: name, index: [index],
                    "a single number, expected an array of \(counted(document.payload.sensors.count, "value"))")
            }
            for i in columns.indices { row.values[i] = try number(numbers[index], index, 0) }
        case .rows(let rows):
            let cells = rows[index]
            guard cells.count == document.payload.sensors.count else {
                throw LogError(
                    .cellCount, file: name, index: [index],
                    "\(counted(cells.count, "value")), expected one for each of "
                        + "\(counted(document.payload.sensors.count, "sensor"))",
                    hint: "--skip-bad-rows drops and counts such rows")
            }
            for (i, column) in columns.enumerated() { row.values[i] = try number(cells[column], index, column) }
        }
    }

    private func number(_ value: Double?, _ index: Int, _ column: Int) throws(LogError) -> Double {
        guard let value, value.isFinite else {
            throw LogError(
                .cell, file: name, columnName: document.payload.sensors[column].name, index: [index, column],
                "found null, expected a number", hint: "--skip-bad-rows drops and counts such rows")
        }
        return value
    }

    func takeNotes() -> [Note] {
        if noted.count > 0 {
            notes.append("dropped \(counted(noted.count, "row")) that could not be read, the first at [\(noted.first)]")
            noted.count = 0
        }
        defer { notes = [] }
        return notes
    }
}
