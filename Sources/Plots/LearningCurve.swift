/// What one training printed, epoch by epoch; shares are numbers from 0 to 1.
public struct LearningCurve: Sendable, Equatable {
  /// One epoch's figures.
  public struct Epoch: Sendable, Equatable {
    /// The running loss on the training set.
    public let trainLoss: Double
    /// The running accuracy on the training set.
    public let trainAccuracy: Double
    /// The loss on the validation set after the epoch.
    public let validationLoss: Double
    /// The accuracy on the validation set after the epoch.
    public let validationAccuracy: Double

    /// An epoch's figures.
    public init(
      trainLoss: Double, trainAccuracy: Double, validationLoss: Double, validationAccuracy: Double
    ) {
      self.trainLoss = trainLoss
      self.trainAccuracy = trainAccuracy
      self.validationLoss = validationLoss
      self.validationAccuracy = validationAccuracy
    }
  }

  /// The network.
  public let name: String
  /// The epochs, from the first.
  public let epochs: [Epoch]
  /// The place of the network among those of its unit, by which it has its colour and mark in every
  /// picture; nil where that is not known.
  public let place: Int?

  /// The curve of a training.
  public init(name: String, epochs: [Epoch], place: Int? = nil) {
    self.name = name
    self.epochs = epochs
    self.place = place
  }

  /// The curve whose every figure is the median of those of several trainings of one network, as
  /// far as all of them reach.
  public static func median(_ curves: [LearningCurve]) -> LearningCurve? {
    guard let first = curves.first, let length = curves.map(\.epochs.count).min() else {
      return nil
    }
    func median(_ index: Int, _ figure: KeyPath<Epoch, Double>) -> Double {
      let ordered = curves.map { $0.epochs[index][keyPath: figure] }.sorted()
      guard ordered.allSatisfy(\.isFinite) else { return .nan }
      return (ordered[(ordered.count - 1) / 2] + ordered[ordered.count / 2]) / 2
    }
    return LearningCurve(
      name: first.name,
      epochs: (0..<length).map {
        Epoch(
          trainLoss: median($0, \.trainLoss), trainAccuracy: median($0, \.trainAccuracy),
          validationLoss: median($0, \.validationLoss),
          validationAccuracy: median($0, \.validationAccuracy))
      }, place: first.place)
  }
}
