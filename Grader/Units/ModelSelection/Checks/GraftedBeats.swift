import Assignment
import Judge
import WorkerPipe

/// Beats whose numbers say where they come from: beat i has i + n / 256 at place n, which a float holds exactly.
struct CodedBeats {
  /// How many numbers each has, at most 256.
  var length = 187

  /// The class of each.
  let labels: [Int]

  init(length: Int = 187, labels: [Int]) {
    self.length = length
    self.labels = labels
  }

  var tensors: [PipeTensor] {
    [
      PipeTensor(
        name: "beats", shape: [labels.count, length],
        values: labels.indices.flatMap { beat in
          (0..<length).map { Float(beat) + Float($0) / 256 }
        }), PipeTensor("labels", integers: labels),
    ]
  }

  /// Where a number comes from; nil for one that is none of the beats'.
  func source(_ value: Float) -> (beat: Int, place: Int)? {
    guard value.isFinite, value >= 0, value < Float(labels.count) else { return nil }
    let beat = Int(value)
    let place = (value - Float(beat)) * 256
    guard place == place.rounded(), Int(place) < length else { return nil }
    return (beat, Int(place))
  }
}

/// How a made beat was made, read off its numbers.
struct Provenance {
  let shift: Int
  /// The parents of the first and the last number.
  let first, last: Int
  /// The first place, before the shift, that is the second parent's; nil where one parent is seen alone.
  let split: Int?

  /// - Throws: `CheckFailure` for what is no graft of two beats that was shifted.
  init(_ values: [Float], of beats: CodedBeats, called name: String) throws {
    let length = beats.length
    // Millions of numbers are read, so in whole arrays of integers: arrays of tuples are slow where code is not
    // optimised.
    var parents: [Int] = []
    var places: [Int] = []
    // how often each distance comes, from 1 − length on
    var counts = [Int](repeating: 0, count: 2 * length)
    for n in 0..<values.count {
      guard let source = beats.source(values[n]) else {
        throw CheckFailure(
          "\(name) has \(Comparison.number(values[n])) at place \(n), which is no number of any of the beats",
          diagnosis: values[n] == 0
            ? "where a beat is shifted its first or last number stands again, and no 0"
            : "a made beat has the numbers of its two parents, as they are")
      }
      parents.append(source.beat)
      places.append(source.place)
      counts[n - source.place + length - 1] += 1
    }
    // inside, each number comes from the same distance; the most frequent one is the shift
    var shift = 0
    for place in 0..<counts.count {
      let (distance, most) = (place - length + 1, counts[shift + length - 1])
      if counts[place] > most || counts[place] == most && abs(distance) < abs(shift) {
        shift = distance
      }
    }
    self.shift = shift
    for n in 0..<places.count {
      let place = min(max(n - shift, 0), length - 1)
      if places[n] == place { continue }
      throw CheckFailure(
        "\(name), which is shifted by \(shift), has at place \(n) the number of place \(places[n]) of a beat, "
          + "expected that of place \(place)",
        diagnosis: n - shift < 0 || n - shift >= length
          ? "before the first and behind the last number of a shifted graft stands that one again"
          : nil
      )
    }
    (first, last) = (parents[0], parents[length - 1])
    var (seen, changes) = (nil as Int?, 0)
    for n in 1..<max(length, 1) where parents[n] != parents[n - 1] {
      seen = seen ?? n
      changes += 1
    }
    if changes > 1 {
      let all = Set(parents)
      throw CheckFailure(
        all.count > 2
          ? "\(name) is made of \(all.count) beats, expected two"
          : "\(name) changes from one parent to the other more than once, expected one split")
    }
    split = seen.map { places[$0] }
    if let seen, places[seen - 1] == places[seen] {
      throw CheckFailure(
        "\(name) has the end of a beat filled up from another one: it is shifted after the graft, as a whole"
      )
    }
  }
}

/// Task 7.4a, the made beats.
final class BalanceChecks: ModelSelectionCase {
  private static let subject = "balancedByGrafting"

  private static func made(
    _ session: JudgeSession, _ beats: CodedBeats, perClass: Int, _ name: String
  ) throws -> (values: [[Float]], labels: [Int]) {
    let answer = try session.askStudent(
      .forward(.init(isFirst: true)),
      about: .init(subject, ["perClass": .integer(perClass)], seed: session.openSeed(name)),
      beats.tensors)
    return try read(answer, of: beats)
  }

  private static func read(
    _ answer: [PipeTensor], of beats: CodedBeats
  ) throws -> (values: [[Float]], labels: [Int]) {
    guard let values = answer.first(where: { $0.name == "beats" }),
      let labels = answer.first(where: { $0.name == "labels" })?.integers, values.shape.count == 2
    else { throw CheckFailure("the beats or the labels are missing from the answer") }
    let (count, length) = (values.shape[0], values.shape[1])
    guard count == labels.count else {
      throw CheckFailure("there are \(count) made beats and \(labels.count) labels")
    }
    guard length == beats.length || count == 0 else {
      throw CheckFailure(
        "the made beats have \(length) numbers, expected \(beats.length) as the given ones")
    }
    return (
      (0..<count).map { Array(values.values[($0 * length)..<(($0 + 1) * length)]) },
      labels.map { Int($0) }
    )
  }

