/// A column that has what another lacks: the milliseconds beside a clock to the second, the minutes beside hours.
struct TimePart: Equatable {
    let column: Int
    let unit: TimeUnit
    /// Its numbers stay below it: a unit of the other column has as many of this one.
    let limit: Double
}

extension TimeCandidate {
    /// The time that a column of a coarse unit and those of its parts have together; nil where no two are such. A part begins
    /// anew just where the coarser column goes on; one of which the first rows do not show that has a unit by its name, and
    /// stays below the coarser one.
    init?(together candidates: [TimeCandidate], names: [String]) {
        var units: [Int: TimeUnit] = [:]
        for candidate in candidates where candidate.format == nil {
            let word = names[candidate.column].lowercased().split { !$0.isLetter && !$0.isNumber }.last
            units[candidate.column] = word.flatMap { TimeUnit(spelled: String($0)) }
        }
        func size(_ candidate: TimeCandidate) -> Double {
            candidate.format.map { $0.isMinutes || $0.clockFieldCount != 2 ? 1 : 60 }
                ?? (units[candidate.column] ?? .seconds).seconds(1)
        }
        let parts = candidates.filter { candidate in
            units[candidate.column].map { [.days, .hours].contains($0) } == false
        }
        guard var whole = parts.min(by: { size($0) < size($1) }) else { return nil }
        var found: [TimePart] = []
        while let unit = units[whole.column] {
            let coarser = candidates.filter { other in
                !other.isDateOnly && size(other) > size(whole)
                    && TimeCandidate.fits(
                        whole.times, in: other, ofUnit: size(other), limit: (size(other) / size(whole)).rounded(),
                        isNamed: other.format != nil || units[other.column] != nil, mayStand: !found.isEmpty)
            }
            guard let next = coarser.min(by: { size($0) < size($1) }) else { break }
            found.append(TimePart(column: whole.column, unit: unit, limit: (size(next) / size(whole)).rounded()))
            whole = next
        }
        guard !found.isEmpty else { return nil }
        let columns = found.map { part in (part, candidates.first { $0.column == part.column }!) }
        self = whole
        self.parts = found
        if format == nil { wholeUnit = units[column] ?? .seconds }
        times = times.indices.map { row in
            columns.reduce(times[row].map { wholeUnit?.seconds($0) ?? $0 }) { sum, part in
                sum.flatMap { sum in part.1.times[row].map { sum + part.0.unit.seconds($0) } }
            }
        }
    }

    /// The numbers are parts of the units of a coarser column.
    private static func fits(
        _ fine: [Double?], in coarse: TimeCandidate, ofUnit unit: Double, limit: Double, isNamed: Bool,
        mayStand: Bool
    ) -> Bool {
        let rows = zip(coarse.times, fine).compactMap { coarse, fine in coarse.flatMap { c in fine.map { (c, $0) } } }
        let step = coarse.format == nil ? 1 : unit
        guard rows.count * 10 >= fine.count * 9,
            rows.allSatisfy({ 0 <= $1 && $1 < limit && ($0 / step).rounded() == $0 / step })
        else { return false }
        var (bothCount, oneCount, isMoving) = (0, 0, false)
        for (row, next) in zip(rows, rows.dropFirst()) {
            let (goesOn, beginsAnew) = (next.0 != row.0, next.1 < row.1)
            if goesOn, beginsAnew { bothCount += 1 } else if goesOn || beginsAnew { oneCount += 1 }
            isMoving = isMoving || next.1 != row.1
        }
        let isDate = rows.first.map { (5e8..<4_102_444_800).contains($0.0) } ?? false
        return (isMoving || mayStand) && oneCount * 9 <= bothCount && (bothCount > 0 || isNamed || isDate)
    }
}
