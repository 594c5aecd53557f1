/// First bytes of an open arena. The same size and layout on every target: offsets instead of pointers. The program lies
/// right behind it.
struct Control {
    static let magic: UInt32 = 0x4e4e_5352  // "RSNN"
    var magic = Control.magic
    var label: Int32 = 0
    /// Address of the model file.
    let file: UInt64
    /// File offset of the data section.
    let data: UInt32
    let opCount: UInt32
    let channelCount: UInt32
    let classCount: UInt32
    // Offsets of the arena's parts; Layout says what they are.
    let slotTable: UInt32
    let currents: UInt32
    let currentsByteCount: UInt32
    /// The samples slot.
    let samples: UInt32
    let scratch: UInt32
    /// Index of the readout op.
    let readout: UInt32
    let result: UInt32
    let state: UInt32
    let usage: UInt32
    let usageByteCount: UInt32
    /// Ticks from entry to entry.
    let hop: UInt32
    let isFull: Bool
    /// Asked once, since the question is slow in a virtual machine.
    var level: ProcessorLevel
    var hasResult = false
}
