/// Which epoch of a training is the best, and when the training has settled: so many epochs in a row were no
/// better than the best before them. The loop of a training keeps what it has at each epoch that `isBest`.
///
/// Source: Prechelt 1998, "Early Stopping - But When?", in the form of Lightning's `EarlyStopping`.
public struct EarlyStopping: Sendable {
  /// How many; nil where none is too many.
  public let patience: Int?
  /// The best figure so far; nil where there was no number.
  public private(set) var best: Double?
  /// How many epochs may yet be no better.
  private var left: Int

  /// Begins before the first epoch.
  ///
  /// - Parameter patience: at least 1; nil never stops.
  public init(patience: Int?) {
    self.patience = patience
    left = patience ?? .max
  }

  /// Takes the next epoch's figure, the larger the better. The first number is the best, and each that is
  /// greater than the best before it; what is no number never is.
  public mutating func update(_ figure: Double) -> (isBest: Bool, stops: Bool) {
    // a comparison with what is no number is false
    let isBest = figure > best ?? -.infinity || (best == nil && figure == -.infinity)
    if isBest {
      best = figure
      left = patience ?? .max
    } else {
      left -= 1
    }
    return (isBest: isBest, stops: left <= 0)
  }
}
