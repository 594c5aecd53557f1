import Testing

@testable import SNNRuntime

@Suite struct NetworkTests {
    /// Programs of different shapes from the golden set, and the trained model.
    static let names = Array(GoldenTests.names.prefix(12)) + ["wisdm-small"]

    private func frames(_ model: Model, _ seed: UInt64, count: Int = 40) -> [Int16] {
        var random = Seeded(seed)
        return (0..<count * Int(model.channelCount)).map { _ in Int16.random(in: -3000...3000, using: &random) }
    }

    private func run(_ network: Network, _ frames: [Int16]) {
        frames.withUnsafeBufferPointer {
            var at = 0
            let stride = Int(network.model.channelCount)
            while at < $0.count {
                at += stride * network.push($0.baseAddress! + at, frameCount: ($0.count - at) / stride).taken
            }
        }
    }

    @Test(arguments: names)
    func exactlyEnoughMemoryIsEnough(_ name: String) throws {
        for accounting in [Network.Accounting.basic, .full] {
            let loaded = try TestModel(named: name)
            let needed = Int(try Network.layout(of: loaded.model, accounting: accounting).byteCount)
            let arena = Memory8(needed)
            let network = try Network(loaded.model, in: arena.bytes, accounting: accounting)
            run(network, frames(loaded.model, 1))
            #expect(arena.isPoisonIntact && loaded.file.isPoisonIntact)

            let short = Memory8(needed - 1)
            #expect(throws: Refusal(.arenaTooSmall)) {
                _ = try Network(loaded.model, in: short.bytes, accounting: accounting)
            }
            #expect(short.isPoisonIntact)
            #expect(short.bytes.allSatisfy { $0 == Memory8.poison })
        }
    }

    @Test func misalignedArenaIsRefused() throws {
        let loaded = try TestModel(named: "example")
        let arena = Memory8(Int(try Network.layout(of: loaded.model).byteCount), shift: 4)
        #expect(throws: Refusal(.misaligned)) { _ = try Network(loaded.model, in: arena.bytes) }
    }

    @Test(arguments: names)
    func twoInterleavedEqualTwoAlone(_ name: String) throws {
        let loaded = try TestModel(named: name)
        let (first, second) = (frames(loaded.model, 2), frames(loaded.model, 3))
        func alone(_ frames: [Int16]) throws -> [UInt8] {
            let arena = try loaded.arena()
            let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
            run(network, frames)
            return Array(network.stateBlock)
        }
        let (arenaA, arenaB) = (try loaded.arena(), try loaded.arena())
        let networkA = try Network(loaded.model, in: arenaA.bytes, accounting: .full)
        let networkB = try Network(loaded.model, in: arenaB.bytes, accounting: .full)
        let stride = Int(loaded.model.channelCount)
        for tick in 0..<first.count / stride {
            run(networkA, Array(first[tick * stride..<(tick + 1) * stride]))
            run(networkB, Array(second[tick * stride..<(tick + 1) * stride]))
        }
        #expect(Array(networkA.stateBlock) == (try alone(first)))
        #expect(Array(networkB.stateBlock) == (try alone(second)))
    }

    @Test(arguments: names)
    func resetEqualsFresh(_ name: String) throws {
        let loaded = try TestModel(named: name)
        let (arena, freshArena) = (try loaded.arena(), try loaded.arena())
        let network = try Network(loaded.model, in: arena.bytes, accounting: .full)
        let fresh = try Network(loaded.model, in: freshArena.bytes, accounting: .full)
        #expect(network.stateBlock.elementsEqual(fresh.stateBlock))
        run(network, frames(loaded.model, 4, count: 37))
        #expect(!network.stateBlock.elementsEqual(fresh.stateBlock))
        let before = network.totalSpent()
        network.resetState()
        #expect(network.result == nil)
        #expect(network.totalSpent() == before)
        network.resetUsage()
        #expect(network.stateBlock.elementsEqual(fresh.stateBlock))
        run(network, frames(loaded.model, 5))
        run(fresh, frames(loaded.model, 5))
        #expect(network.stateBlock.elementsEqual(fresh.stateBlock))
        #expect(network.result?.label == fresh.result?.label)
    }

    /// Basic accounting gives the same figures as full, where it gives any.
    @Test(arguments: names)
    func basicAccountingEqualsFull(_ name: String) throws {
        let loaded = try TestModel(named: name)
        let (basicArena, fullArena) = (try loaded.arena(.basic), try loaded.arena(.full))
        let basic = try Network(loaded.model, in: basicArena.bytes)
        let full = try Network(loaded.model, in: fullArena.bytes, accounting: .full)
        run(basic, frames(loaded.model, 6))
        run(full, frames(loaded.model, 6))
        var expected = full.totalSpent()
        (expected.effectiveACs, expected.effectiveMACs, expected.membraneUpdates) = (0, 0, 0)
        #expect(basic.totalSpent() == expected)
        #expect(basic.outputChecksum == full.outputChecksum)
    }

    @Test func limitsRefuse() throws {
        let loaded = try TestModel(named: "example")
        let layout = try Network.layout(of: loaded.model)
        let exact: [(WritableKeyPath<Model.Limits, UInt64>, UInt64)] = [
            (\.arenaByteCount, UInt64(layout.byteCount)),
            (\.sAcePerResult, loaded.model.totalCost().sAcePerResult),
        ]
        for (limit, value) in exact {
            var limits = Model.Limits()
            limits[keyPath: limit] = value
            try Network.check(limits, loaded.model, accounting: .basic)
            limits[keyPath: limit] = value - 1
            #expect(throws: Refusal(.overBudget)) { try Network.check(limits, loaded.model, accounting: .basic) }
        }
    }

    @Test func limitsOfAFileRefuse() throws {
        let model = try TestModel(named: "example").model
        let exact: [(WritableKeyPath<Model.Limits, UInt64>, UInt64)] = [
            (\.byteCount, UInt64(model.byteCount)), (\.operationsPerTick, model.operationsPerTick),
            (\.operationsToOpen, model.operationsToOpen),
        ]
        for (limit, value) in exact {
            var limits = Model.Limits()
            limits[keyPath: limit] = value
            try model.check(limits)
            limits[keyPath: limit] = value - 1
            #expect(throws: Refusal(.overBudget)) { try model.check(limits) }
        }
    }

    @Test func selfTestOfTheExampleHolds() throws {
        let loaded = try TestModel(named: "example")
        let selfTest = try #require(loaded.model.selfTest)
        let arena = try loaded.arena()
        let network = try Network(loaded.model, in: arena.bytes)
        let count = Int(selfTest.frameCount) * Int(loaded.model.channelCount)
        run(network, Array(UnsafeBufferPointer(start: selfTest.frames, count: count)))
        #expect(network.outputChecksum == selfTest.checksum)
    }

    /// Sizes that must not differ between targets: the arena's size is reported on the desk for the wrist.
    @Test func recordsHaveTheirSizes() {
        #expect(MemoryLayout<Control>.stride == 80)
        #expect(MemoryLayout<Step>.stride == 52)
    }
}
