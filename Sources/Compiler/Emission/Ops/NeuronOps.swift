import SNNRuntime

/// A lif op is a population of leaky neurons, with a synaptic current or without, that fire or show their membranes.
struct LIFOp: OpParameters {
    let model: LIF.Model
    var reset = LIF.Reset.none
    /// Neurons fire where U = θ too.
    var firesAtThreshold = false
    /// Width of the state: 16 or 32.
    let stateBits: Int
    var fractionBits = 0
    var refractoryTicks = 0
    /// Decays of membrane and synaptic current, in Q15.
    let beta: Parameter
    var alpha = Parameter.absent
    var theta = Parameter.absent
    var bias = Parameter.absent
    /// Elements of an array; 0 for one for each neuron.
    var period = 0

    var kind: OpKind { .lif }
    var blockByteCount: UInt32 { Offsets.LIF.byteCount + (period > 0 ? 4 : 0) }

    func write(to block: inout BlockWriter) {
        block.put(model.rawValue, at: Offsets.LIF.model)
        block.put(reset.rawValue, at: Offsets.LIF.reset)
        block.put(flag: firesAtThreshold, at: Offsets.LIF.comparison)
        block.put(UInt8(stateBits), at: Offsets.LIF.width)
        block.put(UInt8(fractionBits), at: Offsets.LIF.fractionBits)
        block.put(UInt16(refractoryTicks), at: Offsets.LIF.refractoryTicks)
        block.put(beta, at: Offsets.LIF.beta, elements: .two, flag: 0)
        block.put(alpha, at: Offsets.LIF.alpha, elements: .two, flag: 1)
        block.put(theta, at: Offsets.LIF.theta, elements: stateBits == 16 ? .two : .four, flag: 2)
        block.put(bias, at: Offsets.LIF.bias, elements: .four, flag: 3)
        block.put(block.arrayFlags | (period > 0 ? Offsets.LIF.periodFlag : 0), at: Offsets.LIF.arrayFlags)
        if period > 0 { block.put(UInt32(period), at: Offsets.LIF.period) }
    }
}

/// An activation op is a population without spikes: a function of z = rnd( (c + bias)·multiplier, shift ).
struct ActivationOp: OpParameters {
    let function: Activation.Function
    let shift: Int
    let multiplier: Parameter
    let bias: Parameter
    /// Bounds of a clip.
    var low = 0
    var high = 0
    /// Elements of an array; 0 for one for each neuron.
    var period = 0

    var kind: OpKind { .activation }
    var blockByteCount: UInt32 { Offsets.Activation.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(function.rawValue, at: Offsets.Activation.function)
        block.put(UInt8(shift), at: Offsets.Activation.shift)
        block.put(multiplier, at: Offsets.Activation.multiplier, elements: .four, flag: 0)
        block.put(bias, at: Offsets.Activation.bias, elements: .four, flag: 1)
        block.put(Int16(low), at: Offsets.Activation.low)
        block.put(Int16(high), at: Offsets.Activation.high)
        block.put(
            block.arrayFlags | (period > 0 ? Offsets.Activation.periodFlag : 0), at: Offsets.Activation.arrayFlags)
        block.put(UInt32(period), at: Offsets.Activation.period)
    }
}

/// A loihi op is a population of Loihi's neurons.
struct LoihiOp: OpParameters {
    /// Neurons fire where v = θ too.
    var firesAtThreshold = false
    /// Exponent of the weights.
    var exponent = 0
    /// Decays of current and voltage, 0 … 4096.
    let currentDecay: Parameter
    let voltageDecay: Parameter
    let threshold: Parameter
    let bias: Parameter

    var kind: OpKind { .loihi }
    var blockByteCount: UInt32 { Offsets.Loihi.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(flag: firesAtThreshold, at: Offsets.Loihi.comparison)
        block.put(Int8(exponent), at: Offsets.Loihi.exponent)
        block.put(currentDecay, at: Offsets.Loihi.currentDecay, elements: .two, flag: 0)
        block.put(voltageDecay, at: Offsets.Loihi.voltageDecay, elements: .two, flag: 1)
        block.put(threshold, at: Offsets.Loihi.threshold, elements: .four, flag: 2)
        block.put(bias, at: Offsets.Loihi.bias, elements: .four, flag: 3)
        block.put(block.arrayFlags, at: Offsets.Loihi.arrayFlags)
    }
}

/// A xylo op is a population of Xylo's neurons.
struct XyloOp: OpParameters {
    /// Decays as powers of two, 0 … 15.
    let membraneDash: Parameter
    let synapticDash: Parameter
    let threshold: Parameter
    let bias: Parameter

    var kind: OpKind { .xylo }
    var blockByteCount: UInt32 { Offsets.Xylo.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(membraneDash, at: Offsets.Xylo.membraneDash, elements: .two, flag: 0)
        block.put(synapticDash, at: Offsets.Xylo.synapticDash, elements: .two, flag: 1)
        block.put(threshold, at: Offsets.Xylo.threshold, elements: .two, flag: 2)
        block.put(bias, at: Offsets.Xylo.bias, elements: .four, flag: 3)
        block.put(block.arrayFlags, at: Offsets.Xylo.arrayFlags)
    }
}
