import Coursework
import Foundation
import NeuralNetworks
import TensorCore

/// Each row divided by its length (section 6.6, task 6.6a).
///
///     result_i = x_i / max(‖x_i‖, 10⁻¹²)
///
/// A row of zeros stays zeros, and its gradient must be a number too. The root is what is dangerous, since its gradient at 0 is
/// infinite, and 0 times that is not a number: bound the *square* from below, by 10⁻²⁴, and take the root then.
///
///     [[3, 4], [0, 0]]        [[0.6, 0.8], [0, 0]]
///
/// - Parameter x: `[N, D]`.
/// - Returns: `[N, D]`.
public func normalised(_ x: Tensor) throws -> Tensor {
  // BEGIN SOLUTION 6.6a: the bounded square of each length, its root, the quotient
  let squares = try x.squared().sum(axis: 1, keepDims: true)
  return try x / squares.clip(minimum: 1e-24).sqrt()
  // END SOLUTION
}

/// The tower that brings ECGs into the space of the texts (section 6.6, task 6.6a).
///
///     Z = normalised(projection(encoder(X)))
///
/// There is neither a ReLU behind the projection, which would leave no negative cosine, nor a dropout. The texts have no tower:
/// their encoder is frozen, and its space is the target.
///
/// Parts: `encoder`, an `ECGEncoder`; `projection`, a `Linear` from `encoder.features` to `textSize`. Parameter: `logScale`,
/// k, *of shape []*, which starts at ln(1 / 0.07) = 2.6593. No result of the call depends on it; the loss does, and it learns
/// with all others.
public final class ContrastiveModel: Module {
  let encoder: ECGEncoder
  let projection: Linear
  /// The logarithm of what cosines are multiplied with in the loss.
  @Parameter public var logScale: Tensor

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - leadCount: the leads of an ECG, 12.
  ///   - sampleCount: the samples of each lead.
  ///   - textSize: the numbers of a text's vector, 384.
  ///   - generator: where the draws come from, for the encoder first.
  public init(
    leadCount: Int, sampleCount: Int, textSize: Int, using generator: inout RandomGenerator
  ) throws {
    // BEGIN SOLUTION 6.6a: encoder, projection and logScale
    encoder = try ECGEncoder(leadCount: leadCount, sampleCount: sampleCount, using: &generator)
    projection = Linear(encoder.features, textSize, using: &generator)
    logScale = Tensor(Float(log(1 / 0.07)))
    // END SOLUTION
  }

  /// The embeddings of ECGs, unit vectors.
  ///
  /// - Parameter X: `[N, leads, samples]`.
  /// - Returns: `[N, textSize]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 6.6a: the line above
    return try normalised(projection(encoder(X)))
    // END SOLUTION
  }
}
