import Sandbox
import Synchronization

/// The processes of a run, so that an interruption reaches all of them.
final class Children: Sendable {
  private struct State {
    var running: [ObjectIdentifier: ChildProcess] = [:]
    var cancelled = false
  }

  private let state = Mutex(State())

  var isCancelled: Bool { state.withLock { $0.cancelled } }

  /// Waits for a process; `cancel()` ends it.
  func wait(for child: ChildProcess) -> Ending {
    let cancelled = state.withLock {
      $0.running[ObjectIdentifier(child)] = child
      return $0.cancelled
    }
    if cancelled { child.terminate() }
    let ending = child.wait()
    state.withLock { _ = $0.running.removeValue(forKey: ObjectIdentifier(child)) }
    return ending
  }

  /// Ends all processes, and those that are started from now on.
  func cancel() {
    let running = state.withLock {
      $0.cancelled = true
      return Array($0.running.values)
    }
    for child in running { child.terminate() }
  }
}
