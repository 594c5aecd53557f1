extension ByteSource {
    /// The source as it stands or, by its first bytes, unpacked; text in UTF-16 also becomes UTF-8, unless the bytes are
    /// raw. A live source is not read further than it takes to tell.
    func decoded(_ options: ReadingOptions) throws(LogError) -> ByteSource {
        let unpacked = try unpacked()
        guard !options.isRaw, let order = try UTF16Decoder.order(of: unpacked, isLive: options.isLive) else {
            return unpacked
        }
        return unpacked.made(UTF16Decoder(unpacked, order), "UTF-16 text, read as UTF-8")
    }

    private func unpacked() throws(LogError) -> ByteSource {
        if try begins(with: Inflater.magic) { return made(Inflater(self), "gzip data, unpacked") }
        for magic in ZstandardDecoder.magics where try begins(with: magic) {
            return made(ZstandardDecoder(self), "zstd data, unpacked")
        }
        return self
    }

    private func made(_ decoder: ByteDecoder, _ remark: String) -> ByteSource {
        ByteSource(name: name, byteCount: nil, remarks: remarks + [remark]) { (buffer) throws(LogError) in
            if let failure = decoder.failure { throw failure }
            var count = 0
            do throws(LogError) {
                count = try decoder.read(into: buffer)
            } catch {
                decoder.failure = error
            }
            // What was made before the fault goes before the fault.
            if let failure = decoder.failure, count == 0 { throw failure }
            return count
        }
    }
}

/// Makes bytes out of those of a source.
protocol ByteDecoder: AnyObject {
    /// The fault that ends the bytes; from then on it is thrown again.
    var failure: LogError? { get set }

    /// Fills the buffer as far as it can without waiting once it has something; 0 is the end. With bytes made and a fault
    /// behind them it sets `failure` and gives the bytes.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int
}
