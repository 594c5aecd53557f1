import Glibc

/// A source of bytes: a file, standard input, or whatever a caller has. It is read once, front to back.
public final class ByteSource {
    /// The name in messages and notes.
    public let name: String
    /// The number of bytes, where it is known.
    public let byteCount: Int?
    /// How these bytes were made out of others, for the notes.
    let remarks: [String]
    /// Called after each filling with the number of bytes it brought.
    var advanced: (Int) -> Void = { _ in }
    private let fill: (UnsafeMutableRawBufferPointer) throws(LogError) -> Int
    /// Bytes that were looked at and are still to be read.
    private var ahead: [UInt8] = []
    private var hasEnded = false

    /// `fill` writes at most as many bytes as the buffer holds and says how many; 0 is the end. The buffer is
    /// never empty and must not be kept.
    public convenience init(
        name: String, byteCount: Int? = nil,
        fill: @escaping (UnsafeMutableRawBufferPointer) throws(LogError) -> Int
    ) {
        self.init(name: name, byteCount: byteCount, remarks: [], fill: fill)
    }

    init(
        name: String, byteCount: Int?, remarks: [String],
        fill: @escaping (UnsafeMutableRawBufferPointer) throws(LogError) -> Int
    ) {
        self.name = name
        self.byteCount = byteCount
        self.remarks = remarks
        self.fill = fill
    }

    /// Fills the buffer as far as there are bytes at hand; 0 is the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        if ahead.isEmpty { return try take(into: buffer) }
        let count = min(ahead.count, buffer.count)
        buffer.copyBytes(from: ahead[..<count])
        ahead.removeFirst(count)
        return count
    }

    /// Shows the next bytes without consuming them: `count` at least, fewer where the source ends or cannot be read on, and
    /// as many more as came along.
    func peek(_ count: Int) throws(LogError) -> [UInt8] {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { chunk.deallocate() }
        while ahead.count < count, !hasEnded {
            do throws(LogError) {
                ahead += chunk[..<(try take(into: chunk))]
            } catch {
                if ahead.isEmpty { throw error }
                break
            }
        }
        return ahead
    }

    /// The next bytes are these. No more is waited for than it takes to tell.
    func begins(with bytes: [UInt8]) throws(LogError) -> Bool {
        for i in bytes.indices {
            let start = try peek(i + 1)
            guard start.count > i, start[i] == bytes[i] else { return false }
        }
        return true
    }

    private func take(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
        if hasEnded { return 0 }
        let count = try fill(buffer)
        precondition(count >= 0 && count <= buffer.count, "a byte source wrote past its buffer")
        hasEnded = count == 0
        if count > 0 { advanced(count) }
        return count
    }

    /// Opens a file, or standard input for the path `-`. The file is closed with the source. Refused: what
    /// cannot be opened, and directories. `shouldStop` is asked before each read, when a signal ends the wait for one,
    /// and at the end: a Ctrl-C also ends the program that feeds a pipe. A SIGINT cannot slip in between asking and
    /// waiting.
    public convenience init(
        path: String, shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws(LogError) {
        let file: OpenFile
        if path == "-" {
            file = OpenFile(0, isOwned: false)
        } else {
            // Without O_NONBLOCK a named pipe would wait here for its writer; below, no read begins before there is
            // something to read or an end.
            let descriptor = open(path, O_RDONLY | O_NONBLOCK)
            guard descriptor >= 0 else { throw ByteSource.unreadable(path, "cannot be opened") }
            file = OpenFile(descriptor, isOwned: true)
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        }
        let name = path == "-" ? "standard input" : path
        var information = stat()
        guard fstat(file.descriptor, &information) == 0 else {
            throw ByteSource.unreadable(name, "cannot be examined")
        }
        let byteCount = try ByteSource.byteCount(information, name)
        self.init(name: name, byteCount: byteCount) { (buffer) throws(LogError) in
            while true {
                if byteCount == nil { ByteSource.wait(file.descriptor, shouldStop) }
                let count = shouldStop() ? 0 : Glibc.read(file.descriptor, buffer.baseAddress!, buffer.count)
                if count > 0 { return count }
                if count < 0, errno != EINTR { throw ByteSource.unreadable(name, "cannot be read") }
                if shouldStop() { throw LogError(.interrupted, file: name, "reading was interrupted") }
                if count == 0 { return 0 }
            }
        }
    }

    /// The size of a file that is not opened yet; nil where it is none on disk. Refused: what is not there, and
    /// directories.
    static func byteCount(path: String) throws(LogError) -> Int? {
        var information = stat()
        guard (path == "-" ? fstat(0, &information) : stat(path, &information)) == 0 else {
            throw path == "-"
                ? unreadable("standard input", "cannot be examined") : unreadable(path, "cannot be opened")
        }
        return try byteCount(information, path == "-" ? "standard input" : path)
    }

    private static func byteCount(_ information: stat, _ name: String) throws(LogError) -> Int? {
        guard information.st_mode & S_IFMT != S_IFDIR else {
            throw LogError(
                .unreadable, file: name, "is a folder in which no CSV file has a channel of the model",
                hint: "name the logs in it; snnrt look FILE shows what is in one")
        }
        return information.st_mode & S_IFMT == S_IFREG ? Int(information.st_size) : nil
    }

    /// Waits for bytes, an end, or that it is to stop. SIGINT is held back while `shouldStop` is asked and let in by
    /// pselect alone, so that none is missed. A descriptor beyond what that can hold is not waited for.
    private static func wait(_ descriptor: CInt, _ shouldStop: () -> Bool) {
        var interrupt = sigset_t()
        var before = sigset_t()
        sigemptyset(&interrupt)
        sigaddset(&interrupt, SIGINT)
        pthread_sigmask(SIG_BLOCK, &interrupt, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        guard descriptor < FD_SETSIZE else { return }
        let bit = Int(descriptor)
        var ready = fd_set()
        repeat {
            if shouldStop() { return }
            withUnsafeMutableBytes(of: &ready) { bits in
                bits.bindMemory(to: Int.self)[bit / Int.bitWidth] = 1 << (bit % Int.bitWidth)
            }
        } while pselect(descriptor + 1, &ready, nil, nil, nil, &before) < 0 && errno == EINTR
    }

    private static func unreadable(_ name: String, _ what: String) -> LogError {
        LogError(.unreadable, file: name, "\(what): \(String(cString: strerror(errno)))")
    }
}

/// A file that is open as long as the object lives; one that it does not own stays open.
private final class OpenFile: Sendable {
    let descriptor: CInt
    private let isOwned: Bool

    init(_ descriptor: CInt, isOwned: Bool) { (self.descriptor, self.isOwned) = (descriptor, isOwned) }

    deinit { if isOwned { close(descriptor) } }
}
