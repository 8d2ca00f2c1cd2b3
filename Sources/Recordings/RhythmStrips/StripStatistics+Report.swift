import Foundation
import Signals

extension StripStatistics {
  /// The figures as text, in the order of the steps.
  var report: String {
    func fixed(_ number: Double, _ digits: Int) -> String {
      String(format: "%.\(digits)f", number)
    }
    func percent(_ part: Int, of whole: Int) -> String {
      fixed(100 * Double(part) / Double(max(whole, 1)), 2) + " %"
    }
    func byLength(_ count: (Lengths) -> Int, named: Bool = false) -> String {
      let parts = zip(lengths, labels).map { "\(count($0))" + (named ? " \($1.rawValue)" : "") }
      return "\(lengths.reduce(0) { $0 + count($1) }) (\(parts.joined(separator: ", ")))"
    }
    let usual = Lengths.usualLength
    let spans = zip(lengths, labels).map {
      "\($1.rawValue) \($0.minimum), \(fixed($0.mean, 1)), \($0.maximum)"
    }
    let guess = guessing
    return """
      chosen: \(recordings.text(labels, separator: ", ")), shares \
      \(recordings.shares.map { fixed($0, 5) }.joined(separator: ", "))
      length in samples at 300 Hz: \(sampleCounts)
      below \(usual): \(byLength(\.short, named: true)); \(usual): \(byLength(\.usual)); \
      above: \(byLength(\.long))
      minimum, mean, maximum: \(spans.joined(separator: "; "))
      strips: \(figures.count) x \(length) at \(RhythmStrip.samplesPerSecond) Hz, \
      \(percent(figures.turnedCount, of: figures.count)) turned upright, \
      \(percent(figures.limitedCount, of: figures.valueCount)) of the samples at a limit, \
      \(percent(figures.trueCount, of: figures.valueCount)) true samples
      mean \(fixed(figures.mean, 6)), standard deviation \(fixed(figures.deviation, 6))
      training recordings: \(training.text(labels, separator: ", "))
      validation recordings: \(validation.text(labels, separator: ", "))
      permutation: \(permutationHead.map(String.init).joined(separator: ", ")), …
      class weights: \(classWeights.map { fixed(Double($0), 5) }.joined(separator: ", "))
      always \(guess.label.rawValue): accuracy \(fixed(guess.accuracy, 4)), \
      mean F1 \(fixed(guess.meanF1, 4))
      """
  }
}
