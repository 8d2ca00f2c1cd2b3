@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Whether Ctrl-C was pressed. Once it was, the default handling is back, so that a second press
/// ends the program at once.
final class Interruption {
  private final class Flag: Sendable {
    let value = Atomic<Bool>(false)
  }

  /// Says whether it happened, on any thread.
  let check: @Sendable () -> Bool
  private let handler: Int

  init() {
    let flag = Flag()
    check = { flag.value.load(ordering: .relaxed) }
    handler = Signals.shared.add { number in
      number == SIGINT && !flag.value.exchange(true, ordering: .relaxed)
    }
  }

  deinit { Signals.shared.remove(handler) }
}

/// Does something that Ctrl-C ends in order, by calling `stop` on another thread.
func stoppable<T>(_ stop: @escaping @Sendable () -> Void, _ body: () throws -> T) rethrows -> T {
  let handler = Signals.shared.add { _ in
    stop()
    return true
  }
  defer { Signals.shared.remove(handler) }
  return try body()
}

/// Does something short to its end, also when Ctrl-C is pressed meanwhile.
///
/// - Throws: `CancellationError` afterwards if it was.
func uninterrupted<T>(_ body: () throws -> T) throws -> T {
  let isPressed = Mutex(false)
  let value = try stoppable({ isPressed.withLock { $0 = true } }, body)
  if isPressed.withLock({ $0 }) { throw CancellationError() }
  return value
}

/// The signals that ask the program to end.
///
/// There is one source for each from the first handler to the program's end: a second source, made
/// after the first was cancelled, receives nothing on Linux.
private final class Signals: Sendable {
  /// Says whether it handles a signal.
  typealias Handler = @Sendable (_ number: Int32) -> Bool

  static let shared = Signals()
  private let handlers = Mutex<[(id: Int, handle: Handler)]>([])
  private let sources: [any DispatchSourceSignal]

  private init() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { Signals.shared.receive(number) }
      return source
    }
    sources.forEach { $0.resume() }
  }

  /// Adds a handler, which is asked before those that are there.
  func add(_ handle: @escaping Handler) -> Int {
    handlers.withLock {
      let id = ($0.last?.id ?? 0) + 1
      $0.append((id, handle))
      return id
    }
  }

  func remove(_ id: Int) { handlers.withLock { $0.removeAll { $0.id == id } } }

  private func receive(_ number: Int32) {
    if let last = handlers.withLock({ $0.last }), last.handle(number) { return }
    // nobody is there to end in order: what the system does
    signal(number, SIG_DFL)
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    raise(number)
  }
}
