import Foundation
import Judge
import TensorCore

/// The vectors of classes as students write them.
struct ClassVariant: Variant {
  enum Combined { case mean, first, maximum, all }
  var normalisesFirst = true
  var normalisesLast = true
  var combined = Combined.mean

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let counts = (numbers.integers["counts"] ?? []).map { Int($0) }
    let normalised = NormalisationVariant()
    var prompts = try numbers("prompts")
    if normalisesFirst { prompts = try normalised(prompts) }
    var vectors = try Tensor.stack(
      prompts.split(axis: 0, sizes: counts).map { own in
        switch combined {
        case .mean: try own.mean(axis: 0)
        case .first: try own.select(axis: 0, index: 0)
        case .maximum: try own.max(axis: 0)
        case .all: try prompts.mean(axis: 0)
        }
      })
    if normalisesLast { vectors = try normalised(vectors) }
    return [("vectors", vectors)]
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "prompts-not-normalised",
      "the prompts are not normalised before the mean, so that long ones outweigh the others"
    ) { $0.normalisesFirst = false },
    .init("mean-not-normalised", "the mean is not normalised: it is shorter than 1") {
      $0.normalisesLast = false
    },
    .init("first-prompt", "only the first prompt of a class counts: it is the mean of all") {
      $0.combined = .first
    },
    .init("maximum", "it is the largest number of all prompts: it is their mean") {
      $0.combined = .maximum
    },
    .init("mean-of-all-classes", "the mean goes over the prompts of all classes") {
      $0.combined = .all
    },
  ]
}

/// The scores as students write them.
struct ScoresVariant: Variant {
  enum Kind {
    case task, softmax, softmaxOverRecords, distances, negated, scaled, sizes
  }
  var kind = Kind.task

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (Z, C) = try (numbers("Z"), numbers("C"))
    let cosines = try Z.matmul(C.transposed(0, 1))
    let scores =
      switch kind {
      case .task: cosines
      case .softmax: try cosines.softmax(axis: 1)
      case .softmaxOverRecords: try cosines.softmax(axis: 0)
      case .distances: 2 - 2 * cosines
      case .negated: -1 * cosines
      case .scaled: cosines / 0.07
      case .sizes: cosines.abs()
      }
    return [("scores", scores)]
  }

  static let mistakes: [Mistake<Self>] = [
    .init("softmax", "a softmax over the classes is applied: scores are cosines") {
      $0.kind = .softmax
    },
    .init(
      "softmax-over-records",
      "a softmax over the records is applied, so that a record's scores depend on the others: scores are cosines"
    ) { $0.kind = .softmaxOverRecords },
    .init("distances", "scores are distances, the smaller the nearer: they are cosines") {
      $0.kind = .distances
    },
    .init("negated", "the scores have the other sign") { $0.kind = .negated },
    .init("scaled", "the scores are divided by 0.07: they are cosines") { $0.kind = .scaled },
    .init("sizes", "the scores have lost their signs") { $0.kind = .sizes },
  ]
}

/// The predictions as students write them.
struct PredictionVariant: Variant {
  enum Kind { case task, smallest, last, overRecords, ofSizes, secondOf }
  var kind = Kind.task

  static let integers: Set<String> = ["classes"]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let scores = try numbers("scores")
    let classes =
      switch kind {
      case .task, .secondOf: try scores.argmax(axis: 1)
      case .smallest: try scores.argmin(axis: 1)
      case .last: Float(scores.shape[1] - 1) - (try scores.flipped(axes: [1]).argmax(axis: 1))
      case .overRecords: try scores.argmax(axis: 0)
      case .ofSizes: try scores.abs().argmax(axis: 1)
      }
    return [("classes", kind == .secondOf ? classes + 1 : classes)]
  }

  static let mistakes: [Mistake<Self>] = [
    .init("smallest", "it is the smallest score: of cosines the largest is the nearest") {
      $0.kind = .smallest
    },
    .init("last-of-equal", "of equal scores the last one is taken: it is the first") {
      $0.kind = .last
    },
    .init(
      "over-records", "it is the best record of each class: it is the best class of each record"
    ) { $0.kind = .overRecords },
    .init("largest-size", "it is the score of the largest size: −1 is the farthest") {
      $0.kind = .ofSizes
    },
    .init("from-1", "classes are counted from 1: they are from 0") { $0.kind = .secondOf },
  ]
}
