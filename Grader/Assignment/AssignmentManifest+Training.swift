import Metrics

extension AssignmentManifest {
  /// An optimiser of the core, with its numbers; those that are left out are PyTorch's.
  public struct Optimiser: Codable, Sendable {
    /// `adam`, `adamw`, `sgd` or `rmsprop`.
    public var kind: String
    /// For `sgd` and `rmsprop`.
    public var momentum: Float?
    /// For `sgd`: the gradient is that of the point that the momentum leads to.
    public var nesterov: Bool?
    /// How much of a parameter's own value is added to its gradient; for `adamw`, taken from it.
    public var weightDecay: Float?

    /// Names an optimiser.
    public init(kind: String) { self.kind = kind }

    /// The names of the core's optimisers.
    public static let kinds = ["adam", "adamw", "sgd", "rmsprop"]

    /// Why there is no such optimiser, a clause; nil where there is one.
    var objection: String? {
      guard Self.kinds.contains(kind) else {
        return "an optimiser \(kind), which is none: give one of "
          + Self.kinds.joined(separator: ", ")
      }
      if let momentum {
        guard ["sgd", "rmsprop"].contains(kind) else {
          return "an optimiser \(kind) with a momentum, which sgd and rmsprop alone take"
        }
        guard (0..<1).contains(momentum) else {
          return "an optimiser with a momentum of \(momentum); it is from 0 to below 1"
        }
      }
      if nesterov == true, kind != "sgd" || momentum ?? 0 <= 0 {
        return "an optimiser \(kind) with nesterov, which sgd with a momentum above 0 alone takes"
      }
      guard let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) else { return nil }
      return "an optimiser with a weight decay of \(weightDecay); it is 0 or more"
    }
  }

  /// A step between the examples of the data and those that a network learns from: a function of the unit's
  /// catalogue that some or all sets pass through.
  public struct PreparationStep: Codable, Sendable {
    /// The sets that pass through a step.
    public enum Sets: String, Codable, Sendable {
      /// What is fitted to, and nothing that figures are of: balancing, augmentation.
      case training
      /// All: features.
      case all
    }

    /// The function's name in the catalogue.
    public var function: String
    /// Which sets; all if nothing is said.
    public var sets: Sets?
    /// For each tensor that the function takes the input of the examples, or `targets`.
    public var takes: [String: String]
    /// For each tensor that it gives the input of the examples that it becomes, or `targets`. The examples then have
    /// these inputs and no others.
    public var gives: [String: String]
    /// What it is made with, besides the `seed` that it is always given.
    public var settings: [String: Double]?

    /// The word for the targets in `takes` and `gives`.
    public static let targets = "targets"
    /// Whether it makes other examples, and not only other numbers of the same.
    public var makesExamples: Bool { gives.values.contains(Self.targets) }
  }

  /// A search for what a network is best trained with.
  public struct Search: Codable, Sendable {
    /// The network.
    public var network: String
    /// Trials, where a command says nothing else.
    public var trials: Int
    /// The most epochs of a trial; the network's own number if nothing is said.
    public var epochs: Int?
    /// Epochs in a row that may be no better on the validation set; the recipe's if nothing is said.
    public var patience: Int?
    /// The figure of the test set that is searched for, by which the validation set stops a trial too; as the goal's,
    /// else the accuracy, if nothing is said.
    public var metric: Metric?
    /// What is searched for, in the order of a point's numbers.
    public var space: [SearchParameter]
  }

  /// A number or word that is searched for, by the name that `train --set` knows, and where: one of `uniform`,
  /// `logUniform` and `choice`.
  public struct SearchParameter: Codable, Sendable {
    /// The name.
    public var name: String
    /// Every number between two is as likely.
    public var uniform: [Double]?
    /// Every logarithm between those of two is as likely.
    public var logUniform: [Double]?
    /// One of several.
    public var choice: [ChoiceWord]?
  }

  /// A number or a word among several to choose from.
  public struct ChoiceWord: Codable, Sendable, Hashable, CustomStringConvertible {
    /// As it is written.
    public let description: String

    /// Reads a number or a word.
    public init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let whole = try? value.decode(Int.self) {
        description = "\(whole)"
      } else if let number = try? value.decode(Double.self) {
        description = "\(number)"
      } else {
        description = try value.decode(String.self)
      }
    }

    /// Writes it as it was.
    public func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      if let whole = Int(description) {
        try value.encode(whole)
      } else if let number = Double(description) {
        try value.encode(number)
      } else {
        try value.encode(description)
      }
    }
  }

  /// The steps of a name.
  ///
  /// - Parameter name: nil for none.
  /// - Throws: a sentence with all names where there is no such preparation.
  public func preparation(_ name: String?) throws(ManifestError) -> [PreparationStep] {
    guard let name else { return [] }
    guard let steps = preparations?[name] else {
      let names = (preparations ?? [:]).keys.sorted().joined(separator: ", ")
      throw ManifestError(
        description: "there is no preparation \(name) under preparations; "
          + (names.isEmpty ? "there is none" : "there is \(names)"))
    }
    return steps
  }

  /// The steps that examples pass through before a network is trained to its goal.
  ///
  /// - Throws: a sentence where the recipe's preparation is none.
  public func preparation(ofGoal goal: TrainingGoal) throws(ManifestError) -> [PreparationStep] {
    let name = goal.preparation ?? recipe?.preparation
    return try preparation(name == "none" ? nil : name)
  }

  /// The numbers besides the sizes that a network is made with.
  public func numbers(of network: String) -> [String: Double] {
    self.network(named: network)?.numbers ?? [:]
  }

  /// The search for a network.
  public func search(for network: String) -> Search? {
    searches?.first { $0.network.lowercased() == network.lowercased() }
  }
}
