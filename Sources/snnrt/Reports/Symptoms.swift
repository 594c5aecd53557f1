import Compiler
import NIR
import SensorLogs

/// Symptoms are signs that a network was read otherwise than it was trained, in sentences for the user.
enum Symptoms {
    /// What a graph's delays lose; a delay that would vanish is refused unless that is allowed.
    static func delays(of graph: Graph, _ path: String, dt: Double, isAllowed: Bool) throws -> [String] {
        try graph.roundedDelays(dt: dt).map { rounding in
            if rounding.vanishing > 0, !isAllowed {
                throw Failure(
                    code: .model,
                    message:
                        "\(path): \(rounding.node): \(rounding.vanishing) of \(counted(rounding.count, "delay")) are less than half a tick of \(dt) s and would become none\n  hint: is dt right? --allow rounded-delays takes them so"
                )
            }
            return
                "\(rounding.node): \(rounding.rounded) of \(counted(rounding.count, "delay")) are rounded to ticks of \(dt) s, by up to \(fixed(rounding.greatest, 2)) ticks"
        }
    }

    /// What rounding to counts takes from the input.
    static func rounding(_ loss: Double) -> [String] {
        loss <= 0.01
            ? []
            : [
                "rounding to counts, and clamping to 16 bits, takes \(percent(loss, of: 1)) of the input of a channel (root mean square); give a finer --count"
            ]
    }

    /// A rate that follows from a dt which may be nominal.
    static func rate(_ rate: (numerator: UInt32, denominator: UInt32)) -> String {
        "nobody gave the rate of the sensor: \(shortened(Double(rate.numerator) / Double(rate.denominator))) ticks a second are 1/dt, which is often nominal; logs with times are resampled to it. Give --rate"
    }

    /// What the reference's run shows.
    static func run(_ report: Comparison.Report, classCount: Int) -> [String] {
        var found: [String] = []
        if let accuracy = report.referenceAccuracy, classCount > 1, report.results >= 20,
            accuracy < 1.2 / Double(classCount)
        {
            found.append(
                "the float reference itself is right in \(percent(accuracy, of: 1)) of labelled windows, which is chance for \(classCount) classes: the file is read otherwise than it was trained, or labels and windows do not belong together"
            )
        }
        if report.referenceLabels == 1 && report.results >= 20 && classCount > 1 {
            found.append(
                "the float reference gives one label for all windows: the file is read otherwise than it was trained, or the windows are not what it was trained on"
            )
        }
        for population in report.populations where population.ticks > 0 && population.neurons > 0 {
            let ticks = population.ticks * population.neurons
            let reach = population.greatestReach
            if reach == 0 {
                found.append(
                    "\(population.node): no membrane ever rises on these windows: its input is missing or only inhibits"
                )
            } else if reach < 1e-3 {
                found.append(
                    "\(population.node): thresholds are \(shortened(1 / reach)) times what membranes reach: R, dt or the dialect is not the network's"
                )
            } else if population.referenceSpikes == 0 {
                found.append("\(population.node): never fires on these windows")
            }
            if population.referenceSpikes >= ticks {
                let beyond = reach > 1000 ? ", and membranes pass thresholds \(shortened(reach)) times" : ""
                found.append("\(population.node): every neuron fires in every tick of these windows\(beyond)")
            }
        }
        return found
    }
}
