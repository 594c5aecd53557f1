import SNNRuntime

// Words for the parts of a program, shared by inspect and budget.

extension Slot {
    var typeName: String {
        switch kind {
        case .samples: "samples"
        case .current: "current"
        case .spikes: bits == 1 ? "spikes" : "spikes\(bits)"
        case .analog: "analog\(bits)"
        case .synaptic: "synaptic"
        }
    }
}
