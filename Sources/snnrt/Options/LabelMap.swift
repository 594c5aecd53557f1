/// What `--label-map` says: a log's labels and the classes that they stand for.
enum LabelMap {
    /// - Parameter argument: `walking=A,jogging=B`, or the path of a file with a label and a class on each line, separated by
    ///   a comma, a semicolon, a tab or `=`; blank lines and lines that begin with # are passed over, and a first line
    ///   `label,class`.
    static func read(_ argument: String) throws -> [(label: String, name: String)] {
        if isFolder(argument) != nil { return try file(argument) }
        return try argument.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let pair = pair(String(part), separators: "=") else {
                throw Failure(
                    code: .usage,
                    message: "--label-map \(argument): no such file, and no label=class, e.g. --label-map walk=walking")
            }
            return pair
        }
    }

    private static func file(_ path: String) throws -> [(label: String, name: String)] {
        guard let bytes = contents(of: path, limit: 1 << 20 + 1), bytes.count <= 1 << 20,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Failure(code: .usage, message: "--label-map \(path): cannot be read as text of up to a megabyte")
        }
        var pairs: [(label: String, name: String)] = []
        var hasBegun = false
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let pair = pair(line, separators: "\t,;=") else {
                throw Failure(
                    code: .usage,
                    message: "--label-map \(path):\(number + 1): expected a label and a class, e.g. walk,walking")
            }
            let isHeader = !hasBegun && pair.name.lowercased() == "class"
            hasBegun = true
            if !isHeader { pairs.append(pair) }
        }
        return pairs
    }

    /// The two sides of the first of the separators that the line has, without blanks and quotes around them.
    private static func pair(_ line: String, separators: String) -> (label: String, name: String)? {
        for separator in separators where line.contains(separator) {
            let sides = sides(line, separator)
            return sides.count == 2 && !sides[1].isEmpty && !sides[0].isEmpty ? (sides[0], sides[1]) : nil
        }
        return nil
    }

    private static func sides(_ line: String, _ separator: Character) -> [String] {
        var sides = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == separator, !isQuoted {
                sides.append("")
            } else {
                sides[sides.count - 1].append(character)
            }
        }
        return sides.map { trimmed($0) }
    }
}
