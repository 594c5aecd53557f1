import SNNRuntime

/// A player is a model file and a network that runs it, in memory of their own.
final class Player {
    let model: Model
    let network: Network
    private let file: UnsafeMutableRawBufferPointer
    private let arena: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) throws(CompileError) {
        let file = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        file.copyBytes(from: bytes)
        var arena = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        do {
            model = try Model(validating: UnsafeRawBufferPointer(file))
            arena = .allocate(byteCount: Int(try Network.layout(of: model).byteCount), alignment: 8)
            network = try Network(model, in: arena)
        } catch {
            file.deallocate()
            arena.deallocate()
            throw CompileError("what was compiled is refused: \(error.status) at byte \(error.offset)")
        }
        (self.file, self.arena) = (file, arena)
    }

    deinit {
        file.deallocate()
        arena.deallocate()
    }

    /// The label and scores of a window from the initial state.
    func result(of window: Recording.Window) -> (label: Int, scores: [Int32])? {
        network.resetState()
        window.samples.withUnsafeBufferPointer {
            _ = network.push($0.baseAddress!, frameCount: $0.count / Int(model.channelCount))
        }
        return network.result.map { (Int($0.label), Array($0.scores)) }
    }

    func values(ofSlot slot: Int) -> [Int32] {
        var values = [Int32](repeating: 0, count: Int(network.elementCount(ofSlot: UInt32(slot))))
        network.copyValues(ofSlot: UInt32(slot), to: &values)
        return values
    }
}
