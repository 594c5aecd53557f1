import CKernels

/// The head of an image: what opening a model gives besides memory, so that firmware needs no parser. Behind it lie the program,
/// one step per op, the slot table and a checksum. Offsets count from the arena, in which only the control block stands before
/// the slots. An image is part of a program, as its code is: nothing but its checksum is checked.
struct Image {
    static let magic: UInt32 = 0x494e_5352  // "RSNI"
    /// Of this head, of `Step` with the ops' bodies, and of the numbers of `Loop`.
    static let version: UInt32 = 1

    var magic = Image.magic
    var version = Image.version
    /// The image's own, checksum included.
    let byteCount: UInt32
    let modelChecksum: UInt32
    let modelByteCount: UInt32
    let arenaByteCount: UInt32
    let opCount: UInt32
    let channelCount: UInt32
    let classCount: UInt32
    let readout: UInt32
    /// From the image's first byte.
    let slotTable: UInt32
    let currents: UInt32
    let currentsByteCount: UInt32
    let samples: UInt32
    let scratch: UInt32
    let result: UInt32
    let state: UInt32
    let usage: UInt32
    let hop: UInt32
    let isFull: UInt32
    /// Functions of `snnrt_adders` that the ops need, and 0.
    let rows: UInt32
    var reserved: UInt32 = 0
}

extension Network {
    /// Lays a fresh network out in `memory` (8-byte aligned) as the image of an opened model says.
    ///
    /// - Parameters:
    ///   - image: 8-byte aligned; it must stay where it is, as the model must.
    ///   - bytes: the model's file.
    public init(
        attaching image: UnsafeRawBufferPointer, to bytes: UnsafeRawBufferPointer,
        in memory: UnsafeMutableRawBufferPointer
    ) throws(Refusal) {
        guard let start = image.baseAddress, let file = bytes.baseAddress, let arena = memory.baseAddress else {
            throw Refusal(.badArgument)
        }
        if (UInt(bitPattern: start) | UInt(bitPattern: arena)) & 7 != 0 || UInt(bitPattern: file) & 3 != 0 {
            throw Refusal(.misaligned)
        }
        let given = saturatedCount(image.count)
        let least = UInt32(truncatingIfNeeded: MemoryLayout<Image>.stride) &+ 4
        let head = start.assumingMemoryBound(to: Image.self)
        if given < least || head.pointee.magic != Image.magic || head.pointee.version != Image.version
            || head.pointee.byteCount < least || head.pointee.byteCount > given || head.pointee.byteCount & 3 != 0
        {
            throw Refusal(.badImage)
        }
        let (level, trailer) = (ProcessorLevel.ofThisMachine, head.pointee.byteCount &- 4)
        if crc32c(start, index(trailer), after: 0, level) != (start + index(trailer)).load(as: UInt32.self) {
            throw Refusal(.badImage, at: trailer)
        }
        let model = FileView(base: file)
        if saturatedCount(bytes.count) < head.pointee.modelByteCount { throw Refusal(.truncated) }
        if model.byteCount != head.pointee.modelByteCount || model.u32(model.trailer) != head.pointee.modelChecksum {
            throw Refusal(.otherModel, at: Record.Header.fileByteCount)
        }
        if crc32c(file, index(model.trailer), after: 0, level) != head.pointee.modelChecksum {
            throw Refusal(.damaged, at: model.trailer)
        }
        let steps = (start + MemoryLayout<Image>.stride).assumingMemoryBound(to: Step.self)
        for number in 0..<head.pointee.opCount {
            let loop = steps[index(number)].header.loop
            if snnrt_tick_at(loop) == nil { throw Refusal(.unsupported, at: model.opRecord(number)) }
        }
        if !hasRows(head.pointee.rows) { throw Refusal(.unsupported) }
        if saturatedCount(memory.count) < head.pointee.arenaByteCount { throw Refusal(.arenaTooSmall) }
        arena.assumingMemoryBound(to: Control.self).pointee = Control(
            file: address(file), checksum: head.pointee.modelChecksum, modelByteCount: head.pointee.modelByteCount,
            image: address(start), opCount16: UInt16(truncatingIfNeeded: head.pointee.opCount),
            channelCount16: UInt16(truncatingIfNeeded: head.pointee.channelCount),
            classCount16: UInt16(truncatingIfNeeded: head.pointee.classCount),
            readout16: UInt16(truncatingIfNeeded: head.pointee.readout), slotTable: head.pointee.slotTable,
            currents: head.pointee.currents, currentsByteCount: head.pointee.currentsByteCount,
            samples: head.pointee.samples, scratch: head.pointee.scratch, result: head.pointee.result,
            state: head.pointee.state, usage: head.pointee.usage, hop: head.pointee.hop,
            isFull: head.pointee.isFull != 0, level: level)
        self.init(startingIn: arena)
    }
}

