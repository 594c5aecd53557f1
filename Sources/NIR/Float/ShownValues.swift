extension Graph {
    /// The nodes whose values a frame is, one behind the other: the Inputs in the order of their names.
    public var inputNames: [String] {
        nodes.keys.filter { if case .input = nodes[$0]! { true } else { false } }.sorted()
    }
    /// The nodes whose values are shown, one behind the other: the Outputs in the order of their names.
    public var outputNames: [String] {
        nodes.keys.filter { if case .output = nodes[$0]! { true } else { false } }.sorted()
    }
}

extension FloatNetwork {
    /// What the Outputs show after the latest tick.
    public var shownValues: [Scalar] { graph.outputNames.flatMap { values[$0] ?? [] } }

    /// The membranes of the neurons that the Outputs show, as the latest tick left them; values where they show no neurons.
    public var shownMembranes: [Scalar] {
        graph.outputNames.flatMap { name -> [Scalar] in
            var shown = name
            while membranes[shown] == nil, let source = graph.inputs(of: shown).first, shown == name || isFlatten(shown) {
                shown = source
            }
            return membranes[shown] ?? values[name] ?? []
        }
    }

    private func isFlatten(_ name: String) -> Bool {
        if case .flatten? = graph.nodes[name] { true } else { false }
    }
}
