import NIR

/// A neuron model is a population's discrete neurons, all figures per neuron: v = keep·v + gain·x with x through a synaptic
/// current where `currentKeep` is not empty; spikes where v > threshold. Memories and activations have no more of it than gain
/// (1) and drive (0).
struct NeuronModel {
    enum Kind {
        case neurons
        case memory(MemoryNode)
        case activation(ActivationNode)
    }

    var kind = Kind.neurons
    var keep: [Double]
    var gain: [Double]
    var currentKeep: [Double]
    /// Empty where the neurons do not fire.
    var threshold: [Double]
    /// Of thresholds that adapt: what a tick leaves of what spikes have added, and what a tick's spikes add. Else empty.
    var thresholdKeep: [Double] = []
    var thresholdStep: [Double] = []
    var reset: Dialect.Reset
    var resetDelay: Dialect.ResetDelay
    /// Constant drive: gain is not applied to it.
    var drive: [Double]
    /// The voltage that v = 0 stands for, which is v_reset for neurons that fire, else where membranes start.
    var origin: [Double] = []
    /// v before the first tick.
    var start: [Double] = []
    /// Neurons spike where v = threshold too.
    var firesAtThreshold = false
    var spikeBits: UInt8 = 1
    var refractoryTicks = 0

    var fires: Bool { !threshold.isEmpty }
    /// The greatest number of spikes in a tick.
    var spikeLimit: Double { Double(1 << Int(spikeBits) - 1) }
    var isActivation: Bool { if case .activation = kind { true } else { false } }
    /// Each row may have a grid of its own, since what it gives is in units that do not depend on it.
    var hasRowGrids: Bool { fires || isActivation }

    /// Rows that forget and do not fire: v = x.
    init(_ kind: Kind, count: Int) {
        self.kind = kind
        (keep, drive, gain) = (
            Array(repeating: 0, count: count), Array(repeating: 0, count: count), Array(repeating: 1, count: count)
        )
        (currentKeep, threshold, reset, resetDelay) = ([], [], .zero, .same)
    }

    /// The greater of a threshold and of what spikes add to it.
    func greatestThreshold(_ row: Int) -> Double { max(threshold[row], thresholdStep.isEmpty ? 0 : thresholdStep[row]) }

    /// How far inputs of at most 1 a tick drive what a row adds up to over `window` ticks.
    func accumulation(_ row: Int, over window: Double) -> Double {
        switch kind {
        case .activation: return 1
        case .memory(let memory): return memory.gain(over: window)
        case .neurons:
            let current = currentKeep.isEmpty ? 1 : min(window, 1 / max(1e-9, 1 - currentKeep[row]))
            return current * (fires ? 1 : min(window, 1 / max(1e-9, 1 - keep[row])))
        }
    }
}

extension NeuronModel {
    /// A NIR neuron in a dialect.
    ///
    /// - Throws: a parameter or a reset that integers do not have, named as a field of node `name`.
    init(_ neuron: Neuron, _ count: Int, _ name: String, _ dialect: Dialect, _ dt: Double) throws(CompileError) {
        let neurons: [Dialect.Neuron]
        do { neurons = try dialect.neurons(neuron, count: count, dt: dt, file: "", name: name) } catch {
            throw CompileError("\(error.place!): \(error.message)")
        }
        keep = neurons.map(\.keep)
        gain = neurons.map { $0.gain * $0.currentGain }
        drive = neurons.map(\.drive)
        currentKeep = neuron.kind.hasSynapses ? neurons.map(\.currentKeep) : []
        if let i = keep.firstIndex(where: { $0 < 0 }) {
            throw CompileError("\(name): tau is \(neuron.tau!.values(for: count)[i]) s, shorter than a tick of \(dt) s")
        }
        if let i = currentKeep.firstIndex(where: { $0 < 0 }) {
            throw CompileError(
                "\(name): tau_syn is \(neuron.tauSynapse!.values(for: count)[i]) s, shorter than a tick of \(dt) s")
        }
        let units = neurons.map(\.unit)
        func row(_ tensor: Tensor?) -> [Double] {
            zip(tensor?.values(for: count) ?? Array(repeating: 0, count: count), units).map { $0 / $1 }
        }
        threshold = neuron.kind.fires ? row(neuron.threshold) : []
        if neuron.kind.adapts {
            thresholdKeep = neurons.map(\.adaptationKeep)
            thresholdStep = neurons.map(\.adaptationStep)
            if let i = thresholdKeep.firstIndex(where: { $0 < 0 }) {
                throw CompileError(
                    "\(name): tau_adaptation is \(neuron.tauAdaptation!.values(for: count)[i]) s, shorter than a tick of \(dt) s"
                )
            }
        }
        if dialect.reset == .inside && neuron.kind.fires {
            throw CompileError(
                "\(name): dialect \(dialect.name) resets inside the tick, by a division that the format has not; --reset subtract does so at its end"
            )
        }
        // From here on v is counted from the origin: v' = v − origin, with what that does to thresholds and drives.
        let starts = dialect.startsAtLeak ? row(neuron.leak) : Array(repeating: 0, count: count)
        origin = neuron.kind.fires ? row(neuron.reset) : starts
        start = zip(starts, origin).map { $0 - $1 }
        threshold = zip(threshold, origin).map { $0 - $1 }
        let leaks = row(neuron.leak)
        for i in 0..<count where origin[i] != 0 {
            drive[i] = drive[i] != 0 && leaks[i] == origin[i] ? 0 : drive[i] - (1 - keep[i]) * origin[i]
        }
        if neuron.kind.fires && dialect.spikeBits > 1 && origin.contains(where: { $0 != 0 }) {
            throw CompileError(
                "\(name): v_reset is not 0 where neurons fire several times a tick, which is at multiples of the threshold from 0; give --spike-bits 1"
            )
        }
        if let i = threshold.firstIndex(where: { $0 < 0 }) {
            throw CompileError(
                "\(name): v_threshold of neuron \(i) is below \(origin[i] == 0 ? "0" : "its v_reset"): it would fire without end"
            )
        }
        (reset, resetDelay) = (dialect.reset, dialect.resetDelay(of: neuron.kind))
        spikeBits = dialect.spikeBits
        firesAtThreshold = neuron.kind.fires && dialect.firesAtThreshold
        // A neuron that pauses is held at zero for a tick.
        if neuron.kind.fires && dialect.pauses(neuron.kind) { (resetDelay, refractoryTicks) = (.same, 1) }
    }
}

extension MemoryNode {
    /// The greatest magnitude an element reaches within `window` ticks of inputs of at most 1: max over i of Σ_t |(A^t·B)_i|.
    func gain(over window: Double) -> Double {
        var (state, sums) = (b.values, b.values.map(abs))
        for _ in 1..<Int(max(1, min(window, 65536))) {
            state = (0..<order).map { i in (0..<order).reduce(0) { $0 + a.values[i * order + $1] * state[$1] } }
            for i in 0..<order { sums[i] += abs(state[i]) }
            let greatest = state.map(abs).max()!
            if !(greatest > 1e-9 * sums.max()!) || greatest > 1e30 { break }
        }
        return max(1, sums.max()!)
    }
}
