/// A cell holds the neurons of one node in a dialect, in floating point, once for each window of a batch. Terms are added in the
/// order in which the frameworks add them, so that 32 bits round as theirs do.
struct NeuronCell<Scalar: BinaryFloatingPoint> {
    private let kind: Neuron.Kind
    private let dialect: Dialect
    private let resetDelay: Dialect.ResetDelay
    private let pauses: Bool
    /// The greatest number of spikes in a tick.
    private let spikeLimit: Scalar
    private var keep: [Scalar] = []
    private var gain: [Scalar] = []
    private var drive: [Scalar] = []
    private var leak: [Scalar] = []
    /// 1 − keep, for steps that draw v toward a drive; gain is R there.
    private var share: [Scalar] = []
    private var threshold: [Scalar] = []
    private var reset: [Scalar] = []
    private var currentKeep: [Scalar] = []
    private var currentGain: [Scalar] = []
    private var currents: [Scalar]
    private var adaptationKeep: [Scalar] = []
    private var adaptationStep: [Scalar] = []
    /// What spikes have added to the thresholds; 0 where they do not adapt.
    private var adaptations: [Scalar]
    private var hasFired: [Bool]
    /// One window runs alone, whose margins are asked for.
    private let isAlone: Bool
    /// How far the membranes lay above their thresholds (with several spikes a tick, the nearest multiple) when those were
    /// looked at, in thresholds.
    private(set) var margins: [Scalar]

    /// - Parameters:
    ///   - count: neurons of the node.
    ///   - batch: windows for which they stand here, one behind the other; nil for one alone.
    init(
        _ neuron: Neuron, count: Int, batch: Int? = nil, _ dialect: Dialect, _ dt: Double, file: String, name: String
    ) throws(NIRError) {
        (kind, self.dialect, resetDelay, pauses) = (
            neuron.kind, dialect, dialect.resetDelay(of: neuron.kind), dialect.pauses(neuron.kind)
        )
        spikeLimit = Scalar(1 << Int(dialect.spikeBits) - 1)
        let windowCount = batch ?? 1
        isAlone = batch == nil
        hasFired = Array(repeating: false, count: count * windowCount)
        currents = Array(repeating: 0, count: count * windowCount)
        (margins, adaptations) = (currents, currents)
        func inEveryWindow<Value>(_ values: [Value]) -> [Value] {
            windowCount == 1 ? values : (0..<windowCount).flatMap { _ in values }
        }
        func row(_ values: Tensor?) -> [Double] {
            inEveryWindow(values?.values(for: count) ?? Array(repeating: 0, count: count))
        }
        let neurons = inEveryWindow(try dialect.neurons(neuron, count: count, dt: dt, file: file, name: name))
        leak = row(neuron.leak).map { Scalar($0) }
        let (thresholds, resets) = (row(neuron.threshold), row(neuron.reset))
        for (i, one) in neurons.enumerated() {
            let isDrawn =
                neuron.kind.leaks && [.difference, .exponential, .exponentialInThresholds].contains(dialect.step)
            share.append(Scalar(1 - one.keep))
            keep.append(Scalar(one.keep))
            drive.append(Scalar(one.drive))
            gain.append(Scalar(isDrawn ? one.gain / (1 - one.keep) : one.gain))
            adaptationKeep.append(Scalar(one.adaptationKeep))
            adaptationStep.append(Scalar(one.adaptationStep))
            threshold.append(Scalar(thresholds[i] / one.unit))
            reset.append(Scalar(resets[i] / one.unit))
            currentKeep.append(Scalar(one.currentKeep))
            currentGain.append(Scalar(one.currentGain))
        }
    }

    /// The membranes before the first tick.
    var start: [Scalar] { dialect.startsAtLeak ? leak : Array(repeating: 0, count: leak.count) }

