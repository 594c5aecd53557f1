import Glibc
import NIR
import SNNRuntime

extension ProgramWriter {
    /// The op of a population's neurons.
    func neuronOp(_ number: Int) -> any OpParameters {
        switch network.populations[number].neuron.kind {
        case .neurons: lif(number)
        case .activation(let activation): self.activation(activation, number)
        case .memory(let memory):
            if let recurrence = quantized.ranges.recurrences[number] {
                self.recurrence(recurrence, number)
            } else {
                self.memory(memory, number)
            }
        }
    }

    private func lif(_ number: Int) -> LIFOp {
        let (neuron, integers) = (network.populations[number].neuron, quantized.populations[number])
        let place = Lowered.Source.population(number)
        let isCuBa = !neuron.currentKeep.isEmpty
        let reset: LIF.Reset =
            switch (neuron.reset == .subtract, neuron.resetDelay == .same) {
            case (true, false): .subtractNextTick
            case (false, false): .zeroNextTick
            case (true, true): .subtractSameTick
            case (false, true): .zeroSameTick
            }
        func q15(_ values: [Double]) -> [Int] { values.map { Int(($0 * 32768).rounded()) } }
        // Channels, or rows of a block, that share their parameters are a period.
        var period = placement.channels[place] ?? 0
        for case .block(let map) in network.populations[number].terms.map(\.map) where period == 0 { period = map.rows }
        let (parameters, arrayPeriod) = Parameter.folded(
            [
                laidOut(q15(neuron.keep), place), isCuBa ? laidOut(q15(neuron.currentKeep), place) : [],
                neuron.fires ? laidOut(integers.threshold, place) : [], laidOut(integers.bias, place),
                laidOut(q15(neuron.thresholdKeep), place), laidOut(integers.thresholdStep, place),
            ], period: period)
        return LIFOp(
            variant: variant(neuron),
            reset: neuron.fires ? reset : .none, firesAtThreshold: neuron.firesAtThreshold,
            stateBits: integers.stateBits, fractionBits: integers.fractionBits,
            refractoryTicks: neuron.refractoryTicks, decay: parameters[0],
            synapticDecay: parameters[1], threshold: parameters[2],
            bias: parameters[3], thresholdDecay: parameters[4], thresholdStep: parameters[5], period: arrayPeriod)
    }

    private func variant(_ neuron: NeuronModel) -> LIF.Variant {
        let isCuBa = !neuron.currentKeep.isEmpty
        if !neuron.fires { return isCuBa ? .cubaLI : .li }
        if !neuron.thresholdKeep.isEmpty { return isCuBa ? .cubaALIF : .alif }
        return isCuBa ? .cubaLIF : .lif
    }

    /// A and B with 16 bits, and as many behind the point as their greatest leave.
    private func memory(_ memory: MemoryNode, _ number: Int) -> MemoryOp {
        let integers = quantized.populations[number]
        func fixedPoint(_ values: [Double]) -> (bits: Int, values: [Int]) {
            let greatest = values.map(abs).max()!
            let bits = greatest > 0 ? max(0, min(30, Int(log2(32767 / greatest).rounded(.down)))) : 15
            return (bits, values.map { Int(($0 * exp2(Double(bits))).rounded()) })
        }
        let (a, b) = (fixedPoint(memory.a.values), fixedPoint(memory.b.values))
        return MemoryOp(
            aShift: a.bits, bShift: b.bits, fractionBits: integers.fractionBits, a: a.values, b: b.values,
            bias: Parameter(integers.bias))
    }

    private func recurrence(_ memory: MemoryRecurrence, _ number: Int) -> RecurrenceOp {
        let (recurrence, integers) = (memory.recurrence, quantized.populations[number])
        let (factors, shift) = recurrence.factors(segments: options.segments)
        return RecurrenceOp(
            segments: options.segments, poleCount: recurrence.poleCount, substeps: recurrence.substeps,
            fractionBits: integers.fractionBits, order: recurrence.order, isComplex: recurrence.isComplex,
            outputShift: shift, factors: factors.map { Int($0) }, limit: 1 << memory.stateBits - 1,
            bias: Parameter(integers.bias))
    }

    /// z = (c + b)·m / 2^s: in units of the output for a clip, of 2^−12 for the others.
    private func activation(_ activation: ActivationNode, _ number: Int) -> ActivationOp {
        let (integers, place) = (quantized.populations[number], Lowered.Source.population(number))
        let unit = quantized.activationUnit(number)
        var (function, step, low, high): (Activation.Function, Double, Int, Int)
        switch activation {
        case .clip(let least, let greatest):
            func bound(_ value: Double) -> Int { Int(max(-32767, min(32767, (value / unit).rounded()))) }
            (function, step, low, high) = (.clip, unit, bound(least), bound(greatest))
        case .tanh: (function, step, low, high) = (.tanh, exp2(-12), 0, 0)
        case .sigmoid: (function, step, low, high) = (.sigmoid, exp2(-12), 0, 0)
        }
        let ratios = integers.scales.map { 1 / ($0 * step) }
        let shift = max(0, min(47, 30 - Int(log2(max(1e-30, ratios.max()!)).rounded(.up))))
        let multipliers = ratios.map { Int(min(Double(Int32.max), ($0 * exp2(Double(shift))).rounded())) }
        let (parameters, period) = Parameter.folded(
            [laidOut(multipliers, place), laidOut(integers.bias, place)], period: placement.channels[place] ?? 0)
        return ActivationOp(
            function: function, shift: shift, multiplier: parameters[0], bias: parameters[1], low: low, high: high,
            period: period)
    }
}
