import SNNRuntime

/// A model as its C files state it: what the sections of header and source are made from.
struct ExportedModel {
    let loaded: LoadedModel
    let name: ExportName
    /// The section of the object file that the model's bytes lie in.
    let section: String
    let arenaByteCount: UInt32
    /// The same, with full accounting.
    let fullArenaByteCount: UInt32
    let savedByteCount: Int
    /// The model as the desk has opened it, for snnrt_attach, and the arena that it takes; nil where it is not exported.
    let image: [UInt8]?
    let attachedArenaByteCount: UInt32
    /// Identifiers of the classes and channels, without the model's name in front.
    let classIdentifiers: [String]
    let channelIdentifiers: [String]

    init(_ loaded: LoadedModel, name: ExportName, section: String?, isOpened: Bool) throws {
        (self.loaded, self.name) = (loaded, name)
        self.section = section ?? ".rodata.snnrt.\(name.text)"
        let model = loaded.model
        let network = try loaded.network(.basic)
        arenaByteCount = UInt32(network.arenaByteCount)
        savedByteCount = network.savedByteCount
        image = isOpened ? network.openedImage : nil
        attachedArenaByteCount = network.attachedArenaByteCount
        fullArenaByteCount = UInt32(try loaded.network(.full).arenaByteCount)
        classIdentifiers = cIdentifiers(loaded.classNames, taken: ["COUNT", "NAMES"])
        channelIdentifiers = cIdentifiers(
            (0..<model.channelCount).map { String(cString: model.channel($0).name) }, taken: ["COUNT", "NAMES"])
    }

    var model: Model { loaded.model }
    /// The model is of format 1.minor.
    var formatMinor: UInt32 { model.file.u16(Record.Header.minorVersion) }
    /// The array of the model's bytes, and that of the image's.
    var symbol: String { "\(name.text)_model" }
    var imageSymbol: String { "\(name.text)_image" }

    func macro(_ suffix: String) -> String { "\(name.macro)_\(suffix)" }
    func define(_ suffix: String, _ value: String) -> String { "#define \(macro(suffix)) \(value)" }
}
