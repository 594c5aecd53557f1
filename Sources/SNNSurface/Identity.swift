// What a library and a model are: version, metadata, and whether a model's memory still holds it.

import CSNNRT
import SNNRuntime

@c @implementation
public func snnrt_version() -> UInt32 {
    UInt32(SNNRT_VERSION_MAJOR) &<< 16 | UInt32(SNNRT_VERSION_MINOR) &<< 8 | UInt32(SNNRT_VERSION_PATCH)
}

@c @implementation
public func snnrt_model_intact(_ network: OpaquePointer?, _ how: UInt32) -> Int32 {
    report(to: nil) { () throws(Refusal) in
        guard let opened = open(network) else { throw Refusal(.notANetwork) }
        if how > SNNRT_INTACT_COMPLETE { throw Refusal(.badArgument) }
        try opened.checkModel(completely: how == SNNRT_INTACT_COMPLETE)
    }
}

@c @implementation
public func snnrt_metadata(
    _ network: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ text: UnsafeMutablePointer<UnsafePointer<CChar>?>?,
    _ byteCount: UnsafeMutablePointer<Int>?
) -> Int32 {
    guard let opened = open(network) else { return Status.notANetwork.rawValue }
    guard let text, let byteCount else { return Status.badArgument.rawValue }
    var found: UnsafeRawBufferPointer? = opened.model.metadata
    if let key { found = opened.model.metadataValue(of: UnsafeRawPointer(key).assumingMemoryBound(to: UInt8.self)) }
    text.pointee = found?.baseAddress?.assumingMemoryBound(to: CChar.self)
    byteCount.pointee = found?.count ?? 0
    return SNNRT_OK
}
