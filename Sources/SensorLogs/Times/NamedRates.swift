/// The rates in hertz that lines before the header name: `Sample rate: 100.0Hz`, `Measurement Frequency,100 Hz`, `at 50 Hz`,
/// `Sampling rate (Hz): 25`. Those of filters and bandwidths are none.
func ratesNamed(in lines: [String]) -> [Double] {
    lines.compactMap { line in
        let text = " " + line.lowercased()
        guard text.contains("hz"), !["filter", "cut", "bandwidth", "range", "pass"].contains(where: text.contains),
            ["rate", "freq", "sampl", " at "].contains(where: text.contains)
        else { return nil }
        let before = text.firstMatch(of: /([0-9]+(?:\.[0-9]+)?)\s*(k?)hz/).map { ($0.1, $0.2) }
        let after = text.firstMatch(of: /hz[^0-9a-z]*([0-9]+(?:\.[0-9]+)?)/).map { ($0.1, Substring()) }
        guard let (number, prefix) = before ?? after, let rate = Double(number), rate > 0 else { return nil }
        return prefix == "k" ? rate * 1000 : rate
    }
}
