import SNNRuntime

/// A part of an exported model's header: a rule with its title, then lines of C.
struct CHeaderSection {
    let title: String
    let lines: [String]
}

/// The header of an exported model: what a firmware needs to know at compile time. Sections stand in the order of
/// `sections`; a fact that is not known has no line.
struct CHeader {
    let exported: ExportedModel

    private var sections: [CHeaderSection] {
        [
            exported.fileSection, exported.openedSection, exported.memorySection, exported.timeSection,
            exported.inputSection, exported.outputSection,
        ]
        .compactMap { $0 }
    }

    var text: String {
        let guardName = "SNNRT_MODEL_\(exported.name.macro)_H"
        var lines = exported.opening
        lines += ["#ifndef \(guardName)", "#define \(guardName)", "", "#include \"snnrt.h\"", ""]
        lines += exported.versionCheck + [""] + exported.assertion
        lines += ["", "#ifdef __cplusplus", "extern \"C\" {", "#endif", ""]
        for section in sections {
            let rule = String(repeating: "-", count: max(3, 90 - section.title.count))
            lines += ["/* ---- \(section.title) \(rule) */", ""] + section.lines + [""]
        }
        lines += ["#ifdef __cplusplus", "}", "#endif", "", "#endif /* \(guardName) */"]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ExportedModel {
    /// The line by which a file is known to be an export, and may be written over.
    static let mark = "/* Exported by snnrt"

    /// What the file says first: which model this is, its licence and notices, and how to use it.
    fileprivate var opening: [String] {
        // Percentiles of the training data are for the desk.
        let metadata = String(decoding: model.metadata, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("data.") }
        var lines = [
            "\(ExportedModel.mark) \(snnrtVersion) from \(cComment(loaded.name)). Export again instead of editing."
        ]
        if !metadata.isEmpty { lines += [" *"] + metadata.map { " *     " + cComment(String($0)) } }
        lines += [
            " *", " * In use, with snnrt.h:", " *",
            " *     static \(macro("ARENA"))(arena);",
            " *     snnrt_network *network;",
            " *     int32_t status = snnrt_open(\(symbol), \(macro("MODEL_BYTES")), arena, sizeof arena, NULL, &network, NULL);",
            " */",
        ]
        return lines
    }

    fileprivate var versionCheck: [String] {
        [
            "#if SNNRT_FORMAT_MINOR < \(formatMinor)",
            "#error \"this model is of format 1.\(formatMinor), which is newer than snnrt.h: update snnrt\"",
            "#endif",
        ]
    }

    /// A check at compile time, in C99 and C++98 by the declaration of a function that nobody defines: a block may
    /// hold one too, any number of times, and no compiler calls it unused.
    fileprivate var assertion: [String] {
        let check = macro("STATIC_ASSERT")
        return [
            "/* A check at compile time, in any version of C and C++. */",
            "#if defined(__cplusplus) && __cplusplus >= 201103L",
            "#define \(check)(condition, text) static_assert(condition, text)",
            "#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L",
            "#define \(check)(condition, text) _Static_assert(condition, text)",
            "#else",
            "#define \(check)(condition, text) void \(name.text)_static_assert(char (*)[(condition) ? 1 : -1])",
            "#endif",
        ]
    }

    fileprivate var fileSection: CHeaderSection {
        CHeaderSection(
            title: "The model file",
            lines: [
                "/* The file's bytes, at a multiple of 8, in section \(section). */",
                define("MODEL_BYTES", "\(model.byteCount)u"),
                "extern const uint8_t \(symbol)[\(macro("MODEL_BYTES"))];",
                "/* snnrt_info.model_checksum: identifies the model, and what was saved of its networks. */",
                define("CHECKSUM", "\(loaded.checksum)u"),
                "/* The model is of format 1.minor. */",
                define("FORMAT_MINOR", "\(formatMinor)"),
                "/* Frames of the self-test that snnrt_selftest runs; 0: the model carries none. */",
                define("SELFTEST_FRAMES", "\(model.selfTest?.frameCount ?? 0)u"),
            ])
    }

    fileprivate var openedSection: CHeaderSection? {
        guard let image else { return nil }
        return CHeaderSection(
            title: "The model, opened",
            lines: [
                "/* For snnrt_attach, in place of snnrt_open:",
                " *     static \(macro("ATTACHED_ARENA"))(arena);",
                " *     status = snnrt_attach(\(imageSymbol), \(macro("IMAGE_BYTES")), \(symbol), \(macro("MODEL_BYTES")), arena, sizeof arena, &network, NULL); */",
                define("IMAGE_BYTES", "\(image.count)u"),
                "extern const uint8_t \(imageSymbol)[\(macro("IMAGE_BYTES"))];",
                "/* What snnrt_attach needs; less than snnrt_open, by what stays in the image. */",
                define("ATTACHED_ARENA_BYTES", "\(attachedArenaByteCount)u"),
                define("ATTACHED_ARENA(arena)", "uint64_t arena[(\(macro("ATTACHED_ARENA_BYTES")) + 7u) / 8u]"),
            ])
    }

    fileprivate var memorySection: CHeaderSection {
        CHeaderSection(
            title: "Memory",
            lines: [
                "/* What snnrt_open needs with default options, and with SNNRT_ACCOUNTING_FULL. */",
                define("ARENA_BYTES", "\(arenaByteCount)u"),
                define("ARENA_BYTES_FULL", "\(fullArenaByteCount)u"),
                "/* Declares an arena of that size and alignment, e.g. static \(macro("ARENA"))(arena); */",
                define("ARENA(arena)", "uint64_t arena[(\(macro("ARENA_BYTES")) + 7u) / 8u]"),
                define("ARENA_FULL(arena)", "uint64_t arena[(\(macro("ARENA_BYTES_FULL")) + 7u) / 8u]"),
                "/* Does not compile where an array of your own is too small to be an arena. */",
                "#define \(macro("CHECK_ARENA"))(arena) \\",
                "    \(macro("STATIC_ASSERT"))(sizeof(arena) >= \(macro("ARENA_BYTES")), \"the arena is too small for \(name.text)\")",
                "/* What snnrt_save writes, with default options. */",
                define("SAVED_BYTES", "\(savedByteCount)u"),
            ])
    }

    fileprivate var inputSection: CHeaderSection {
        let channels = (0..<model.channelCount).map { model.channel($0) }
        var lines = [
            "/* A frame is one sample of each channel; frames per second = numerator / denominator. */",
            define("RATE_NUMERATOR", "\(model.rateNumerator)u"),
            define("RATE_DENOMINATOR", "\(model.rateDenominator)u"),
            define("CHANNEL_COUNT", "\(channels.count)"),
            "/* Places in a frame, and what one count of a sample is. */",
        ]
        lines += enumeration(
            "CHANNEL", channelIdentifiers,
            channels.map {
                "\($0.scaleNumerator)/\($0.scaleDenominator) \(String(cString: $0.unit))"
            })
        lines += [
            "/* Initializer of a snnrt_channel each: static const snnrt_channel channels[] = \(macro("CHANNELS")); */"
        ]
        lines += list(
            "CHANNELS",
            channels.map {
                "{sizeof(snnrt_channel), \($0.scaleNumerator)u, \($0.scaleDenominator)u, 0, \(cLiteral($0.name)), \(cLiteral($0.unit))}"
            })
        return CHeaderSection(title: "Input", lines: lines)
    }

    fileprivate var outputSection: CHeaderSection {
        var lines = [
            "/* A result is about so many ticks, and comes after every so many. */",
            define("WINDOW_TICKS", "\(model.windowTickCount)u"),
            define("HOP_TICKS", "\(model.ticksPerResult)u"),
            define("CLASS_COUNT", "\(classIdentifiers.count)"),
            "/* Labels, as snnrt_result gives them. */",
        ]
        lines += enumeration("CLASS", classIdentifiers, loaded.classNames)
        lines += ["/* Initializer of their names: static const char *const names[] = \(macro("CLASS_NAMES")); */"]
        lines += list("CLASS_NAMES", (0..<model.classCount).map { cLiteral(model.className($0)) })
        return CHeaderSection(title: "Output", lines: lines)
    }

    /// An enum from 0, e.g. of NAME_CLASS_REST, each with a comment.
    private func enumeration(_ kind: String, _ identifiers: [String], _ comments: [String]) -> [String] {
        let last = identifiers.count - 1
        return ["enum \(name.text)_\(kind.lowercased()) {"]
            + zip(identifiers, comments).enumerated().map { index, line in
                // C++98 has no comma behind the last.
                "    \(macro("\(kind)_\(line.0)")) = \(index)\(index < last ? "," : "") /* \(cComment(line.1)) */"
            } + ["};"]
    }

    /// A macro that is an initializer, an element a line.
    private func list(_ suffix: String, _ elements: [String]) -> [String] {
        let last = elements.count - 1
        return ["#define \(macro(suffix)) { \\"]
            + elements.enumerated().map { "    \($1)\($0 < last ? "," : "") \\" } + ["}"]
    }
}
