import Glibc
import SNNRuntime

/// A clock that is read after every op, which tells how long each takes.
enum OpClock {
    /// Nanoseconds per tick: medians over the rounds, less what reading the clock takes.
    static func measure(_ network: Network, _ frames: Frames, opCount: Int, rounds: Int) -> [Double] {
        var overheads: [Double] = []
        var times = [[Double]](repeating: [], count: opCount)
        var sums = [UInt64](repeating: 0, count: opCount + 1)
        for _ in 0..<rounds {
            for i in sums.indices { sums[i] = 0 }
            network.resetState()
            frames.play { start in
                for tick in 0..<frames.count {
                    var op = 0
                    var last = now()
                    let first = now()
                    sums[opCount] += first - last
                    last = first
                    network.push(start + tick * frames.channelCount) {
                        let time = now()
                        sums[op] += time - last
                        op += 1
                        last = now()
                    }
                }
            }
            overheads.append(Double(sums[opCount]) / Double(frames.count))
            for op in 0..<opCount { times[op].append(Double(sums[op]) / Double(frames.count)) }
        }
        let overhead = overheads.sorted()[rounds / 2]
        return times.map { max($0.sorted()[rounds / 2] - overhead, 0) }
    }

    static func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
