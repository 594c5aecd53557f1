import Glibc
import Synchronization

/// Ctrl-C: the first asks a run to stop, the second ends the process at once.
enum Interrupt {
    private static let flag = Atomic(false)

    static var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Heeds Ctrl-C from now on, unless the process was started to ignore it: who starts a run with nohup, or in the
    /// background of a script, has decided that Ctrl-C is for others. A read that waits returns with EINTR, since
    /// SA_RESTART is not among the flags; SA_RESETHAND gives the second Ctrl-C back to the system.
    static func listen() {
        // The flag is made here: a signal handler must not be what initialises it.
        if isSet { return }
        var old = sigaction()
        sigaction(SIGINT, nil, &old)
        if unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
            return
        }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Interrupt.flag.store(true, ordering: .relaxed) }
        action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND))
        sigaction(SIGINT, &action, nil)
    }

    /// Ctrl-C ends the process again, as before `listen`.
    static func stopListening() {
        var action = sigaction()
        sigaction(SIGINT, nil, &action)
        if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) {
            signal(SIGINT, SIG_DFL)
        }
    }
}
