// Bytes and numbers as messages show them. None of it is on the parsing path.

/// The first 40 printable characters of what was found, in quotes; other bytes as \xNN.
func shown(_ bytes: Span<UInt8>) -> String {
    var text = ""
    var count = 0
    let whole = string(bytes).map { Array($0.unicodeScalars) }
    let scalars = whole ?? bytes.indices.map { Unicode.Scalar(bytes[$0]) }
    for scalar in scalars {
        guard count < 40 else { return "\"\(text)…\"" }
        let plain = scalar.value >= 0x20 && scalar.value < 0x7F
        if plain || (whole != nil && scalar.value >= 0xA0 && isVisible(scalar)) {
            text.unicodeScalars.append(scalar)
            count += 1
        } else {
            let hex = String(scalar.value, radix: 16, uppercase: true)
            text += scalar.value < 0x100 ? "\\x" + (hex.count < 2 ? "0" : "") + hex : "\\u{\(hex)}"
            count += 4
        }
    }
    return "\"\(text)\""
}

/// Letters, numbers, signs and symbols; nothing that moves or hides what stands around it.
private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber,
        .otherNumber, .dashPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol, .modifierSymbol:
        true
    default: false
    }
}

/// The bytes as a string, or nil where they are not UTF-8.
func string(_ bytes: Span<UInt8>) -> String? {
    bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
}

/// With a capital in front.
func capitalized(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

/// About four significant digits: 104.2, 12.3, 0.0096.
func short(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return "\(number)" }
    var unit = 1e-3
    while abs(number) >= 1e4 * unit, unit < 1 { unit *= 10 }
    while abs(number) < 1e3 * unit, unit > 1e-12 { unit /= 10 }
    let digits = (number / unit).rounded()
    let rounded = unit < 1 ? digits / (1 / unit).rounded() : digits
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// `1 row`, `3 rows`.
func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

/// A number as a log would have it: 1657630877339 rather than 1657630877339.0.
func plain(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
}
