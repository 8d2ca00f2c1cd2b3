import Judge
import TensorCore

/// Class weights as students write them.
struct WeightsVariant: Variant {
  enum Formula {
    case inverse, perExample, uninverted, shares, reciprocal, wholeNumbers, none, root
  }
  enum Absent { case zero, one, asOne, infinite }
  var formula = Formula.inverse
  var absent = Absent.zero
  var countsPresent = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let labels = (numbers.integers["labels"] ?? []).map { Int($0) }
    let classes = numbers.sizes["classCount"] ?? 0
    let counts = (0..<classes).map { c in labels.count { $0 == c } }
    let n = Float(labels.count)
    let K = Float(countsPresent ? counts.count { $0 > 0 } : classes)
    let weights = counts.map { count -> Float in
      guard count > 0 || formula == .none || formula == .uninverted || formula == .shares else {
        switch absent {
        case .zero: return 0
        case .one: return 1
        case .asOne: return n / K
        case .infinite: return .infinity
        }
      }
      switch formula {
      case .inverse: return n / (K * Float(count))
      case .perExample: return n / Float(count)
      case .uninverted: return K * Float(count) / n
      case .shares: return Float(count) / n
      case .reciprocal: return 1 / Float(count)
      case .wholeNumbers: return Float(labels.count / (Int(K) * count))
      case .none: return 1
      case .root: return (n / (K * Float(count))).squareRoot()
      }
    }
    return [("weights", Tensor(weights))]
  }

  static let mistakes: [Mistake<Self>] = [
    .init("without-classes", "the weights are n / n_c; the equation divides by K too") {
      $0.formula = .perExample
    },
    .init(
      "not-inverted",
      "the weights are K n_c / n: frequent classes count more; the equation has n / (K n_c)"
    ) { $0.formula = .uninverted },
    .init("shares", "the weights are the classes' shares, n_c / n; the equation has n / (K n_c)") {
      $0.formula = .shares
    },
    .init("reciprocal", "the weights are 1 / n_c; the equation has n / (K n_c)") {
      $0.formula = .reciprocal
    },
    .init("all-one", "all weights are 1, as if the classes were of one size") {
      $0.formula = .none
    },
    .init("root", "the weights are the roots of n / (K n_c)") { $0.formula = .root },
    .init(
      "whole-numbers",
      "the division is one of whole numbers, which drops what is behind the point: make `Float`s first"
    ) { $0.formula = .wholeNumbers },
    .init(
      "present-classes",
      "K counts only the classes that occur; it is the number of all, `classCount`"
    ) { $0.countsPresent = true },
    .init("absent-one", "a class without examples has the weight 1; it is to have 0") {
      $0.absent = .one
    },
    .init(
      "absent-infinite",
      "a class without examples has the weight n / 0, which is no number to count with; it is to have 0"
    ) { $0.absent = .infinite },
    .init(
      "absent-as-one",
      "a class without examples has the weight of one with a single example; it is to have 0"
    ) { $0.absent = .asOne },
  ]
}

/// The challenge's score as students write it.
struct ScoreVariant: Variant {
  enum Measure { case f1, accuracy, precision, recall, ofMeans, jaccard, halved }
  enum Mean { case classes, sizes, present, four, rare, sum }
  var measure = Measure.f1
  var mean = Mean.classes
  var empty = 0.0

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let labels = (numbers.integers["labels"] ?? []).map { Int($0) }
    let predictions = (numbers.integers["predictions"] ?? []).map { Int($0) }
    let counts = (0..<3).map { c in
      (
        true: Double(labels.count { $0 == c }), predicted: Double(predictions.count { $0 == c }),
        right: Double(zip(labels, predictions).count { $0 == c && $1 == c })
      )
    }
    func ratio(_ part: Double, _ whole: Double) -> Double { whole == 0 ? empty : part / whole }
    func average(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let precisions = counts.map { ratio($0.right, $0.predicted) }
    let recalls = counts.map { ratio($0.right, $0.true) }
    let values = counts.indices.map { c -> Double in
      let count = counts[c]
      switch measure {
      case .precision: return precisions[c]
      case .recall: return recalls[c]
      case .jaccard: return ratio(count.right, count.true + count.predicted - count.right)
      case .halved: return ratio(count.right, count.true + count.predicted)
      default: return ratio(2 * count.right, count.true + count.predicted)
      }
    }
    let score: Double
    switch (measure, mean) {
    case (.accuracy, _):
      score = ratio(counts.reduce(0) { $0 + $1.right }, Double(labels.count))
    case (.ofMeans, _):
      let (P, R) = (average(precisions), average(recalls))
      score = ratio(2 * P * R, P + R)
    case (_, .classes): score = average(values)
    case (_, .sizes):
      score = zip(values, counts).reduce(0) { $0 + $1.0 * $1.1.true } / Double(labels.count)
    case (_, .present):
      let present = values.indices.filter { counts[$0].true + counts[$0].predicted > 0 }
      score = average(present.map { values[$0] })
    case (_, .four): score = values.reduce(0, +) / 4
    case (_, .rare): score = average(Array(values.dropFirst()))
    case (_, .sum): score = values.reduce(0, +)
    }
    return [("score", Tensor(Float(score)))]
  }

