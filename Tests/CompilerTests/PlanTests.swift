import NIR
import SNNRuntime
import TestSupport
import Testing

@testable import Compiler

/// Settings per layer, calibration and the planner, on the networks beside these tests.
@Suite struct PlanTests {
    struct Network {
        let graph: Graph
        let schedule: Schedule
        let dialect: Dialect
        let dt: Double
        let path: String
        var options = CompileOptions(window: 48, rate: (1000, 1))

        init(_ name: String, _ dialect: String, _ dt: Double) throws {
            path = fixture(name)
            graph = try Graph(path: path)
            schedule = try Schedule(graph, file: path)
            (self.dialect, self.dt) = (TestSupport.dialect(dialect), dt)
            (options.inputBits, options.count) = (8, (1, 4))
        }

        func compiled(_ options: CompileOptions) throws -> Compiled {
            try compile(graph, schedule, dialect: dialect, dt: dt, options)
        }

        var width: Int { schedule.shapes["input"]!.reduce(1, *) }

        private func calibration(_ recording: Recording) throws -> Calibration {
            try Calibration(recording, graph, schedule, dialect: dialect, dt: dt, options, file: path)
        }

        /// Random windows, labelled by the reference itself.
        func calibrated(_ count: Int) throws -> (Calibration, CompileOptions) {
            var random = SplitMix(state: 5)
            var unlabelled = Recording(channelCount: width)
            for _ in 0..<count {
                let level = Int16.random(in: -2...10, using: &random)
                var samples: [Int16] = []
                for _ in 0..<48 * width { samples.append(level + Int16.random(in: -6...6, using: &random)) }
                unlabelled.windows.append(Recording.Window(samples: samples, label: nil))
            }
            var recording = Recording(channelCount: width)
            for (window, scores) in zip(unlabelled.windows, try calibration(unlabelled).scores) {
                recording.windows.append(Recording.Window(samples: window.samples, label: scores.greatestIndex))
            }
            var options = self.options
            options.calibration = try calibration(recording)
            return (options.calibration!, options)
        }
    }

