// The self-test (docs/format.md, "Self-test").

extension Network {
    /// Runs the input that the file carries on a fresh network in `memory` and compares the output checksum.
    public static func runSelfTest(_ model: Model, in memory: UnsafeMutableRawBufferPointer) throws(Refusal) {
        guard let test = model.selfTest, test.frameCount >= model.ticksToFirstResult else { throw Refusal(.noSelfTest) }
        let network = try Network(model, in: memory)
        var frames = test.frames
        var left = index(test.frameCount)
        while left > 0 {
            let taken = network.push(frames, frameCount: left).taken
            frames += taken &* index(model.channelCount)
            left &-= taken
        }
        if network.outputChecksum != test.checksum { throw Refusal(.selfTestFailed) }
    }
}
