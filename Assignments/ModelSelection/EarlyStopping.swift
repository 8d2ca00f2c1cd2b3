import Coursework
import NeuralNetworks
import TensorCore

/// Decides after each epoch whether it was the best so far, and whether the training stops (section 7.6, task 7.6a).
///
/// The first score that is a number, and every later one that is *greater* than the best so far, is the best, and fills the
/// patience up again. Any other takes one from it: one as great as the best, a smaller one, and one that is not a number
/// (NaN), also where that comes first. When nothing is left the training stops. With patience 2:
///
///     scores     0.5    0.7    0.7   0.8    NaN   0.75
///     decision   best   best   –     best   –     stop
public struct EarlyStopping {
  let patience: Int
  var left: Int
  var best: Double?

  /// Begins with all its patience.
  ///
  /// - Parameter patience: after how many epochs in a row without a better one the training stops; at least 1.
  public init(patience: Int) {
    self.patience = patience
    left = patience
  }

  /// Takes the score of an epoch.
  ///
  /// - Parameter score: the larger, the better; NaN where there is none.
  /// - Returns: whether it is the best so far, and whether the training stops.
  public mutating func update(_ score: Double) throws -> (isBest: Bool, stops: Bool) {
    // TODO: Task 7.6a: best, or one less left
    throw Unimplemented("7.6a")
  }
}

/// Trains a network until it stops getting better, and leaves it as it was at its best (section 7.6, task 7.6a).
///
/// At most `epochs` times: call `epoch()`, which trains for an epoch and returns its score; ask `EarlyStopping`; where the
/// epoch is the best so far keep a *copy* of all parameters and buffers; where the training stops, end. In the end the
/// network has those of its best epoch, *however* the training ended: by patience, or since there were no epochs
/// left. Where no score is a number it stays as it is.
///
/// `network.stateEntries()` are the names and tensors of parameters and buffers: the tensors themselves, whose numbers
/// the next epoch changes. `Tensor(t.array, shape: t.shape)` is a copy, and `network.load(entries)` puts numbers back.
///
/// - Parameters:
///   - network: what is trained.
///   - epochs: how many there are at most.
///   - patience: that of `EarlyStopping`.
///   - epoch: trains the network for an epoch and gives its score.
/// - Returns: the scores of the epochs that there were.
public func fit(
  _ network: Module, epochs: Int, patience: Int, epoch: () throws -> Double
) throws -> [Double] {
  // TODO: Task 7.6a: train, decide, copy; put the copy back
  throw Unimplemented("7.6a")
}
