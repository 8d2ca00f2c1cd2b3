import Synchronization

/// What the compiler may take for all compilations of one submission together, in processor seconds.
///
/// What came from the cache counts as it did when it was compiled, so that verdicts do not depend on
/// what is in the cache.
package final class CompilerBudget: Sendable {
  private let state: Mutex<(left: Double, taken: Double)>
  private let whole: CompilerBudget?

  /// Makes a budget; without a limit where only our own files are compiled.
  package init(seconds: Double = .infinity) {
    state = Mutex((seconds, 0))
    whole = nil
  }

  private init(seconds: Double, of whole: CompilerBudget) {
    state = Mutex((seconds, 0))
    self.whole = whole
  }

  /// An equal share of what is left, so that what one file uses up is not the others'.
  package func share(of count: Int) -> CompilerBudget {
    CompilerBudget(seconds: left / Double(max(count, 1)), of: self)
  }

  /// Seconds that are left.
  package var left: Double { state.withLock { max(0, $0.left) } }

  /// Seconds that were taken.
  package var taken: Double { state.withLock { $0.taken } }

  /// Notes what a compilation took.
  package func take(_ seconds: Double) {
    state.withLock {
      $0.left -= seconds
      $0.taken += seconds
    }
    whole?.take(seconds)
  }
}
