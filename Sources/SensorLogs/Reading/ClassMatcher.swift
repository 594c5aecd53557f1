/// The names of a log's labels as the model's classes have them.
struct ClassMatcher {
    private let classes: [String]
    /// By the label as written.
    private let map: [String: String]
    /// By the label without what does not matter.
    private let loose: [String: String]

    /// - Parameter map: label -> class. Refused: a class that the model does not have, and a label that has two.
    init(classes: [String], map: [(label: String, name: String)]) throws(LogError) {
        self.classes = classes
        var loose = ClassMatcher.unambiguous(classes)
        var exact: [String: String] = [:]
        for (label, name) in map {
            guard let meant = classes.first(where: { $0 == name }) ?? loose[ClassMatcher.letters(name)] else {
                let isTurned = classes.contains(label) || loose[ClassMatcher.letters(label)] != nil
                throw LogError(
                    .request, file: "label map",
                    "\"\(name)\", to which \"\(label)\" is mapped, is no class of the model",
                    hint: (isTurned ? "the log's label comes first, then the class; " : "")
                        + "its classes: \(classes.joined(separator: ", "))")
            }
            if let other = exact[label], other != meant {
                throw LogError(.request, file: "label map", "\"\(label)\" is mapped to both \(other) and \(meant)")
            }
            exact[label] = meant
        }
        for (letters, alike) in Dictionary(grouping: exact, by: { ClassMatcher.letters($0.key) }) where !letters.isEmpty
        {
            let meant = Set(alike.map(\.value))
            loose[letters] = meant.count == 1 ? meant.first : nil
        }
        (self.map, self.loose) = (exact, loose)
    }

    /// The class that a label was mapped to or that it spells, case, blanks, underscores and hyphens aside; else the label.
    func name(_ label: String) -> String {
        if let mapped = map[label] { return mapped }
        if classes.contains(label) { return label }
        return loose[ClassMatcher.letters(label)] ?? label
    }

    /// A label was mapped, as it stands.
    func isMapped(_ label: String) -> Bool { map[label] != nil }

    /// Classes by their letters, but for those that two share.
    private static func unambiguous(_ classes: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for (letters, names) in Dictionary(grouping: classes, by: letters) where names.count == 1 && !letters.isEmpty {
            found[letters] = names[0]
        }
        return found
    }

    private static func letters(_ name: String) -> String { name.lowercased().filter { !" _-".contains($0) } }
}
