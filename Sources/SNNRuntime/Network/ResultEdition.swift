import CKernels

// A result that is read while an interrupt, a signal handler or another thread pushes. Each writing of label and scores is an
// edition: a reader that finds the same even number before and after its copy has copied one edition.

extension Network {
    /// Before label, scores or their validity change.
    func beginResult() {
        control.pointee.resultEdition &+= 1
        snnrt_order_memory()
    }

    /// After they have changed.
    func endResult() {
        snnrt_order_memory()
        control.pointee.resultEdition &+= 1
    }

    /// What a reader compares. The edition's 8 bits come round after 128 writings; with them the results that were issued, by
    /// their lower 32 bits, do not.
    private var edition: (UInt8, UInt32) {
        let issued = unsafeBitCast(usage.header[1], to: (low: UInt32, high: UInt32).self)
        return (control.pointee.resultEdition, issued.low)
    }

    /// Copies the latest result, again where it has changed meanwhile, four times at most: *busy* if no copy was of one
    /// result, as where this interrupts the writing of one. What was copied then means nothing.
    ///
    /// - Parameter scores: classCount elements at least, or none.
    public func copyResult(label: inout Int32, scores: UnsafeMutableBufferPointer<Int32>) throws(Refusal) {
        for _ in 0..<4 {
            let before = edition
            snnrt_order_memory()
            if before.0 & 1 != 0 { continue }
            let latest = result
            if let latest {
                label = latest.label
                if scores.count != 0 && scores.count < latest.scores.count { throw Refusal(.badArgument) }
                for i in 0..<min(scores.count, latest.scores.count) { scores[i] = latest.scores[i] }
            }
            snnrt_order_memory()
            if edition != before { continue }
            if latest == nil { throw Refusal(.noResult) }
            return
        }
        throw Refusal(.busy)
    }
}
