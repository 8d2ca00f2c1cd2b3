/// A search as it is drawn: its trials, and the values that each had.
public struct SearchPicture: Sendable {
  /// A parameter with its value in each trial.
  public struct Parameter: Sendable {
    /// How a value lies on its axis.
    public enum Axis: Sendable {
      /// As a number, from one to another.
      case linear(low: Double, high: Double)
      /// As a logarithm.
      case logarithmic(low: Double, high: Double)
      /// As one of several words, by its place.
      case words([String])
    }

    /// Its name.
    public let name: String
    /// Where values lie.
    public let axis: Axis
    /// The value of each trial.
    public let values: [Double]
    /// Its share of what decides; nil where that is not known.
    public let importance: Double?

    /// Describes a parameter.
    public init(_ name: String, axis: Axis, values: [Double], importance: Double?) {
      self.name = name
      self.axis = axis
      self.values = values
      self.importance = importance
    }
  }

  /// What was searched, for people.
  public let title: String
  /// How the figures are called.
  public let metric: String
  /// The number of each trial.
  public let trials: [Int]
  /// The best figure of each on the validation set, by which it was stopped.
  public let validation: [Double]
  /// The figure of each on the test set, by which it is chosen.
  public let test: [Double]
  /// The parameters.
  public let parameters: [Parameter]

  /// Describes a search.
  public init(
    title: String, metric: String, trials: [Int], validation: [Double], test: [Double],
    parameters: [Parameter]
  ) {
    self.title = title
    self.metric = metric
    self.trials = trials
    self.validation = validation
    self.test = test
    self.parameters = parameters
  }
}
