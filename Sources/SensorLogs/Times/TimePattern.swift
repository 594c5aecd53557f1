/// A pattern of dates and clocks as people write one: `dd/mm/yyyy hh:mm:ss`, `MM-DD-YYYY`, `mm:ss.s`. It settles what cells leave
/// open: which of two fields is the day, and whether a clock of two fields has hours.
public struct TimePattern: Equatable, Sendable {
    let order: DateOrder?
    let isMinutes: Bool?
    /// Hours, minutes and seconds stand together.
    let isCompactClock: Bool

    /// The pattern that stands anywhere in a text; nil where there is none.
    public init?(_ text: String) {
        let words = text.lowercased().split { !$0.isLetter }.filter { $0 != "t" }
        // The letter of which a field consists.
        let fields = words.map { word in word.allSatisfy { $0 == word.first } ? word.first! : " " }
        func contains(_ letters: String, lengths: [ClosedRange<Int>]) -> Bool {
            fields.indices.contains { start in
                fields[start...].starts(with: letters)
                    && zip(words[start...], lengths).allSatisfy { $1.contains($0.count) }
            }
        }
        let (few, year) = (1...2, 2...4)
        order =
            contains("dmy", lengths: [few, few, year])
            ? .dayFirst
            : contains("mdy", lengths: [few, few, year])
                ? .monthFirst : contains("ymd", lengths: [year, few, few]) ? .yearFirst : nil
        isMinutes =
            contains("hm", lengths: [few, 2...2]) ? false : contains("ms", lengths: [2...2, 2...2]) ? true : nil
        isCompactClock = words.contains { $0.hasPrefix("hhmmss") }
        if order == nil, isMinutes == nil, !isCompactClock { return nil }
    }
}
