import SNNRuntime

/// A model file in memory, checked, and the arenas of its networks. Frees both with itself.
final class LoadedModel {
    let path: String
    let model: Model
    private let file: UnsafeMutableRawBufferPointer
    private var arenas: [UnsafeMutableRawBufferPointer] = []

    convenience init(path: String) throws {
        guard let bytes = contents(of: path) else {
            throw Failure(code: .model, message: "\(path): cannot be read (\(LoadedModel.reason(path)))")
        }
        try self.init(path: path, bytes: bytes)
    }

    /// The same, with a hint where a model is among the logs: the model comes first.
    convenience init(path: String, beside logs: [String]) throws {
        do { try self.init(path: path) } catch let failure as Failure {
            let magic: [UInt8] = [0x89, 0x53, 0x4E, 0x4E]
            guard let model = logs.first(where: { contents(of: $0, limit: 4) == magic }) else { throw failure }
            throw Failure(
                code: failure.code,
                message: failure.message + "\n  hint: \(model) is a model, and the model comes first")
        }
    }

    /// Checks a copy of bytes in memory, which messages call `path`.
    init(path: String, bytes: some Collection<UInt8>) throws {
        self.path = path
        file = .allocate(byteCount: max(bytes.count, 1), alignment: 16)
        file.copyBytes(from: bytes)
        do {
            // A tick's operations are shown; opening's are waited for.
            var limits = Model.Limits()
            limits.operationsToOpen = 0
            model = try Model(
                validating: UnsafeRawBufferPointer(start: file.baseAddress, count: bytes.count), limits: limits)
        } catch {
            file.deallocate()
            throw LoadedModel.failure(path, error)
        }
    }

    deinit {
        file.deallocate()
        for arena in arenas { arena.deallocate() }
    }

    func network(_ accounting: Network.Accounting) throws -> Network {
        do {
            let byteCount = Int(try Network.layout(of: model, accounting: accounting).byteCount)
            let arena = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
            arenas.append(arena)
            return try Network(model, in: arena, accounting: accounting)
        } catch {
            throw LoadedModel.failure(path, error)
        }
    }

    func arenaByteCount() throws -> UInt32 {
        do { return try Network.layout(of: model).byteCount } catch { throw LoadedModel.failure(path, error) }
    }

    /// The model's own bytes: those of the file, without what may lie behind them.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: file.prefix(Int(model.byteCount))) }
    var name: String { fileName(path) }
    var classNames: [String] { (0..<model.classCount).map { String(cString: model.className($0)) } }
    var checksum: String { hexadecimal(model.checksum) }

    private static func reason(_ path: String) -> String {
        guard let found = isFolder(path) else { return "no such file" }
        return found ? "it is a folder" : "permission denied or not a regular file"
    }

    private static func failure(_ path: String, _ refusal: Refusal) -> Failure {
        let place = refusal.offset == 0 ? "" : " at byte \(refusal.offset)"
        return Failure(code: .model, message: "\(path): \(advice(refusal.status))\(place)")
    }

    /// The fault in words, and what to do about it.
    private static func advice(_ status: Status) -> String {
        switch status {
        case .notAModel: "not an snnrt model file"
        case .newerVersion: "its format is newer than this snnrt: update snnrt"
        case .unsupportedArithmetic: "it asks for an arithmetic that this snnrt does not have: update snnrt"
        case .truncated: "truncated: fetch the whole file again"
        case .damaged: "damaged, its checksum is wrong: fetch the file again"
        case .malformed: "malformed: a section, record, array or reference is out of place"
        case .unsupported: "it uses a feature that this snnrt does not have: update snnrt"
        case .badWiring: "malformed: ops and slots do not fit each other"
        case .badValue: "malformed: a parameter is outside its range"
        case .overBudget: "checking it would take more steps than any network for a sensor asks for"
        case .mayOverflow: "its sums may overflow: quantize with smaller weights or fraction bits"
        default: "refused (\(status))"
        }
    }
}

func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
