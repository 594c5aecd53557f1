/// Random damage to a log, of the kinds that files meet: single bytes, stretches that are lost, doubled or swapped, and what
/// readers treat in a way of its own.
struct Mutation {
    private static let tokens: [[UInt8]] =
        [
            "\n", "\r", "\r\n", "\n\n", ",", ";", "\t", " ", "\"", "\"\"", "#", "-", "+", ".", "e", "E+", "1e999",
            "-1e-999", "nan", "inf",
            "9223372036854775807", "-9223372036854775808", "99999999999999999999999999",
            "0.0000000000000000000000000000001", "1e308",
            "-1e308", "2024-02-30T25:61:61Z", "0", "[", "]", "{", "}", "null", "true", "time_s", "accel_x", "label",
            "(g)", "mg", "Ω",
            "\u{FEFF}", "\0", "\u{1F57A}",
        ].map { Array($0.utf8) } + [
            [0xFF], [0xC3], [0xD8, 0], [0, 0xDC], [0xFF, 0xFE], [0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD],
        ]

    var dice: Seeded

    /// The bytes with one to eight faults; never more than four times as many and 64 KiB.
    mutating func callAsFunction(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &dice) {
            if bytes.isEmpty { bytes = Mutation.tokens.randomElement(using: &dice)! }
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            let end = min(bytes.count, place + 1 << Int.random(in: 0...10, using: &dice))
            switch Int.random(in: 0..<9, using: &dice) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4:
                let other = Int.random(in: 0..<bytes.count, using: &dice)
                bytes.insert(contentsOf: bytes[place..<end], at: other)
            case 5: bytes.insert(contentsOf: Mutation.tokens.randomElement(using: &dice)!, at: place)
            case 6:
                let token = Mutation.tokens.randomElement(using: &dice)!
                bytes.replaceSubrange(place..<min(bytes.count, place + token.count), with: token)
            case 7: if Int.random(in: 0..<4, using: &dice) == 0 { bytes.removeSubrange(place...) }
            default:
                let byte = bytes[place]
                for i in place..<end { bytes[i] = byte }
            }
            if bytes.count > 1 << 16 { bytes.removeSubrange((1 << 16)...) }
        }
        return bytes
    }
}
