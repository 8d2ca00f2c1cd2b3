import Foundation
import Judge
import TensorCore

/// Wavelet features as students write them.
struct WaveletVariant: Variant {
  enum Kind {
    case right, notReversed, sign, both, noRoot, timesScale, overRoot, late, early, noDifference
    case sampled, closedForm, timeFirst, scalesReversed, nextScales, centred, normalised, scaleOne
  }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init("taps-not-reversed", "the taps are not in reverse: c_m has κ_{16s−k}") {
      $0.kind = .notReversed
    },
    .init("sign", "the minus in front of √s is missing") { $0.kind = .sign },
    .init(
      "taps-not-reversed-and-sign",
      "the taps are not in reverse and the minus is missing, which nearly cancel each other"
    ) { $0.kind = .both },
    .init("without-root", "the factor √s is missing") { $0.kind = .noRoot },
    .init("times-scale", "the factor is s; the equation has √s") { $0.kind = .timesScale },
    .init("over-root", "the factor is 1 / √s; the equation has √s") { $0.kind = .overRoot },
    .init(
      "one-place-late",
      "the transform is one place late: W_s[n] has c_{n+8s} − c_{n+8s−1}, the middle of the convolution"
    ) { $0.kind = .late },
    .init(
      "one-place-early",
      "the transform is one place early: W_s[n] has c_{n+8s} − c_{n+8s−1}, the middle of the convolution"
    ) { $0.kind = .early },
    .init("without-difference", "the difference of two neighbours of c is missing") {
      $0.kind = .noDifference
    },
    .init(
      "wavelet-itself",
      "the taps are ψ at its places: the equation has Ψ, its integral, and a difference"
    ) {
      $0.kind = .sampled
    },
    .init("closed-form", "the taps are computed from a formula; they are read from the table Ψ") {
      $0.kind = .closedForm
    },
    .init(
      "time-before-scale",
      "the four scales of a place stand together: the features are all of W_1, then all of W_2, …"
    ) { $0.kind = .timeFirst },
    .init("scales-reversed", "the scales stand in reverse: W_1 comes first") {
      $0.kind = .scalesReversed
    },
    .init("scales-from-two", "the scales are 2 to 5; they are 1 to 4") { $0.kind = .nextScales },
    .init("one-scale", "all four scales are the same") { $0.kind = .scaleOne },
    .init("mean-removed", "the mean of each beat is taken off before") { $0.kind = .centred },
    .init("normalised", "each beat is brought to deviation 1 before") { $0.kind = .normalised },
  ]

  private static let table: [Double] = {
    let (step, factor) = (16.0 / 4095, 2 / (3.0.squareRoot() * pow(Double.pi, 0.25)))
    var sum = 0.0
    return (0..<4096).map { j in
      let t = -8 + Double(j) * step
      sum += factor * (1 - t * t) * exp(-t * t / 2)
      return step * sum
    }
  }()

  private func taps(_ s: Int) -> [Double] {
    (0...(16 * s)).map { k in
      let t = -8 + Double(k) / Double(s)
      let factor = 2 / (3.0.squareRoot() * pow(Double.pi, 0.25))
      return switch kind {
      case .sampled: factor * (1 - t * t) * exp(-t * t / 2)
      case .closedForm: factor * t * exp(-t * t / 2)
      default: Self.table[4095 * k / (16 * s)]
      }
    }
  }

  private func row(_ x: [Double], _ s: Int) -> [Double] {
    let taps = taps(s)
    let isReversed = kind != .notReversed && kind != .both
    func c(_ m: Int) -> Double {
      guard m >= 0 else { return 0 }
      var sum = 0.0
      for k in max(0, m - x.count + 1)..<max(min(16 * s, m) + 1, max(0, m - x.count + 1)) {
        sum += x[m - k] * taps[isReversed ? 16 * s - k : k]
      }
      return sum
    }
    let move = kind == .late ? -1 : kind == .early ? 1 : 0
    let root = Double(s).squareRoot()
    let size =
      switch kind {
      case .noRoot: 1.0
      case .timesScale: Double(s)
      case .overRoot: 1 / root
      default: root
      }
    let factor = kind == .sign || kind == .both ? size : -size
    return x.indices.map { n in
      let m = n + 8 * s + move
      return factor * (kind == .noDifference ? c(m) : c(m) - c(m - 1))
    }
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let beats = try numbers.rows("beats")
    let length = beats.first?.count ?? 0
    let scales =
      switch kind {
      case .scalesReversed: [4, 3, 2, 1]
      case .nextScales: [2, 3, 4, 5]
      case .scaleOne: [1, 1, 1, 1]
      default: [1, 2, 3, 4]
      }
    let features = beats.map { beat -> [Double] in
      var x = beat
      if kind == .centred || kind == .normalised {
        let mean = x.reduce(0, +) / Double(max(x.count, 1))
        x = x.map { $0 - mean }
        let deviation = (x.reduce(0) { $0 + $1 * $1 } / Double(max(x.count, 1))).squareRoot()
        if kind == .normalised { x = x.map { $0 / (deviation > 0 ? deviation : 1) } }
      }
      let rows = scales.map { row(x, $0) }
      return kind == .timeFirst
        ? (0..<length).flatMap { n in rows.map { $0[n] } } : rows.flatMap { $0 }
    }
    return [
      (
        "features",
        try Tensor(
          features.flatMap { $0.map { Float($0) } }, shape: [beats.count, 4 * length])
      )
    ]
  }
}

