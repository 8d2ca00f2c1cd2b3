@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Whether Ctrl-C was pressed. Once it was, the default handling is back, so that a second press
/// ends the program at once.
final class Interruption {
  private final class Flag: Sendable {
    let value = Atomic<Bool>(false)
  }

  private let source: any DispatchSourceSignal
  /// Says whether it happened, on any thread.
  let check: @Sendable () -> Bool

  init() {
    let flag = Flag()
    check = { flag.value.load(ordering: .relaxed) }
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      flag.value.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    source.resume()
  }
}
