import Glibc
import ArgumentParser
import Compiler
import SensorLogs

/// What the channels of a network are: what their samples are worth, and how the network was given them.
struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What one count of a raw sample is worth in the channel's unit, as a whole number or a ratio: one for all channels, one for each separated by commas, or CHANNEL=RATIO. Repeatable. Default: chosen by --calibrate or the expected input, else 1.",
            valueName: "a/b"))
    var count: [String] = []
    @Option(
        help: ArgumentHelp(
            "The network was given (value - mean) / deviation: two numbers, or two .npy files with one number or one for each channel. Neurons then get what they were trained on, and zeros of a padding are means.",
            valueName: "mean,deviation"))
    var normalize: String?

    var isCountGiven: Bool { !count.isEmpty }

    func validate() throws {
        for text in count {
            for part in InputOptions.parts(
                text[(text.lastIndex(of: "=").map(text.index(after:)) ?? text.startIndex)...])
            where InputOptions.ratio(part) == nil {
                throw ValidationError(
                    "--count \(text): expected a whole number or a ratio, e.g. 1/1000, one for each channel, or CHANNEL=1/1000"
                )
            }
        }
        if let normalize, InputOptions.parts(normalize[...]).count != 2 {
            throw ValidationError(
                "--normalize \(normalize): expected mean,deviation, e.g. --normalize mean.npy,std.npy")
        }
    }

    /// "3" or "100/3".
    static func ratio(_ text: String) -> (UInt32, UInt32)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32($0) }
        guard let first = parts[0], first > 0 else { return nil }
        if parts.count == 1 { return (first, 1) }
        guard parts.count == 2, let second = parts[1], second > 0 else { return nil }
        return (first, second)
    }

    private static func parts(_ list: Substring) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
    }

    /// Sets what the command line says of the channels of an input of this shape; what it says of each of a few channels holds for
    /// all positions of a channel.
    ///
    /// - Parameters:
    ///   - units: the unit of all channels, or their units separated by commas.
    ///   - options: its channel names are those that CHANNEL=RATIO may name.
    /// - Throws: a `Failure` that says what does not fit the channels.
    func apply(to options: inout CompileOptions, shape: [Int], units: String?) throws {
        let elements = shape.reduce(1, *)
        func spread<Value>(_ values: [Value], _ option: String) throws -> [Value] {
            if values.count == 1 || values.count == elements { return values }
            if let first = shape.first, values.count == first {
                return (0..<elements).map { values[$0 / (elements / first)] }
            }
            throw Failure(
                code: .usage,
                message:
                    "\(option): gives \(counted(values.count, "value")), where the input is \(shape)\n  hint: one for all, or one for each channel"
            )
        }
        options.units = try spread(units.map { InputOptions.parts($0[...]) } ?? ["1"], "--unit")
        try setCounts(of: &options, elements, spread)
        guard let normalize else { return }
        let (mean, deviation) = try figures(normalize)
        options.normalization = (try spread(mean, "--normalize, mean"), try spread(deviation, "--normalize, deviation"))
    }

    private func setCounts(
        of options: inout CompileOptions, _ elements: Int,
        _ spread: ([(numerator: UInt32, denominator: UInt32)], String) throws -> [(
            numerator: UInt32, denominator: UInt32
        )]
    ) throws {
        for text in count {
            guard let equals = text.lastIndex(of: "=") else {
                options.counts = try spread(InputOptions.parts(text[...]).map { InputOptions.ratio($0)! }, "--count")
                continue
            }
            let name = String(text[..<equals])
            let channels = options.channelNames.isEmpty ? (0..<elements).map { "\($0)" } : options.channelNames
            guard let channel = channels.firstIndex(of: name), channel < elements,
                let ratio = InputOptions.ratio(String(text[text.index(after: equals)...]))
            else {
                throw Failure(
                    code: .usage,
                    message:
                        "--count \(text): there is no channel \"\(name)\"; channels are \(channels.prefix(64).joined(separator: ", "))"
                )
            }
            if options.counts.count == 1 { options.counts = Array(repeating: options.counts[0], count: elements) }
            options.counts[channel] = ratio
        }
    }

    private func figures(_ text: String) throws -> (mean: [Double], deviation: [Double]) {
        let figures = try InputOptions.parts(text[...]).map { part -> [Double] in
            if let number = Double(part) { return [number] }
            do {
                let archive = try ArrayArchive(path: part)
                if archive.names.count == 1 { return try archive.array(archive.names[0]).values }
                throw Failure(
                    code: .usage,
                    message:
                        "--normalize: \(part) holds \(counted(archive.names.count, "array")), expected one\n  hint: numpy.save writes a .npy of one"
                )
            } catch let failure as Failure { throw failure } catch {
                throw Failure(code: .usage, message: "--normalize: \(error)")
            }
        }
        return (figures[0], figures[1])
    }
}
