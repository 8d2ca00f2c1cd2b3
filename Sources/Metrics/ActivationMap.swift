import Foundation

/// The class activation maps of an example: for each class the evidence at each step (Zhou et al. 2016, Learning Deep
/// Features for Discriminative Localization). The mean of a class's map is its logit.
public struct ActivationMap: Sendable, Equatable {
  /// For each class its map, all of one length.
  public let classes: [[Double]]

  /// - Returns: nil where there is no class or no step, or the maps have several lengths.
  public init?(_ classes: [[Double]]) {
    guard let first = classes.first, !first.isEmpty, classes.allSatisfy({ $0.count == first.count })
    else { return nil }
    self.classes = classes
  }

  private init(unchecked classes: [[Double]]) { self.classes = classes }

  /// The number of steps.
  public var stepCount: Int { classes[0].count }

  /// The mean of each map.
  public var logits: [Double] { classes.map { $0.reduce(0, +) / Double(stepCount) } }

  /// The probabilities that the logits stand for: their softmax.
  public var probabilities: [Double] {
    let logits = logits
    let highest = logits.max() ?? 0
    let powers = logits.map { exp($0 - highest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The class of the largest logit, the first of several.
  public var predicted: Int {
    let logits = logits
    return logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
  }

  /// The maps at `count` places: linear between the middles of the steps, constant beyond the first and the last, as
  /// PyTorch's `interpolate(mode="linear", align_corners=False)`.
  ///
  /// - Parameter part: where in a step its value stands; its middle, unless a map is to be wrong on purpose.
  public func interpolated(to count: Int, at part: Double = 0.5) -> ActivationMap {
    mapped { map in
      (0..<count).map { place in
        let last = map.count - 1
        let u = (Double(place) + part) * Double(map.count) / Double(count) - part
        let within = min(max(u, 0), Double(last))
        let step = Int(within)
        let share = within - Double(step)
        return (1 - share) * map[step] + share * map[min(step + 1, last)]
      }
    }
  }

  /// The steps of a range alone, as far as there are such.
  public func selecting(_ steps: Range<Int>) -> ActivationMap? {
    ActivationMap(classes.map { Array($0[steps.clamped(to: 0..<stepCount)]) })
  }

  /// The mean of `width` steps around each, of fewer at the ends.
  public func smoothed(over width: Int) -> ActivationMap {
    mapped { map in
      var sums = [0.0]
      for value in map { sums.append(sums[sums.count - 1] + value) }
      return map.indices.map { step in
        let first = max(step - max(width - 1, 0) / 2, 0)
        let end = min(step + max(width, 1) / 2 + 1, map.count)
        return (sums[end] - sums[first]) / Double(end - first)
      }
    }
  }

  /// Each map minus the mean of the others: what stays when all logits grow alike. Of one class it is the map.
  public var contrasts: ActivationMap {
    guard classes.count > 1 else { return self }
    let totals = (0..<stepCount).map { step in classes.reduce(0) { $0 + $1[step] } }
    let others = Double(classes.count - 1)
    return mapped { map in zip(map, totals).map { $0 - ($1 - $0) / others } }
  }

  private func mapped(_ change: ([Double]) -> [Double]) -> ActivationMap {
    ActivationMap(unchecked: classes.map(change))
  }
}