  /// Classes of several sizes, one beat among them; of some there is none.
  private static let classes: [(labels: [Int], perClass: Int)] = [
    ([0, 1, 0, 2, 0, 1, 0], 6), ([4, 0, 2, 0, 0, 4, 0], 3), ([1], 2), ([3, 3, 0], 1),
  ]

  func test3Counts() throws {
    try check { session in
      for (index, (labels, perClass)) in Self.classes.enumerated() {
        let made = try Self.made(
          session, CodedBeats(labels: labels), perClass: perClass, "counts \(index)")
        for c in 0...4 {
          let (count, wanted) = (
            made.labels.count { $0 == c }, labels.contains(c) ? perClass : 0
          )
          guard count != wanted else { continue }
          let given = labels.count { $0 == c }
          throw CheckFailure(
            "of class \(c), of which \(given) beats are given, \(count) come back for perClass \(perClass), "
              + "expected \(wanted)",
            diagnosis: count == given + wanted && given > 0
              ? "the given beats are among them: only made ones come back" : nil)
        }
        guard made.labels.count == perClass * Set(labels).count else {
          throw CheckFailure("a label that comes back is none of those that are given")
        }
      }
    }
  }

  func test3Provenance() throws {
    try check { session in
      for (index, (labels, _)) in Self.classes.enumerated() {
        let beats = CodedBeats(labels: labels)
        let made = try Self.made(session, beats, perClass: 60, "provenance \(index)")
        for (place, values) in made.values.enumerated() {
          let label = made.labels[place]
          let found = try Provenance(values, of: beats, called: "made beat \(place)")
          for parent in [found.first, found.last] where labels[parent] != label {
            throw CheckFailure(
              "made beat \(place) of class \(label) has a parent of class \(labels[parent])",
              diagnosis: "both parents of a graft are beats of its class")
          }
          guard abs(found.shift) <= 10 else {
            throw CheckFailure(
              "made beat \(place) is shifted by \(found.shift), expected −10 to 10")
          }
        }
      }
    }
  }

  /// Beats of a class in the check of the distribution, and classes.
  private static let size = 8
  private static let many = CodedBeats(labels: (0..<(2 * size)).map { $0 % 2 })

  /// How likely each group of splits is to be seen, and last that none is.
  ///
  /// - Parameters:
  ///   - length: of a beat.
  ///   - size: how many splits are a group.
  ///   - splits: from which s is drawn.
  ///   - shifts: from which d is drawn.
  ///   - same: how likely both parents are one beat.
  private static func splits(
    of length: Int, inGroupsOf size: Int, _ splits: ClosedRange<Int>, _ shifts: ClosedRange<Int>,
    same: Double
  ) -> [Double] {
    let groups = length / size
    var chances = [Double](repeating: 0, count: groups + 1)
    let share = (1 - same) / Double(splits.count * shifts.count)
    for d in shifts {
      let seen = max(0, -d)...min(length - 1, length - 1 - d)
      for s in splits where seen.contains(s) && seen.contains(s - 1) { chances[s / size] += share }
    }
    chances[groups] = 1 - chances.reduce(0, +)
    return chances
  }

  private static func shifts(_ range: ClosedRange<Int>) -> [Double] {
    (-12...12).map { range.contains($0) ? 1 / Double(range.count) : 0 }
  }

  /// Parents that are i and j, counted within their class: j − i is k with these chances.
  private static func distances(_ chanceOfSplit: Double, same: Double) -> [Double] {
    // where no split is seen both numbers are one parent's
    let other = chanceOfSplit / Double(size - 1)
    return [1 - chanceOfSplit] + Array(repeating: other, count: size - 1)
  }

  private static func laws(
    splits range: ClosedRange<Int> = 0...(many.length - 1),
    shifts shiftRange: ClosedRange<Int> = -10...10, same: Double = 1 / Double(size)
  ) -> [Distribution] {
    let splits = splits(
      of: many.length, inGroupsOf: 17, range, shiftRange, same: same)
    return [
      .outcomes(shifts(shiftRange)), .outcomes(splits),
      .outcomes(Array(repeating: 1 / Double(size), count: size)),
      .outcomes(distances(1 - (splits.last ?? 0), same: same)),
    ]
  }