  static let mistakes: [Mistake<Self>] = [
    .init("accuracy", "it is the accuracy, which is the F1 of all classes counted together") {
      $0.measure = .accuracy
    },
    .init(
      "weighted-by-size",
      "each F1 counts by the size of its class; the score is the mean of the three, whatever their sizes"
    ) { $0.mean = .sizes },
    .init("present-classes", "the mean goes over the classes that occur; it goes over all three") {
      $0.mean = .present
    },
    .init(
      "four-classes",
      "the sum is divided by 4, as if the noisy class counted; there are three classes"
    ) {
      $0.mean = .four
    },
    .init("without-normal", "the mean leaves N out; it goes over N, A and O") { $0.mean = .rare },
    .init("sum", "it is the sum of the three F1 scores; the score is their mean") {
      $0.mean = .sum
    },
    .init("empty-is-one", "0 / 0 gives 1; here it is to give 0") { $0.empty = 1 },
    .init("empty-is-no-number", "0 / 0 is not a number in Swift; here it is to give 0") {
      $0.empty = .nan
    },
    .init(
      "f1-of-means",
      "precisions and recalls are averaged first; the score is the mean of the classes' F1 scores"
    ) { $0.measure = .ofMeans },
    .init("precision", "it is the mean precision, TP_c / predicted_c; F1 has both numbers below") {
      $0.measure = .precision
    },
    .init("recall", "it is the mean recall, TP_c / true_c; F1 has both numbers below") {
      $0.measure = .recall
    },
    .init("jaccard", "it is TP_c / (true_c + predicted_c − TP_c), which is not F1") {
      $0.measure = .jaccard
    },
    .init("not-doubled", "the 2 in front of TP_c is missing") { $0.measure = .halved },
  ]
}

/// The receptive field as students write it.
struct FieldVariant: Variant {
  enum Kernel { case lessOne, whole, withoutDilation, dilatedWhole, lessOneOfAll }
  enum Strides { case before, ignored, withOwn, added, after }
  var kernel = Kernel.lessOne
  var strides = Strides.before
  var start = 1
  var inSteps = false
  var isLargest = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    func list(_ name: String) -> [Int] { (numbers.integers[name] ?? []).map { Int($0) } }
    let (kernels, dilations, strides) = (list("kernelSizes"), list("dilations"), list("strides"))
    var R = start
    for i in kernels.indices {
      let factor =
        switch self.strides {
        case .before: strides[..<i].reduce(1, *)
        case .ignored: 1
        case .withOwn: strides[...i].reduce(1, *)
        case .added: strides[..<i].reduce(1) { $0 + $1 - 1 }
        case .after: strides[(i + 1)...].reduce(1, *)
        }
      let span =
        switch kernel {
        case .lessOne: (kernels[i] - 1) * dilations[i]
        case .whole: kernels[i] * dilations[i]
        case .withoutDilation: kernels[i] - 1
        case .dilatedWhole: kernels[i] + dilations[i] - 1
        case .lessOneOfAll: kernels[i] * dilations[i] - 1
        }
      R = isLargest ? max(R, start + span * factor) : R + span * factor
    }
    if inSteps { R /= strides.reduce(1, *) }
    return [("field", Tensor([Float(R)]))]
  }

  static let integers: Set<String> = ["field"]

  static let mistakes: [Mistake<Self>] = [
    .init("whole-kernel", "a layer counts k d; the equation has (k − 1) d") { $0.kernel = .whole },
    .init("whole-less-one", "a layer counts k d − 1; the equation has (k − 1) d") {
      $0.kernel = .lessOneOfAll
    },
    .init("dilation-added", "a layer counts k − 1 + d; the equation has (k − 1) d") {
      $0.kernel = .dilatedWhole
    },
    .init("without-dilation", "the dilations are ignored") { $0.kernel = .withoutDilation },
    .init("without-strides", "the strides of the layers before are ignored") {
      $0.strides = .ignored
    },
    .init(
      "own-stride",
      "a layer's own stride is multiplied in; only those of the layers before it count"
    ) { $0.strides = .withOwn },
    .init("strides-added", "the strides are added up; the equation multiplies them") {
      $0.strides = .added
    },
    .init("later-strides", "the strides of the layers behind count; those before do") {
      $0.strides = .after
    },
    .init("without-one", "the 1 is missing: without any layer the field is 1") { $0.start = 0 },
    .init("in-steps", "the field is in steps of the last layer; it is in samples of the input") {
      $0.inSteps = true
    },
    .init("largest-layer", "it is the field of the layer that sees most; what all add is summed up")
    {
      $0.isLargest = true
    },
  ]
}
