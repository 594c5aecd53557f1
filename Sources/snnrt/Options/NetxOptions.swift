import NIR

/// What a netx file leaves open, which is the comparison alone, and what the options of NIR files are to it.
extension NIROptions {
    /// Refuses what is said of a network that is a netx file, whose integers leave none of it open.
    ///
    /// - Parameter truth: what the framework gave, where it can be named.
    func refuseForNetx(_ path: String, _ truth: TruthOptions? = nil) throws {
        let given = [
            ("--dialect", dialect != nil), ("--dt", dt != nil), ("--reset", reset != nil),
            ("--reset-delay", resetDelay != nil), ("--spike-bits", spikeBits != nil), ("--allow", !allow.isEmpty),
        ]
        if let odd = given.first(where: \.1) {
            throw Failure(
                code: .usage,
                message:
                    "\(odd.0): \(path) is a netx file, whose integers say how the network runs; --comparison is all that they leave open\n  hint: leave \(odd.0) out"
            )
        }
        try truth?.refuseForNetx(path)
    }

    /// What was taken where a netx file does not say it; nil where nothing was guessed.
    func note(_ network: NetxNetwork) -> String? {
        if comparison != nil || network.block == .loihi { return nil }
        return
            "neurons of type CUBA are taken to fire at v >= threshold, as in the first versions of lava-dl; later ones, Lava and the chip fire at v > threshold: --comparison greater"
    }
}

extension TruthOptions {
    /// Refuses expected outputs of a netx file: its integers are the network's own, and are compared one by one.
    func refuseForNetx(_ path: String) throws {
        let given = [("--expected", expected != nil), ("--min-agreement", minAgreement != TruthOptions.usualAgreement)]
        guard let odd = given.first(where: \.1) else { return }
        throw Failure(
            code: .usage,
            message:
                "\(odd.0): \(path) is a netx file, which is not compared with expected outputs\n  hint: leave \(odd.0) out; snnrt verify compares every spike with those of the file's own integers"
        )
    }
}
