import SNNRuntime

/// The tables of what exported models use of the library (snnrt.h, "What is linked"): a source file that a program compiles
/// once, and without which it links every op.
struct LinkedParts {
    static let file = "snnrt_ops.c"
    private var kinds: Set<UInt8> = []
    private var loops: Set<UInt32> = []
    /// Bit i: function i of `rowNames`.
    private var rows: UInt32 = 0
    private let names: [String]

    init(_ models: [ExportedModel], countsAll: Bool) {
        names = models.map(\.loaded.name)
        for file in models.map(\.model.file) {
            for op in 0..<file.opCount {
                guard let kind = file.opKind(op) else { continue }
                kinds.insert(kind.rawValue)
                let loop = file.loop(ofOp: op)
                loops.insert(loop.rawValue)
                rows |= file.rows(ofOp: op)
                if countsAll, let counting = loop.counting { loops.insert(counting.rawValue) }
            }
        }
    }

    /// The models that a file like this one, written before, served and this one does not.
    func left(by before: String?) -> [String] {
        guard let head = before?.split(separator: "\n").first, let list = head.firstRange(of: ") for "),
            let end = head[list.upperBound...].firstRange(of: ". Export again")
        else { return [] }
        return head[list.upperBound..<end.lowerBound].split(separator: ", ").map(String.init).filter {
            !names.map(cComment).contains($0)
        }
    }

    var text: String {
        let loaders = kinds.sorted().compactMap(OpKind.init).map { kind in
            let name = "\(kind)"
            return entry("LOAD", name, kind == .dense || kind == .block ? "load_projection" : "load_\(name)")
        }
        let ticks = loops.sorted().compactMap(Loop.init).map { loop in
            let name = snakeCase("\(loop)")
            return entry("TICK", name, "tick_\(name)")
        }
        let rows = LinkedParts.rowNames.enumerated().filter { self.rows >> $0.offset & 1 != 0 }.map {
            entry("ADDER", $0.element, "ADDER(\($0.element))", prefix: "SNNRT_")
        }
        return """
            \(ExportedModel.mark) \(snnrtVersion) for \(names.map(cComment).joined(separator: ", ")). Export again instead of editing.
             *
             * What these models use of the library. Compiled with a program it makes --gc-sections drop the rest, and other
             * models are refused with SNNRT_ERR_UNSUPPORTED; without it a program links everything. */
            #include "snnrt.h"

            SNNRT_LOADERS = {
            \(loaders.joined(separator: "\n"))
            };

            SNNRT_TICKS = {
            \(ticks.joined(separator: "\n"))
            };

            SNNRT_ADDERS = {
            \(rows.joined(separator: "\n"))
            };

            """
    }

    private static let rowNames =
        ["spikes", "values"].flatMap { kind in
            ["binary", "ternary", "int4", "int8", "int16"].map { "\(kind)_\($0)" }
        } + ["wide_sources"]

    private func entry(_ table: String, _ name: String, _ function: String, prefix: String = "snnrt_") -> String {
        "    [SNNRT_\(table)_\(name.uppercased())] = \(prefix)\(function),"
    }

    /// resetLater: reset_later.
    private func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
