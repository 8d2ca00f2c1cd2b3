import Examples
import Metrics
import NeuralNetworks
import TensorCore

/// Loss and accuracy over the examples of an epoch seen so far; the accuracy is that of labels where an example
/// has several, and 0 of numbers.
struct RunningMetrics {
  private var lossSum = 0.0
  private var correct = 0.0
  private var count = 0

  var loss: Double { count == 0 ? 0 : lossSum / Double(count) }
  var accuracy: Double { count == 0 ? 0 : correct / Double(count) }

  mutating func add(loss: Float, _ predictions: Predictions, _ batch: Batch) {
    lossSum += Double(loss) * Double(batch.count)
    count += batch.count
    guard let logits = try? predictions["logits"] else { return }
    switch batch.targets {
    case .none, .numbers: break
    case .classes(let labels, _):
      correct += Double(Metrics.correct(logits: logits.array, labels: labels))
    case .labelSets(let flags, let width):
      let right = LabelSets(logits: logits.array, flags: flags, count: width)?.accuracy ?? 0
      correct += right * Double(batch.count)
    }
  }
}