/// A graft as students write it.
struct GraftVariant: Variant {
  enum Kind { case right, late, early, exchanged, joined, firstOfSecond }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init("one-late", "the split is one place late: s values are a's") { $0.kind = .late },
    .init("one-early", "the split is one place early: s values are a's") { $0.kind = .early },
    .init("parents-exchanged", "the graft begins as b and ends as a") { $0.kind = .exchanged },
    .init("joined", "all of b stands behind the s values of a: b goes on from place s") {
      $0.kind = .joined
    },
    .init(
      "begin-of-second", "behind the split b begins anew: it goes on from place s, as in time"
    ) { $0.kind = .firstOfSecond },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (a, b) = (try numbers("a").array, try numbers("b").array)
    let s = numbers.sizes["at"] ?? 0
    let beat: [Float] =
      switch kind {
      case .right: Array(a.prefix(s) + b.dropFirst(s))
      case .late: Array(a.prefix(s + 1) + b.dropFirst(s + 1))
      case .early: Array(a.prefix(max(s - 1, 0)) + b.dropFirst(max(s - 1, 0)))
      case .exchanged: Array(b.prefix(s) + a.dropFirst(s))
      case .joined: a.prefix(s) + b
      case .firstOfSecond: Array(a.prefix(s) + b.prefix(b.count - s))
      }
    return [("beat", Tensor(beat))]
  }
}

/// A shift as students write it.
struct ShiftVariant: Variant {
  enum Kind { case right, wrapped, zeros, otherWay, firstOnly, rightOnly, none, oneMore }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init(
      "wrapped", "what leaves at one end comes back at the other: the end's value stands again"
    ) { $0.kind = .wrapped },
    .init("zeros", "the ends are filled with zeros: the end's value stands again") {
      $0.kind = .zeros
    },
    .init("other-direction", "the beat is shifted the other way: for d above 0 it comes later") {
      $0.kind = .otherWay
    },
    .init("filled-with-first", "both ends are filled with the first value") {
      $0.kind = .firstOnly
    },
    .init("to-the-right-only", "for d below 0 the beat is shifted to the right too") {
      $0.kind = .rightOnly
    },
    .init("not-shifted", "the beat stays where it is") { $0.kind = .none },
    .init("one-too-far", "the beat is shifted by one place more than d") { $0.kind = .oneMore },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let x = try numbers("x").array
    let (d, count) = (numbers.sizes["by"] ?? 0, try numbers("x").count)
    let beat = x.indices.map { n -> Float in
      let from = n - d
      let kept = min(max(from, 0), count - 1)
      switch kind {
      case .right: return x[kept]
      case .wrapped: return x[((from % count) + count) % count]
      case .zeros: return from == kept ? x[from] : 0
      case .otherWay: return x[min(max(n + d, 0), count - 1)]
      case .firstOnly: return from == kept ? x[from] : x[0]
      case .rightOnly: return x[max(min(n - abs(d), count - 1), 0)]
      case .none: return x[n]
      case .oneMore: return x[min(max(from - d.signum(), 0), count - 1)]
      }
    }
    return [("beat", Tensor(beat))]
  }
}
