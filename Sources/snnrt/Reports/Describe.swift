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
        case .sparse: "sparse"
        case .delay: "delay"
        case .convolution: "convolution"
        case .pool: "pool"
        case .activation: "activation"
        case .loihi: "loihi"
        case .xylo: "xylo"
        case .recurrence: "recurrence"
        case nil: "?"
        }
    }

    /// The parameters in a few words.
    func details(_ model: Model) -> String {
        switch self {
        case .input(let op): return "raw sample to \(op.target.bits) bits, shift \(op.shift)"
        case .projection(let op):
            let matrix = "\(op.groupOutputCount)x\(op.groupInputCount) \(op.encoding.name)"
            let groups = op.groupCount > 1 ? " for \(op.groupCount) groups" : ""
            return matrix + groups + op.synapses.joinDetails
        case .sparse(let op):
            let delays = op.delayCount > 1 ? ", delays of 0 to \(op.delayCount - 1) ticks" : ""
            return "\(op.synapses.encoding.name) with explicit targets\(delays)\(op.synapses.joinDetails)"
        case .convolution(let op):
            let groups = op.groupCount > 1 ? " in \(op.groupCount) groups" : ""
            return
                "\(op.shape(model.base).words), \(op.encoding.name) to \(op.outputChannels) channels\(groups)\(op.synapses.joinDetails)"
        case .delay(let op):
            return op.isPerElement ? "up to \(op.depth - 1) ticks, per element" : "\(op.depth - 1) ticks at most"
        case .pool(let op):
            let function = op.function == .sum ? "sum, times \(op.multiplier) >> \(op.shift)" : "maximum"
            return "\(op.shape(model.base).words), \(function)"
        case .activation(let op):
            switch op.function {
            case .clip: return "limited to \(op.lowerBound) ... \(op.upperBound), >> \(op.shift)"
            case .tanh: return "tanh, >> \(op.shift)"
            case .sigmoid: return "sigmoid, >> \(op.shift)"
            }
        case .loihi(let op):
            let exponent = op.weightExponent == 0 ? "" : ", weights times 2^\(op.weightExponent)"
            return "24-bit current and voltage\(op.firesAtThreshold ? ", fires at the threshold" : "")\(exponent)"
        case .xylo(let op):
            let currents = op.currentCount == 1 ? "1 synaptic current" : "\(op.currentCount) synaptic currents"
            return "\(currents) a neuron\(op.hasAliases ? ", aliases" : "")"
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
            return
                "\(model), \(op.isWide ? 32 : 16)-bit state, \(op.fractionBits) fraction bits\(comparison)\(reset)\(refractory)"
        case .memory(let op):
            return "order \(op.order), \(op.encoding.name), A >> \(op.aShift), B >> \(op.bShift)"
        case .recurrence(let op):
            let poles = "\(op.poleCount) \(op.isComplex ? "complex" : "real") pole\(op.poleCount > 1 ? "s" : "")"
            let substeps = op.substeps > 1 ? ", \(op.substeps) substeps" : ""
            return "order \(op.order), \(poles)\(substeps), \(op.segmentCount) segment\(op.segmentCount > 1 ? "s" : "")"
        case .readout(let op):
            let integration: String =
                switch op.integration {
                case .sum: "sum"
                case .lastValue: "last value"
                case .leakySum: "leaky sum"
                }
            let evidence =
                op.entryCount > 1
                ? ", \(op.entryCount) together\(op.isEarly ? " as far as there are" : "")"
                : op.evidenceDecay > 0 ? ", evidence decays by \(fixed(Double(op.evidenceDecay) / 32768, 3))" : ""
            return "\(integration) over \(op.hop) ticks\(op.resetsNetwork ? ", then reset" : "")\(evidence)"
        }
    }
}

extension Spatial {
    /// "34x34x2 by 5x5, stride 2x2, padding 1 1 1 1"
    fileprivate var words: String {
        let strides = strideY * strideX > 1 ? ", stride \(strideY)x\(strideX)" : ""
        let padding = above + below + left + right > 0 ? ", padding \(above) \(below) \(left) \(right)" : ""
        let dilation = dilationY * dilationX > 1 ? ", dilation \(dilationY)x\(dilationX)" : ""
        return "\(height)x\(width)x\(channels) by \(kernelHeight)x\(kernelWidth)\(strides)\(padding)\(dilation)"
    }
}

extension Synapses {
    /// How the sums join their current, behind other details.
    fileprivate var joinDetails: String {
        switch join {
        case .add: ""
        case .leftShift: ", joined << \(joinShift)"
        case .rightShift: ", joined >> \(joinShift)"
        case .multiplier: ", joined by multipliers >> \(joinShift)"
        }
    }
}
