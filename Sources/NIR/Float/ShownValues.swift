extension FloatNetwork {
    /// What the Outputs show after the latest tick; of a batch, window after window.
    public var shownValues: [Scalar] { windowByWindow(schedule.outputNames.map { values[$0]! }) }

    /// The membranes of the neurons that the Outputs show, as the latest tick left them; values where they show no neurons.
    public var shownMembranes: [Scalar] {
        let shown = schedule.outputNames.map { name -> [Scalar] in
            var shown = name
            while membranes[shown] == nil, let source = graph.inputs(of: shown).first, shown == name || isFlatten(shown)
            {
                shown = source
            }
            return membranes[shown] ?? values[name]!
        }
        return windowByWindow(shown)
    }

    /// Several arrays of a batch as one, of each window what all of them have.
    private func windowByWindow(_ arrays: [[Scalar]]) -> [Scalar] {
        (0..<(batch ?? 1)).flatMap { window in
            arrays.flatMap { array -> ArraySlice<Scalar> in
                let count = array.count / (batch ?? 1)
                return array[window * count..<(window + 1) * count]
            }
        }
    }

    private func isFlatten(_ name: String) -> Bool {
        if case .flatten? = graph.nodes[name] { true } else { false }
    }
}

extension Schedule {
    /// Shape of a frame: that of the one Input, or the elements of several one behind the other.
    public var frameShape: [Int] {
        let shapes = inputNames.map { self.shapes[$0]! }
        return shapes.count == 1 ? shapes[0] : [shapes.reduce(0) { $0 + $1.reduce(1, *) }]
    }
}
