import Glibc

/// Reads a whole file; nil where it cannot be opened or read, as a folder cannot.
/// - Parameter limit: no more bytes are read.
func contents(of path: String, limit: Int = .max) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return contents(of: descriptor, limit: limit)
}

/// Reads what is left of an open file.
func contents(of descriptor: CInt, limit: Int = .max) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while bytes.count < limit {
        let count = read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
        if count < 0, errno == EINTR { continue }
        if count < 0 { return nil }
        if count == 0 { break }
        bytes += chunk[..<count]
    }
    return bytes
}

/// Writes all bytes to an open file; false, and the reason in `errno`, where that fails.
@discardableResult
func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var at = 0
    while at < bytes.count {
        let written = bytes[at...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        if written <= 0 { return false }
        at += written
    }
    return true
}

/// Writes a file that the user named, over what is there.
func writeFile(_ bytes: [UInt8], to path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    let isWritten = descriptor >= 0 && writeAll(bytes, to: descriptor)
    let reason = systemReason()
    if descriptor >= 0 { close(descriptor) }
    if !isWritten { throw Failure(code: .output, message: "\(path): cannot be written (\(reason))") }
}

/// Why the last call of the system failed, in its words.
func systemReason() -> String { String(cString: strerror(errno)) }

/// Nil where nothing is at the path.
func isFolder(_ path: String) -> Bool? {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & S_IFMT == S_IFDIR : nil
}

/// Makes a folder, and those above it, where they are missing; false, and the reason in `errno`, where that fails.
func makeFolder(_ path: String) -> Bool {
    for (place, character) in zip(path.indices, path) where character == "/" && place > path.startIndex {
        mkdir(String(path[..<place]), 0o777)
    }
    return mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) == true
}

/// The last part of a path: "model.snn".
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// The last part of a path without its ending: "model".
func stem(ofPath path: String) -> String {
    let name = fileName(path)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
}
