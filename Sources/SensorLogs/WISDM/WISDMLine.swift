/// The WISDM raw text format: `subject,activity,timestamp,x,y,z;` per line, time in ns. Source: the README of the
/// WISDM Smartphone and Smartwatch Activity and Biometrics Dataset (Weiss 2019), UCI dataset 507.
struct WISDMLine {
    var subject: Int64
    /// The ASCII letter.
    var activity: UInt8
    /// ns
    var time: Int64
    /// m/s² of an accelerometer, rad/s of a gyroscope.
    var x: Double
    var y: Double
    var z: Double

    /// The activity letters, from the dataset's activity_key.txt; there is no N.
    static let activities: [(letter: UInt8, name: String)] = [
        ("A", "walking"), ("B", "jogging"), ("C", "stairs"), ("D", "sitting"), ("E", "standing"),
        ("F", "typing"), ("G", "teeth"), ("H", "soup"), ("I", "chips"), ("J", "pasta"), ("K", "drinking"),
        ("L", "sandwich"), ("M", "kicking"), ("O", "catch"), ("P", "dribbling"), ("Q", "writing"),
        ("R", "clapping"), ("S", "folding"),
    ].map { (Unicode.Scalar($0.0)!.value, $0.1) }.map { (UInt8($0.0), $0.1) }

    static func activityName(_ letter: UInt8) -> String? {
        activities.first { $0.letter == letter }?.name
    }

    private static let cellNames = ["subject", "activity", "timestamp", "x", "y", "z"]

    /// Refused, with the place: anything but the format above; blanks around cells are let pass.
    init(_ line: Span<UInt8>, number: Int, file: String) throws(LogError) {
        let separator = UInt8(ascii: ",")
        func fault(_ index: Int, _ start: Int, _ expected: String) -> LogError {
            let end = start < line.count ? (cell(line, from: start, separator: separator)?.end ?? line.count) : start
            let found = start >= end ? "nothing" : shown(line.extracting(start..<end))
            return LogError(
                .cell, file: file, line: number, column: index + 1, columnName: WISDMLine.cellNames[index],
                "found \(found), expected \(expected)")
        }
        /// Moves over the separator, or the semicolon after the last cell.
        func next(_ end: Int, _ index: Int, _ start: Int, _ expected: String) throws(LogError) -> Int {
            let end = skipBlanks(line, from: end, separator: separator)
            let mark = index == 5 ? UInt8(ascii: ";") : separator
            guard end < line.count, line[end] == mark else {
                throw fault(index, start, index == 5 ? "\(expected) and a semicolon" : expected)
            }
            return end + 1
        }

        guard let (subject, subjectEnd) = WISDMLine.integer(line, from: 0) else {
            throw fault(0, 0, "a subject's number")
        }
        self.subject = subject
        let activityStart = try next(subjectEnd, 0, 0, "a subject's number")
        guard activityStart < line.count, WISDMLine.activityName(line[activityStart]) != nil else {
            throw fault(1, activityStart, "an activity letter, A to S without N")
        }
        activity = line[activityStart]
        let timeStart = try next(activityStart + 1, 1, activityStart, "an activity letter, A to S without N")
        guard let (time, timeEnd) = WISDMLine.integer(line, from: timeStart) else {
            throw fault(2, timeStart, "an integer time in ns")
        }
        self.time = time
        var position = try next(timeEnd, 2, timeStart, "an integer time in ns")
        func value(_ index: Int) throws(LogError) -> Double {
            let start = position
            let first = skipBlanks(line, from: start, separator: separator)
            guard let (value, end) = parseDecimal(line, from: first), value.isFinite else {
                throw fault(index, start, "a number")
            }
            position = try next(end, index, start, "a number")
            return value
        }
        x = try value(3)
        y = try value(4)
        z = try value(5)
        guard skipBlanks(line, from: position, separator: separator) == line.count else {
            throw LogError(
                .cellCount, file: file, line: number, column: 7,
                "found \(shown(line.extracting(position..<line.count))) after the semicolon, "
                    + "expected the end of the line")
        }
    }

    /// The first line that holds a row reads as WISDM.
    static func begin(_ reader: LineReader) -> Bool {
        var found = false
        reader.lookAhead { line in
            if holdsNoRow(line) { return true }
            found = (try? WISDMLine(line, number: 1, file: "")) != nil
            return false
        }
        return found
    }

    /// An integer that fits 64 bits.
    static func integer(_ line: Span<UInt8>, from start: Int) -> (value: Int64, end: Int)? {
        var position = skipBlanks(line, from: start, separator: UInt8(ascii: ","))
        let negative = position < line.count && line[position] == UInt8(ascii: "-")
        if negative { position += 1 }
        let first = position
        var value: Int64 = 0
        while position < line.count, line[position] &- 48 <= 9 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(line[position] &- 48))
            if overflow || carry { return nil }
            value = sum
            position += 1
        }
        return position == first ? nil : (negative ? -value : value, position)
    }
}
