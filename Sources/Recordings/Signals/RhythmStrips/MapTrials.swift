import Foundation

/// Two tests of the class activation maps of a network of strips: whether what they call evidence is what the network
/// needs, and whether they point at evidence whose place is known.
package struct MapTrials {
  /// What the network says of a strip.
  package struct Answer: Sendable {
    /// A logit for each class.
    package let logits: [Float]
    /// A map for each class, with a value for each of the strip's.
    package let maps: [[Float]]

    /// Names both.
    package init(logits: [Float], maps: [[Float]]) {
      self.logits = logits
      self.maps = maps
    }

    /// The class with the largest logit; of several the first.
    var prediction: Int { logits.indices.max { logits[$0] < logits[$1] } ?? 0 }

    /// The softmax of the logits, of one class.
    func probability(of own: Int) -> Double {
      let largest = Double(logits.max() ?? 0)
      let powers = logits.map { exp(Double($0) - largest) }
      return powers[own] / powers.reduce(0, +)
    }
  }

  /// Asks the network about strips, in their order.
  package typealias Network = ([[Float]]) throws -> [Answer]

  let network: Network
  /// Draws a random order of so many, and a number below so many.
  let permutation: (Int) -> [Int]
  private let index: (Int) -> Int

  /// Prepares the tests.
  ///
  /// - Parameters:
  ///   - network: is asked about a few hundred strips at a time.
  ///   - permutation: a random order of so many.
  ///   - index: a random number from 0 to below so many.
  package init(
    of network: @escaping Network, permutation: @escaping (Int) -> [Int],
    index: @escaping (Int) -> Int
  ) {
    self.network = network
    self.permutation = permutation
    self.index = index
  }

  /// What came of masking windows of the strips of some classes.
  package struct OcclusionFigures: Sendable, Equatable {
    /// Strips.
    package let count: Int
    /// The mean rank correlation of a window's mean in the map and the drop when it is masked.
    package let rankCorrelation: Double
    /// The mean drop where the map is highest, at random, and where it is lowest.
    package let high, random, low: Double
    /// The share of strips in which the highest windows cost more than the lowest.
    package let highAboveLow: Double
  }

  /// Test 1: windows of 2 s are masked, one by one; the fifth of them where the map of the class is highest; a random
  /// fifth, four times; the fifth where it is lowest. The drop is that of the class's logit minus the mean of the others.
  ///
  /// - Parameters:
  ///   - strips: with their classes; those that the network classifies wrongly are passed over.
  ///   - perClass: the most of each class, the first ones.
  /// - Returns: for each class that strips are left of, what came of it.
  package func occlusion(
    _ strips: [(values: [Float], label: Int)], perClass: Int = 30
  ) throws -> [(label: Int, outcomes: [Occlusion.Outcome])] {
    try right(strips, perClass: perClass).map { label, chosen in
      (label, try chosen.map { try outcome(of: $0.values, label, $0.answer) })
    }
  }

  /// The first strips of each class that the network classifies rightly, with what it says of them.
  func right(
    _ strips: [(values: [Float], label: Int)], perClass: Int
  ) throws -> [(label: Int, strips: [(values: [Float], answer: Answer)])] {
    let answers = try network(strips.map(\.values))
    return Set(strips.map(\.label)).sorted().compactMap { label in
      let chosen = strips.indices.filter {
        strips[$0].label == label && answers[$0].prediction == label
      }.prefix(perClass)
      return chosen.isEmpty ? nil : (label, chosen.map { (strips[$0].values, answers[$0]) })
    }
  }

  /// Of test 1 the share of strips, of all classes, in which the fifth where the map is highest costs more than the
  /// fifth where it is lowest, and of how many: two masks a strip.
  package func highAboveLow(
    _ strips: [(values: [Float], label: Int)], perClass: Int = 30
  ) throws -> (share: Double, count: Int) {
    let chosen = try right(strips, perClass: perClass).flatMap { label, chosen in
      chosen.map { (label: label, values: $0.values, answer: $0.answer) }
    }
    let masked = chosen.flatMap { strip -> [[Float]] in
      let test = Self.windows(of: strip.values)
      let means = test.means(of: strip.answer.maps[strip.label])
      return test.choices(means: means, orders: []).suffix(2).map { test.masked(strip.values, $0) }
    }
    let after = try network(masked)
    // a logit's margin falls the more, the less is left
    let count = chosen.indices.count { place in
      func left(_ index: Int) -> Double {
        Occlusion.margin(after[index].logits, of: chosen[place].label)
      }
      return left(2 * place) < left(2 * place + 1)
    }
    return (Double(count) / Double(max(chosen.count, 1)), chosen.count)
  }

  /// Windows of 2 s.
  static func windows(of values: [Float]) -> Occlusion {
    Occlusion(length: values.count, width: 2 * RhythmStrip.samplesPerSecond)
  }

  private func outcome(
    of values: [Float], _ label: Int, _ answer: Answer
  ) throws -> Occlusion.Outcome {
    let test = Self.windows(of: values)
    let means = test.means(of: answer.maps[label])
    let choices = test.choices(
      means: means, orders: (0..<4).map { _ in permutation(test.windows.count) })
    let whole = Occlusion.margin(answer.logits, of: label)
    let drops = try network(choices.map { test.masked(values, $0) }).map {
      whole - Occlusion.margin($0.logits, of: label)
    }
    return test.outcome(means: means, drops: drops)
  }

  /// The means of what came of single strips.
  package static func figures(_ outcomes: [Occlusion.Outcome]) -> OcclusionFigures {
    func mean(_ figure: (Occlusion.Outcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + figure($1) } / Double(max(outcomes.count, 1))
    }
    return OcclusionFigures(
      count: outcomes.count, rankCorrelation: mean(\.rankCorrelation), high: mean(\.high),
      random: mean(\.random), low: mean(\.low), highAboveLow: mean { $0.high > $0.low ? 1 : 0 })
  }

  /// What came of putting premature beats into regular strips.
  package struct PointingFigures: Sendable, Equatable {
    /// Strips that are regular enough for one, at most as many as were asked for.
    package let count: Int
    /// The share of maps of the other rhythm, as moving means, that are largest within a second of the beat; the same
    /// of the maps of the strips without it, which is chance; and of the maps as they are.
    package let hits, before, raw: Double
    /// The mean probability of the other rhythm before and after.
    package let probabilityBefore, probabilityAfter: Double
  }

  /// Test 2: a premature beat is put into each regular strip.
  ///
  /// - Parameters:
  ///   - strips: of normal rhythm, of full length.
  ///   - class: the number of the class of other rhythms, whose map is looked at.
  ///   - most: how many strips, the first regular ones.
  /// - Returns: nil where no strip is regular.
  package func pointing(
    _ strips: [[Float]], at other: Int, most: Int = 100
  ) throws -> PointingFigures? {
    var found: [(strip: [Float], changed: [Float], place: Int)] = []
    for strip in strips where found.count < most {
      let beats = StripBeats(strip)
      let candidates = beats.beatsToFollow
      guard !candidates.isEmpty,
        let made = beats.withPrematureBeat(after: candidates[index(candidates.count)])
      else { continue }
      found.append((strip, made.values, made.place))
    }
    guard !found.isEmpty else { return nil }
    let before = try network(found.map(\.strip))
    let after = try network(found.map(\.changed))
    let test = Pointing()
    var asItIs = test
    asItIs.width = 1
    func mean(_ figure: (Int) -> Double) -> Double {
      found.indices.reduce(0) { $0 + figure($1) } / Double(found.count)
    }
    func hits(_ answers: [Answer], _ test: Pointing) -> Double {
      mean { test.hits(answers[$0].maps[other], found[$0].place) ? 1 : 0 }
    }
    return PointingFigures(
      count: found.count, hits: hits(after, test), before: hits(before, test),
      raw: hits(after, asItIs), probabilityBefore: mean { before[$0].probability(of: other) },
      probabilityAfter: mean { after[$0].probability(of: other) })
  }
}
