import NIR

/// What Tests/fixtures/nir/extensions.py wrote beside its networks: the nodes that NIR lacks, as PyTorch runs them.
package enum ExtensionRecording {
    /// Frames and outputs, tick by tick.
    package static func rows(_ name: String, inputCount: Int) throws -> [(frame: [Double], output: [Double])] {
        let array = try Array2(npy: fixture(name).replacing(".nir", with: ".npy"))
        return (0..<array.shape[0]).map { tick in
            let row = Array(array.values[tick * array.shape[1]..<(tick + 1) * array.shape[1]])
            return (Array(row.prefix(inputCount)), Array(row.dropFirst(inputCount)))
        }
    }

    package static let dialect: Dialect = {
        var dialect = Dialect.named("snntorch")!
        (dialect.reset, dialect.resetDelay) = (.subtract, .next)
        return dialect
    }()
}
