import Sandbox
import Synchronization

/// The processes of a run, so that an interruption reaches all of them.
package final class Children: Sendable {
  private struct State {
    var running: [ObjectIdentifier: ChildProcess] = [:]
    var cancelled = false
  }

  private let state = Mutex(State())

  /// Nothing runs yet.
  package init() {}

  package var isCancelled: Bool { state.withLock { $0.cancelled } }

  /// Waits for a process; `cancel()` ends it.
  ///
  /// - Parameter meanwhile: is called now and then.
  package func wait(for child: ChildProcess, meanwhile: () -> Void = {}) -> Ending {
    let cancelled = state.withLock {
      $0.running[ObjectIdentifier(child)] = child
      return $0.cancelled
    }
    if cancelled { child.terminate() }
    var ending = child.wait(timeout: 0.3)
    while ending == nil {
      meanwhile()
      ending = child.wait(timeout: 0.3)
    }
    state.withLock { _ = $0.running.removeValue(forKey: ObjectIdentifier(child)) }
    return ending ?? child.wait()
  }

  /// Ends all processes, and those that are started from now on.
  package func cancel() {
    let running = state.withLock {
      $0.cancelled = true
      return Array($0.running.values)
    }
    for child in running { child.terminate() }
  }
}
