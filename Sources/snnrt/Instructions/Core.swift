import ArgumentParser

/// A processor core whose instructions are predicted, by the names that people give it.
enum Core: String, CaseIterable, ExpressibleByArgument {
    case m0, m3, m4, m7, m33, m55, rv32
    case m33WithoutDSP = "m33-nodsp"

    /// The table of the core that was measured: the others run the archive that was made for it.
    var instructions: String {
        switch self {
        case .m0: cortexM0Instructions
        case .m3, .m33WithoutDSP: cortexM3Instructions
        case .m4, .m7, .m33, .m55: cortexM4Instructions
        case .rv32: rv32Instructions
        }
    }

    var name: String {
        switch self {
        case .m0: "Cortex-M0+"
        case .m3: "Cortex-M3"
        case .m4: "Cortex-M4"
        case .m7: "Cortex-M7"
        case .m33: "Cortex-M33"
        case .m33WithoutDSP: "Cortex-M33 without DSP"
        case .m55: "Cortex-M55"
        case .rv32: "RV32IMC"
        }
    }
}
