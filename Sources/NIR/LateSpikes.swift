extension Graph {
    /// This graph with spikes heard a tick after they are fired, by Delay nodes in front of what reads them; recurrence is late
    /// as it is.
    ///
    /// - Parameters:
    ///   - isInputLate: the input's are late too.
    ///   - dt: seconds per tick.
    ///   - file: for messages.
    /// - Throws: a node that late and timely edges share.
    public func withLateSpikes(
        _ schedule: Schedule, isInputLate: Bool, dt: Double, file: String
    ) throws(NIRError) -> Graph {
        var late = self
        late.lateEdges.formUnion(schedule.recurrent)
        late.edges = []
        for edge in edges {
            let isSource: Bool
            switch nodes[edge.from] {
            case .input: isSource = isInputLate
            case .neuron, .threshold: isSource = true
            default: isSource = false
            }
            let ends = isSource ? recurrentEnds(of: edge, schedule) : []
            if ends.isEmpty || ends == [true] {
                late.edges.append(edge)
                continue
            }
            if ends.count > 1 {
                throw NIRError(
                    file, edge.to, "leads to recurrence and to neurons behind it, which the reference cannot tell apart"
                )
            }
            let name = "\(edge.from) > \(edge.to)"
            late.nodes[name] = .delay(Tensor(shape: [1], values: [dt]))
            late.edges += [Edge(from: edge.from, to: name), Edge(from: name, to: edge.to)]
        }
        return late
    }

    /// Whether the edges into neurons that an edge leads to are recurrent; none where it leads to the output alone.
    private func recurrentEnds(of edge: Edge, _ schedule: Schedule) -> Set<Bool> {
        if schedule.recurrent.contains(edge) { return [true] }
        switch nodes[edge.to] {
        case .neuron, .threshold: return [false]
        default:
            return edges.filter { $0.from == edge.to }.reduce(into: []) {
                $0.formUnion(recurrentEnds(of: $1, schedule))
            }
        }
    }
}
