/// The name that the C files, symbols and macros of an exported model have.
struct ExportName {
    /// "wisdm_small_w4": of the files and symbols.
    let text: String
    /// "WISDM_SMALL_W4": of the macros.
    var macro: String { text.uppercased() }

    /// Headers that a program includes, which a model's header must not stand in front of; the first is this
    /// library's own.
    private static let headers: Set<String> = [
        "snnrt", "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale",
        "math", "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib",
        "stdnoreturn", "string", "strings", "tgmath", "threads", "time", "uchar", "unistd", "wchar", "wctype",
    ]

    /// The name of a model file without its ending, in small letters; what C does not allow in a name becomes an
    /// underscore. Refused where nothing is left, or a header of C has that name.
    init(modelPath: String) throws {
        let name = cIdentifiers([stem(ofPath: modelPath)])[0].lowercased()
        let text = name.first!.isNumber ? "model_" + name : name
        if name == "unnamed" || ExportName.headers.contains(text) {
            throw Failure(
                code: .usage,
                message: "\(modelPath): its name makes no name for C files\n  hint: choose one, e.g. --name activity")
        }
        self.text = text
    }

    /// A name that a user chose; nil unless it is one of C, of at most 48 characters, that no header of C has.
    init?(chosen: String) {
        let isName = chosen.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
        guard isName, let first = chosen.first, first.isLetter, chosen.count <= 48,
            !ExportName.headers.contains(chosen.lowercased())
        else { return nil }
        text = chosen
    }
}
