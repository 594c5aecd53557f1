// Text of C that is safe whatever a model's names hold: identifiers, string literals and comments.

/// The identifiers that stand for the names of a list, each once.
///
/// Letters and digits of ASCII stay, in capitals; a run of anything else becomes one underscore, and a name of which
/// nothing is left becomes UNNAMED. Names that come to one identifier, or to one that is taken, all get their index
/// behind it.
func cIdentifiers(_ names: [String], taken: Set<String> = []) -> [String] {
    let plain = names.map { name in
        let words = name.utf8.split { !isLetterOrDigit($0) }
        let joined = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "_")
        return joined.isEmpty ? "UNNAMED" : joined.uppercased()
    }
    var given = plain
    // A name made longer can meet one that was not: again, until none does. Two that both end in their index never meet,
    // so that this ends.
    while true {
        let counts = given.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let clashing = given.indices.filter { counts[given[$0]]! > 1 || taken.contains(given[$0]) }
        if clashing.isEmpty { return given }
        for i in clashing { given[i] += "_\(i)" }
    }
}

/// Of ASCII, whatever the locale.
func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
    default: false
    }
}

/// A string literal of C with the same bytes. What is no plain ASCII, quotes, backslashes and question marks (of which
/// trigraphs are made) are octal, which ends after three digits whatever follows.
func cLiteral(_ text: UnsafePointer<UInt8>) -> String {
    var literal = "\""
    var byte = text
    while byte.pointee != 0 {
        switch byte.pointee {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"), 0..<32, 127...255:
            let digits = String(byte.pointee, radix: 8)
            literal += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        default: literal.unicodeScalars.append(Unicode.Scalar(byte.pointee))
        }
        byte += 1
    }
    return literal + "\""
}

/// Text that neither ends the comment that it stands in, nor opens another, nor goes on behind its line.
func cComment(_ text: String) -> String {
    var comment = ""
    for scalar in text.unicodeScalars {
        // Controls, and the two separators and nine marks of direction of Unicode, which make source look like what it
        // is not.
        switch scalar.value {
        case 0..<32, 127..<160, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: comment += " "
        default: comment.unicodeScalars.append(scalar)
        }
    }
    return comment.replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("??/", with: "? ?/")
}
