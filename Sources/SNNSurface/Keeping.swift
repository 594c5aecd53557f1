// Saving, restoring, cloning and the self-test on the C surface.

import CSNNRT
import SNNRuntime

@c @implementation
public func snnrt_save(
    _ network: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ capacity: Int,
    _ byteCount: UnsafeMutablePointer<Int>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    byteCount?.pointee = opened.savedByteCount
    if buffer == nil && capacity == 0 && byteCount != nil { return SNNRT_OK }
    guard let buffer, capacity >= 0 else { return Status.badArgument.rawValue }
    return report(to: nil) { () throws(Refusal) in
        try opened.save(to: UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
    }
}

@c @implementation
public func snnrt_restore(
    _ network: OpaquePointer?, _ saved: UnsafeRawPointer?, _ byteCount: Int, _ refusedAt: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    report(to: refusedAt) { () throws(Refusal) in
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        try opened.restore(from: try buffer(saved, byteCount))
    }
}

@c @implementation
public func snnrt_clone(
    _ network: OpaquePointer?, _ arena: UnsafeMutableRawPointer?, _ arenaByteCount: Int,
    _ clone: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    report(to: nil) { () throws(Refusal) in
        clone?.pointee = nil
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        guard let clone, let arena, arenaByteCount >= 0 else { throw Refusal(.badArgument) }
        _ = try opened.clone(in: UnsafeMutableRawBufferPointer(start: arena, count: arenaByteCount))
        clone.pointee = OpaquePointer(arena)
    }
}

@c @implementation
public func snnrt_selftest(
    _ model: UnsafeRawPointer?, _ modelByteCount: Int, _ arena: UnsafeMutableRawPointer?, _ arenaByteCount: Int,
    _ refusedAt: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    report(to: refusedAt) { () throws(Refusal) in
        guard let arena, arenaByteCount >= 0 else { throw Refusal(.badArgument) }
        let model = try unproved(model, modelByteCount, nil, isTold: false)
        try model.proveSums()
        try Network.runSelfTest(model, in: UnsafeMutableRawBufferPointer(start: arena, count: arenaByteCount))
    }
}
