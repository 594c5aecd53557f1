import Glibc
import NIR

/// A readout rule makes scores of what the Output gives over a window, one score per class.
public enum ReadoutRule: Equatable, Sendable, CustomStringConvertible {
    /// The values of all ticks, added.
    case sum
    /// The values of the window's last tick.
    case last
    /// The sum over the number of ticks.
    case mean
    /// The greatest value of any tick.
    case max
    /// s = e^(−1/ticks)·s + value, tick by tick.
    case leaky(ticks: Double)
    /// The membranes of the output's neurons in the last tick.
    case membrane
    /// Spikes of the output's neurons, counted.
    case spikes

    /// Rules that are written as one word.
    public static let plain: [ReadoutRule] = [.sum, .last, .mean, .max, .membrane, .spikes]

    /// The rule that a text names: `sum`, `last`, `mean`, `max`, `membrane`, `spikes` or `leaky:TICKS`; nil for any other.
    public init?(_ text: String) {
        if let rule = ReadoutRule.plain.first(where: { $0.description == text }) {
            self = rule
            return
        }
        guard text.hasPrefix("leaky:"), let ticks = Double(text.dropFirst("leaky:".count)), ticks > 0, ticks.isFinite
        else { return nil }
        self = .leaky(ticks: ticks)
    }

    public var description: String {
        switch self {
        case .sum: "sum"
        case .last: "last"
        case .mean: "mean"
        case .max: "max"
        case .leaky(let ticks): "leaky:\(ticks)"
        case .membrane: "membrane"
        case .spikes: "spikes"
        }
    }

    /// The scores of a window.
    ///
    /// - Parameter values: [ticks][classes], what the Output gave in each tick; the membranes of its neurons for `membrane`. At least one tick.
    public func scores(of values: [[Double]]) -> [Double] {
        let first = values[0]
        func folded(_ step: (Double, Double) -> Double) -> [Double] {
            values.dropFirst().reduce(first) { scores, tick in zip(scores, tick).map(step) }
        }
        switch self {
        case .sum, .spikes: return folded(+)
        case .last, .membrane: return values[values.count - 1]
        case .mean: return folded(+).map { $0 / Double(values.count) }
        case .max: return folded { Swift.max($0, $1) }
        case .leaky(let ticks):
            let keep = exp(-1 / ticks)
            return folded { keep * $0 + $1 }
        }
    }
}

extension Graph {
    /// The rule by which Outputs are read where nobody says another: spikes are counted, other values are those of the last tick.
    public func usualReadout(_ schedule: Schedule) -> ReadoutRule {
        var name = schedule.outputNames[0]
        while inputs(of: name).count == 1 {
            let source = inputs(of: name)[0]
            switch nodes[source] {
            case .neuron(let neuron): return neuron.kind.fires ? .sum : .last
            case .threshold: return .sum
            case .flatten, .delay: name = source
            case .pool(let pool) where pool.function == .maximum: name = source
            default: return .last
            }
        }
        return .last
    }

    /// All rules that a network may be read by, the usual one first.
    public func readouts(_ schedule: Schedule) -> [ReadoutRule] {
        let usual = usualReadout(schedule)
        return [usual] + [ReadoutRule.sum, .last, .mean, .max, .membrane].filter { $0 != usual }
    }
}

extension Array where Element: Comparable {
    /// The label that scores give: the index of the greatest, the lowest among equals; 0 of none.
    public var greatestIndex: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
