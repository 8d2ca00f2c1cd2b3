import WorkerPipe

/// How a model is called in an experiment, where what it gives depends on more than parameters and inputs: on its mode,
/// as dropout does, and on the batches that it has seen, as batch normalisation does by its buffers.
public struct Calling: Sendable, Hashable {
  /// Whether it is in training mode.
  public let isTraining: Bool
  /// Batches that it is called on before in training mode, each with all inputs.
  public let batches: [[InputShape]]
  /// Whether its buffers afterwards are compared, in place of its results.
  public let comparesState: Bool
  /// Whether it is called on the experiment's inputs alone. A call on the same numbers with the other sign lies before
  /// others, and right code may stop there where they mean nothing, such as scores of trials or bounds.
  public let isOnce: Bool

  /// Describes calls; by default those of what depends on nothing else.
  public init(
    isTraining: Bool = false, batches: [[InputShape]] = [], comparesState: Bool = false,
    isOnce: Bool = false
  ) {
    self.isOnce = isOnce
    self.isTraining = isTraining
    self.batches = batches
    self.comparesState = comparesState
  }

  /// One that depends on nothing else.
  public static let usual = Calling()

  /// What the names of buffers begin with, as they are after the call.
  static let state = "state:"

  /// How a worker is asked.
  ///
  /// - Parameters:
  ///   - isFirst: whether it is called once on the numbers; what moves its buffers is always.
  ///   - warmUps: how many calls with other parameters lie before.
  func calls(isFirst: Bool, warmUps: Int = 0, wantsState: Bool) -> Request.Calls {
    Request.Calls(
      isFirst: isFirst || isTraining || isOnce, warmUps: warmUps, isTraining: isTraining,
      batches: batches.count, wantsState: wantsState && comparesState)
  }

  /// A result as it is spoken of.
  func title(_ result: String) -> String {
    let before = batches.count == 1 ? "after a batch" : "after \(batches.count) batches"
    if result.hasPrefix(Self.state) {
      let name = "the buffer \(result.dropFirst(Self.state.count))"
      guard isTraining else {
        return batches.isEmpty
          ? "\(name) after an evaluation" : "\(name) \(before) and an evaluation"
      }
      return batches.isEmpty
        ? "\(name) after a batch" : "\(name) after \(batches.count + 1) batches"
    }
    guard isTraining || !batches.isEmpty else { return result }
    return
      (isTraining ? "while training, " : "at evaluation, ")
      + (batches.isEmpty ? "" : before + ", ") + result
  }
}
