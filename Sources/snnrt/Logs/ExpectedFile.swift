import Compiler
import Glibc
import NIR
import SensorLogs

func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

extension ExpectedOutputs {
    /// Reads what a framework gave on windows of a network, and holds its shapes to those of the network.
    ///
    /// - Throws: a `Failure` of the log that says which array does not fit, and how.
    init(path: String, for loaded: LoadedGraph) throws {
        do { try self.init(try ArrayArchive(path: path), loaded) } catch let error as LogError {
            throw Failure(code: .log, message: "\(error)")
        }
    }

    private init(_ archive: ArrayArchive, _ loaded: LoadedGraph) throws {
        let shapes = loaded.schedule.shapes
        func elements(_ names: [String]) -> Int { names.reduce(0) { $0 + (shapes[$1]?.reduce(1, *) ?? 0) } }
        let classCount = elements(loaded.schedule.outputNames)
        func refuse(_ name: String, _ array: NumberArray, _ expected: String) -> Failure {
            let place = name.isEmpty ? archive.path : "\(archive.path): \(name)"
            return Failure(
                code: .log,
                message:
                    "\(place): has the shape (\(array.shape.map(String.init).joined(separator: ", "))), expected \(expected)"
            )
        }
        func finite(_ name: String) throws -> NumberArray {
            let array = try archive.array(name)
            guard array.values.allSatisfy(\.isFinite) else {
                throw Failure(code: .log, message: "\(archive.path): \(name): holds nan or infinite values")
            }
            return array
        }
        func rows(_ array: NumberArray) -> [[Double]] { (0..<array.shape[0]).map { Array(array.row($0)) } }
        func whole(_ name: String, _ array: NumberArray) throws -> [Int] {
            try array.values.map {
                guard let label = Int(exactly: $0), 0..<max(classCount, 1) ~= label else {
                    throw Failure(
                        code: .log,
                        message: "\(archive.path): \(name): holds \($0), expected a class, 0 to \(classCount - 1)")
                }
                return label
            }
        }
        let isOne = archive.names == [""]
        let name = isOne ? "" : "scores"
        let scores = try finite(name)
        if isOne && scores.shape.count == 1 && scores.isInteger {
            self.init(labels: try whole(name, scores))
            return
        }
        let isFlat = scores.shape.count == 1 && classCount == 1
        guard isFlat || scores.shape.count == 2 && scores.shape[1] == classCount else {
            throw refuse(name, scores, "(windows, \(classCount)), one score for each element of the Output")
        }
        self.init(scores: rows(scores))
        if isOne { return }
        let windows = windowCount
        if archive.has("input") {
            let array = try finite("input")
            let width = elements(loaded.schedule.inputNames)
            guard array.shape.count >= 2, array.shape[0] == windows, array.values.count % (windows * width) == 0,
                array.shape.count == 2 ? width == 1 : array.shape.dropFirst(2).reduce(1, *) == width
            else { throw refuse("input", array, "(\(windows), ticks, ...) with \(width) values in a tick") }
            (input, tickCount) = (rows(array), array.shape[1])
        }
        if archive.has("labels") {
            let array = try finite("labels")
            guard array.shape == [windows] else { throw refuse("labels", array, "(\(windows),)") }
            truth = try whole("labels", array)
        }
        for key in archive.names where key.hasPrefix("spikes/") {
            let (array, node) = (try finite(key), String(key.dropFirst("spikes/".count)))
            guard let shape = shapes[node] else {
                throw Failure(
                    code: .log,
                    message: "\(archive.path): \(key): names \"\(node)\", which is no node that the Input reaches")
            }
            guard tickCount > 0, array.shape.prefix(2) == [windows, tickCount],
                array.values.count == windows * tickCount * shape.reduce(1, *)
            else {
                throw refuse(
                    key, array,
                    "(\(windows), \(tickCount), \(shape.map(String.init).joined(separator: ", "))), with input beside it"
                )
            }
            spikes[node] = rows(array)
        }
    }
}
