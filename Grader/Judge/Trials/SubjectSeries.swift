import WorkerPipe
import Workers

/// What a check compares.
public enum Quantity: Sendable {
  /// The shapes of all results.
  case shapes
  /// Their numbers.
  case values
  /// The gradients of parameters and inputs.
  case gradients
}

/// The checks of a subject: its sizes are the unit's, what is asked at them is the same for all.
public protocol SubjectSeries {
  /// Whose subject it is.
  var session: JudgeSession { get }
  /// Its name in the catalogue.
  var subject: String { get }
  /// What the names of its draws have besides its own; empty where it has one check of a kind.
  var title: String { get }
  /// The experiments of a check.
  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries
}

extension SubjectSeries {
  /// None.
  public var title: String { "" }

  private func numbers(_ quantity: String) -> SeededNumbers {
    session.numbers([subject, title, quantity].filter { !$0.isEmpty }.joined(separator: " "))
  }

  /// Compares the shapes of all results.
  public func requireShapes() throws {
    var numbers = numbers("shapes")
    try series(.shapes, &numbers).requireShapes()
  }

  /// Compares the numbers of all results.
  public func requireValues() throws {
    var numbers = numbers("values")
    try series(.values, &numbers).requireValues()
  }

  /// Compares the gradients of all parameters and inputs.
  public func requireGradients() throws {
    var numbers = numbers("gradients")
    try series(.gradients, &numbers).requireGradients(&numbers)
  }

  // MARK: - Parameters

  /// Every parameter is there, whatever the sizes: first at the course's.
  public func requireParameters(_ configurations: [[String: Int]]) throws {
    for (index, configuration) in configurations.enumerated() {
      do {
        _ = try ModelCheck(session, subject, configuration).match()
      } catch let failure as CheckFailure where index > 0 {
        // they were right at the course's sizes
        throw CheckFailure(
          "\(failure.message), for \(Self.text(configuration))",
          diagnosis: failure.diagnosis ?? "a size is hard-coded")
      } catch let failure as WorkerFailure {
        guard case .threw(let message) = failure else { throw failure }
        throw CheckFailure("your code stopped with \(message), for \(Self.text(configuration))")
      }
    }
  }

  /// What its numbers start as, at several sets of sizes. Parts that other tasks ask for are judged there.
  ///
  /// - Parameter distribution: what the parameter of this name and shape is drawn from, with the inputs of the layer
  ///   that it belongs to; nil for what is not drawn.
  public func requireStart(
    _ configurations: [[String: Int]],
    _ distribution: (_ name: String, _ inputs: Int) -> StartDistribution?
  ) throws {
    for configuration in configurations {
      let check = ModelCheck(session, subject, configuration)
      let names = try check.match().names
      // a bias has as many inputs as the matrix before it
      var inputs = 1
      let judged = try check.referenceParameters().compactMap {
        parameter -> (name: String, distribution: StartDistribution)? in
        // [in, out], or [out, in, kernel]
        if parameter.shape.count == 2 { inputs = parameter.shape[0] }
        if parameter.shape.count == 3 { inputs = parameter.shape[1] * parameter.shape[2] }
        return distribution(parameter.name, inputs).map {
          (names[parameter.name] ?? parameter.name, $0)
        }
      }
      try StartCheck(check, judged: judged).require()
    }
  }

  // MARK: - Refusals

  /// The call stops with an error that names numbers.
  ///
  /// - Parameters:
  ///   - numbers: of each of them, all ways to name it.
  ///   - what: the case, as in `4 heads of 10 channels`.
  ///   - ask: asks the student's program.
  public func requireRefusal(
    _ numbers: [[Int]], of what: String, _ ask: () throws -> Void
  ) throws {
    do {
      try ask()
    } catch let failure as WorkerFailure {
      guard case .threw(let message) = failure else { throw failure }
      let named = Set(message.split { !$0.isNumber }.compactMap { Int($0) })
      guard numbers.allSatisfy({ $0.contains(where: named.contains) }) else {
        let expected = numbers.compactMap { $0.first.map(String.init) }
        throw CheckFailure(
          "for \(what) your code stops with \(message): the error should name "
            + (expected.count == 2 ? "both numbers, " : "") + expected.joined(separator: " and "))
      }
      return
    }
    throw CheckFailure("for \(what) your code throws no error")
  }

  private static func text(_ configuration: [String: Int]) -> String {
    configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
  }
}
