import Foundation
import Testing

@testable import SNNRuntime

/// What the Python interpreter, written from format.md, says every slot, state byte and counter must be
/// after every tick (Tests/oracle/generate.py defines the file).
struct Trace {
    let frameCount: Int
    let channelCount: Int
    let slotCounts: [Int]
    let stateByteCount: Int
    let classCount: Int
    private let data: [UInt8]
    private let framesAt: Int
    private let ticksAt: Int

    init(_ data: [UInt8]) {
        func u32(_ at: Int) -> Int {
            Int(data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self) })
        }
        precondition(data.prefix(8).elementsEqual(Array("SNNTRACE".utf8)) && u32(8) == 1, "not a trace")
        self.data = data
        (frameCount, channelCount, stateByteCount, classCount) = (u32(12), u32(16), u32(24), u32(28))
        slotCounts = (0..<u32(20)).map { u32(32 + 4 * $0) }
        framesAt = 32 + 4 * slotCounts.count
        ticksAt = framesAt + (2 * frameCount * channelCount + 3) / 4 * 4
    }

    private var tickByteCount: Int { 4 * (slotCounts.reduce(0, +) + 2 + classCount) + stateByteCount }

    var frames: [Int16] {
        (0..<frameCount * channelCount).map { i in
            data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: framesAt + 2 * i, as: Int16.self) }
        }
    }
    /// All slots' elements, the result flag, the label and the scores.
    func values(_ tick: Int) -> [Int32] {
        let count = slotCounts.reduce(0, +) + 2 + classCount
        let start = ticksAt + tick * tickByteCount
        return [Int32](unsafeUninitializedCapacity: count) { values, initializedCount in
            data.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(values).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[start..<start + 4 * count]))
            }
            initializedCount = count
        }
    }
    func state(_ tick: Int) -> ArraySlice<UInt8> {
        let end = ticksAt + (tick + 1) * tickByteCount
        return data[end - stateByteCount..<end]
    }
}

