import Batch
import Foundation
import Judge
import Synchronization

/// Shows a run on standard error: one live line on a terminal, else one line per submission.
final class GradeProgress: Sendable {
  private struct State {
    var total = 0
    var done = 0
    var failedBuilds = 0
    var running: [String] = []
    var finished = false
  }

  private let isTerminal: Bool
  private let start = DispatchTime.now().uptimeNanoseconds
  private let state = Mutex(State())

  init(isTerminal: Bool) {
    self.isTerminal = isTerminal
    guard isTerminal else { return }
    let thread = Thread { [self] in
      while !state.withLock({ $0.finished }) {
        draw()
        Thread.sleep(forTimeInterval: 0.25)
      }
    }
    thread.start()
  }

  func take(_ event: GradeEvent) {
    let line: String? = state.withLock { state in
      switch event {
      case .found(let total):
        state.total = total
        return "grading \(total) submissions"
      case .started(let name):
        state.running.append(name)
        return nil
      case .finished(let result):
        state.running.removeAll { $0 == result.submission }
        state.done += 1
        if result.status == .notBuilt { state.failedBuilds += 1 }
        let seconds = Int((result.seconds.build + result.seconds.judge).rounded())
        return "[\(state.done)/\(state.total)] \(plain(result.submission)): "
          + "\(result.status.rawValue), \(points(result.score)) of \(points(result.maxScore)), "
          + "\(seconds) s"
      }
    }
    if isTerminal { draw() } else if let line { write(line + "\n") }
  }

  /// Clears the live line.
  func finish() {
    state.withLock {
      $0.finished = true
      if isTerminal { write("\r\u{1b}[K") }
    }
  }

  private func draw() {
    state.withLock { state in
      guard !state.finished, state.total > 0 else { return }
      let elapsed = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      var line = "\(state.done)/\(state.total) graded"
      if state.failedBuilds > 0 { line += ", \(state.failedBuilds) do not compile" }
      line += ", \(clock(elapsed))"
      if state.done > 0 {
        let left = elapsed / Double(state.done) * Double(state.total - state.done)
        line += ", about \(clock(left)) left"
      }
      if !state.running.isEmpty {
        line += ": " + state.running.map(plain).joined(separator: ", ")
      }
      // One line only: a longer one would wrap and could not be cleared.
      write("\r\u{1b}[K" + String(line.prefix(max(20, terminalWidth() - 1))))
    }
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// A name without control characters, which could steer the terminal.
func plain(_ text: String) -> String {
  let scalars = text.unicodeScalars.map {
    $0.properties.generalCategory == .control ? "\u{fffd}" : $0
  }
  return String(String.UnicodeScalarView(scalars))
}

/// Points without needless decimals.
func points(_ value: Double) -> String {
  value == value.rounded() ? "\(Int(value))" : String(format: "%.2f", value)
}
