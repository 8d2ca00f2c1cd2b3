import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's encoder where another task needs one. It shares a process with their code: the task
/// that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class ECGEncoder: Module {
  /// How many numbers an ECG becomes.
  public let features: Int
  let chain: Sequential

  /// Makes the parts.
  public init(
    leadCount: Int, sampleCount: Int, using generator: inout RandomGenerator
  ) throws {
    var (layers, channels, length): ([any UnaryLayer], Int, Int) = ([], leadCount, sampleCount)
    for (width, kernel, window) in [(32, 7, 4), (64, 5, 4), (128, 3, 2), (256, 3, 2)] {
      layers.append(
        Conv1d(channels, width, kernelSize: kernel, padding: .same, using: &generator))
      layers.append(BatchNorm1d(width))
      layers.append(MaxPool1d(kernelSize: window))
      layers.append(ReLU())
      (channels, length) = (width, length / window)
    }
    chain = Sequential(layers: layers)
    features = channels * length
  }

  /// Applies them.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    let maps = try chain(X)
    return try maps.reshaped([X.shape[0], maps.count / X.shape[0]])
  }
}