@Suite struct GoldenTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: vectorFolder)) ?? []
        return files.filter { $0.hasSuffix(".trace") }.map { String($0.dropLast(6)) }.sorted()
    }()

    @Test func thereAreAtLeastTwoHundredPrograms() {
        #expect(GoldenTests.names.count >= 200, "run `make vectors`")
    }

    @Test(arguments: names)
    func engineEqualsInterpreter(_ name: String) throws { try compare(name, .ofThisMachine) }

    /// The loops that run on older processors and on those without vectors.
    @Test(arguments: names, [ProcessorLevel.portable, .avx2].prefix(Int(ProcessorLevel.ofThisMachine.rawValue)))
    func otherLoopsEqualInterpreter(_ name: String, _ level: ProcessorLevel) throws { try compare(name, level) }

    /// What firmware attaches instead of opening the model.
    @Test(arguments: names)
    func attachedImageEqualsInterpreter(_ name: String) throws { try compare(name, .ofThisMachine, isAttached: true) }

    private func compare(_ name: String, _ level: ProcessorLevel, isAttached: Bool = false) throws {
        let trace = Trace(try vector("\(name).trace"))
        let loaded = try TestModel(named: name)
        var arena = try loaded.arena()
        var network = try Network(loaded.model, in: arena.bytes, accounting: .full)
        let image = Memory8(network.openedImage)
        if isAttached {
            let file = UnsafeRawBufferPointer(start: loaded.model.file.base, count: Int(loaded.model.byteCount))
            let attaching = UnsafeRawBufferPointer(image.bytes)
            let byteCount = Int(attaching.load(as: Image.self).arenaByteCount)
            #expect(throws: Refusal(.arenaTooSmall)) {
                try Network(attaching: attaching, to: file, in: Memory8(byteCount - 1).bytes)
            }
            arena = Memory8(byteCount)
            network = try Network(attaching: attaching, to: file, in: arena.bytes)
            #expect(network.arenaByteCount == byteCount)
        }
        network.control.pointee.level = level
        let frames = trace.frames

        for tick in 0..<trace.frameCount {
            let pushed = frames.withUnsafeBufferPointer {
                network.push($0.baseAddress! + tick * trace.channelCount, frameCount: 1)
            }
            let expected = trace.values(tick)
            var at = 0
            for (slot, count) in trace.slotCounts.enumerated() {
                var values = [Int32](repeating: 0, count: count)
                values.withUnsafeMutableBufferPointer { network.copyValues(ofSlot: UInt32(slot), to: $0.baseAddress!) }
                if let element = values.indices.first(where: { values[$0] != expected[at + $0] }) {
                    Issue.record(
                        "\(name): tick \(tick), slot \(slot) (\(writer(loaded.model, slot))), element \(element): \(values[element]), expected \(expected[at + element])"
                    )
                    return
                }
                at += count
            }
            let result = pushed.hasResult ? network.result : nil
            let given =
                [pushed.hasResult ? 1 : 0, result?.label ?? 0]
                + (result.map { Array($0.scores) } ?? Array(repeating: 0, count: trace.classCount))
            if given != Array(expected[at...]) {
                Issue.record("\(name): tick \(tick), result \(given), expected \(Array(expected[at...]))")
                return
            }
            let isSame = trace.state(tick).withUnsafeBytes {
                $0.count == network.stateBlock.count
                    && memcmp($0.baseAddress!, network.stateBlock.baseAddress!, $0.count) == 0
            }
            if !isSame {
                let first = zip(network.stateBlock, trace.state(tick)).enumerated().first {
                    $0.element.0 != $0.element.1
                }
                Issue.record(
                    "\(name): tick \(tick), state block differs at byte \(first?.offset ?? -1) of \(trace.stateByteCount) (got \(network.stateBlock.count))"
                )
                return
            }
        }
        #expect(arena.isPoisonIntact)
        try compareAccounts(name, network)
    }

    private func writer(_ model: Model, _ slot: Int) -> String {
        let ops = (0..<model.opCount).filter { model.file.targetSlot(ofOp: $0) == UInt32(slot) }
        return ops.isEmpty ? "samples" : ops.map { "op \($0) \(model.file.opKind($0)!)" }.joined(separator: ", ")
    }

    /// The derived accounting, by name, per op and in total.
    private func compareAccounts(_ name: String, _ network: Network) throws {
        let json = try JSONSerialization.jsonObject(with: Data(try vector("\(name).json"))) as! [String: Any]
        let model = network.model
        let accounts = Accounts(
            ops: (0..<model.opCount).map { Account(model.cost(ofOp: $0), network.spent(byOp: $0)) },
            total: Account(model.totalCost(), network.totalSpent()))
        for (index, expected) in (json["ops"] as! [[String: Any]]).enumerated() {
            compare("\(name) op \(index)", accounts.ops[index].figures, expected)
        }
        compare("\(name) total", accounts.total.figures, json["total"] as! [String: Any])
        let spent = network.totalSpent()
        compare(
            "\(name) network",
            [
                "window": UInt64(model.windowTickCount), "ticks": spent.ticks, "results": spent.results,
                "outputChecksum": UInt64(network.outputChecksum), "neuronTicks": spent.neuronTicks,
                "lifEvents": spent.spikes, "footprintBits": try model.footprintBits(),
                "operationsPerTick": model.operationsPerTick, "operationsToOpen": model.operationsToOpen,
            ], json["network"] as! [String: Any])
    }

    private func compare(_ place: String, _ figures: [String: UInt64], _ expected: [String: Any]) {
        for (key, value) in figures {
            guard let wanted = expected[key] as? NSNumber else {
                Issue.record("\(place): the interpreter does not give \(key)")
                continue
            }
            if wanted.uint64Value != value { Issue.record("\(place): \(key) = \(value), expected \(wanted)") }
        }
    }
}

private struct Accounts {
    let ops: [Account]
    let total: Account
}

/// Cost and spending under the interpreter's names.
private struct Account {
    let figures: [String: UInt64]

    init(_ cost: Cost, _ spent: Spent) {
        figures = [
            "synapses": cost.synapses, "sACE": cost.sAcePerResult, "neurons": cost.neurons, "weights": cost.weights,
            "zeroWeights": cost.zeroWeights, "parameterBits": cost.parameterBitsPerTick,
            "storedWeightBits": cost.storedWeightBits, "stateBitsReadPerTick": cost.stateBitsReadPerTick,
            "stateBitsWrittenPerTick": cost.stateBitsWrittenPerTick,
            "synapticOperations": spent.synapticOperations, "nsACE": spent.nsAce,
            "effectiveACs": spent.effectiveACs, "effectiveMACs": spent.effectiveMACs,
            "membraneUpdates": spent.membraneUpdates, "modelBitsRead": spent.modelBitsRead,
            "stateBitsRead": spent.stateBitsRead, "stateBitsWritten": spent.stateBitsWritten,
        ]
    }
}
