import Examples
import Metrics
import NeuralNetworks
import TensorCore

/// Loss and accuracy over the examples of an epoch seen so far.
struct RunningMetrics {
  private var lossSum = 0.0
  private var correct = 0
  private var count = 0

  var loss: Double { count == 0 ? 0 : lossSum / Double(count) }
  var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }

  mutating func add(loss: Float, _ predictions: Predictions, _ batch: Batch) {
    lossSum += Double(loss) * Double(batch.count)
    count += batch.count
    guard !batch.labels.isEmpty, let logits = try? predictions["logits"] else { return }
    correct += Metrics.correct(logits: logits.array, labels: batch.labels)
  }
}
