import SNNRuntime

/// The outcome of the test that a model file carries: frames, and the checksum of the results that they must give.
enum SelfTestOutcome: Equatable {
    /// The file carries no test, or one of fewer frames than its first result takes.
    case absent
    case skipped
    case passed
    case failed(stated: UInt32, found: UInt32)

    /// The name in reports.
    var name: String {
        switch self {
        case .absent: "none"
        case .skipped: "not run"
        case .passed: "passed"
        case .failed: "failed"
        }
    }

    /// The reason not to trust the model; nil unless the test failed.
    var reason: String? {
        guard case .failed(let stated, let found) = self else { return nil }
        return "its self-test gives output CRC-32C \(hexadecimal(found)) instead of \(hexadecimal(stated)): "
            + "this file or this build of snnrt is not to be trusted"
    }
}

extension LoadedModel {
    /// Runs the model's self-test on a network of its own.
    func runSelfTest() throws -> SelfTestOutcome {
        guard let test = model.selfTest, test.frameCount >= model.ticksToFirstResult else { return .absent }
        let network = try network(.basic)
        var frames = test.frames
        var left = Int(test.frameCount)
        while left > 0 {
            let taken = network.push(frames, frameCount: left).taken
            frames += taken * Int(model.channelCount)
            left -= taken
        }
        let found = network.outputChecksum
        return found == test.checksum ? .passed : .failed(stated: test.checksum, found: found)
    }
}
