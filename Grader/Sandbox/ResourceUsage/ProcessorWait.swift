import Glibc

/// How long a command was ready to run while the processors were busy with something else.
///
/// Linux counts it for each thread: the second number of `/proc/PID/task/TID/schedstat`, in
/// nanoseconds (sched-stats.rst of the kernel's documentation). It tells of a wait when that is over.
/// Where the file is missing, nothing is found.
package struct ProcessorWait {
  /// Seconds in which at least one thread waited.
  package private(set) var seconds = 0.0
  /// Of each thread what the system said last, and what was counted of it.
  private var threads: [pid_t: (total: Double, counted: Double)] = [:]
  private var last = 0.0
  /// When something waited, from first to last and without overlaps.
  private var periods: [ClosedRange<Double>] = []

  /// Nothing yet.
  package init() {}

  /// Adds the waits that ended since the last sample.
  ///
  /// Those of several threads at the same time count once: a command could otherwise gain time by
  /// letting many threads wait for one.
  ///
  /// - Parameters:
  ///   - waited: how long each thread has waited in its life.
  ///   - now: seconds since the command's start.
  package mutating func sample(_ waited: [pid_t: Double], now: Double) {
    let longest = update(waited, now: now)
    if longest > 0 {
      var start = max(0, now - longest)
      while let overlapped = periods.last, overlapped.upperBound >= start {
        start = min(start, overlapped.lowerBound)
        periods.removeLast()
      }
      periods.append(start...now)
    }
    let together = periods.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
    // a wait is placed where it ended at the latest, and so may overlap the one before
    let most = threads.values.reduce(0) { max($0, $1.counted) }
    seconds = min(now, max(seconds, together, most))
  }

  /// Notes what each thread has waited.
  ///
  /// - Returns: the longest wait since the last sample.
  private mutating func update(_ waited: [pid_t: Double], now: Double) -> Double {
    var longest = 0.0
    threads = waited.reduce(into: [:]) { threads, entry in
      let (thread, total) = entry
      // one that was not there last time can have waited since then only
      let old = self.threads[thread] ?? (total: max(0, total - (now - last)), counted: 0)
      let new = max(0, total - old.total)
      longest = max(longest, new)
      threads[thread] = (total, old.counted + new)
    }
    last = now
    return longest
  }
}
