import Glibc

/// How long a command was ready to run while every processor was busy with something else.
///
/// Linux counts it for each thread: the second number of `/proc/PID/task/TID/schedstat`, in
/// nanoseconds (Documentation/scheduler/sched-stats.rst of the kernel). Where that is missing,
/// nothing is found.
struct ProcessorWait {
  private(set) var seconds = 0.0
  private var threads: [pid_t: Double] = [:]

  /// Adds what came since the last sample: that of the thread which waited longest, since threads
  /// wait at the same time.
  ///
  /// - Parameter elapsed: seconds since the start; no command waits longer.
  mutating func sample(_ tree: ProcessTree, elapsed: Double) {
    let waited = tree.secondsWithoutProcessor()
    let most = waited.map { $0.value - threads[$0.key, default: 0] }.max() ?? 0
    threads = waited
    seconds = min(elapsed, seconds + max(0, most))
  }
}
