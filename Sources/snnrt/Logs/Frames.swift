import SNNRuntime

/// Frames that are played from first to last.
struct Frames {
    let samples: [Int16]
    let count: Int
    let channelCount: Int

    init(_ samples: [Int16], _ model: Model) {
        self.samples = samples
        channelCount = Int(model.channelCount)
        count = samples.count / channelCount
    }

    /// Calls `body` with the first sample.
    func play(_ body: (UnsafePointer<Int16>) -> Void) { samples.withUnsafeBufferPointer { body($0.baseAddress!) } }
}
