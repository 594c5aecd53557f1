extension Calibration {
    /// The windows of two halves: every other one of each label.
    var halves: (first: [Int], second: [Int]) {
        var seen: [Int?: Int] = [:]
        return recording.windows.indices.reduce(into: (first: [], second: [])) { halves, number in
            let label = recording.windows[number].label
            if seen[label, default: 0] % 2 == 0 { halves.first.append(number) } else { halves.second.append(number) }
            seen[label, default: 0] += 1
        }
    }
}
