import Foundation
import Judge
import TensorCore

/// Macro AUROC as students write it.
struct AUROCVariant: Variant {
  enum Kind {
    case right, logits, predicted, weighted, pairs, tiesLost, tiesWon, absentZero, absentHalf
    case firstClass, lastClass, reversed, unshifted, micro
  }
  var kind = Kind.right

  static let integers: Set<String> = ["isDefined"]
  static let mistakes: [Mistake<Self>] = [
    .init(
      "logits",
      "logits are compared: those of different beats have no common zero, so the score is the softmax probability"
    ) { $0.kind = .logits },
    .init("predicted-classes", "the score is whether a class is predicted: it is its probability") {
      $0.kind = .predicted
    },
    .init("weighted", "classes count by their numbers of beats: the macro mean counts all alike") {
      $0.kind = .weighted
    },
    .init("one-against-one", "classes are compared two at a time: it is one against all others") {
      $0.kind = .pairs
    },
    .init("ties-lost", "a tie counts 0; it counts half") { $0.kind = .tiesLost },
    .init("ties-won", "a tie counts 1; it counts half") { $0.kind = .tiesWon },
    .init("absent-as-zero", "a class that does not occur counts as 0: it is left out") {
      $0.kind = .absentZero
    },
    .init("absent-as-half", "a class that does not occur counts as 0.5: it is left out") {
      $0.kind = .absentHalf
    },
    .init("first-class", "the figure is that of the first class alone") { $0.kind = .firstClass },
    .init("last-class", "the figure is that of the last class alone") { $0.kind = .lastClass },
    .init(
      "reversed", "the chance is that of a lower score: the figure is 1 minus what it should be"
    ) {
      $0.kind = .reversed
    },
    .init("micro", "all classes are put together first: the mean is taken of their AUROCs") {
      $0.kind = .micro
    },
  ]

  private func area(_ own: [Double], _ others: [Double]) -> Double {
    var wins = 0.0
    let tie = kind == .tiesLost ? 0.0 : kind == .tiesWon ? 1 : 0.5
    for score in own {
      for other in others { wins += score > other ? 1 : score == other ? tie : 0 }
    }
    let area = wins / Double(own.count * others.count)
    return kind == .reversed ? 1 - area : area
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (logits, labels) = (try numbers.rows("logits"), numbers.whole("labels"))
    let classes = logits.first?.count ?? 0
    let scores = logits.map { row -> [Double] in
      let top = row.max() ?? 0
      switch kind {
      case .logits: return row
      case .predicted:
        let place = row.firstIndex(of: top)
        return row.indices.map { $0 == place ? 1 : 0 }
      default:
        let terms = row.map { exp($0 - top) }
        let sum = terms.reduce(0, +)
        return terms.map { $0 / sum }
      }
    }
    func of(_ c: Int, _ isIncluded: (Int) -> Bool) -> [Double] {
      labels.indices.filter { isIncluded(labels[$0]) }.map { scores[$0][c] }
    }
    var (areas, weights) = ([Double](), [Double]())
    if kind == .micro {
      let hits = labels.indices.map { scores[$0][labels[$0]] }
      let misses = labels.indices.flatMap { i in
        (0..<classes).filter { $0 != labels[i] }.map { scores[i][$0] }
      }
      if Set(labels).count > 1 { areas = [area(hits, misses)] }
      weights = areas
    } else if kind == .pairs {
      for c in 0..<classes {
        for other in 0..<classes where other != c {
          let (own, others) = (of(c) { $0 == c }, of(c) { $0 == other })
          if !own.isEmpty, !others.isEmpty { areas.append(area(own, others)) }
        }
      }
      weights = areas.map { _ in 1 }
    } else {
      for c in 0..<classes {
        if kind == .firstClass, c > 0 { continue }
        if kind == .lastClass, c < classes - 1 { continue }
        let (own, others) = (of(c) { $0 == c }, of(c) { $0 != c })
        if own.isEmpty || others.isEmpty {
          if kind == .absentZero { areas.append(0) }
          if kind == .absentHalf { areas.append(0.5) }
          if kind == .absentZero || kind == .absentHalf { weights.append(1) }
          continue
        }
        areas.append(area(own, others))
        weights.append(kind == .weighted ? Double(own.count) : 1)
      }
    }
    if kind == .micro { weights = areas.map { _ in 1 } }
    let total = weights.reduce(0, +)
    let score = zip(areas, weights).reduce(0) { $0 + $1.0 * $1.1 } / (total > 0 ? total : 1)
    return [("isDefined", Tensor([areas.isEmpty ? 0 : 1])), ("score", Tensor(Float(score)))]
  }
}