    @Test func widthsOfEveryMatrix() throws {
        let network = try Network("nested", "snntorch zero same", 1e-3)
        var options = network.options
        options.weights.exceptions = ["last": 2, "input:hidden/lif": 16]
        let names = try network.compiled(options).populations.flatMap { population in
            population.matrices.map { "\($0.from):\(population.name) \($0.bits)" }
        }
        #expect(names == ["input:hidden/lif 16", "hidden/lif:hidden/lif 8", "hidden/lif:last 2"])
        options.weights.exceptions = ["lost": 4]
        #expect { try network.compiled(options) } throws: {
            "\($0)".contains("no layer \"lost\"; layers are hidden/lif, ")
        }
    }

    @Test func oneGridPerTensor() throws {
        let network = try Network("every", "norse", 1e-3)
        var options = network.options
        (options.grid.common, options.grid.exceptions["lif"]) = (.tensor, .row)
        for population in try network.compiled(options).populations {
            let isShared = population.leastScale == population.greatestScale
            #expect(isShared == (population.name != "lif"), "\(population.name)")
        }
    }

    @Test(arguments: [
        ("every", "norse", 1e-3), ("nested", "spyx", 2e-3), ("cnn", "sinabs", 1.0), ("zeros", "norse", 1e-3),
        ("repeated", "snntorch zero same", 1e-3),
    ])
    func narrowStatesNearTheReference(_ name: String, _ dialect: String, _ dt: Double) throws {
        let network = try Network(name, dialect, dt)
        var (calibration, options) = try network.calibrated(12)
        options.state.common = .narrow
        let narrow = try network.compiled(options)
        #expect(narrow.populations.allSatisfy { $0.stateBits == 16 && $0.peak! < 0.667 })
        options.state.common = .wide
        let wide = try network.compiled(options)
        #expect(wide.bytes != narrow.bytes)
        for made in [narrow, wide] {
            let score = Score(try Player(made.bytes), calibration, Array(calibration.recording.windows.indices))
            #expect(score.windows == 12 && score.distance < 0.03, "\(score)")
            #expect(score.errors == score.disagreements)
        }
    }

    /// What a few bits lose, calibration gets back: the scores come nearer to the reference's.
    @Test(arguments: [
        ("every", "norse", 1e-3), ("nested", "snntorch zero same", 1e-3), ("repeated", "snntorch zero same", 1e-3),
    ])
    func calibrationHelpsFewBits(_ name: String, _ dialect: String, _ dt: Double) throws {
        let network = try Network(name, dialect, dt)
        var (calibration, options) = try network.calibrated(24)
        let all = Array(calibration.recording.windows.indices)
        options.weightBits = 2
        let fitted = Score(try Player(try network.compiled(options).bytes), calibration, all)
        options.calibration = nil
        let plain = Score(try Player(try network.compiled(options).bytes), calibration, all)
        #expect(fitted.loss <= plain.loss, "\(fitted.loss) \(plain.loss)")
    }

    @Test func inputFitsTheLog() {
        var recording = Recording(channelCount: 2)
        recording.windows = [.init(samples: [1, -700, 0, 20], label: nil)]
        var options = CompileOptions(window: 2, rate: (1, 1))
        options.fitInput(to: recording, bits: nil)
        #expect(options.inputBits == 12 && options.inputShifts.isEmpty)
        options.fitInput(to: recording, bits: 8)
        #expect(options.inputBits == 8 && options.inputShifts == [0, 4])
    }

    @Test func plansKeepTheirBudget() throws {
        let network = try Network("every", "norse", 1e-3)
        let (calibration, options) = try network.calibrated(24)
        func plan(_ goal: PlanGoal, _ options: CompileOptions) throws -> (CompileOptions, PlanReport) {
            var planner = try Planner(
                network.graph, network.schedule, dialect: network.dialect, dt: network.dt, options, calibration, goal,
                hasFixedInput: true)
            return try planner.run()
        }
        let free = try plan(PlanGoal(nsAce: 1e12, modelBytes: nil, arenaBytes: nil), options).1
        let uniform = free.rows.filter { $0.uniformBits != nil }
        #expect(Set(uniform.map(\.uniformBits)).isSuperset(of: [2, 4, 8, 16]))
        let four = try #require(uniform.first { $0.uniformBits == 4 })
        let eight = try #require(uniform.first { $0.uniformBits == 8 })

        let limit = four.search.nsAcePerResult * 1.05
        let (chosen, report) = try plan(PlanGoal(nsAce: limit, modelBytes: nil, arenaBytes: nil), options)
        let row = try #require(report.rows.first { $0.isChosen })
        #expect(row.search.nsAcePerResult <= limit && row.search.loss <= four.search.loss)
        #expect(report.rows.filter(\.isChosen).count == 1 && row.heldOut!.windows + row.search.windows == 24)
        // What was chosen is what is compiled, and the same every time.
        let bytes = try network.compiled(chosen).bytes
        #expect(bytes.count == row.modelBytes)
        #expect(
            bytes
                == (try network.compiled(try plan(PlanGoal(nsAce: limit, modelBytes: nil, arenaBytes: nil), options).0)
                    .bytes))

        // Bytes of model and arena, states included; a layer that the user fixed stays as it is.
        var fixed = options
        (fixed.weights.exceptions, fixed.state.common) = (["lif": 16], .automatic)
        let small = PlanGoal(nsAce: nil, modelBytes: eight.modelBytes, arenaBytes: eight.arenaBytes - 8)
        let tight = try #require(try plan(small, fixed).1.rows.first { $0.isChosen })
        #expect(tight.modelBytes <= eight.modelBytes && tight.arenaBytes <= eight.arenaBytes - 8)
        #expect(tight.weights["input:lif"] == 16 && tight.state.values.allSatisfy { $0 == 16 || $0 == 32 })

        #expect { try plan(PlanGoal(nsAce: 10, modelBytes: nil, arenaBytes: nil), options) } throws: {
            "\($0)".contains("keeps an NS-ACE of 10: ") && "\($0)".contains("is the least")
        }
    }

    /// Channels of unlike reach are shifted each by its own bits; what is known of them follows.
    @Test func inputBitsFollowThePlan() throws {
        let network = try Network("nested", "snntorch", 1e-3)
        var (calibration, options) = try network.calibrated(24)
        let all = Array(calibration.recording.windows.indices)
        func loss(_ options: CompileOptions) throws -> Double {
            Score(try Player(try network.compiled(options).bytes), calibration, all).loss
        }
        options.fitInput(to: calibration.recording, bits: nil)
        let widest = try loss(options)
        options.fitInput(to: calibration.recording, bits: 3)
        let narrow = try loss(options)
        #expect(widest < 0.01 && narrow > widest, "\(widest) \(narrow)")
        let (_, report) = try plan(
            network, calibration, options, PlanGoal(nsAce: 1e9, modelBytes: nil, arenaBytes: nil))
        #expect(report.hasFreeInput && Set(report.rows.map(\.inputBits)).count > 1)
    }

    private func plan(
        _ network: Network, _ calibration: Calibration, _ options: CompileOptions, _ goal: PlanGoal
    ) throws -> (CompileOptions, PlanReport) {
        var options = options
        options.fitInput(to: calibration.recording, bits: nil)
        var planner = try Planner(
            network.graph, network.schedule, dialect: network.dialect, dt: network.dt, options, calibration, goal,
            hasFixedInput: false, instructions: { model, _ in Double(model.byteCount) })
        return try planner.run()
    }

    @Test(arguments: [PlanGoal.Cost.bits, .bytes, .instructions])
    func leastCostWithinALoss(_ cost: PlanGoal.Cost) throws {
        let network = try Network("every", "norse", 1e-3)
        let (calibration, options) = try network.calibrated(32)
        var goal = PlanGoal(nsAce: nil, modelBytes: nil, arenaBytes: nil)
        (goal.mostLoss, goal.least) = (0.1, cost)
        let (_, report) = try plan(network, calibration, options, goal)
        let chosen = try #require(report.rows.first { $0.isChosen })
        #expect((chosen.search + chosen.heldOut!).excess <= 0.1)
        func spent(_ row: PlanReport.Row) -> Double {
            cost == .bits ? row.search.nsAcePerResult : Double(row.modelBytes)
        }
        // Uniform widths that lose as little cost no less.
        for row in report.rows where row.uniformBits != nil && row.search.windows == chosen.search.windows {
            if row.search.excess <= 0.1, (row.search + row.heldOut!).excess <= 0.1 {
                #expect(spent(row) >= spent(chosen))
            }
        }
        goal.mostLoss = 0
        goal.nsAce = 10
        #expect(throws: CompileError.self) { try plan(network, calibration, options, goal) }
    }

    @Test func fittedWeightsAreKeptWhereTheyLoseNoMore() throws {
        let network = try Network("every", "norse", 1e-3)
        var (calibration, options) = try network.calibrated(24)
        var chosen: Set<Bool> = []
        for bits in [2, 4, 8] {
            options.weightBits = bits
            let choice = try calibration.chooseRounding(options) { try network.compiled($0) }
            #expect(!choice.isFitted || choice.fittedLoss <= 0.5 * choice.nearestLoss)
            chosen.insert(choice.isFitted)
            var nearest = options
            nearest.fitsRounding = false
            let weights = try network.compiled(nearest).bytes
            #expect(weights != (try network.compiled(options).bytes))
        }
        #expect(chosen.contains(true))
    }
}
