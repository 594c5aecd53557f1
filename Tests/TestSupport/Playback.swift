import SNNRuntime

/// Runs a model file tick by tick; `look` sees the network after each.
package func forEachTick(of bytes: [UInt8], _ frames: [[Int16]], _ look: (Int, Network) -> Void) throws {
    let file = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { file.deallocate() }
    file.copyBytes(from: bytes)
    let model = try Model(validating: UnsafeRawBufferPointer(file))
    let arena = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Int(try Network.layout(of: model).byteCount), alignment: 8)
    defer { arena.deallocate() }
    let network = try Network(model, in: arena)
    for (tick, frame) in frames.enumerated() {
        _ = network.push(frame, frameCount: 1)
        look(tick, network)
    }
}
