import SNNRuntime

/// Bytes of stack that the library's functions take at most on a Cortex-M4: those of Tests/ledger/stack.json, to which
/// Tests/command/test_export.py holds them.
enum StackNeeds {
    static let opening = 1236
    static let push = 608
}

extension ExportedModel {
    /// What a tick takes at worst. A core on which a loop of the model was not measured has no line.
    var timeSection: CHeaderSection {
        var lines = [
            "/* Instructions of a tick at worst, as predicted by core (docs/firmware.md, How long a tick takes at worst). */"
        ]
        for (suffix, core) in [("CORTEX_M0", Core.m0), ("CORTEX_M3", .m3), ("CORTEX_M4", .m4), ("RV32", .rv32)] {
            guard let report = try? InstructionReport(loaded, core, nil), report.estimated.isEmpty else { continue }
            lines.append(define("WORST_INSTRUCTIONS_\(suffix)", "\(report.worstPerTick)u"))
        }
        return CHeaderSection(
            title: "Time and stack",
            lines: lines + [
                "/* snnrt_info.operations_per_tick. */",
                define("OPERATIONS_PER_TICK", "\(model.operationsPerTick)u"),
                "/* What snnrt_open and snnrt_push take of the stack of a Cortex-M4, without interrupts; on a Cortex-M0 a third more. */",
                define("CORTEX_M4_STACK_BYTES_OPEN", "\(StackNeeds.opening)u"),
                define("CORTEX_M4_STACK_BYTES_PUSH", "\(StackNeeds.push)u"),
            ])
    }
}
