import NIR

/// A dialect in words: its name, and the reset and its delay where they are not its own, as in "snntorch zero same", which is how the NIR
/// paper ran snnTorch.
package func dialect(_ words: String) -> Dialect {
    let words = words.split(separator: " ").map(String.init)
    var dialect = Dialect.named(words[0])!
    if words.count == 3 {
        dialect.set(
            Dialect.Traits(reset: Dialect.Reset(rawValue: words[1]), resetDelay: Dialect.ResetDelay(rawValue: words[2]))
        )
    }
    return dialect
}
