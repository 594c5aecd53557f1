/// A record of WISDM v1.1, `subject,activity,timestamp,x,y,z;`, of which a line has one, as a rule. Source: the dataset's
/// readme (Kwapisz, Weiss, Moore 2010); Actitracker's logs (WISDM v2.0) have the same layout, and times in ms.
struct WISDMPhoneRecord {
    let subject: Int64
    /// The activity's name in the line.
    let activity: Range<Int>
    /// As written.
    let time: Int64
    /// m/s^2
    let values: (x: Double, y: Double, z: Double)

    private static let cellNames = ["subject", "activity", "timestamp", "x", "y", "z"]

    /// The record that begins at `position`, which moves to the next one, also where this is refused: another cell than the
    /// format has, one that is missing, or one too many. The semicolon may be missing at a line's end, and a comma stand
    /// before it.
    init(_ line: Span<UInt8>, from position: inout Int, number: Int, file: String) throws(LogError) {
        var end = position
        while end < line.count, line[end] != UInt8(ascii: ";") { end += 1 }
        var start = position
        position = end + 1
        var column = 0
        func fault(_ expected: String) -> LogError {
            var stop = start
            while stop < end, line[stop] != UInt8(ascii: ",") { stop += 1 }
            let found = start >= stop ? "nothing" : shown(line.extracting(start..<stop))
            return LogError(
                .cell, file: file, line: number, column: column + 1, columnName: WISDMPhoneRecord.cellNames[column],
                "found \(found), expected \(expected)")
        }
        /// Moves behind the cell that ends there.
        func leave(_ cellEnd: Int, _ expected: String) throws(LogError) {
            let stop = skipBlanks(line, from: cellEnd, separator: UInt8(ascii: ","))
            if column == 5, stop == end { return }
            guard stop < end, line[stop] == UInt8(ascii: ",") else { throw fault(expected) }
            if column == 5 {
                let rest = skipBlanks(line, from: stop + 1, separator: UInt8(ascii: ","))
                if rest != end {
                    throw LogError(.cellCount, file: file, line: number, column: 7, "more than 6 cells in a record")
                }
            }
            start = stop + 1
            column += 1
        }
        func integer(_ expected: String) throws(LogError) -> Int64 {
            guard let (value, cellEnd) = WISDMLine.integer(line, from: start), cellEnd <= end else {
                throw fault(expected)
            }
            try leave(cellEnd, expected)
            return value
        }
        func value() throws(LogError) -> Double {
            let first = skipBlanks(line, from: start, separator: UInt8(ascii: ","))
            guard first < end, let (value, cellEnd) = parseDecimal(line, from: first), cellEnd <= end, value.isFinite
            else { throw fault("a number") }
            try leave(cellEnd, "a number")
            return value
        }

        subject = try integer("a subject's number")
        var nameEnd = skipBlanks(line, from: start, separator: UInt8(ascii: ","))
        let nameStart = nameEnd
        while nameEnd < end, WISDMPhoneRecord.isNamed(by: line[nameEnd]) { nameEnd += 1 }
        guard nameEnd - nameStart > 1 else { throw fault("the name of an activity") }
        let afterName = nameEnd
        while line[nameEnd - 1] == UInt8(ascii: " ") { nameEnd -= 1 }
        activity = nameStart..<nameEnd
        try leave(afterName, "the name of an activity")
        time = try integer("an integer time")
        values = (try value(), try value(), try value())
    }

    func value(ofAxis axis: Int) -> Double { axis == 0 ? values.x : axis == 1 ? values.y : values.z }

    private static func isNamed(by byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: " ")
    }

    /// Moves to the next byte of a record; false where the line holds no more.
    static func find(in line: Span<UInt8>, from position: inout Int) -> Bool {
        while position < line.count, [0x20, 9, UInt8(ascii: ";")].contains(line[position]) { position += 1 }
        return position < line.count
    }

    private static let activities: Set<String> = [
        "walking", "jogging", "upstairs", "downstairs", "sitting", "standing", "stairs", "lyingdown", "lying down",
    ]

    /// One of the first lines, or live the first, reads as such a record, with an activity of those datasets unless the format
    /// is stated.
    static func begin(_ reader: LineReader, isLive: Bool, isStated: Bool = false) -> Bool {
        var (found, count) = (false, 0)
        reader.lookAhead { line in
            if holdsNoRow(line) { return true }
            var position = 0
            if let record = try? WISDMPhoneRecord(line, from: &position, number: 0, file: ""),
                let name = string(line.extracting(record.activity))
            {
                found = isStated || activities.contains(name.lowercased())
            }
            count += 1
            return !found && !isLive && count < 8
        }
        return found
    }
}
