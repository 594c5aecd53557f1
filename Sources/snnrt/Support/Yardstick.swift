import Glibc
import SNNRuntime

/// A hand-written program for one network, as a shared library.
final class Yardstick {
    private typealias Open = @convention(c) (UnsafeRawPointer) -> UnsafeMutableRawPointer?
    private typealias Reset = @convention(c) (UnsafeMutableRawPointer) -> Void
    private typealias Run = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<Int16>, Int) -> Void
    private typealias Outputs = @convention(c) (UnsafeMutableRawPointer) -> UnsafePointer<Int32>

    let name: String
    private let handle: UnsafeMutableRawPointer
    private let resetState: Reset
    private let runFrames: Run
    private let outputs: Outputs

    init(path: String, _ loaded: LoadedModel) throws {
        name = stem(ofPath: path)
        // A path without a slash would be looked for among the system's libraries.
        guard let library = dlopen(path.contains("/") ? path : "./" + path, RTLD_NOW | RTLD_LOCAL) else {
            throw Failure(code: .usage, message: "--against \(path): \(String(cString: dlerror()))")
        }
        func symbol<Function>(_ name: String, as: Function.Type) throws -> Function {
            guard let symbol = dlsym(library, name) else {
                throw Failure(code: .usage, message: "--against \(path): has no function \(name)")
            }
            return unsafeBitCast(symbol, to: Function.self)
        }
        resetState = try symbol("yardstick_reset", as: Reset.self)
        runFrames = try symbol("yardstick_run", as: Run.self)
        outputs = try symbol("yardstick_outputs", as: Outputs.self)
        guard let handle = try symbol("yardstick_open", as: Open.self)(loaded.model.file.base) else {
            throw Failure(
                code: .usage, message: "--against \(path): is for networks of another shape than \(loaded.name)")
        }
        self.handle = handle
    }

    func reset() { resetState(handle) }

    func run(_ frames: UnsafePointer<Int16>, _ count: Int) { runFrames(handle, frames, count) }

    /// Refuses unless the readout's source slot has the same elements after every tick.
    func compare(_ network: Network, _ model: Model, _ frames: Frames) throws {
        let slot = model.file.sourceSlot(ofOp: model.readoutIndex)
        var values = [Int32](repeating: 0, count: Int(model.file.slot(slot).count))
        var first: Int?
        network.resetState()
        reset()
        frames.play { start in
            for tick in 0..<frames.count where first == nil {
                let frame = start + tick * frames.channelCount
                _ = network.push(frame, frameCount: 1)
                run(frame, 1)
                network.copyValues(ofSlot: slot, to: &values)
                let own = outputs(handle)
                if values.indices.contains(where: { values[$0] != own[$0] }) { first = tick }
            }
        }
        if let first {
            throw Failure(code: .usage, message: "--against \(name): differs from the network at tick \(first)")
        }
    }
}
