import Foundation

/// Where bytes come from: a file, standard input, or whatever a caller has. Read once, front to back.
public final class ByteSource {
    /// For messages and notes.
    public let name: String
    /// The number of bytes, where it is known.
    public let byteCount: Int?
    private let fill: (UnsafeMutableRawBufferPointer) throws(LogError) -> Int

    /// `fill` writes at most as many bytes as the buffer holds and says how many; 0 is the end. The buffer is
    /// never empty and must not be kept.
    public init(
        name: String, byteCount: Int? = nil,
        fill: @escaping (UnsafeMutableRawBufferPointer) throws(LogError) -> Int
    ) {
        self.name = name
        self.byteCount = byteCount
        self.fill = fill
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int { try fill(buffer) }

    /// Opens a file, or standard input for the path `-`. The file is closed with the source. Refused: what
    /// cannot be opened, and directories. `shouldStop` is asked before each read, and when a signal ends one.
    public convenience init(
        path: String, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(LogError) {
        let handle: FileHandle
        if path == "-" {
            handle = .standardInput
        } else {
            let descriptor = open(path, O_RDONLY)
            guard descriptor >= 0 else { throw ByteSource.unreadable(path, "cannot be opened") }
            handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }
        let name = path == "-" ? "standard input" : path
        var information = stat()
        guard fstat(handle.fileDescriptor, &information) == 0 else {
            throw ByteSource.unreadable(name, "cannot be examined")
        }
        guard information.st_mode & S_IFMT != S_IFDIR else {
            throw LogError(
                .unreadable, file: name, "is a directory, expected a sensor log",
                hint: "name the files in it, e.g. \(name)/*.csv")
        }
        let regular = information.st_mode & S_IFMT == S_IFREG
        self.init(name: name, byteCount: regular ? Int(information.st_size) : nil) {
            (buffer) throws(LogError) in
            while true {
                if shouldStop() { throw LogError(.interrupted, file: name, "reading was interrupted") }
                let count = Foundation.read(handle.fileDescriptor, buffer.baseAddress!, buffer.count)
                if count >= 0 { return count }
                if errno != EINTR { throw ByteSource.unreadable(name, "cannot be read") }
            }
        }
    }

    private static func unreadable(_ name: String, _ what: String) -> LogError {
        LogError(.unreadable, file: name, "\(what): \(String(cString: strerror(errno)))")
    }
}
