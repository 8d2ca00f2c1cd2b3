import Assignment
import Examples
import Foundation
import Judge
import Metrics
import WorkerPipe

/// Task 6.6b: what a model learns by the loss.
final class LearningChecks: ContrastiveCase {
  /// A model and how it is trained.
  private static func training(
    leads: Int, samples: Int, text: Int, shifts: Bool, steps: Int, batch: Int
  ) -> OwnLossTraining {
    OwnLossTraining(
      "TrainingStep",
      [
        "leadCount": .integer(leads), "sampleCount": .integer(samples), "textSize": .integer(text),
        "shifts": shifts ? 1 : 0,
      ], steps: steps, batchSize: batch, learningRate: 0.001)
  }

  // MARK: - One batch

  /// Records of the batch, and the sizes of its model.
  private static let batch = (records: 8, leads: 6, samples: 256, text: 48)
  private static let steps = 50
  /// The largest loss of a batch that is learned.
  private static let bound = 0.1

  /// The contrastive loss by hand, in double precision.
  static func loss(_ Z: [[Float]], _ T: [[Float]], k: Float) -> Double {
    let scale = exp(min(Double(k), log(100)))
    let S = Z.map { z in
      T.map { t in scale * zip(z, t).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    }
    func half(_ S: [[Double]]) -> Double {
      S.enumerated().reduce(0) { sum, row in
        let largest = row.element.max() ?? 0
        let logarithm = largest + log(row.element.reduce(0) { $0 + exp($1 - largest) })
        return sum + logarithm - row.element[row.offset]
      } / Double(S.count)
    }
    return (half(S) + half(S.indices.map { j in S.map { $0[j] } })) / 2
  }

  /// - Returns: the loss and how many ECGs are told by their own texts, after the best of three trainings.
  static func learn(_ session: JudgeSession) throws -> (loss: Double, own: Int) {
    var numbers = session.numbers("ContrastiveModel learns")
    let size = batch
    let ecg = numbers.normal("ecg", [size.records, size.leads, size.samples])
    let T = ContrastiveDraws.rows(size.records, size.text, lengths: 1...1, &numbers)
    let places = Array(0..<size.records)
    let examples = ExampleSet(
      [
        .init(
          Table(ecg.values, rowShape: [size.leads, size.samples]), name: "ecg", firstRows: places,
          extent: .row),
        .init(
          Table(T.flatMap { $0 }, rowShape: [size.text]), name: "text", firstRows: places,
          extent: .row),
        .init(
          Table(places.map { Float($0) }, rowShape: []), name: "caption", firstRows: places,
          extent: .row),
      ], targets: .none)
    let training = training(
      leads: size.leads, samples: size.samples, text: size.text, shifts: false, steps: steps,
      batch: size.records)
    var best = (loss: Double.infinity, own: 0)
    for attempt in 1...3 where best.loss >= bound || best.own < size.records {
      let learned = try session.train(training, on: examples, attempt: attempt)
      let Z = try session.rows(
        "embeddings", of: training, learned: learned, for: examples, input: "ecg")
      let k = learned.first { $0.name == "model.logScale" }?.values.first ?? .nan
      let own = places.count { i in
        let row = T.map { t in zip(Z[i], t).reduce(0) { $0 + $1.0 * $1.1 } }
        return row.firstIndex(of: row.max() ?? 0) == i
      }
      let loss = loss(Z, T, k: k)
      if loss < best.loss { best = (loss, own) }
    }
    return best
  }

  func test5Learns() throws {
    try check { session in
      let (loss, own) = try Self.learn(session)
      guard loss < Self.bound, own == Self.batch.records else {
        throw CheckFailure(
          "after \(Self.steps) steps on one batch of \(Self.batch.records) records the loss at evaluation is "
            + "\(Comparison.number(Float(loss))), expected less than \(Self.bound), and \(own) of them are told by their "
            + "own texts")
      }
      session.note("correct: after \(Self.steps) steps a loss of \(Comparison.number(Float(loss)))")
    }
  }

  // MARK: - The goal

  /// What the described diagnoses must reach, asked for by their descriptions; the seen ones' is the goal's minimum.
  static let described = (synthetic: 0.95, real: 0.8)

  /// The mean area under the ROC of a group's queries; nil where there is none that has answers and others.
  static func area(
    _ group: String, _ data: GradingData, embeddings Z: [[Float]]
  ) -> Double? {
    let areas = data.queries.filter { $0.group == group }.compactMap { query -> Double? in
      let (scores, labels) = query.ranked(data.validation) { Z[$0][...] }
      return Metrics.areaUnderROC(scores: scores, labels: labels)
    }
    return areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }

  /// Trains until both groups reach what they must in one training.
  ///
  /// - Returns: what was reached, a sentence.
  /// - Throws: `CheckFailure` where no attempt reached it.
  static func reach(_ session: JudgeSession) throws -> String {
    let data = try session.dataToLearn()
    let name = "ContrastiveModel"
    guard let goal = session.manifest.goals?[name],
      let texts = data.training.inputs.first(where: { $0.name == "text" }),
      let ecg = data.training.inputs.first(where: { $0.name == "ecg" })
    else {
      throw ManifestError(description: "there is no goal of \(name), or no ECGs with texts")
    }
    let training = training(
      leads: ecg.table.rowShape[0], samples: ecg.table.rowShape[1], text: texts.table.rowSize,
      shifts: true, steps: goal.steps, batch: goal.batchSize)
    let bounds =
      data.isSynthetic
      ? (seen: goal.minimumSynthetic, described: described.synthetic)
      : (seen: goal.minimum, described: described.real)
    func text(_ figure: Double) -> String { String(format: "%.3f", figure) }
    var reached: [String] = []
    for attempt in 1...max(goal.attempts, 1) {
      let learned = try session.train(training, on: data.training.with(.none), attempt: attempt)
      let Z = try session.rows(
        "embeddings", of: training, learned: learned, for: data.validation, input: "ecg")
      guard let seen = area("seen", data, embeddings: Z),
        let described = area("described", data, embeddings: Z)
      else { throw ManifestError(description: "the data have no seen and described diagnoses") }
      session.record(
        seen, of: name, minimum: bounds.seen, attempt: attempt, steps: goal.steps)
      let figures = "\(text(seen)) for seen and \(text(described)) for described diagnoses"
      if seen >= bounds.seen, described >= bounds.described {
        return
          "after \(goal.steps) steps a mean area under the ROC of \(figures), expected "
          + "\(text(bounds.seen)) and \(text(bounds.described))"
          + (attempt > 1 ? " (attempt \(attempt))" : "")
      }
      reached.append(figures)
    }
    throw CheckFailure(
      "after \(goal.steps) steps the mean area under the ROC is \(reached.joined(separator: ", then ")), expected "
        + "\(text(bounds.seen)) and \(text(bounds.described)) in one training")
  }

  func test6Goal() throws {
    try check { session in session.note("correct: \(try Self.reach(session))") }
  }
}
