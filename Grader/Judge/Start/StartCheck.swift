import Foundation
import JudgedNumbers
import TensorCore
import WorkerPipe

/// The numbers that a freshly made model starts with, as a function of the generator that it is made
/// with: the same numbers for the same seed, others for another, from the distribution that the task
/// has, and none of them twice.
///
/// A check of its own, which no other needs: they are given the parameters' numbers, so that a wrong
/// start costs nothing else.
public struct StartCheck {
  /// Made in one worker, one after the other: from a seed, from another, and from the first again. Made
  /// in a second worker from the first seed: what a program keeps, it does not know.
  private let parameters, ofAnotherSeed, again, inAnotherWorker: [PipeTensor]
  /// Whether the generator gives what it would have given before the model was made.
  private let leavesGenerator: Bool
  /// The parameters that are judged: the student's name, and what they are drawn from.
  private let judged: [(name: String, distribution: StartDistribution)]

  /// Asks two workers for the parameters of fresh models.
  ///
  /// - Parameter judged: the parameters that count, by the student's names, and what each is drawn
  ///   from, in the order in which they are spoken of.
  public init(
    _ check: ModelCheck, judged: [(name: String, distribution: StartDistribution)]
  ) throws {
    let session = check.session
    let seed = session.openSeed("\(check.model) start")
    let question = Request.Question.parameters(wantsGenerator: true)
    func model(_ seed: UInt64) -> Request.Subject {
      Request.Subject(check.model, sizes: check.configuration, seed: seed)
    }
    func ask(_ seed: UInt64) throws -> [PipeTensor] {
      try session.askStudent(question, about: model(seed))
    }
    parameters = try ask(seed)
    ofAnotherSeed = try ask(session.openSeed("\(check.model) start again"))
    again = try ask(seed)
    inAnotherWorker = try session.askAnotherWorker(question, about: model(seed))
    var untouched = RandomGenerator(seed: seed)
    let next = parameters.first { $0.name == Self.next }?.values ?? []
    leavesGenerator = next == next.map { _ in untouched.nextUniform() }
    self.judged = judged
  }

  private static let next = "generator:next"

  /// - Throws: `CheckFailure` for the first thing that is not as it should be.
  public func require() throws(CheckFailure) {
    for (name, _) in judged { try requireFinite(name) }
    let drawn = judged.filter { !$0.distribution.isConstant }.compactMap { part in
      parameters.first { $0.name == part.name }
    }.filter { $0.values.contains { $0 != 0 } }
    for tensor in drawn { try requireFunctionOfSeed(tensor) }
    if let repetition = RepeatedNumbers(drawn).first() {
      throw CheckFailure(
        repetition.sentence,
        diagnosis: repetition.first == repetition.second
          ? nil
          : "the same draws stand in both: a copy of the generator draws them again, or one tensor is used "
            + "twice. Hand on `&generator`, to a parameter that is `inout`, and draw each by itself"
      )
    }
    let others = ofAnotherGenerator(drawn)
    if let shared = SharedNumbers.first(drawn + others) {
      throw CheckFailure(
        (shared.first == shared.second
          ? "\(shared.count) numbers of \(shared.first) stand there several times"
          : "\(shared.second) has \(shared.count) of the numbers of \(shared.first), in another order")
          + ": draw each of them from `generator`")
    }
    for (name, distribution) in judged { try requireDistribution(name, distribution) }
    for tensor in drawn { try requireNoOrder(tensor) }
    try requireNoCorrelation(drawn)
    try requireNoLikeness(drawn + others)
    if leavesGenerator, !drawn.isEmpty {
      throw CheckFailure(
        "the generator is where it was before: the numbers are drawn from a copy of it, and what is made "
          + "next draws them again")
    }
  }

  private func requireFinite(_ name: String) throws(CheckFailure) {
    for made in [parameters, ofAnotherSeed] {
      guard let tensor = made.first(where: { $0.name == name }),
        let index = tensor.values.firstIndex(where: { !$0.isFinite })
      else { continue }
      throw CheckFailure(
        "\(name)\(Comparison.place(index, tensor.shape)) starts as \(tensor.values[index]), which is no "
          + "finite number")
    }
  }

  private func requireFunctionOfSeed(_ tensor: PipeTensor) throws(CheckFailure) {
    func other(_ made: [PipeTensor]) -> [Float]? { made.first { $0.name == tensor.name }?.values }
    for made in [inAnotherWorker, again] where other(made) != tensor.values {
      throw CheckFailure(
        "\(tensor.name) starts with other numbers each time, from a generator in the same state: draw "
          + "it from `generator`, and from nothing else")
    }
    guard let others = other(ofAnotherSeed), others.count == tensor.values.count else { return }
    let same = tensor.countOfNumbers(sharedWith: others)
    if same == others.count {
      throw CheckFailure(
        "\(tensor.name) is the same whatever the generator: draw it from `generator`")
    }
    // two draws of 24 bits agree once in millions
    guard same <= others.count / 100 else {
      throw CheckFailure(
        "\(same) of \(others.count) numbers of \(tensor.name) are the same whatever the generator: draw "
          + "all of them from `generator`")
    }
  }

