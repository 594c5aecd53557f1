/// Gives the C++ library its random words, which it takes from glibc 2.36 otherwise: so the command also runs on glibc 2.35, which
/// Ubuntu 22.04 has.
@c(arc4random)
public func randomWord() -> UInt32 { UInt32.random(in: .min ... .max) }
