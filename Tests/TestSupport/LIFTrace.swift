/// A trace of the NIR paper: one LIF neuron (dt = 1e-4) as a framework ran it.
package struct LIFTrace: Sendable, CustomStringConvertible {
    package let file: String
    package let dialect: String
    /// Precision that the framework ran in.
    package let isDouble: Bool
    /// Largest difference of voltages.
    package let tolerance: Double
    /// What the trace's input is multiplied by to have NIR's units, and NIR's voltages to have the trace's.
    package var inputScale = 1.0
    package var voltageScale = 1.0
    package var description: String { file }

    package static let all = [
        LIFTrace(file: "norse", dialect: "norse", isDouble: false, tolerance: 5e-9),
        LIFTrace(file: "snntorch", dialect: "snntorch zero same", isDouble: false, tolerance: 0),
        LIFTrace(file: "spyx", dialect: "spyx", isDouble: false, tolerance: 0),
        LIFTrace(file: "rockpool", dialect: "rockpool", isDouble: false, tolerance: 5e-9),
        LIFTrace(file: "sinabs", dialect: "sinabs", isDouble: false, tolerance: 0, inputScale: 25),
        LIFTrace(file: "nengo", dialect: "nengo", isDouble: true, tolerance: 2e-8),
        // The chip's weight is 102 where 102.02 was meant; voltages are shown in units of 0.04.
        LIFTrace(
            file: "spinnaker2", dialect: "spinnaker2", isDouble: true, tolerance: 1e-6, voltageScale: 25 * 102 / 102.02),
        LIFTrace(file: "lava_cpu_float", dialect: "lava", isDouble: true, tolerance: 5e-8),
        LIFTrace(file: "exact", dialect: "exact", isDouble: true, tolerance: 4e-9),
    ]

    /// The same neuron in the integers of Loihi, whose voltages are other steps.
    package static let fixedPoint = ["lava_cpu_fixed", "lava_loihi_fixed"].map {
        LIFTrace(file: $0, dialect: "lava", isDouble: true, tolerance: 0)
    }
}
