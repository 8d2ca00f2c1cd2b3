import Foundation
import Synchronization

/// The one thread that starts all children.
///
/// `bwrap --die-with-parent` asks the kernel for a signal when its parent ends, and for the kernel
/// that is the *thread* which started it. A thread from a pool may end at any time and would take
/// the worker with it; this one lasts as long as the process.
final class Spawner: Sendable {
  static let shared = Spawner()

  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let ready = DispatchSemaphore(value: 0)

  private init() {
    // A worker that dies while it is being written to must cost an error code, not the grader.
    signal(SIGPIPE, SIG_IGN)
    let thread = Thread { [self] in
      while true {
        ready.wait()
        let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        job?()
      }
    }
    thread.name = "spawner"
    thread.start()
  }

  /// Runs `body` on the thread and waits for it.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
    let finished = DispatchSemaphore(value: 0)
    let result = ResultBox<Value>()
    jobs.withLock {
      $0.append {
        result.value.withLock { $0 = body() }
        finished.signal()
      }
    }
    ready.signal()
    while true {
      finished.wait()
      if let value = result.value.withLock({ $0 }) { return value }
    }
  }
}

private final class ResultBox<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
