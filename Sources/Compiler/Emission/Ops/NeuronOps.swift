import SNNRuntime

/// A lif op is a population of leaky neurons, with a synaptic current or without, that fire or show their membranes.
struct LIFOp: OpParameters {
    let variant: LIF.Variant
    var reset = LIF.Reset.none
    /// Neurons fire where U = θ too.
    var firesAtThreshold = false
    /// Width of the state: 16 or 32.
    let stateBits: Int
    var fractionBits = 0
    var refractoryTicks = 0
    /// Decays of membrane and synaptic current, in Q15.
    let decay: Parameter
    var synapticDecay = Parameter.absent
    var threshold = Parameter.absent
    var bias = Parameter.absent
    /// Of thresholds that adapt: the decay of what spikes have added, in Q15, and what a tick's spikes add.
    var thresholdDecay = Parameter.absent
    var thresholdStep = Parameter.absent
    /// Elements of an array; 0 for one for each neuron.
    var period = 0

    var kind: OpKind { .lif }
    var blockByteCount: UInt32 { LIF.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(variant.rawValue, at: LIF.Block.variant)
        block.put(reset.rawValue, at: LIF.Block.reset)
        block.put(flag: firesAtThreshold, at: LIF.Block.comparison)
        block.put(UInt8(stateBits), at: LIF.Block.stateWidth)
        block.put(UInt8(fractionBits), at: LIF.Block.fractionBits)
        block.put(UInt16(refractoryTicks), at: LIF.Block.refractoryTicks)
        block.put(decay, at: LIF.Block.decay, elements: .two, flag: 0)
        block.put(synapticDecay, at: LIF.Block.synapticDecay, elements: .two, flag: 1)
        block.put(threshold, at: LIF.Block.threshold, elements: stateBits == 16 ? .two : .four, flag: 2)
        block.put(bias, at: LIF.Block.bias, elements: .four, flag: 3)
        block.put(thresholdDecay, at: LIF.Block.thresholdDecay, elements: .two, flag: 4)
        block.put(thresholdStep, at: LIF.Block.thresholdStep, elements: stateBits == 16 ? .two : .four, flag: 5)
        block.put(UInt32(period), at: LIF.Block.period)
        block.putFlags(at: LIF.Block.arrayFlags)
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
    var blockByteCount: UInt32 { Activation.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(function.rawValue, at: Activation.Block.function)
        block.put(UInt8(shift), at: Activation.Block.shift)
        block.put(multiplier, at: Activation.Block.multiplier, elements: .four, flag: 0)
        block.put(bias, at: Activation.Block.bias, elements: .four, flag: 1)
        block.put(Int16(low), at: Activation.Block.lowerBound)
        block.put(Int16(high), at: Activation.Block.upperBound)
        block.put(UInt32(period), at: Activation.Block.period)
        block.putFlags(at: Activation.Block.arrayFlags)
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
    /// Elements of an array; 0 for one for each neuron.
    var period = 0

    var kind: OpKind { .loihi }
    var blockByteCount: UInt32 { Loihi.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(flag: firesAtThreshold, at: Loihi.Block.comparison)
        block.put(Int8(exponent), at: Loihi.Block.weightExponent)
        block.put(currentDecay, at: Loihi.Block.currentDecay, elements: .two, flag: 0)
        block.put(voltageDecay, at: Loihi.Block.voltageDecay, elements: .two, flag: 1)
        block.put(threshold, at: Loihi.Block.threshold, elements: .four, flag: 2)
        block.put(bias, at: Loihi.Block.bias, elements: .four, flag: 3)
        block.put(UInt32(period), at: Loihi.Block.period)
        block.putFlags(at: Loihi.Block.arrayFlags)
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
    var blockByteCount: UInt32 { Xylo.Block.byteCount }

    func write(to block: inout BlockWriter) {
        block.put(membraneDash, at: Xylo.Block.membraneDash, elements: .two, flag: 0)
        block.put(synapticDash, at: Xylo.Block.synapticDash, elements: .two, flag: 1)
        block.put(threshold, at: Xylo.Block.threshold, elements: .two, flag: 2)
        block.put(bias, at: Xylo.Block.bias, elements: .four, flag: 3)
        block.putFlags(at: Xylo.Block.flags)
    }
}