  static func distribution(_ session: JudgeSession, calls: Int = 10) -> StatisticalCheck {
    let right = laws().map { law -> [Double] in if case .outcomes(let all) = law { all } else { [] }
    }
    @Sendable func provenances(_ results: [PipeTensor]) throws -> [Provenance] {
      try read(results, of: many).values.enumerated().map {
        try Provenance($0.element, of: many, called: "made beat \($0.offset)")
      }
    }
    func quantity(
      _ name: String, _ names: [String], _ law: [Double],
      _ value: @escaping @Sendable (Provenance) -> Int
    ) -> DrawnQuantity {
      DrawnQuantity(name, outcomes: zip(names, law).map { ($0, $1) }) { results in
        try provenances(results).map(value)
      }
    }
    func known(_ place: Int, _ laws: [Distribution?]) -> StatisticalCheck.KnownDraws {
      .init(named[place], laws)
    }
    return StatisticalCheck(
      session, subject, ["perClass": 50], inputs: many.tensors, calls: calls,
      quantities: [
        quantity("the shift of a made beat", (-12...12).map { "\($0)" }, right[0]) {
          min(max($0.shift, -13), 13) + 12
        },
        quantity(
          "the split of a made beat",
          (0..<11).map { "\(17 * $0) to \(17 * $0 + 16)" } + ["not seen"], right[1]
        ) { $0.split.map { $0 / 17 } ?? 11 },
        quantity(
          "the first parent of a made beat", (0..<size).map { "beat \($0) of its class" }, right[2]
        ) { $0.first / 2 },
        quantity(
          "the second parent of a made beat",
          ["the first one"] + (1..<size).map { "\($0) behind the first one" }, right[3]
        ) { ($0.last / 2 - $0.first / 2 + size) % size },
      ],
      mistakes: [
        known(0, laws(shifts: -5...5)), known(1, laws(shifts: 0...10)),
        known(2, laws(shifts: 0...0)),
        known(3, laws(shifts: -10...9)), known(4, laws(same: 0)), known(5, laws(same: 1)),
        known(6, laws(splits: 93...93)),
      ])
  }

  /// Mistakes that the check of the distribution calls by their names.
  static let named: [NamedMistake] = [
    NamedMistake(
      "shift-of-five", "beats are shifted by −5 to 5 places; the task says −10 to 10"),
    NamedMistake("only-to-the-right", "beats are shifted to the right only"),
    NamedMistake("never-shifted", "the grafts are not shifted"),
    NamedMistake("without-ten", "the shift is never 10: a range with ..< ends before its bound"),
    NamedMistake(
      "two-different-parents",
      "the two parents are never the same beat: both are drawn among all beats of the class"),
    NamedMistake("one-parent", "both parents are the same beat, so that nothing is grafted"),
    NamedMistake("split-in-the-middle", "the split always lies in the middle"),
    NamedMistake(
      "split-behind-the-last",
      "the split may lie behind the last place, where a made beat is the whole of its first parent"),
    NamedMistake(
      "parents-run-out",
      "parents are not drawn again until all have been: each is to be drawn among all beats of the class"
    ),
  ]

  /// Short beats, of which one in 17 would be whole if the split could lie behind the last place.
  private static let short = CodedBeats(length: 16, labels: (0..<32).map { $0 % 2 })

  /// The splits of short beats: 16000.
  static func shortSplits(_ session: JudgeSession, calls: Int = 40) -> StatisticalCheck {
    let (length, same) = (short.length, 2 / Double(short.labels.count))
    func law(_ splits: ClosedRange<Int>) -> [Double] {
      Self.splits(of: length, inGroupsOf: 1, splits, -10...10, same: same)
    }
    return StatisticalCheck(
      session, subject, ["perClass": 50], inputs: short.tensors, calls: calls,
      quantities: [
        DrawnQuantity(
          "the split of a made beat of \(length) values",
          outcomes: zip((0..<length).map { "\($0)" } + ["not seen"], law(0...(length - 1))).map {
            ($0, $1)
          }
        ) { results in
          try read(results, of: short).values.enumerated().map {
            try Provenance($0.element, of: short, called: "made beat \($0.offset)").split ?? length
          }
        }
      ], mistakes: [.init(named[7], [.outcomes(law(0...length))])])
  }

  /// Of as many made beats as there are of their class 63 % of the beats are a first parent, or a last one. Right draws have
  /// more than 80 % with a probability of 10⁻²⁸.
  static func requireRepeatedParents(_ session: JudgeSession) throws {
    let count = 400
    let beats = CodedBeats(labels: Array(repeating: 1, count: count))
    let made = try made(session, beats, perClass: count, "parents").values.enumerated().map {
      try Provenance($0.element, of: beats, called: "made beat \($0.offset)")
    }
    var times = [Int](repeating: 0, count: count)
    for beat in made {
      times[beat.first] += 1
      times[beat.last] += 1
    }
    let most = [Set(made.map(\.first)).count, Set(made.map(\.last)).count].max() ?? 0
    // of 800 parents among 400 beats 57 are one four times or more
    guard most > count * 8 / 10 || times.count(where: { $0 > 3 }) < 15 else { return }
    throw CheckFailure(
      most > count * 8 / 10
        ? "\(most) of \(count) beats are the first or the last parent of one of \(count) made beats, expected 253"
        : "of the \(2 * count) parents of \(count) made beats \(times.count { $0 > 3 }) of \(count) beats are "
          + "one four times or more, expected 57",
      diagnosis: named[8].sentence,
      mistakes: [MistakeName(subject: subject, id: named[8].id)])
  }

  func test3Distribution() throws {
    try check { session in
      try Self.distribution(session).require()
      try Self.shortSplits(session).require()
      try Self.requireRepeatedParents(session)
    }
  }
}
