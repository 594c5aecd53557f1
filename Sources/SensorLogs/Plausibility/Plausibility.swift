/// The doubts about the values of one log: whether they are what they were taken for. It looks at rows as they pass and keeps
/// a sample of them, of bounded size.
struct Plausibility {
    /// Rows of the first look; fewer are looked at only where the log has no more.
    private static let firstLook = 100
    /// More sensors are not looked at, so that the time of a look is bounded.
    private static let mostGroups = 64
    /// Fewer tell nothing.
    private static let leastRowCount = 20

    private let channels: [LogInput.Channel]
    private let profile: DataProfile
    private let isRaw: Bool
    private let groups: [AxisGroup]
    private var conversions: [Conversion]
    private var sources: [ValueUnit?]
    private var sample: RowSample
    private var neighbours: NeighbouringRows
    /// What has been said, by what it is about: each is said once.
    private var said: Set<String> = []
    private var hasLooked = false
    private var isDone = false

    /// - Parameter input: with the scales of the model, also where samples are raw.
    init(_ input: LogInput, isRaw: Bool) {
        (channels, profile, self.isRaw) = (input.channels, input.profile, isRaw)
        groups = Array(AxisGroup.all(of: input.channels).prefix(Plausibility.mostGroups))
        sources = input.channels.map { ValueUnit.spelled($0.unit) }
        conversions = input.channels.map { channel in
            var conversion = Conversion()
            if isRaw {
                conversion.scale = ValueScale(
                    numerator: Double(channel.scale.numerator), denominator: Double(channel.scale.denominator))
            }
            return conversion
        }
        neighbours = NeighbouringRows(groups.first { $0.unit?.quantity == .acceleration })
        let profiled = input.profile.channels
        sample = RowSample(
            channels: input.channels.indices.filter {
                ChannelDoubts.neverRests(input.channels[$0]) || profiled[input.channels[$0].name] != nil
            })
    }

    /// How the log's values become the model's; before its first row.
    mutating func take(_ found: Conversions) {
        if !found.channels.isEmpty { conversions = found.channels }
        sources = found.sources
    }

    /// A row's values as the log has them.
    mutating func add(_ values: [Double]) {
        sample.add(values)
        neighbours.add(values)
    }

    /// The doubts that have not been said yet.
    ///
    /// - Parameter isComplete: the log has no more rows.
    mutating func newDoubts(isComplete: Bool) -> [Note] {
        guard !isDone, isComplete || !hasLooked && sample.rowCount >= Plausibility.firstLook else { return [] }
        hasLooked = true
        isDone = isComplete
        guard sample.rowCount >= Plausibility.leastRowCount else { return [] }
        var notes: [Note] = []
        for (about, note) in doubts(isComplete: isComplete) where said.insert(about).inserted { notes.append(note) }
        return notes
    }

    private func doubts(isComplete: Bool) -> [(about: String, note: Note)] {
        var found: [(String, Note)] = []
        let single = ChannelDoubts(
            sample: sample, conversions: conversions, sources: sources, channels: channels, profile: profile,
            isRaw: isRaw)
        var acceleration: MeasuredAxes?
        var areCounts = false
        for group in groups where group.unit?.quantity == .acceleration {
            guard let measured = MeasuredAxes(group, sample, conversions, sources: sources) else { continue }
            let doubt = AccelerationDoubt(
                measured, expected: profile.magnitudes[group.stem], channels: channels, isRaw: isRaw)
            if let note = doubt.note { found.append((group.stem, note)) }
            if acceleration == nil, doubt.feelsGravity, measured.source != nil {
                (acceleration, areCounts) = (measured, doubt.areCounts)
            }
            if doubt.note == nil, measured.areSizes, isComplete, sample.rowCount >= 3 * Plausibility.firstLook {
                found.append(
                    (
                        group.stem,
                        .doubt("\(group.name(channels)): no axis is ever negative: \(AccelerationDoubt.sizes)")
                    ))
            }
            if doubt.note == nil, doubt.feelsGravity, isComplete, sample.rowCount >= 2 * Plausibility.firstLook,
                !neighbours.areOfSeveralDevices,
                let note = TurnedAxes(measured, channels, profile)?.note(conversions, isRaw: isRaw)
            {
                found.append(("axes of \(group.stem)", note))
            }
        }
        if let note = neighbours.note(conversions, channels) { found.append(("neighbours", note)) }
        for group in groups where group.unit?.quantity == .angularRate {
            guard let measured = MeasuredAxes(group, sample, conversions, sources: sources) else { continue }
            let doubt = RotationDoubt(
                measured, acceleration: acceleration, areCounts: areCounts, expected: profile.magnitudes[group.stem],
                channels: channels,
                isRaw: isRaw)
            if let note = doubt.note { found.append((group.stem, note)) }
        }
        let grouped = Set(groups.filter { [.acceleration, .angularRate].contains($0.unit?.quantity) }.flatMap(\.axes))
        for channel in sample.channels where !grouped.contains(channel) {
            if let note = single.far(channel) { found.append((channels[channel].name, note)) }
        }
        if isComplete, sample.rowCount >= Plausibility.firstLook, let note = single.dead() {
            found.append(("dead", note))
        }
        return found
    }
}
