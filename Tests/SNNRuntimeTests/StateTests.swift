import Foundation
import Testing

@testable import SNNRuntime

/// Saving, restoring and cloning.
@Suite struct StateTests {
    /// What a state may hold besides membranes, scores and spikes.
    private static let kinds: [@Sendable (Op) -> Bool] = [
        { lif($0) { $0.variant == .cubaLI } },
        { lif($0) { $0.variant == .cubaALIF && $0.refractoryTicks > 0 && $0.isWide } },
        { lif($0) { $0.variant == .alif && !$0.isWide } }, { lif($0) { $0.refractoryTicks > 0 && !$0.isWide } },
        { $0.target.map { $0.kind == .spikes && $0.bits > 1 && $0.isPersistent } ?? false },
        { readout($0) { $0.entryCount > 1 && $0.resetsNetwork } }, { readout($0) { $0.entryCount > 1 && !$0.isEarly } },
        { readout($0) { $0.evidenceDecay > 0 && $0.resetsNetwork } },
        { if case .delay(let op) = $0.body { $0.source.isBitmap && op.depth > 1 } else { false } },
        { if case .delay(let op) = $0.body { !$0.source.isBitmap && op.depth > 1 } else { false } },
        { if case .sparse(let op) = $0.body { op.delayCount > 1 } else { false } },
    ]

    private static func lif(_ op: Op, _ holds: (LIF) -> Bool) -> Bool {
        if case .lif(let lif) = op.body { holds(lif) } else { false }
    }
    private static func readout(_ op: Op, _ holds: (Readout) -> Bool) -> Bool {
        if case .readout(let readout) = op.body { holds(readout) } else { false }
    }

    /// A program with each of them.
    static let various: [String] = kinds.map { isWanted in
        GoldenTests.names.first {
            guard let loaded = try? TestModel(named: $0) else { return false }
            return withExtendedLifetime(loaded.file) {
                (0..<loaded.model.opCount).contains { op in isWanted(loaded.model.file.op(op)) }
            }
        } ?? "none of its kind"
    }
    static let names = Array(Set(GoldenTests.names.prefix(16) + various)).sorted()
    static let tickCount = 40

    private func frames(_ model: Model, _ seed: UInt64) -> [Int16] {
        var random = Seeded(seed)
        return (0..<StateTests.tickCount * Int(model.channelCount)).map { _ in
            Int16.random(in: -4000...4000, using: &random)
        }
    }

    /// Runs ticks `range`; the state block after each of them.
    @discardableResult
    private func run(_ network: Network, _ frames: [Int16], _ range: Range<Int>) -> [[UInt8]] {
        let stride = Int(network.model.channelCount)
        return frames.withUnsafeBufferPointer { frames in
            range.map { tick in
                _ = network.push(frames.baseAddress! + tick * stride, frameCount: 1)
                return Array(network.stateBlock)
            }
        }
    }