    /// Spikes, or membranes of neurons that do not fire, of a tick with input `x`; `membranes` are left as the reset left them.
    mutating func tick(_ x: [Scalar], _ membranes: inout [Scalar]) -> [Scalar] {
        var spikes = Array(repeating: Scalar(0), count: x.count)
        let (isLate, isZero) = (resetDelay == .next, dialect.reset == .zero)
        // Arrays of the instance would be looked up, checked and counted anew for each neuron.
        let (keep, gain, leak, drive, share) = (keep, gain, leak, drive, share)
        let (threshold, reset, currentKeep, currentGain) = (threshold, reset, currentKeep, currentGain)
        let (adaptationKeep, adaptationStep) = (adaptationKeep, adaptationStep)
        let (kind, dialect, pauses, spikeLimit, isAlone) = (kind, dialect, pauses, spikeLimit, isAlone)
        precondition([spikes, membranes, currents, adaptations, margins].allSatisfy { $0.count == hasFired.count })
        spikes.withUnsafeMutableBufferPointer { spikes in
            membranes.withUnsafeMutableBufferPointer { membranes in
                currents.withUnsafeMutableBufferPointer { currents in
                    adaptations.withUnsafeMutableBufferPointer { adaptations in
                        margins.withUnsafeMutableBufferPointer { margins in
                            hasFired.withUnsafeMutableBufferPointer { hasFired in
                                for i in x.indices {
                                    var input = x[i]
                                    if kind.hasSynapses {
                                        currents[i] = currentKeep[i] * currents[i] + currentGain[i] * input
                                        input = currents[i]
                                    }
                                    var v = membranes[i]
                                    let resets = isLate && hasFired[i]
                                    if resets && isZero { v = reset[i] }
                                    if resets && pauses {
                                        (membranes[i], hasFired[i]) = (v, false)
                                        continue
                                    }
                                    if !kind.leaks || share[i] == 0 {
                                        v += gain[i] * input
                                    } else {
                                        switch dialect.step {
                                        case .difference: v += share[i] * ((leak[i] - v) + gain[i] * input)
                                        case .exponentialInThresholds: v += (gain[i] * input - v) * share[i]
                                        case .exponential: v = keep[i] * v + share[i] * (gain[i] * input + leak[i])
                                        case .canonical: v = keep[i] * v + gain[i] * input + drive[i]
                                        default: v = keep[i] * v + gain[i] * input
                                        }
                                    }
                                    if resets && dialect.reset == .subtract { v -= threshold[i] - reset[i] }
                                    if kind.fires {
                                        let holdsBack =
                                            dialect.holdsBackAfterSubtraction && !isLate && dialect.reset == .subtract
                                            && membranes[i] > threshold[i]
                                        adaptations[i] *= adaptationKeep[i]
                                        let raised = threshold[i] + adaptations[i]
                                        spikes[i] = NeuronCell.fired(
                                            holdsBack ? v - threshold[i] : v, raised,
                                            atThreshold: dialect.firesAtThreshold, spikeLimit)
                                        if isAlone { margins[i] = (v - raised) / (threshold[i] > 0 ? threshold[i] : 1) }
                                        if spikeLimit > 1 && margins[i] > 0 { margins[i] -= margins[i].rounded() }
                                        hasFired[i] = spikes[i] > 0
                                        if hasFired[i] { adaptations[i] += adaptationStep[i] }
                                        if hasFired[i] && !isLate {
                                            switch dialect.reset {
                                            case .zero: v = reset[i]
                                            case .subtract: v -= spikes[i] * (threshold[i] - reset[i])
                                            case .inside:
                                                let drive = gain[i] * input + leak[i]
                                                v -=
                                                    NeuronCell.decayed(v, drive, threshold[i], leaks: kind.leaks)
                                                    * (threshold[i] - reset[i])
                                            case .never: break
                                            }
                                        }
                                    }
                                    membranes[i] = v
                                }
                            }
                        }
                    }
                }
            }
        }
        return kind.fires ? spikes : membranes
    }

    // A function of the instance would copy the cell for each neuron.

    /// How often v passes a threshold.
    @inline(__always)
    private static func fired(_ v: Scalar, _ threshold: Scalar, atThreshold: Bool, _ spikeLimit: Scalar) -> Scalar {
        if !(v > threshold || atThreshold && v == threshold) { return 0 }
        if spikeLimit == 1 || threshold <= 0 { return 1 }
        let count = (v / threshold).rounded(.down)
        return min(spikeLimit, !atThreshold && count * threshold == v ? count - 1 : count)
    }

    /// What the tick's end leaves of 1 subtracted where the membrane, now v, passed its threshold: on its way to the drive
    /// e^(−rest/τ) = (drive − v) / (drive − threshold).
    @inline(__always)
    private static func decayed(_ v: Scalar, _ drive: Scalar, _ threshold: Scalar, leaks: Bool) -> Scalar {
        leaks && drive > threshold ? (drive - v) / (drive - threshold) : 1
    }
}
