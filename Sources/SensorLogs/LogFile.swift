import FoundationEssentials

/// A log that is still to be read: a path, or a source that a caller supplied.
struct LogFile {
    /// The path, or the name of the source.
    let path: String
    let byteCount: Int?
    private let source: ByteSource?
    /// What it is where it is no file.
    let folder: LogFolder?
    /// The reason for which it could not be opened; thrown when its turn comes.
    let failure: LogError?
    private let shouldStop: @Sendable () -> Bool

    /// Looks at the path, to know its size; it is opened when the log's turn comes, since the writer of a named pipe
    /// may wait for the log before.
    init(path: String, shouldStop: @escaping @Sendable () -> Bool) {
        self.path = path
        self.shouldStop = shouldStop
        source = nil
        do throws(LogError) {
            let found = try LogFolder(path: path)
            // A folder's files are counted once it is known which are read.
            (folder, byteCount) = (found, found != nil ? 0 : try ByteSource.byteCount(path: path))
            failure = nil
        } catch {
            (byteCount, failure, folder) = (nil, error, nil)
        }
    }

    init(_ source: ByteSource) {
        path = source.name
        byteCount = source.byteCount
        self.source = source
        (failure, folder) = (nil, nil)
        shouldStop = { false }
    }

    /// The name in messages.
    var name: String { path == "-" ? "standard input" : path }

    /// A twin may be looked for beside it.
    var isOnDisk: Bool { source == nil && byteCount != nil && path != "-" }

    /// A reader that has been looked at before the log's turn; kept where the source can be read but once.
    private var peeked: LineReader?

    /// The log's reader before its turn, of which nothing may be consumed; nil where there is none, or it can be read but once.
    mutating func peek(_ options: ReadingOptions) -> LineReader? {
        if let peeked { return peeked }
        if source == nil, !isOnDisk { return nil }
        let reader = try? reader(Progress(byteCounts: [], report: nil), options)
        if source != nil { peeked = reader }
        return reader
    }

    /// The text files in the same folder, fewer than a hundred.
    func neighbours() -> [String] {
        guard isOnDisk else { return [] }
        let url = URL(fileURLWithPath: path)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return names.sorted().filter {
            $0 != url.lastPathComponent && ["csv", "txt", "tsv"].contains($0.split(separator: ".").last)
        }
        .prefix(100).map { folder.isEmpty ? $0 : folder + "/" + $0 }
    }

    /// Packed data is unpacked, and counted as it was packed.
    func reader(_ progress: Progress, _ options: ReadingOptions) throws(LogError) -> LineReader {
        if let failure { throw failure }
        if let peeked { return peeked }
        let source = if let source { source } else { try ByteSource(path: path, shouldStop: shouldStop) }
        source.advanced = { progress.add($0) }
        return LineReader(try source.decoded(options), isLive: options.isLive)
    }
}

extension LineReader {
    /// The log is text, and not of a format of its own.
    var isText: Bool {
        let isPlain: Bool? = try? withFirstBytes { (bytes) throws(LogError) in
            try refuseBinary(bytes, file: source.name)
            return !EdgeImpulseReader.begin(bytes)
        }
        return isPlain == true && !WISDMPhoneRecord.begin(self, isLive: false) && !WISDMLine.begin(self)
            && InertialSignals.place(of: source.name) == nil
    }
}

/// Bytes read over all logs, told to the caller.
final class Progress {
    private var bytesRead = 0
    private var byteCount: Int?
    private let report: ((Int, Int?) -> Void)?

    init(byteCounts: [Int?], report: ((Int, Int?) -> Void)?) {
        byteCount = byteCounts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
        self.report = report
    }

    func add(_ count: Int) {
        bytesRead += count
        report?(bytesRead, byteCount)
    }

    /// A file that was found along the way.
    func expect(_ more: Int?) { byteCount = byteCount.flatMap { sum in more.map { sum + $0 } } }
}