/// The figures of the hold-out set as students write them.
struct EvaluationVariant: Variant {
  enum Kind {
    case right, byPredicted, byAll, counts, meanOverAll, accuracyAsMean, meanAsAccuracy, lastOfEqual
    case exchanged, nanFirst, nanLeftOut, precision
  }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init(
      "by-predicted", "the matrix is normalised by the predicted class: each row is a true class"
    ) { $0.kind = .byPredicted },
    .init("by-all", "the matrix is normalised by the number of all beats") { $0.kind = .byAll },
    .init("counts", "the matrix has counts: each row is divided by the beats of its class") {
      $0.kind = .counts
    },
    .init(
      "mean-over-all", "classes without beats count in the mean recall: it is over those that occur"
    ) { $0.kind = .meanOverAll },
    .init("accuracy-as-mean", "the mean recall is the accuracy: classes count alike in it") {
      $0.kind = .accuracyAsMean
    },
    .init("mean-as-accuracy", "the accuracy is the mean recall: beats count alike in it") {
      $0.kind = .meanAsAccuracy
    },
    .init("last-of-equal", "of equal logits the last one is taken; it is the first") {
      $0.kind = .lastOfEqual
    },
    .init("exchanged", "rows and columns are exchanged: a row is a true class") {
      $0.kind = .exchanged
    },
    .init("nan-as-a-class", "a beat with a NaN is taken for a class: it is taken for none") {
      $0.kind = .nanFirst
    },
    .init("nan-left-out", "a beat with a NaN is left out: it counts as wrong") {
      $0.kind = .nanLeftOut
    },
    .init("precision", "the recalls are precisions: they are divided by the predicted beats") {
      $0.kind = .precision
    },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (logits, labels) = (try numbers.rows("logits"), numbers.whole("labels"))
    let classes = logits.first?.count ?? 0
    let zeros = [Double](repeating: 0, count: classes)
    var (counts, totals, all) = ([[Double]](repeating: zeros, count: classes), zeros, 0.0)
    for (row, label) in zip(logits, labels) {
      let isNone = row.contains(where: \.isNaN)
      if isNone, kind == .nanLeftOut { continue }
      totals[label] += 1
      all += 1
      if isNone, kind != .nanFirst { continue }
      let taken = row.indices.reduce(0) {
        kind == .lastOfEqual ? (row[$1] >= row[$0] ? $1 : $0) : (row[$1] > row[$0] ? $1 : $0)
      }
      counts[label][taken] += 1
    }
    let columns = (0..<classes).map { c in (0..<classes).reduce(0) { $0 + counts[$1][c] } }
    func share(_ count: Double, _ of: Double) -> Double { of > 0 ? count / of : 0 }
    let right = (0..<classes).map { share(counts[$0][$0], totals[$0]) }
    let matrix = (0..<classes).flatMap { r in
      (0..<classes).map { c -> Double in
        switch kind {
        case .byPredicted: share(counts[r][c], columns[c])
        case .byAll: share(counts[r][c], all)
        case .counts: counts[r][c]
        case .exchanged: share(counts[c][r], totals[c])
        default: share(counts[r][c], totals[r])
        }
      }
    }
    let recalls =
      kind == .precision ? (0..<classes).map { share(counts[$0][$0], columns[$0]) } : right
    let present = (0..<classes).filter { totals[$0] > 0 || kind == .meanOverAll }
    let mean = share(present.reduce(0) { $0 + recalls[$1] }, Double(present.count))
    let accuracy = share((0..<classes).reduce(0) { $0 + counts[$1][$1] }, all)
    func floats(_ numbers: [Double]) -> [Float] { numbers.map { Float($0) } }
    return [
      ("matrix", try Tensor(floats(matrix), shape: [classes, classes])),
      ("recalls", Tensor(floats(recalls))),
      ("meanRecall", Tensor(Float(kind == .accuracyAsMean ? accuracy : mean))),
      ("accuracy", Tensor(Float(kind == .meanAsAccuracy ? mean : accuracy))),
    ]
  }
}
