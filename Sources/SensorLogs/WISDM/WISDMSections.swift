/// One run of lines of the same subject and activity in the file of one sensor, by increasing time.
struct WISDMSection {
    struct Key: Equatable {
        var subject: Int64
        var activity: UInt8
    }

    var key: Key
    /// ns, strictly increasing.
    var times: [Int64] = []
    /// Three per time: x, y, z.
    var values: [Double] = []
    /// The line numbers of the times.
    var lines: [Int] = []
    /// The repairs of this section: unordered and duplicate rows, and unreadable ones under `skip`.
    var repairs = Repairs()

    var count: Int { times.count }

    /// Sorts by time, if need be, and drops rows whose time stands there already, keeping the first.
    fileprivate mutating func putInOrder() {
        var inOrder = true
        for i in times.indices.dropFirst() where times[i] <= times[i - 1] {
            inOrder = false
            if times[i] < times[i - 1] { repairs.unorderedRowCount += 1 }
        }
        if inOrder { return }
        let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        let (oldTimes, oldValues, oldLines) = (times, values, lines)
        times = []
        values = []
        lines = []
        for i in order {
            if oldTimes[i] == times.last {
                repairs.duplicateRowCount += 1
                continue
            }
            times.append(oldTimes[i])
            values.append(contentsOf: oldValues[3 * i..<3 * i + 3])
            lines.append(oldLines[i])
        }
    }
}

/// The sections of one sensor's file in its order. One section at a time is held as numbers.
final class WISDMSectionReader {
    let reader: LineReader
    private let badRows: BadRowPolicy
    /// The line that ended the section before, and its number.
    private var ahead: WISDMLine?
    /// A fault within a section, thrown once the lines before it have been handed out.
    private var failure: LogError?
    /// Rows dropped behind the last section, or where there is none.
    private(set) var rest = Repairs()

    init(_ reader: LineReader, badRows: BadRowPolicy) {
        self.reader = reader
        self.badRows = badRows
    }

    func next() throws(LogError) -> WISDMSection? {
        if let failure { throw failure }
        var repairs = Repairs()
        guard let first = try readLine(&repairs) else {
            rest = rest + repairs
            return nil
        }
        var section = WISDMSection(key: first.key)
        var line = first
        while true {
            section.times.append(line.time)
            section.values.append(line.x)
            section.values.append(line.y)
            section.values.append(line.z)
            section.lines.append(reader.line)
            do throws(LogError) {
                guard let next = try readLine(&repairs) else { break }
                line = next
            } catch {
                failure = error
                break
            }
            if line.key != section.key {
                ahead = line
                break
            }
        }
        section.repairs = repairs
        section.putInOrder()
        return section
    }

    private func readLine(_ repairs: inout Repairs) throws(LogError) -> WISDMLine? {
        if let line = ahead {
            ahead = nil
            return line
        }
        while true {
            do throws(LogError) {
                let read = try reader.withNextLine { (bytes) throws(LogError) -> WISDMLine? in
                    if holdsNoRow(bytes) { return nil }
                    return try WISDMLine(bytes, number: reader.line, file: reader.source.name)
                }
                guard let read else { return nil }
                if let line = read { return line }
            } catch {
                guard badRows == .skip, error.kind == .cell || error.kind == .cellCount else { throw error }
                repairs.unreadableRowCount += 1
            }
        }
    }
}

extension WISDMLine {
    var key: WISDMSection.Key { WISDMSection.Key(subject: subject, activity: activity) }
}
