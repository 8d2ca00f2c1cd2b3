import Metrics
import NeuralNetworks
import TensorCore

/// What is counted of predictions.
let figures: [Subject] = [
  .stopping("ConfusionMatrix") { draw in
    let labels = draw.integers().map { Int32(clamping: $0) }
    let predictions = draw.integers().map { $0 < 0 ? nil : Int32(clamping: $0) }
    let classes = draw.integer()
    draw.call("\(labels), \(predictions), \(classes) classes")
    let matrix = ConfusionMatrix(labels: labels, predictions: predictions, classCount: classes)
    _ = (matrix.total, matrix.support, matrix.accuracy, matrix.recall)
    return []
  },
  .stopping("Metrics") { draw in
    let logits = (0..<draw.below(7)).map { _ in draw.number() }
    let labels = draw.integers().map { Int32(clamping: $0) }
    let (which, count) = (draw.below(8), draw.integer())
    draw.call(
      "\(logits), \(labels), \(count), number \(which)",
      as: "Metrics", "ROCCurve", "LabelSets", "ConfusionMatrix")
    switch which {
    case 0: _ = Metrics.accuracy(logits: logits, labels: labels)
    case 1: _ = Metrics.crossEntropy(logits: logits, labels: labels)
    case 2: _ = Metrics.correct(logits: logits, labels: labels)
    case 3: _ = Metrics.areaUnderROC(scores: logits, labels: labels)
    case 4: _ = Metrics.averagePrecision(scores: logits, labels: labels)
    case 5: _ = ROCCurve(scores: logits, labels: labels)
    case 6: _ = LabelSets(logits: logits, flags: labels, count: count)
    default: _ = ConfusionMatrix(logits: logits, labels: labels)
    }
    return []
  },
  .stopping("BatchNorm2d") { draw in
    let (size, x) = (draw.integer(), draw.tensor(rank: 4))
    draw.call("\(size), \(x.shape)", as: "BatchNorm2d", "batchNorm")
    return [try BatchNorm2d(size)(x)]
  },
]
