extension Network {
    /// Refuses if the model's bytes are no longer those that were opened.
    ///
    /// Looks at the magic, the format's version, the length and the checksum that the file states; with `completely` it
    /// computes the checksum of all bytes too. Every tick trusts the bytes, so a network of a changed model is not to be
    /// pushed, nor asked for names.
    public func checkModel(completely: Bool) throws(Refusal) {
        typealias Header = Record.Header
        let file = model.file
        for at in 0..<Header.magic.count where file.u8(UInt32(truncatingIfNeeded: at)) != Header.magic[at] {
            throw Refusal(.notAModel)
        }
        // A stated length that differs could lead to a trailer outside the file's memory.
        if file.byteCount != control.pointee.modelByteCount { throw Refusal(.otherModel, at: Header.fileByteCount) }
        if file.u32(file.trailer) != control.pointee.checksum { throw Refusal(.otherModel, at: file.trailer) }
        try checkImage(completely: completely)
        if completely && crc32c(file.base, index(file.trailer), after: 0, model.level) != control.pointee.checksum {
            throw Refusal(.damaged, at: file.trailer)
        }
    }
}
