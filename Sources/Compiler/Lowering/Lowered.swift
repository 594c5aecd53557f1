import NIR

/// A lowered network is a NIR graph as populations of neurons with linear maps between them: the form that is quantized.
/// Scales, biases, flattening and chains of matrices have been taken into the maps.
struct Lowered {
    /// A source is what a map reads: the input, or the spikes or membranes of a population, delayed or pooled where the graph
    /// says so.
    enum Source: Hashable {
        case input
        case population(Int)
        /// A delayed source, by its number in `delays`.
        case delay(Int)
        /// A pooled source, by its number in `pools`.
        case pool(Int)
    }

    struct Pool {
        let source: Source
        let node: PoolNode
        /// Channels, height, width before and behind.
        let from: [Int]
        let to: [Int]
    }

    struct Delay {
        let source: Source
        /// Ticks, per element.
        let ticks: [Int]
    }

    /// A term is y += M·x, with x of this tick or of the last.
    struct Term {
        let source: Source
        var map: LinearMap
        /// Read before anything of this tick is written.
        var isLate: Bool
        /// Ticks by which each weight of a dense map hears its element late, row-major; empty for none.
        var delays: [Int] = []
    }

    struct Population {
        let name: String
        var neuron: NeuronModel
        /// Shape of its output.
        let shape: [Int]
        var terms: [Term]
        /// Constant input, per neuron.
        var bias: [Double]
        /// It stands for a node of the graph, by that node's name.
        var isNode = true
        /// The population whose values are its membranes, where those stand by themselves.
        var membranes: Int?
        /// Its one element is 1 before the first tick, and 0 from then on.
        var isStart = false
        var count: Int { shape.reduce(1, *) }
        /// Currents that enter it: one per neuron, or per memory.
        var rowCount: Int { bias.count }
        var isMemory: Bool { if case .memory = neuron.kind { true } else { false } }
    }

    /// The greatest delay that the format has, in ticks.
    static let greatestDelay = 4095

    /// The most weights of a map that is written out as a matrix.
    static let greatestMatrix = 1 << 24

    var inputShape: [Int] = []
    /// Names of the channels and of the classes, where several Inputs or Outputs give them; else empty.
    var (channelNames, classNames): ([String], [String]) = ([], [])
    var populations: [Population] = []
    var delays: [Delay] = []
    var pools: [Pool] = []
    /// The population that the readout reads.
    var output = 0
    /// The population that the one Output shows as it stands; nil where it shows a sum.
    var shown: Int?
    /// The output shows spikes, which are counted over the window, and not values, of which the last tick's are shown.
    var isOutputSummed = true
}

extension Lowered {
    var inputCount: Int { inputShape.reduce(1, *) }

    /// Elements of a source.
    func count(_ source: Source) -> Int {
        switch source {
        case .input: inputCount
        case .population(let number): populations[number].count
        case .pool(let number): pools[number].to.reduce(1, *)
        case .delay(let number): delays[number].ticks.count
        }
    }

    /// What a source shows before its delays.
    func undelayed(_ source: Source) -> Source {
        if case .delay(let number) = source { return undelayed(delays[number].source) }
        return source
    }

    /// The population that a source shows, delayed or pooled; nil for the input.
    func population(behind source: Source) -> Int? {
        switch source {
        case .input: nil
        case .population(let number): number
        case .delay(let number): population(behind: delays[number].source)
        case .pool(let number): population(behind: pools[number].source)
        }
    }

    /// True where the elements of a source may be other than 0 and 1.
    func isAnalog(_ source: Source) -> Bool {
        guard case .population(let number) = undelayed(source) else { return true }
        return !populations[number].neuron.fires
    }

    /// True where a source shows the state of neurons or memories.
    func isMembrane(_ source: Source) -> Bool {
        switch source {
        case .input: false
        case .population(let number): !populations[number].neuron.hasRowGrids
        case .delay(let number): isMembrane(delays[number].source)
        case .pool(let number): pools[number].node.function == .maximum && isMembrane(pools[number].source)
        }
    }

    /// The name by which a matrix says what it reads.
    func name(_ source: Source) -> String {
        switch undelayed(source) {
        case .population(let number): populations[number].name
        case .pool: "pool"
        default: "input"
        }
    }

    /// All matrices, population after population; two of one name go together.
    var matrixNames: [MatrixName] {
        populations.flatMap { population in
            population.terms.map { MatrixName(from: name($0.source), into: population.name) }
        }
    }
}
