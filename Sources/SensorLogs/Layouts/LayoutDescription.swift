import FoundationEssentials

/// The layouts that come with the library, for those who choose one.
public enum LogLayouts {
    /// Their names in one line.
    public static var names: String { LayoutDescription.files.map(\.name).joined(separator: ", ") }
}

/// A layout of logs that people hold, described in a JSON file in Descriptions/ or of the user's: docs/extending.md has the
/// fields with examples. What a description does not say is found by looking.
struct LayoutDescription: Decodable, Sendable {
    /// What an option and the notes call it.
    let name: String
    /// Whose logs they are.
    let about: String
    /// A log has this layout where all of one of these hold; `--layout` asks for none.
    let match: [Match]?
    /// The columns of a log without a header, in their order.
    let names: [String]?
    /// Channel -> column, by name or by number from 1; several columns that are added are joined by ` + `.
    let channels: [String: String]?
    /// Channel, or the beginning of several -> the unit of its column.
    let units: [String: String]?
    /// Channel, or the beginning of several -> a factor by which its values become that unit's: `1/64`.
    let scales: [String: String]?
    let time: Time?
    let rate: Rate?
    let label: Label?
    /// Columns whose change begins a session.
    let session: [String]?
    /// Cells that stand for values that are not there; their rows are dropped and counted.
    let missing: [String]?
    /// What the first rows hold instead of values: `start`, the time of the first row in seconds, and `rate`.
    let leadingRows: [String]?
    /// Remarks on the columns that the layout chooses.
    let notes: [String]?
    /// Names of files, without what is behind their point, that have acceleration without gravity.
    let withoutGravity: [String]?

    struct Match: Decodable, Sendable {
        /// Column names that the header has, without regard to case.
        let header: [String]?
        /// The number of columns.
        let columns: Int?
        /// There is a header.
        let hasHeader: Bool?
        /// Text in a line before the header.
        let preamble: String?
        /// The first column holds dates.
        let isDated: Bool?
        /// The median magnitude of the acceleration of the first rows is that of gravity, in the layout's unit and scale.
        let gravity: Bool?
    }

    struct Time: Decodable, Sendable {
        let column: String?
        let unit: String?
    }

    struct Rate: Decodable, Sendable {
        /// Rows a second.
        let hertz: Double?
        /// A regular expression whose first group is the rate, in a line before the header.
        let preamble: String?
    }

    struct Label: Decodable, Sendable {
        let column: String
        /// Cell -> label; a cell that is not listed is its own label, an empty label is none.
        let names: [String: String]?
    }

    /// The layouts that come with the library and their files, in the order in which they are tried.
    static let files: [(name: String, bytes: [UInt8])] = [
        ("empatica-e4", PackageResources.empatica_e4_json), ("actigraph", PackageResources.actigraph_json),
        ("axivity", PackageResources.axivity_json), ("pamap2", PackageResources.pamap2_json),
        ("hhar", PackageResources.hhar_json), ("motionsense", PackageResources.motionsense_json),
        ("sensor-logger", PackageResources.sensor_logger_json),
        ("apple-sensorlog", PackageResources.apple_sensorlog_json),
    ]

    static let all: [LayoutDescription] = files.map { file in
        do {
            return try JSONDecoder().decode(LayoutDescription.self, from: Data(file.bytes))
        } catch { preconditionFailure("the layout \(file.name) of this library cannot be read: \(error)") }
    }

    /// A layout by its name, or by the path of a JSON file. Refused: a file that is no description.
    static func named(_ text: String) throws(LogError) -> LayoutDescription {
        if let known = all.first(where: { $0.name == text.lowercased() }) { return known }
        guard text.contains("/") || text.hasSuffix(".json") else {
            throw LogError(
                .request, file: "layout", "no layout is named \"\(text)\"",
                hint:
                    "known: \(all.map(\.name).joined(separator: ", ")); or the path of a JSON file, as docs/extending.md has it"
            )
        }
        guard let bytes = FileManager.default.contents(atPath: text) else {
            throw LogError(.request, file: text, "cannot be read")
        }
        do { return try JSONDecoder().decode(LayoutDescription.self, from: bytes) } catch {
            let reason = (error as? DecodingError).map(LayoutDescription.reason) ?? "\(error)"
            throw LogError(.request, file: text, "is no description of a layout: \(reason)")
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return (path.isEmpty ? "" : "\(path): ") + context.debugDescription
        }
        switch error {
        case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return place(context)
        @unknown default: return "\(error)"
        }
    }

    /// Some layout has acceleration without gravity in files of that name.
    static func namesNoGravity(_ path: String) -> Bool { all.contains { $0.lacksGravity(path) } }

    private func lacksGravity(_ path: String) -> Bool {
        let name = lastPart(path).split(separator: ".").first.map { $0.lowercased() }
        return withoutGravity?.contains { $0.lowercased() == name } == true
    }

    /// What is said of a log of the layout.
    /// - Parameter isMapped: the user has chosen columns.
    func remarks(_ file: String, isMapped: Bool) -> [Note] {
        var remarks = isMapped ? [] : (notes ?? []).map { Note($0) }
        if lacksGravity(file) {
            remarks.append(
                .doubt("\(self.name) has acceleration without gravity in a file of this name, TotalAcceleration has it")
            )
        }
        return remarks
    }

    /// The value that the longest key says that begins the channel's name, or is it.
    static func value(_ values: [String: String]?, forChannel name: String) -> String? {
        guard let values else { return nil }
        return longestKey(values.keys, of: name).flatMap { values[$0] }
    }
}