extension Network {
    /// Refuses if the image that the network runs by is no longer there; of one that was opened there is nothing to check.
    func checkImage(completely: Bool) throws(Refusal) {
        guard let start = image else { return }
        let head = start.assumingMemoryBound(to: Image.self)
        let trailer = control.pointee.slotTable &+ 4 &* model.slotCount
        if head.pointee.magic != Image.magic || head.pointee.modelChecksum != control.pointee.checksum
            || head.pointee.byteCount != trailer &+ 4
        {
            throw Refusal(.badImage)
        }
        if !completely { return }
        if crc32c(start, index(trailer), after: 0, control.pointee.level)
            != (start + index(trailer)).load(as: UInt32.self)
        {
            throw Refusal(.badImage, at: trailer)
        }
    }
}

#if !hasFeature(Embedded)
    extension Network {
        /// What lies in front of the slots here and not in an attached arena, in multiples of 8, which keeps alignments.
        private var moved: UInt32 { (control.pointee.currents - UInt32(MemoryLayout<Control>.stride)) & ~7 }
        /// Bytes of arena that attaching the image needs.
        package var attachedArenaByteCount: UInt32 { UInt32(arenaByteCount) - moved }

        /// The image of this network as it was opened.
        package var openedImage: [UInt8] {
            let (control, count, moved) = (control.pointee, Int(control.pointee.opCount), moved)
            let slotCount = Int(model.slotCount)
            let tableOffset = MemoryLayout<Image>.stride + count * MemoryLayout<Step>.stride
            let byteCount = tableOffset + 4 * slotCount + 4
            let head = Image(
                byteCount: UInt32(byteCount), modelChecksum: control.checksum, modelByteCount: control.modelByteCount,
                arenaByteCount: attachedArenaByteCount, opCount: control.opCount,
                channelCount: control.channelCount, classCount: control.classCount, readout: control.readout,
                slotTable: UInt32(tableOffset), currents: control.currents - moved,
                currentsByteCount: control.currentsByteCount, samples: control.samples - moved,
                scratch: control.scratch - moved, result: control.result - moved, state: control.state - moved,
                usage: control.usage - moved, hop: control.hop, isFull: control.isFull ? 1 : 0,
                rows: (0..<control.opCount).reduce(0) { $0 | model.file.rows(ofOp: $1) })
            var bytes = withUnsafeBytes(of: head) { Array($0) }
            for number in 0..<count {
                var step = program[number]
                step.header.source.offset -= moved
                if number != Int(control.readout) { step.header.target.offset -= moved }
                step.header.state -= moved
                if number == Int(control.readout) {
                    withUnsafeMutablePointer(to: &step) {
                        Step.body($0).assumingMemoryBound(to: Readout.self).pointee.evidence -= moved
                    }
                }
                withUnsafeBytes(of: step) { bytes += $0 }
            }
            for number in 0..<model.slotCount {
                withUnsafeBytes(of: placedSlot(number).offset - moved) { bytes += $0 }
            }
            let checksum = bytes.withUnsafeBytes { crc32c($0.baseAddress!, $0.count, after: 0, model.level) }
            withUnsafeBytes(of: checksum) { bytes += $0 }
            return bytes
        }
    }
#endif
