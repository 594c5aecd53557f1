import NIR
import TestSupport
import Testing

/// Nodes that NIR lacks: the float reference against what PyTorch gives for the networks of Tests/fixtures/nir/extensions.py.
struct ExtensionTests {
    @Test(arguments: ["rate", "maxima", "lmu"]) func referenceEqualsPyTorch(_ name: String) throws {
        let path = fixture(name)
        var network = try FloatNetwork<Double>(
            try Graph(path: path), file: path, dialect: ExtensionRecording.dialect, dt: 1e-4)
        let rows = try ExtensionRecording.rows(name, inputCount: network.values["input"]!.count)
        #expect(rows.count == 48 && rows.contains { $0.output.contains { $0 != 0 } })
        for (tick, row) in rows.enumerated() {
            network.tick(row.frame)
            let given = network.values["output"]!
            #expect(given.count == row.output.count)
            for (a, b) in zip(given, row.output) { #expect(abs(a - b) < 1e-9, "tick \(tick)") }
        }
    }
}
