import NIR

/// A placement says where the signals of a network lie: which of them lie channels last, the numbers of their slots, and which
/// slots last from tick to tick because they are read above their writer.
struct Placement {
    /// A slot's content is the samples, what a source shows, or the current that enters a population.
    enum Content: Hashable {
        case samples
        case source(Lowered.Source)
        case current(Int)
    }

    /// Channels of the sources that lie channels last, position after position: what convolutions and pools read and write.
    let channels: [Lowered.Source: Int]
    /// Contents in the order of the slots.
    let contents: [Content]
    /// Sources that are read before this tick's value is written.
    let lateReads: Set<Lowered.Source>
    private let numbers: [Content: Int]

    /// - Throws: signals whose channels are not clear.
    init(_ network: Lowered) throws(CompileError) {
        channels = try Placement.channels(network)
        lateReads = Set(network.populations.flatMap(\.terms).filter(\.isLate).map(\.source))
        var contents: [Content] = [.samples, .source(.input)]
        for number in network.populations.indices { contents += [.current(number), .source(.population(number))] }
        contents +=
            network.delays.indices.map { .source(.delay($0)) } + network.pools.indices.map { .source(.pool($0)) }
        self.contents = contents
        numbers = Dictionary(uniqueKeysWithValues: contents.enumerated().map { ($1, $0) })
    }

    /// The number of a content's slot.
    func slot(_ content: Content) -> Int { numbers[content]! }

    /// The place in its slot of each of a source's `count` elements.
    func order(_ source: Lowered.Source, count: Int) -> [Int] {
        guard let channelCount = channels[source] else { return Array(0..<count) }
        let positionCount = count / channelCount
        return (0..<count).map { $0 % positionCount * channelCount + $0 / positionCount }
    }
}

extension Placement {
    /// Convolutions and pools see channels. Of a source that was flattened or joined before, their shape counts.
    static func channels(_ network: Lowered) throws(CompileError) -> [Lowered.Source: Int] {
        var channels: [Lowered.Source: Int] = [:]
        func note(_ source: Lowered.Source, _ count: Int) throws(CompileError) {
            if let known = channels[source], known != count {
                throw CompileError(
                    "\(network.name(source)): convolutions and pools see it with \(known) and with \(count) channels; put neurons before one of them"
                )
            }
            channels[source] = count
        }
        for (number, pool) in network.pools.enumerated() {
            try note(pool.source, pool.from[0])
            try note(.pool(number), pool.to[0])
        }
        for (number, population) in network.populations.enumerated() {
            for term in population.terms {
                guard case .convolution(let map) = term.map else { continue }
                try note(term.source, map.from[0])
                try note(.population(number), map.to[0])
            }
        }
        // Delays lie as what they delay does.
        for (number, delay) in network.delays.enumerated().reversed() {
            if let known = channels[.delay(number)] { try note(delay.source, known) }
        }
        for (number, delay) in network.delays.enumerated() {
            if let known = channels[delay.source] { try note(.delay(number), known) }
        }
        return channels
    }
}

extension Lowered {
    /// This network without matrices that groups share where either end lies channels last: a group's elements are not side by
    /// side there.
    func spreadingBlocks(_ placement: Placement) -> Lowered {
        var spread = self
        for (number, population) in populations.enumerated() {
            for (index, term) in population.terms.enumerated()
            where placement.channels[term.source] != nil || placement.channels[.population(number)] != nil {
                spread.populations[number].terms[index].map = term.map.spread
            }
        }
        return spread
    }
}