  /// Two independent draws have to fail: of right ones that happens once in 10¹².
  private func requireDistribution(
    _ name: String, _ distribution: StartDistribution
  ) throws(CheckFailure) {
    guard let failure = Self.failure(of: name, distribution, in: parameters),
      Self.failure(of: name, distribution, in: ofAnotherSeed) != nil
    else { return }
    switch failure {
    case .notConstant where distribution == .zero:
      throw CheckFailure("the bias \(name) does not start at zero")
    case .notConstant:
      throw CheckFailure("\(name) does not start as \(distribution.size) everywhere")
    case .allZero:
      throw CheckFailure("\(name) starts at zero everywhere: draw it from \(distribution.text)")
    case .deviation(let deviation):
      throw CheckFailure(
        "\(name) starts with standard deviation \(Self.rounded(deviation, beside: distribution)); "
          + "the task has \(distribution.size)")
    case .mean(let mean):
      throw CheckFailure(
        "\(name) starts with the mean \(Self.rounded(mean, beside: distribution)); the task has 0")
    case .shape:
      throw CheckFailure("\(name) is not drawn from \(distribution.text)")
    case .tooEven:
      throw CheckFailure(
        "the numbers of \(name) lie more evenly than draws do: draw it from \(distribution.text)")
    }
  }

  /// Two independent draws have to fail, as with the distribution.
  private func requireNoOrder(_ tensor: PipeTensor) throws(CheckFailure) {
    func order(_ made: [PipeTensor]) -> DrawOrder? {
      made.first { $0.name == tensor.name }.flatMap {
        DrawOrder.first($0.values, shape: $0.shape, level: DistributionTest.level)
      }
    }
    guard let found = order(parameters), order(ofAnotherSeed) != nil else { return }
    let apart = found.lag == 1 ? "the next" : "the one \(found.lag) places further on"
    throw CheckFailure(
      "the numbers of \(tensor.name) are in an order of their own: "
        + "\(Int((100 * found.rising).rounded())) % of them are smaller than \(apart), of draws it is "
        + "half. Leave them as they are drawn")
  }

  /// No tensor goes with another, with what another seed gives, or with itself further on.
  private func requireNoCorrelation(_ drawn: [PipeTensor]) throws(CheckFailure) {
    // each tensor: with the other seed, 17 places further on, and with each before it
    let level = DistributionTest.level / Double(max(drawn.count * (18 + drawn.count), 1))
    func correlation(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double? {
      DrawCorrelation.notable(first, second, level: level)
    }
    for (index, tensor) in drawn.enumerated() {
      let values = tensor.values[...]
      if let other = ofAnotherSeed.first(where: { $0.name == tensor.name }),
        correlation(values, other.values[...]) != nil
      {
        throw CheckFailure(
          "\(tensor.name) is nearly the same whatever the generator: draw all of it from `generator`"
        )
      }
      let width = tensor.shape.last ?? 1
      for lag in Set(1...16).union([width]).sorted() where lag < values.count {
        guard correlation(values.dropLast(lag), values.dropFirst(lag)) != nil else { continue }
        throw CheckFailure(
          "each number of \(tensor.name) goes with the one \(lag) further on: draw each of them by itself"
        )
      }
      for other in drawn[..<index] where other.values.count == values.count {
        guard correlation(values, other.values[...]) != nil else { continue }
        throw CheckFailure(
          "\(tensor.name) goes with \(other.name), as a multiple or a sum does: draw each by itself"
        )
      }
    }
  }

  /// What another seed gives of some tensors: a table that the generator only brings into an order, or
  /// deals, has its numbers there too.
  private func ofAnotherGenerator(_ drawn: [PipeTensor]) -> [PipeTensor] {
    drawn.compactMap { tensor in
      ofAnotherSeed.first { $0.name == tensor.name }.map {
        PipeTensor(name: "\($0.name) of another generator", shape: $0.shape, values: $0.values)
      }
    }
  }

  /// No tensor is another one in another order and times a factor.
  private func requireNoLikeness(_ tensors: [PipeTensor]) throws(CheckFailure) {
    let rows = tensors.map { DrawLikeness($0.values) }
    for (index, tensor) in tensors.enumerated() {
      for (other, row) in zip(tensors, rows).prefix(index) where row.isMoreThanChance(rows[index]) {
        throw CheckFailure(
          "\(tensor.name) has nearly the numbers of \(other.name), in another order and times a factor: "
            + "draw each of them from `generator`")
      }
    }
  }

  private static func failure(
    of name: String, _ distribution: StartDistribution, in made: [PipeTensor]
  ) -> DistributionTest.Failure? {
    made.first { $0.name == name }.flatMap { DistributionTest.failure($0.values, distribution) }
  }

  /// One significant digit, or two where one would read as if it were right.
  private static func rounded(_ value: Double, beside distribution: StartDistribution) -> String {
    func digits(_ format: String) -> String {
      // as in 1, 0.3 and 0.0005
      let number = Double(String(format: format, value)) ?? value
      return number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
    let short = digits("%.1g")
    return short == distribution.size ? digits("%.2g") : short
  }
}

extension StartDistribution {
  /// The standard deviation or the bound, in short.
  fileprivate var size: String {
    switch self {
    case .constant(let value): String(format: "%.4g", value)
    case .normal(let size), .uniform(let size): String(format: "%.4g", size)
    }
  }

  /// In words that follow "drawn from".
  fileprivate var text: String {
    switch self {
    case .constant: "nothing"
    case .normal:
      "the normal distribution with mean 0 and standard deviation \(size), as Tensor.randn draws"
    case .uniform:
      "the uniform distribution between -\(size) and \(size), as the course's layers draw"
    }
  }
}
