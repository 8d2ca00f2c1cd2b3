import Assignment
import CSV
import Foundation
import Grading
import Synchronization

/// Shows a run on standard error: on a terminal a line with the time left and below it one for each
/// worker, else one line per submission.
final class GradeProgress: Sendable {
  private struct State {
    var total = 0
    var known = 0
    var done = 0
    var failedBuilds = 0
    var again: Int?
    /// What each worker does, for which submission, since when.
    var workers: [Int: (submission: String, doing: String, since: UInt64)] = [:]
    var linesShown = 0
    var finished = false
  }

  private let isTerminal: Bool
  private let start = DispatchTime.now().uptimeNanoseconds
  private let state = Mutex(State())
  private static let mostWorkers = 12

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
      case .found(let total, let known):
        (state.total, state.known) = (total, known)
        return known == 0
          ? "grading \(total) submissions"
          : "\(total) submissions, \(known) of them known; grading \(total - known)"
      case .working(let worker, let submission, let doing):
        let since =
          state.workers[worker].flatMap { $0.submission == submission ? $0.since : nil }
          ?? DispatchTime.now().uptimeNanoseconds
        state.workers[worker] = (submission, doing, since)
        return nil
      case .alone(let count):
        state.again = count
        state.workers = [:]
        return "\(count) took too long on the clock and are done again one by one"
      case .finished(_, nil):
        return nil
      case .finished(let result, let worker?):
        state.workers[worker] = nil
        state.done += 1
        if result.status == .notBuilt { state.failedBuilds += 1 }
        let seconds = Int((result.seconds.build + result.seconds.judge).rounded())
        return "[\(state.known + state.done)/\(state.total)] \(plain(result.submission)): "
          + "\(result.status.rawValue), \(CSV.points(result.score)) of \(CSV.points(result.maxScore)), "
          + "\(seconds) s\(timeLeft(state))"
      }
    }
    if isTerminal { draw() } else if let line { Console.error.writeLine(line) }
  }

  /// Clears the live lines.
  func finish() {
    state.withLock {
      $0.finished = true
      if isTerminal { write(clearing($0)) }
    }
  }

  private func draw() {
    state.withLock { state in
      guard !state.finished, state.total > 0 else { return }
      let width = max(20, terminalWidth() - 1)
      var head = "\(state.known + state.done)/\(state.total) graded"
      if state.failedBuilds > 0 { head += ", \(state.failedBuilds) do not compile" }
      head += ", \(clock(elapsed))\(timeLeft(state))"
      if let again = state.again { head += "; \(again) again one by one" }
      let now = DispatchTime.now().uptimeNanoseconds
      let workers = state.workers.sorted { $0.key < $1.key }.prefix(Self.mostWorkers).map {
        "  \($0.key + 1)  \(plain($0.value.submission)): \(plain($0.value.doing)), "
          + clock(Double(now - $0.value.since) * 1e-9)
      }
      // Longer lines would wrap and could not be cleared.
      let lines = ([head] + workers).map { LineBreaks.fitting($0, to: width) }
      write(clearing(state) + lines.joined(separator: "\n"))
      state.linesShown = lines.count
    }
  }

  /// Goes back to the first of the lines that are shown, and clears from there.
  private func clearing(_ state: State) -> String {
    (state.linesShown > 1 ? "\u{1b}[\(state.linesShown - 1)A" : "") + "\r\u{1b}[J"
  }

  private var elapsed: Double { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }

  private func timeLeft(_ state: State) -> String {
    let left = state.total - state.known - state.done
    guard state.done > 0, left > 0 else { return "" }
    return ", about \(clock(elapsed / Double(state.done) * Double(left))) left"
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  private func write(_ text: String) {
    Console.error.write(text)
  }
}

/// A name without control characters, which could steer the terminal.
func plain(_ text: String) -> String {
  let scalars = text.unicodeScalars.map {
    $0.properties.generalCategory == .control ? "\u{fffd}" : $0
  }
  return String(String.UnicodeScalarView(scalars))
}
