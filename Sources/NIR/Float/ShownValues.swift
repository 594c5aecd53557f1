extension FloatNetwork {
    /// What the Outputs show after the latest tick.
    public var shownValues: [Scalar] { schedule.outputNames.flatMap { values[$0]! } }

    /// The membranes of the neurons that the Outputs show, as the latest tick left them; values where they show no neurons.
    public var shownMembranes: [Scalar] {
        schedule.outputNames.flatMap { name -> [Scalar] in
            var shown = name
            while membranes[shown] == nil, let source = graph.inputs(of: shown).first, shown == name || isFlatten(shown)
            {
                shown = source
            }
            return membranes[shown] ?? values[name]!
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
