import Metrics
import TensorCore

/// How far a training has come, and what it reports at the end of an epoch.
public struct TrainingReport: Codable, Sendable, Equatable {
  /// The epoch, from 1.
  public var epoch: Int
  /// Batches done in this epoch.
  public var batch: Int
  /// How many batches the epoch has.
  public var batchCount: Int
  /// The mean loss over the epoch's examples so far.
  public var trainLoss: Double
  /// The fraction of the epoch's examples so far that were classified correctly; 0 where the targets
  /// are no classes.
  public var trainAccuracy: Double
  /// Examples a second of training, validation left out, since the start.
  public var examplesPerSecond: Double
  /// The largest norm of the gradients of the epoch's batches, over all parameters together and
  /// before any clipping; only at the end of an epoch.
  public var largestGradient: Double?
  /// How the parameters fare; only at the end of an epoch.
  public var parameters: [ParameterHealth]?
  /// The matrix products of the first step of the training; only at the end of the first epoch.
  public var products: [MatrixProduct]?

  /// Makes a report.
  public init(
    epoch: Int, batch: Int, batchCount: Int, trainLoss: Double, trainAccuracy: Double,
    examplesPerSecond: Double
  ) {
    self.epoch = epoch
    self.batch = batch
    self.batchCount = batchCount
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.examplesPerSecond = examplesPerSecond
  }
}
