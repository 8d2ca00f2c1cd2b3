import Training
import WorkerPipe

/// What a worker sends at the end of an epoch.
public struct TrainedEpoch: Sendable {
  /// What it says of the epoch.
  public let report: TrainingReport
  /// What the network says of the validation examples, by name.
  public let predictions: [PipeTensor]
  /// Parameters and buffers, by their names, where they were asked for.
  public let parameters: [PipeTensor]
  /// What a resumed training needs, where it was asked for.
  public let checkpoint: [PipeTensor]

  init(_ report: TrainingReport, _ tensors: [PipeTensor]) {
    func named(_ prefix: String) -> [PipeTensor] {
      tensors.filter { $0.name.hasPrefix(prefix) }.map {
        $0.renamed(String($0.name.dropFirst(prefix.count)))
      }
    }
    self.report = report
    parameters = named("parameter:")
    checkpoint = named("checkpoint:")
    predictions = tensors.filter { !$0.name.contains(":") }
  }
}

extension WorkerClient {
  /// Trains a network and waits until the training is over.
  ///
  /// - Parameters:
  ///   - subject: the network, and what it is made with.
  ///   - question: the examples.
  ///   - checkpoint: where the training goes on; empty for one from the beginning.
  ///   - seconds, bytes: as in `ask`.
  ///   - onProgress: receives what the training reports within an epoch.
  ///   - onEpoch: receives what it has at the end of one.
  /// - Throws: `WorkerFailure`, or what `onProgress` or `onEpoch` throws.
  public func train(
    _ subject: Request.Subject, by recipe: Recipe, on question: TrainingQuestion,
    keeping: Request.Keeping, from checkpoint: [PipeTensor] = [], within seconds: Double,
    atMost bytes: Int = 256 << 20, onProgress: (TrainingReport) throws -> Void = { _ in },
    onEpoch: (TrainedEpoch) throws -> Void
  ) throws {
    let (description, numbers) = question.packed(sharing: files)
    let training = Request.TrainingRequest(recipe, on: description, keeps: keeping)
    let tensors = numbers + checkpoint.map { $0.renamed("checkpoint:\($0.name)") }
    try converse(.ask(.train(training), about: subject), tensors, within: seconds, atMost: bytes) {
      response, tensors -> Void? in
      switch response {
      case .progress(let report):
        try onProgress(report)
        return nil
      case .epoch(let report):
        try onEpoch(TrainedEpoch(report, tensors))
        return nil
      case .trained: return ()
      default: throw Self.unexpected
      }
    }
  }
}
