import Training

/// An answer of the worker.
public enum Response: Codable, Sendable {
  /// The answer to a question about a model; the numbers are tensors.
  ///
  /// - sideEffects: what the calls changed besides; nil where that is nothing.
  case answer(sideEffects: SideEffects? = nil)
  /// The names in the catalogue.
  case catalogue([String])
  /// The student's code threw an error.
  case failure(String)
  /// The student's code is still a stub.
  case notImplemented(StubPlace)
  /// A training goes on.
  case progress(TrainingReport)
  /// An epoch of a training is over. The tensors are the results on the validation examples, and
  /// what the request wants to keep.
  case epoch(TrainingReport)
  /// A training is over.
  case trained
}

/// Where a stub is.
public struct StubPlace: Codable, Sendable, Equatable {
  /// The task's number in the handout, such as `4.7b`.
  public var task: String
  /// The file.
  public var file: String
  /// The line.
  public var line: Int

  /// Names a place.
  public init(task: String, file: String, line: Int) {
    self.task = task
    self.file = file
    self.line = line
  }
}
