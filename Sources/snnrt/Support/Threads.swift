import Glibc

/// Runs the work on a thread of its own, and on this one where the system gives no other.
func startThread(stackByteCount: Int, _ work: @escaping @Sendable () -> Void) {
    final class Box {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var (thread, attributes) = (pthread_t(), pthread_attr_t())
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackByteCount)
    pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
    let box = Unmanaged.passRetained(Box(work))
    let status = pthread_create(
        &thread, &attributes,
        { box in
            Unmanaged<Box>.fromOpaque(box!).takeRetainedValue().work()
            return nil
        }, box.toOpaque())
    pthread_attr_destroy(&attributes)
    if status != 0 { box.takeRetainedValue().work() }
}

/// A lock, and a way to wait for what is changed under it.
final class Condition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Wakes one that waits. Only under the lock.
    func signal() { pthread_cond_signal(condition) }

    /// Gives the lock back until a signal comes or about as much time has passed. Only under the lock.
    func wait(nanoseconds: Int) {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        let sum = end.tv_nsec + nanoseconds
        end = timespec(tv_sec: end.tv_sec + sum / 1_000_000_000, tv_nsec: sum % 1_000_000_000)
        pthread_cond_timedwait(condition, mutex, &end)
    }
}
