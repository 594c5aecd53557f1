import Glibc
import NIR
import SNNRuntime

/// A reference readout makes scores of what a network in floating point shows, as the readout of a model file does of integers,
/// in the network's own units. Nothing saturates.
public struct ReferenceReadout: Sendable {
    private let integration: Readout.Integration
    /// Ticks of an entry; entries of a result.
    private let (hop, entryCount): (Int, Int)
    private let (decay, evidenceDecay): (Double, Double)
    private let isEarly: Bool
    /// Scores are means, not sums.
    private let isMean: Bool
    /// The membranes of the output's neurons are read, not their spikes.
    private let readsMembranes: Bool
    /// The network starts anew behind each result.
    public let resetsNetwork: Bool

    private var scores: [Double] = []
    private var (tickCount, issuedCount) = (0, 0)
    /// The latest entries, or the decayed sum of all.
    private var entries: [[Double]] = []

    /// The readout of a model that was compiled from a network.
    public init(_ model: Model) {
        let readout = model.readout
        (integration, hop, entryCount) = (readout.integration, Int(readout.hop), Int(readout.entryCount))
        (decay, evidenceDecay) = (Double(readout.decay) / 32768, Double(readout.evidenceDecay) / 32768)
        (isEarly, resetsNetwork) = (readout.isEarly, readout.resetsNetwork)
        let rule = model.metadataValue(ReferenceReadout.ruleKey).flatMap { ReadoutRule($0) }
        (isMean, readsMembranes) = (rule == .mean, rule == .membrane)
    }

    /// The key of the metadata under which a file says its readout, where it was not the one that the network's meaning gives.
    static let ruleKey = "readout"

    /// Behind a reset from outside.
    public mutating func restart() { (scores, tickCount, issuedCount, entries) = ([], 0, 0, []) }

    /// Takes a tick of the network into account.
    ///
    /// - Returns: the scores of the result that the tick completes; nil where it completes none.
    public mutating func add(_ network: FloatNetwork<Double>) -> [Double]? {
        let shown = readsMembranes ? network.shownMembranes : network.shownValues
        switch (integration, scores.isEmpty) {
        case (_, true), (.lastValue, _): scores = shown
        case (.sum, false): for i in shown.indices { scores[i] += shown[i] }
        case (.maximum, false): for i in shown.indices { scores[i] = max(scores[i], shown[i]) }
        case (.leakySum, false): for i in shown.indices { scores[i] = decay * scores[i] + shown[i] }
        }
        tickCount += 1
        if tickCount < hop { return nil }
        tickCount = 0
        let entry = isMean ? scores.map { $0 / Double(hop * entryCount) } : scores
        if integration != .leakySum || resetsNetwork { scores = [] }
        return result(of: entry)
    }

    private mutating func result(of entry: [Double]) -> [Double]? {
        if entryCount == 1 {
            guard evidenceDecay > 0, let before = entries.first else {
                entries = [entry]
                return entry
            }
            entries = [zip(before, entry).map { $0 * evidenceDecay + $1 }]
            return entries[0]
        }
        entries.append(entry)
        if entries.count > entryCount { entries.removeFirst() }
        guard isEarly || entries.count == entryCount else { return nil }
        return entry.indices.map { i in entries.reduce(0) { $0 + $1[i] } }
    }
}
