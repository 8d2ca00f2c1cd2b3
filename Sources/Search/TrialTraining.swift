import Examples
import Experiments
import Files
import Foundation
import Metrics
import TensorCore
import Training
import WorkerPipe
import Workers

/// The training of a trial: fitted to one set, stopped by a second, scored on a third.
package struct TrialTraining: Sendable {
  /// The network's name in its unit's catalogue.
  package let network: String
  /// The program that trains it.
  package let program: WorkerLauncher
  /// The examples, after the unit's own steps.
  package let sets: SplitExamples
  /// The names of the classes.
  package let classes: [String]
  /// The figure of the validation and of the test set.
  package let metric: Metric
  /// Where the recordings are from, for people.
  package let dataDescription: String

  /// Describes trainings on the same examples.
  package init(
    network: String, program: WorkerLauncher, sets: SplitExamples, classes: [String],
    metric: Metric, dataDescription: String
  ) {
    self.network = network
    self.program = program
    self.sets = sets
    self.classes = classes
    self.metric = metric
    self.dataDescription = dataDescription
  }

  /// A check sum of the examples of all sets but the last, which nobody looks at.
  package var fingerprint: String {
    let question = TrainingQuestion(train: sets.training, validation: sets.validation)
    let test = sets.test.map { TrainingQuestion(train: $0, validation: $0) }
    return (question.fingerprint + (test?.fingerprint ?? [])).map { String(format: "%08x", $0) }
      .joined()
  }

  /// Trains, and scores the best epoch's parameters, which are at `checkpoint` then.
  ///
  /// - Throws: `TrainingRun.Interrupted`; `WorkerFailure`; a sentence where a file cannot be written.
  package func run(
    _ recipe: Recipe, _ configuration: Settings, patience: Int?, checkpoint: String,
    isInterrupted: @escaping @Sendable () -> Bool, onReport: (TrainingReport) -> Void
  ) throws -> (result: TrainingResult, test: Double) {
    let run = TrainingRun(
      network: network, configuration: configuration, recipe: recipe, training: sets.training,
      validation: sets.validation, classes: classes, metric: metric, patience: patience,
      dataDescription: dataDescription, checkpoint: checkpoint, isInterrupted: isInterrupted)
    try AtomicFile.prepare(for: checkpoint)
    // of an earlier trial that was killed
    try? FileManager.default.removeItem(atPath: checkpoint)
    let client = try WorkerClient(program, sharing: run.question)
    defer { client.terminate() }
    let result = try run.run(in: client) { report, _ in onReport(report) }
    guard let test = sets.test else { return (result, .nan) }
    // a training that never had a number has no parameters, and is worth nothing
    guard FileManager.default.fileExists(atPath: checkpoint) else { return (result, .nan) }
    let logits = try logits(configuration, checkpoint: checkpoint, of: test)
    return (result, metric.value(of: logits, for: test.targets))
  }

  /// What the network says of examples with the parameters of a file.
  ///
  /// - Throws: `WorkerFailure`; a sentence where the file is none.
  package func logits(
    _ configuration: Settings, checkpoint: String, of examples: ExampleSet
  ) throws -> [Float] {
    let answer = try predictions(configuration, checkpoint: checkpoint, of: examples)
    guard let logits = answer.first(where: { $0.name == "logits" }),
      logits.values.count == examples.count * examples.targets.outputWidth
    else { throw WorkerFailure.malformed("the network gives no logits for each example") }
    return logits.values
  }

  /// All that it says of them, by name.
  ///
  /// - Throws: `WorkerFailure`; a sentence where the file is none.
  package func predictions(
    _ configuration: Settings, checkpoint: String, of examples: ExampleSet
  ) throws -> [PipeTensor] {
    guard let data = FileManager.default.contents(atPath: checkpoint) else {
      throw FileError.cannotRead(path: checkpoint, reason: "there is no such file")
    }
    let parameters = try SafeTensors.decode([UInt8](data)).map { entry in
      PipeTensor(
        name: "parameter:" + entry.name, shape: entry.tensor.shape.dimensions,
        values: entry.tensor.array)
    }
    let question = TrainingQuestion(train: examples.selecting([Int]()), validation: examples)
    let client = try WorkerClient(program, sharing: question)
    defer { client.terminate() }
    let (description, tensors) = question.packed(sharing: client.files)
    return try client.ask(
      .predictions(description), about: .init(network, configuration), parameters + tensors,
      within: 24 * 3600, atMost: 1 << 30
    ).tensors
  }
}
