import SNNRuntime

// Words for the parts of a program, shared by inspect and budget.

extension Slot {
    var typeName: String {
        switch kind {
        case .samples: "samples"
        case .current: "current"
        case .spikes: bits == 1 ? "spikes" : "spikes\(bits)"
        case .analog: "analog\(bits)"
        }
    }
}

extension Encoding {
    var name: String {
        switch self {
        case .binary: "binary"
        case .ternary: "ternary"
        case .int4: "int4"
        case .int8: "int8"
        case .int16: "int16"
        }
    }
}

extension Op {
    func kindName(_ kind: OpKind?) -> String {
        switch kind {
        case .input: "input"
        case .dense: "dense"
        case .block: "block"
        case .lif: "lif"
        case .memory: "memory"
        case .readout: "readout"
        case nil: "?"
        }
    }

    /// The parameters in a few words.
    var details: String {
        switch self {
        case .input(let op): return "raw sample to \(op.target.bits) bits, shift \(op.shift)"
        case .projection(let op):
            let matrix = "\(op.groupOutputCount)x\(op.groupInputCount) \(op.encoding.name)"
            let groups = op.groupCount > 1 ? " for \(op.groupCount) groups" : ""
            let join: String =
                switch op.join {
                case .add: ""
                case .leftShift: ", joined << \(op.joinShift)"
                case .rightShift: ", joined >> \(op.joinShift)"
                case .multiplier: ", joined by multipliers >> \(op.joinShift)"
                }
            return matrix + groups + join
        case .lif(let op):
            let model: String =
                switch op.model {
                case .lif: "LIF"
                case .cubaLIF: "CuBa-LIF"
                case .li: "LI"
                case .cubaLI: "CuBa-LI"
                case .alif: "ALIF"
                case .cubaALIF: "CuBa-ALIF"
                }
            let reset: String =
                switch op.reset {
                case .none: ""
                case .subtractNextTick: ", reset subtracts in the next tick"
                case .zeroNextTick: ", reset to zero in the next tick"
                case .subtractSameTick: ", reset subtracts in the same tick"
                case .zeroSameTick: ", reset to zero in the same tick"
                }
            let comparison = op.firesAtThreshold ? ", fires at the threshold" : ""
            let refractory = op.refractoryTicks > 0 ? ", refractory for \(op.refractoryTicks) ticks" : ""
            return "\(model), \(op.isWide ? 32 : 16)-bit state, \(op.fractionBits) fraction bits\(comparison)\(reset)\(refractory)"
        case .memory(let op):
            return "order \(op.order), \(op.encoding.name), A >> \(op.aShift), B >> \(op.bShift)"
        case .readout(let op):
            let integration: String =
                switch op.integration {
                case .sum: "sum"
                case .lastValue: "last value"
                case .leakySum: "leaky sum"
                }
            let evidence =
                op.entryCount > 1 ? ", \(op.entryCount) together\(op.isEarly ? " as far as there are" : "")"
                : op.evidenceDecay > 0 ? ", evidence decays by \(fixed(Double(op.evidenceDecay) / 32768, 3))" : ""
            return "\(integration) over \(op.hop) ticks\(op.resetsNetwork ? ", then reset" : "")\(evidence)"
        }
    }
}
