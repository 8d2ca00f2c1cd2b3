import Judge
import TensorCore

/// Early stopping as students write it.
struct StoppingVariant: Variant {
  enum Kind {
    case right, orEqual, notRefilled, nanBest, late, early, loss, nanFree, fromZero, fromInfinity
    case againstLast, bestStops
  }
  var kind = Kind.right

  static let integers: Set<String> = ["isBest", "stops"]
  static let mistakes: [Mistake<Self>] = [
    .init("or-equal", "a score as great as the best counts as better: it has to be greater") {
      $0.kind = .orEqual
    },
    .init("not-refilled", "a better score does not fill the patience up again") {
      $0.kind = .notRefilled
    },
    .init("nan-as-best", "NaN becomes the best score, and nothing is greater than that afterwards")
    {
      $0.kind = .nanBest
    },
    .init("one-late", "the training stops one epoch late: when nothing of the patience is left") {
      $0.kind = .late
    },
    .init("one-early", "the training stops one epoch early") { $0.kind = .early },
    .init("as-a-loss", "the smallest score counts as the best: the larger, the better") {
      $0.kind = .loss
    },
    .init("nan-costs-nothing", "NaN takes nothing from the patience") { $0.kind = .nanFree },
    .init("best-from-zero", "the best score begins with 0, so that one below is never the best") {
      $0.kind = .fromZero
    },
    .init(
      "best-from-minus-infinity",
      "the best score begins with −∞, so that a first score of −∞ is not the best: it is a number"
    ) { $0.kind = .fromInfinity },
    .init("against-the-last", "a score is compared with the one before, not with the best") {
      $0.kind = .againstLast
    },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let scores = try numbers.list("scores")
    let patience = numbers.sizes["patience"] ?? 1
    var left = kind == .late ? patience + 1 : kind == .early ? patience - 1 : patience
    let full = left
    var best: Double? = kind == .fromZero ? 0 : kind == .fromInfinity ? -.infinity : nil
    var (isBest, stops) = ([Float](), [Float]())
    for score in scores {
      guard stops.last != 1 else {
        isBest.append(-1)
        stops.append(1)
        continue
      }
      let isBetter: Bool =
        switch (kind, best) {
        case (.nanBest, nil): true
        case (_, nil): !score.isNaN
        case (.orEqual, let best?): score >= best
        case (.loss, let best?): score < best
        case (.nanBest, let best?): !(score <= best)
        case (_, let best?): score > best
        }
      if isBetter {
        best = score
        if kind != .notRefilled { left = full }
      } else if !(kind == .nanFree && score.isNaN) {
        left -= 1
      }
      if kind == .againstLast { best = score }
      isBest.append(isBetter ? 1 : 0)
      stops.append(left <= 0 ? 1 : 0)
    }
    if let end = stops.firstIndex(of: 1) {
      for place in stops.indices where place > end { stops[place] = -1 }
    }
    return [("isBest", Tensor(isBest)), ("stops", Tensor(stops))]
  }
}

/// A training with early stopping as students write it.
struct FitVariant: Variant {
  enum Kind { case right, last, onlyStopped, first, before, noBuffer, worst, always, reference }
  var kind = Kind.right

  static let integers: Set<String> = ["epochs"]
  static let mistakes: [Mistake<Self>] = [
    .init(
      "last-parameters",
      "the network is left with the parameters of its last epoch: what is kept of the best one is not a copy, or is never put back"
    ) { $0.kind = .last },
    .init(
      "only-when-stopped",
      "the best parameters come back only where the patience ran out, and not where the epochs did"
    ) { $0.kind = .onlyStopped },
    .init(
      "first-parameters",
      "the network comes back with the parameters of its first best epoch: each better one is copied anew"
    ) {
      $0.kind = .first
    },
    .init(
      "one-epoch-before",
      "the network comes back with the parameters of the epoch before its best: the copy is made after the epoch"
    ) { $0.kind = .before },
    .init("without-buffers", "the buffers are those of the last epoch: they come back too") {
      $0.kind = .noBuffer
    },
    .init("never-stopped", "all epochs are trained, though the patience ran out") {
      $0.kind = .always
    },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (rows, scores) = (try numbers.rows("parameters"), try numbers.list("scores"))
    let patience = numbers.sizes["patience"] ?? 1
    var (left, best, kept, ended) = (patience, Double?.none, Int?.none, false)
    var epoch = 0
    for score in scores {
      epoch += 1
      if !score.isNaN, best.map({ score > $0 }) ?? true {
        (best, left, kept) = (score, patience, epoch - 1)
      } else {
        left -= 1
      }
      if left <= 0 {
        ended = true
        if kind != .always { break }
      }
    }
    let last = epoch - 1
    let zeros = [Double](repeating: 0, count: rows[0].count)
    func row(_ place: Int) -> [Double] { place < 0 ? zeros : rows[place] }
    let right = kept ?? last
    var place = right
    switch kind {
    case .last: place = last
    case .onlyStopped: place = ended ? right : last
    case .first: place = scores.firstIndex { !$0.isNaN } ?? last
    case .before: place = kept == nil ? last : right - 1
    default: break
    }
    let buffer = kind == .noBuffer ? last + 1 : place + 1
    return [
      ("parameters", Tensor(row(place).map { Float($0) })), ("buffer", Tensor([Float(buffer)])),
      ("epochs", Tensor([Float(epoch), Float(epoch)])),
    ]
  }
}
