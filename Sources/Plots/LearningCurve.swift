import Metrics

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
    /// How well examples are ranked, by group, where that is what is measured: areas under the ROC. The accuracy is the
    /// first group's then, and what is of targets is not a number.
    public let rankings: [Ranking]

    /// A group of queries and its figure.
    public struct Ranking: Sendable, Equatable {
      /// The group.
      public let name: String
      /// The mean area under the ROC.
      public let figure: Double
    }

    /// An epoch's figures.
    public init(
      trainLoss: Double, trainAccuracy: Double, validationLoss: Double,
      validationAccuracy: Double, rankings: [(name: String, figure: Double)] = []
    ) {
      self.rankings = rankings.map { Ranking(name: $0.name, figure: $0.figure) }
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
  /// The groups that examples are ranked by; empty where accuracies are measured.
  var groups: [String] { epochs.first?.rankings.map(\.name) ?? [] }

  /// The figures of a group, epoch by epoch.
  func figures(of group: Int) -> [Double] {
    epochs.map { $0.rankings.indices.contains(group) ? $0.rankings[group].figure : .nan }
  }

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
      curves.map { $0.epochs[index][keyPath: figure] }.median
    }
    return LearningCurve(
      name: first.name,
      epochs: (0..<length).map { epoch in
        Epoch(
          trainLoss: median(epoch, \.trainLoss), trainAccuracy: median(epoch, \.trainAccuracy),
          validationLoss: median(epoch, \.validationLoss),
          validationAccuracy: median(epoch, \.validationAccuracy),
          rankings: first.groups.enumerated().map { group, name in
            (name: name, figure: curves.map { $0.figures(of: group)[epoch] }.median)
          })
      }, place: first.place)
  }
}
