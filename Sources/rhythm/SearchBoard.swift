import Experiments
import Foundation
import Metrics
import Search
import Synchronization
import Tracking
import Training

/// What is shown and kept of the trials that run, on whichever thread.
final class SearchBoard: Sendable {
  private struct State {
    var study: Study
    var running: [Int: String] = [:]
    /// Results of trials that have ended and are not in the file yet.
    var results: [Int: TrainingResult] = [:]
    var tracked: TrackedGroup?
    let pictures = MatrixPictures()
    let line = ProgressLine("searching")
    let start = Date()
    var done = 0
  }

  private let count: Int
  private let state: Mutex<State>

  init(count: Int, study: Study, tracked: TrackedGroup?) {
    self.count = count
    state = Mutex(State(study: study, tracked: tracked))
  }

  /// Keeps what a trial gave until the trial is in the file.
  func keep(_ result: TrainingResult, of trial: Int) {
    state.withLock { $0.results[trial] = result }
  }

  /// Does something with the study's run in a store, where there is one.
  func track(_ body: (TrackedGroup) throws -> Void) {
    state.withLock { state in
      guard let group = state.tracked else { return }
      keepTracked { try body(group) }
    }
  }

  /// Puts the trials that are there and in no store into it.
  func trackEarlier() {
    state.withLock { state in
      for record in state.study.records { Self.track(record, nil, &state) }
    }
  }

  private static func track(
    _ record: TrialRecord, _ result: TrainingResult?, _ state: inout State
  ) {
    let name = "trial \(record.trial)"
    guard var group = state.tracked, !group.has(name) else { return }
    keepTracked {
      let metric = state.study.identity.metric
      try group.add(
        name, RunContent(record, metric: metric, result: result), seconds: record.seconds,
        files: state.pictures.files(
          result?.validation, title: "\(name) on the validation set, last epoch"))
      try group.add(
        RunContent(
          metrics: [.init("test_\(metric.rawValue)", record.test, step: record.trial)]))
    }
    state.tracked = group
  }

  /// Shows how far a trial is.
  func show(_ trial: Int, _ report: TrainingReport, of epochs: Int) {
    state.withLock { state in
      state.running[trial] = "trial \(trial) epoch \(report.epoch)/\(epochs)"
      let running = state.running.sorted { $0.key < $1.key }.map(\.value)
      let records = state.study.records
      let left = count - records.count
      let seconds =
        state.done == 0
        ? 0 : Date().timeIntervalSince(state.start) / Double(state.done) * Double(left)
      let rest =
        state.done == 0
        ? "" : String(format: ", %d:%02d left", Int(seconds) / 60, Int(seconds) % 60)
      let best = records.best.map { String(format: ", best %.4f", $0.test) } ?? ""
      state.line.show(
        "\(records.count)/\(count)  \(running.joined(separator: ", "))\(best)\(rest)")
    }
  }

  /// Keeps a trial that has ended.
  func end(_ record: TrialRecord, _ all: [TrialRecord]) throws {
    try state.withLock { state in
      state.running[record.trial] = nil
      state.done += 1
      try state.study.write(all)
      // the parameters of the best alone are kept of those that are chosen among
      let best = all.best?.trial
      for other in all where other.trial != best {
        try? FileManager.default.removeItem(
          atPath: "\(state.study.folder)/trials/\(other.trial).safetensors")
      }
      state.line.clear()
      let identity = state.study.identity
      printLine(
        String(
          format: "trial %d of %d: test %@ %.4f, %d epochs, %.1f s: ", record.trial, count,
          identity.metric.rawValue, record.test, record.epochs, record.seconds)
          + identity.space.text(record.point))
      Self.track(record, state.results.removeValue(forKey: record.trial), &state)
    }
  }

  var study: Study { state.withLock { $0.study } }

  func clear() { state.withLock { $0.line.clear() } }
}
