import Assignment
import Foundation
import Signals

/// What maps were worth in the tests, as `maps --json` writes it.
struct MapFigures: Codable {
  /// Where they come from.
  let name: String
  /// Recordings that were masked, and that got a premature beat.
  var masked = 0, beats = 0
  /// Of masking windows: the rank correlation of map and drop, and the drops of the fifth where the map is highest, at
  /// random, lowest, and the share of recordings in which the highest costs more than the lowest.
  var rankCorrelation, high, random, low, highAboveLow: Double?
  /// The areas under the curves of masking one window after the other.
  var deletionArea, insertionArea: Double?
  /// The curves.
  var deletion: [Double] = [], insertion: [Double] = []
  /// The share of maps that are highest near the premature beat, as means over 2 s and as they are, and the first of the
  /// recordings before.
  var hits, rawHits, hitsBefore: Double?
  /// How alike maps with random weights are to the trained network's.
  var likeness: Double?

  init(name: String) { self.name = name }

  mutating func take(_ figures: MapTrials.OcclusionFigures) {
    masked = figures.count
    rankCorrelation = figures.rankCorrelation
    (high, random, low) = (figures.high, figures.random, figures.low)
    highAboveLow = figures.highAboveLow
  }

  mutating func take(_ curves: MaskingCurves) {
    (deletion, insertion) = (curves.deletion, curves.insertion)
    (deletionArea, insertionArea) = curves.areas
  }

  mutating func take(_ figures: MapTrials.PointingFigures) {
    beats = figures.count
    (hits, rawHits, hitsBefore) = (figures.hits, figures.raw, figures.before)
  }

  static func table(_ rows: [MapFigures]) -> TextTable {
    func text(_ value: Double?, _ digits: Int = 2) -> String {
      value.map { String(format: "%.\(digits)f", $0) } ?? "-"
    }
    return TextTable(
      [
        "Maps", "Rank corr.", "Highest", "Random", "Lowest", "High > low", "Deletion", "Insertion",
        "Hits", "Raw", "Before", "Likeness",
      ],
      rows.map { row in
        [
          row.name, text(row.rankCorrelation, 3), text(row.high), text(row.random), text(row.low),
          text(row.highAboveLow), text(row.deletionArea, 3), text(row.insertionArea, 3),
          text(row.hits), text(row.rawHits), text(row.hitsBefore), text(row.likeness, 3),
        ]
      }, kinds: [.name] + Array(repeating: .number, count: 11))
  }
}
