import Judge
import TensorCore

/// What counts as a negative, rightly and wrongly.
enum Negatives {
  case otherCaptions, otherRecords, all, sameCaption

  func callAsFunction(_ i: Int, _ captions: [Int]) -> [Int] {
    let places = Array(captions.indices)
    return switch self {
    case .otherCaptions: places.filter { captions[$0] != captions[i] }
    case .otherRecords: places.filter { $0 != i }
    case .all: places
    case .sameCaption: places.filter { captions[$0] == captions[i] }
    }
  }

  static let others: [(id: String, sentence: String, negatives: Negatives)] = [
    (
      "own-text",
      "a record's own text counts as a negative: negatives are the columns of another caption", .all
    ),
    (
      "same-caption",
      "another record's text counts as a negative though its caption is the same: they differ in captions, not in places",
      .otherRecords
    ),
    (
      "only-same-captions", "the texts of the same caption are taken: negatives have another",
      .sameCaption
    ),
  ]
}

/// A matrix of distances and its captions.
private struct Distances {
  let rows: [[Double]]
  let captions: [Int]

  init(_ numbers: Numbers, byColumns: Bool) throws {
    let D = try byColumns ? numbers("D").transposed(0, 1) : numbers("D")
    let (values, N) = (D.array.map(Double.init), D.shape[0])
    rows = (0..<N).map { Array(values[($0 * N)..<(($0 + 1) * N)]) }
    captions = (numbers.integers["captions"] ?? []).map { Int($0) }
  }
}

/// The first of those that are best, or the last.
private func best(
  _ places: [Int], _ row: [Double], isNearest: Bool, isLast: Bool = false
) -> Int? {
  guard let first = places.first else { return nil }
  return places.dropFirst().reduce(first) { best, j in
    let isBetter = isNearest ? row[j] < row[best] : row[j] > row[best]
    return isBetter || (isLast && row[j] == row[best]) ? j : best
  }
}

/// The hardest negatives as students write them.
struct HardestVariant: Variant {
  var negatives = Negatives.otherCaptions
  var isNearest = true
  var isLast = false
  var isPlace = false
  var byColumns = false

  static let integers: Set<String> = ["columns"]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let distances = try Distances(numbers, byColumns: byColumns)
    let columns = distances.rows.enumerated().map { i, row -> Float in
      let places = negatives(i, distances.captions)
      let column = best(places, row, isNearest: isNearest, isLast: isLast) ?? 0
      return Float(isPlace ? places.firstIndex(of: column) ?? 0 : column)
    }
    return [("columns", Tensor(columns))]
  }

  static let mistakes: [Mistake<Self>] =
    Negatives.others.map { other in
      .init(other.id, other.sentence) { $0.negatives = other.negatives }
    } + [
      .init("farthest", "it is the farthest negative: the hardest is the nearest") {
        $0.isNearest = false
      },
      .init("last-of-equal", "of negatives that are equally near it is the last: it is the first") {
        $0.isLast = true
      },
      .init(
        "place-among-negatives",
        "it is the place among the negatives: it is the column of D, which counts the others too"
      ) { $0.isPlace = true },
      .init("columns-for-rows", "columns are read for rows: row i of D are the distances of ECG i")
      { $0.byColumns = true },
    ]
}

/// The semi-hard negatives as students write them.
struct SemiHardVariant: Variant {
  enum Lower { case open, closed, none }
  enum Upper { case open, closed, none, marginAlone }
  enum Fallback { case farthest, nearest, first, lastFarthest }
  var negatives = Negatives.otherCaptions
  var lower = Lower.open
  var upper = Upper.open
  var fallback = Fallback.farthest
  var isNearest = true
  var isLast = false
  var isPlace = false
  var byColumns = false

  static let integers: Set<String> = ["columns"]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let distances = try Distances(numbers, byColumns: byColumns)
    let margin = Double(numbers.sizes["marginInEighths"] ?? 0) / 8
    let columns = distances.rows.enumerated().map { i, row -> Float in
      let places = negatives(i, distances.captions)
      let own = row[i]
      let between = places.filter { j in
        let isAbove =
          switch lower {
          case .open: row[j] > own
          case .closed: row[j] >= own
          case .none: true
          }
        let isBelow =
          switch upper {
          case .open: row[j] < own + margin
          case .closed: row[j] <= own + margin
          case .none: true
          case .marginAlone: row[j] < margin
          }
        return isAbove && isBelow
      }
      let found = best(between, row, isNearest: isNearest, isLast: isLast)
      let other =
        switch fallback {
        case .farthest: best(places, row, isNearest: false)
        case .lastFarthest: best(places, row, isNearest: false, isLast: true)
        case .nearest: best(places, row, isNearest: true)
        case .first: 0
        }
      let column = found ?? other ?? 0
      return Float(
        isPlace ? (found == nil ? places : between).firstIndex(of: column) ?? 0 : column)
    }
    return [("columns", Tensor(columns))]
  }

  static let mistakes: [Mistake<Self>] =
    Negatives.others.map { other in
      .init(other.id, other.sentence) { $0.negatives = other.negatives }
    } + [
      .init(
        "without-lower-bound",
        "the lower bound is missing, so that it is the hardest negative: D_ii < D_ij"
      ) { $0.lower = .none },
      .init("without-upper-bound", "the upper bound is missing: D_ij < D_ii + m") {
        $0.upper = .none
      },
      .init("lower-bound-included", "a negative at D_ii counts: it is to be farther, D_ii < D_ij") {
        $0.lower = .closed
      },
      .init(
        "upper-bound-included",
        "a negative at D_ii + m counts: it is to be nearer, D_ij < D_ii + m"
      ) { $0.upper = .closed },
      .init("margin-alone", "D_ij is compared with m alone: the upper bound is D_ii + m") {
        $0.upper = .marginAlone
      },
      .init(
        "nearest-where-none",
        "where no negative lies between the bounds it is the nearest: it is to be the farthest"
      ) { $0.fallback = .nearest },
      .init(
        "column-0-where-none",
        "where no negative lies between the bounds it is column 0: it is to be the farthest negative"
      ) { $0.fallback = .first },
      .init(
        "last-of-farthest",
        "of the farthest negatives it is the last: it is the first"
      ) { $0.fallback = .lastFarthest },
      .init("farthest-between", "it is the farthest between the bounds: it is the nearest") {
        $0.isNearest = false
      },
      .init("last-of-equal", "of negatives that are equally near it is the last: it is the first") {
        $0.isLast = true
      },
      .init(
        "place-among-negatives",
        "it is the place among those that count: it is the column of D"
      ) { $0.isPlace = true },
      .init("columns-for-rows", "columns are read for rows: row i of D are the distances of ECG i")
      { $0.byColumns = true },
    ]
}
