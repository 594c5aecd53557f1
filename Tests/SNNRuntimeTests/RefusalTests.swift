import Testing

@testable import SNNRuntime

/// Damaged files: each refused with the status and the offset that format.md asks for, never a trap.
@Suite struct RefusalTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let file: String
        let status: Int32
        let offset: UInt32
        var testDescription: String { file }
    }

    static let faults: [Fault] = {
        let table = (try? vector("refusals/refusals.tsv")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return table.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count >= 3, let status = Int32(cells[1]), let offset = UInt32(cells[2]) else { return nil }
            return Fault(file: String(cells[0]), status: status, offset: offset)
        }
    }()

    @Test func corpusIsThere() { #expect(RefusalTests.faults.count >= 120, "run `make vectors`") }

    @Test(arguments: faults)
    func eachFaultHasItsStatusAndPlace(_ fault: Fault) throws {
        let found = refusal(try vector("refusals/\(fault.file)"))
        #expect(found?.status.rawValue == fault.status, "\(fault.file): \(String(describing: found))")
        #expect(found?.offset == fault.offset, "\(fault.file): \(String(describing: found))")
    }

    @Test func everyTruncationIsRefused() throws {
        let file = try vector("example.snn")
        for length in 0..<file.count {
            let found = refusal(Array(file[..<length]))
            #expect(found?.status == .truncated, "\(length) bytes: \(String(describing: found))")
        }
    }

    @Test func everyBitFlipIsRefused() throws {
        let file = try vector("example.snn")
        for bit in 0..<8 * file.count {
            var flipped = file
            flipped[bit / 8] ^= 1 << (bit % 8)
            let status = refusal(flipped)?.status
            let expected: [Status] =
                switch bit / 8 {
                case 0..<8: [.notAModel]
                case 10 where bit == 80: [.damaged]  // 1.6 turns into 1.7, which is known
                case 8..<12: (81...82).contains(bit) ? [.unsupported] : [.newerVersion]  // 1.6 turns into 1.4 or 1.2
                case 12..<16: [.truncated, .damaged]
                default: [.damaged]
                }
            #expect(status.map(expected.contains) == true, "bit \(bit): \(String(describing: status))")
        }
    }

    /// Behind the checksum: with the trailer recomputed a flip is refused or runs.
    @Test func everyBitFlipWithTrailerIsRefusedOrRuns() throws {
        let file = try vector("example.snn")
        var ran = 0
        for bit in 0..<8 * (file.count - 4) {
            var flipped = file
            flipped[bit / 8] ^= 1 << (bit % 8)
            guard let loaded = try? TestModel(withTrailer(flipped)) else { continue }
            let layout = try Network.layout(of: loaded.model)
            if layout.byteCount > 1 << 26 { continue }
            let arena = Memory8(Int(layout.byteCount))
            let network = try Network(loaded.model, in: arena.bytes)
            let frames = [Int16](repeating: 1000, count: 8 * Int(loaded.model.channelCount))
            _ = frames.withUnsafeBufferPointer { network.push($0.baseAddress!, frameCount: 8) }
            #expect(arena.isPoisonIntact)
            ran += 1
        }
        #expect(ran > 0)
    }

    @Test func misalignedModelIsRefused() throws {
        let file = Memory8(try vector("example.snn"), shift: 2)
        #expect(throws: Refusal(.misaligned)) { try Model(validating: UnsafeRawBufferPointer(file.bytes)) }
    }
}