    private func saved(_ network: Network) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: network.savedByteCount)
        try bytes.withUnsafeMutableBytes { try network.save(to: $0) }
        return bytes
    }

    private func restore(_ network: Network, _ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try network.restore(from: $0) }
    }

    @Test(arguments: names)
    func restoredContinuesBitForBitFromEveryTick(_ name: String) throws {
        let loaded = try TestModel(named: name)
        let frames = frames(loaded.model, 1)
        let arena = try loaded.arena()
        let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
        var savings: [[UInt8]] = [try saved(network)]
        var expected: [[UInt8]] = []
        for tick in 0..<StateTests.tickCount {
            expected += run(network, frames, tick..<tick + 1)
            savings.append(try saved(network))
        }
        for (tick, bytes) in savings.enumerated() {
            let otherArena = try loaded.arena()
            let other = try Network(loaded.model, in: otherArena.bytes, accounting: .full)
            run(other, frames, 0..<7)  // whatever it did before is gone
            try restore(other, bytes)
            #expect(other.result == nil)
            #expect(run(other, frames, tick..<StateTests.tickCount) == Array(expected[tick...]), "from tick \(tick)")
            #expect(otherArena.isPoisonIntact)
        }
    }

    @Test(arguments: names)
    func cloneContinuesAlone(_ name: String) throws {
        let loaded = try TestModel(named: name)
        let frames = frames(loaded.model, 2)
        let (arena, otherArena) = (try loaded.arena(), try loaded.arena())
        let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
        run(network, frames, 0..<20)
        let clone = try network.clone(in: otherArena.bytes)
        #expect(clone.result?.label == network.result?.label)
        let first = run(network, frames, 20..<40)
        #expect(run(clone, frames, 20..<40) == first)
        #expect(otherArena.isPoisonIntact)
        let short = Memory8(otherArena.bytes.count - 1)
        #expect(throws: Refusal(.arenaTooSmall)) { _ = try network.clone(in: short.bytes) }
    }

    @Test func otherModelsAndAccountingsAreRefused() throws {
        let (first, second) = (try TestModel(named: "example"), try TestModel(named: StateTests.names[0]))
        let (arenaA, arenaB, arenaC) = (try first.arena(), try second.arena(), try first.arena(.basic))
        let network = try Network(first.model, in: arenaA.bytes, accounting: .full)
        let stranger = try Network(second.model, in: arenaB.bytes, accounting: .full)
        let basic = try Network(first.model, in: arenaC.bytes)
        #expect(throws: Refusal(.otherModel, at: 8)) { try restore(stranger, try saved(network)) }
        #expect(throws: Refusal(.otherModel, at: 6)) { try restore(basic, try saved(network)) }
        #expect(throws: Refusal(.notAState)) { try restore(network, []) }
        #expect(throws: Refusal(.notAState)) { try restore(network, Array("SNNS, or so it seems".utf8)) }
    }

    @Test func everyTruncationAndBitFlipIsRefused() throws {
        let loaded = try TestModel(named: "example")
        let arena = try loaded.arena()
        let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
        run(network, frames(loaded.model, 3), 0..<9)
        let (good, before) = (try saved(network), Array(network.stateBlock))
        for length in 0..<good.count {
            #expect(throws: Refusal.self) { try restore(network, Array(good[..<length])) }
        }
        for bit in 0..<8 * good.count {
            var flipped = good
            flipped[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: Refusal.self) { try restore(network, flipped) }
        }
        #expect(Array(network.stateBlock) == before)
    }

    /// 10^5 seeded corruptions behind a repaired checksum: refused, or the network runs on within its bounds.
    @Test func hostileStatesAreRefusedOrRun() throws {
        var random = Seeded(ArithmeticTests.seed)
        var (refusedCount, runCount) = (0, 0)
        let names = ["example", StateTests.names[0]] + StateTests.various
        for name in names {
            let loaded = try TestModel(named: name)
            let frames = frames(loaded.model, 4)
            let arena = try loaded.arena()
            let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
            run(network, frames, 0..<13)
            let good = try saved(network)
            for _ in 0..<10_000 {
                var bytes = good
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let at = Int.random(in: 0..<good.count - 4, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
                    case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
                    case 2: bytes[at] = [0, 0x7f, 0x80, 0xff].randomElement(using: &random)!
                    default:
                        for i in at..<min(at + 4, good.count - 4) {
                            bytes[i] = UInt8.random(in: 0...255, using: &random)
                        }
                    }
                }
                do { try restore(network, withTrailer(bytes)) } catch is Refusal {
                    refusedCount += 1
                    continue
                }
                run(network, frames, 0..<3)
                runCount += 1
                // What it ran to is a state it may be in.
                let after = try saved(network)
                try restore(network, after)
            }
            #expect(arena.isPoisonIntact, "seed \(ArithmeticTests.seed), \(name)")
        }
        #expect(refusedCount + runCount == 10_000 * names.count)
        #expect(refusedCount > 1000 && runCount > 1000, "\(refusedCount) refused, \(runCount) run")
    }

    /// One fault each, at its place.
    @Test func faultsHaveTheirPlace() throws {
        let loaded = try TestModel(named: "example")
        let arena = try loaded.arena(.basic)
        let network = try Network(loaded.model, in: arena.bytes)
        let good = try saved(network)
        // Block of the example: hop position, 0; LI slot 2 × i16; U 3 × i16, padding; scores 2 × i32; usage at 32.
        let faults: [(Int, [UInt8])] = [
            (16, [2]), (20, [1]), (24, [0, 0x80]), (26, [0, 0x80]), (28, [0, 0x80]), (32, [0, 0x80]), (34, [1]),
            (36, [0, 0, 0, 0x80]), (44, [1]), (16 + 32 + 20, [1]),
        ]
        for (at, content) in faults {
            var bytes = good
            bytes.replaceSubrange(at..<at + content.count, with: content)
            #expect(throws: Refusal(.badState, at: UInt32(at))) { try restore(network, withTrailer(bytes)) }
        }
    }

    /// The ranges that only some states have: A and C, graded spikes, the count of entries, E.
    @Test func rangesOfOtherVariables() throws {
        func check(_ name: String, _ fault: (Network, Op) -> (at: UInt32, content: [UInt8])?) throws {
            let loaded = try TestModel(named: name)
            let arena = try loaded.arena(.basic)
            let network = try Network(loaded.model, in: arena.bytes)
            let good = try saved(network)
            var found = 0
            for op in 0..<loaded.model.opCount {
                guard let (at, content) = fault(network, placed(op, in: network)) else { continue }
                let place = Int(at - network.control.pointee.state) + 16
                var bytes = good
                bytes.replaceSubrange(place..<place + content.count, with: content)
                #expect(throws: Refusal(.badState, at: UInt32(place))) { try restore(network, withTrailer(bytes)) }
                found += 1
            }
            #expect(found > 0, "\(name)")
        }
        try check(StateTests.various[1]) { _, op in  // C of a wide CuBa-ALIF
            guard case .lif(let lif) = op.body, lif.variant == .cubaALIF, lif.refractoryTicks > 0, lif.isWide else {
                return nil
            }
            return (op.header.state + 3 * paddedByteCount(op.source.count, isWide: true), [0xff, 0xff, 0, 0])
        }
        try check(StateTests.various[2]) { _, op in  // A of a narrow ALIF
            guard case .lif(let lif) = op.body, lif.variant == .alif, !lif.isWide else { return nil }
            return (op.header.state + paddedByteCount(op.source.count, isWide: false), [0xff, 0xff])
        }
        try check(StateTests.various[4]) { _, op in
            guard let slot = op.target, slot.kind == .spikes, slot.bits > 1, slot.isPersistent else { return nil }
            return (slot.offset, [0xff, 0xff])
        }
        try check(StateTests.various[5]) { network, op in
            guard case .readout(let readout) = op.body else { return nil }
            return (
                network.control.pointee.state + 4,
                [UInt8(2 * readout.entryCount & 0xff), UInt8(2 * readout.entryCount >> 8)]
            )
        }
        try check(StateTests.various[8]) { _, op in
            guard case .delay(let delay) = op.body else { return nil }
            return (op.header.state, [UInt8(delay.depth & 0xff), UInt8(delay.depth >> 8)])
        }
        try check(StateTests.various[7]) { _, op in
            guard case .readout(let readout) = op.body else { return nil }
            return (readout.evidence, [0, 0, 0, 0x80])
        }
    }

    /// An op as it lies in the arena.
    private func placed(_ number: UInt32, in network: Network) -> Op {
        let step = network.program + Int(number)
        var body = network.model.file.op(number).body
        if case .readout = body {
            body = .readout(Step.body(step).assumingMemoryBound(to: Readout.self).pointee)
        }
        return Op(header: step.pointee.header, body: body)
    }

    /// What is no image, or one of another model, or of a model that has changed.
    @Test func imagesThatAreRefused() throws {
        let (loaded, other) = (try TestModel(named: "example"), try TestModel(named: "wisdm-small"))
        let arena = try loaded.arena()
        let image = try Network(loaded.model, in: arena.bytes).openedImage
        func attach(_ image: [UInt8], _ model: Memory8, shift: Int = 0) throws {
            _ = try Network(
                attaching: UnsafeRawBufferPointer(Memory8(image, shift: shift).bytes),
                to: UnsafeRawBufferPointer(model.bytes), in: arena.bytes)
        }
        try attach(image, loaded.file)
        #expect(throws: Refusal(.otherModel, at: 12)) { try attach(image, other.file) }
        #expect(throws: Refusal(.misaligned)) { try attach(image, loaded.file, shift: 4) }
        let model = Memory8([UInt8](loaded.file.bytes))
        model.bytes[40] ^= 1
        #expect(throws: Refusal(.damaged, at: loaded.model.file.trailer)) { try attach(image, model) }
        for count in 0..<image.count {
            #expect(throws: Refusal(.badImage)) { try attach(Array(image[..<count]), loaded.file) }
        }
        for bit in 0..<8 * image.count {
            var flipped = image
            flipped[bit / 8] ^= 1 << (bit % 8)
            do {
                try attach(flipped, loaded.file)
                Issue.record("bit \(bit) of the image may be wrong")
            } catch { #expect((error as? Refusal)?.status == .badImage) }
        }
    }

    @Test func selfTests() throws {
        let loaded = try TestModel(named: "example")
        let arena = try loaded.arena(.basic)
        try Network.runSelfTest(loaded.model, in: arena.bytes)
        var file = try vector("example.snn")
        let selfTest = Int(loaded.model.file.section(.selfTest).offset)
        file[selfTest + 4] ^= 1
        let wrong = try TestModel(withTrailer(file))
        #expect(throws: Refusal(.selfTestFailed)) { try Network.runSelfTest(wrong.model, in: arena.bytes) }
        let without = try #require(
            GoldenTests.names.lazy.compactMap { try? TestModel(named: $0) }.first { $0.model.selfTest == nil })
        #expect(throws: Refusal(.noSelfTest)) {
            try Network.runSelfTest(without.model, in: without.arena(.basic).bytes)
        }
    }
}

/// The shipped models prove themselves.
@Suite struct ShippedModelTests {
    @Test func selfTestsPass() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let models = FileManager.default.enumerator(atPath: root.path + "/models")!.compactMap { $0 as? String }.filter
        { $0.hasSuffix(".snn") }
        #expect(!models.isEmpty)
        for name in models {
            let loaded = try TestModel([UInt8](try Data(contentsOf: root.appendingPathComponent("models/\(name)"))))
            let arena = try loaded.arena(.basic)
            do { try Network.runSelfTest(loaded.model, in: arena.bytes) } catch { Issue.record("\(name): \(error)") }
        }
    }
}
