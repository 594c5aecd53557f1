/// First bytes of an open arena. The same size on every target: offsets instead of pointers.
struct Control {
    static let magic: UInt32 = 0x4e4e_5352  // "RSNN"
    var magic = Control.magic
    var label: Int32 = 0
    /// Address of the model file.
    let file: UInt64
    /// The file's checksum and length when it was opened.
    let checksum: UInt32
    let modelByteCount: UInt32
    /// Address of the image that has the program and the slot table; 0 where they lie in the arena, right behind this.
    let image: UInt64
    // The file has them in 16 bits.
    let opCount16: UInt16
    let channelCount16: UInt16
    let classCount16: UInt16
    /// Index of the readout op.
    let readout16: UInt16
    /// Where the slot table begins, from the image or from the arena.
    let slotTable: UInt32
    // Offsets of the arena's parts; Layout says what they are.
    let currents: UInt32
    let currentsByteCount: UInt32
    /// The samples slot.
    let samples: UInt32
    let scratch: UInt32
    let result: UInt32
    let state: UInt32
    let usage: UInt32
    /// Ticks from entry to entry.
    let hop: UInt32
    let isFull: Bool
    /// Asked once, since the question is slow in a virtual machine.
    var level: ProcessorLevel
    var hasResult = false
    /// Odd while label and scores are being written, even else; it goes on by 1 at both ends.
    var resultEdition: UInt8 = 0

    var opCount: UInt32 { UInt32(truncatingIfNeeded: opCount16) }
    var channelCount: UInt32 { UInt32(truncatingIfNeeded: channelCount16) }
    var classCount: UInt32 { UInt32(truncatingIfNeeded: classCount16) }
    var readout: UInt32 { UInt32(truncatingIfNeeded: readout16) }
    /// Bytes of the usage counters.
    var usageByteCount: UInt32 { Usage.byteCount(opCount: opCount, isFull: isFull) }
}
