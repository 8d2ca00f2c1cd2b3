import Assignment
import XCTest

/// A unit of the course, as the judge knows it: what is true of what its students write.
public protocol CourseUnit: Sendable {
  /// What is true of it.
  static var facts: UnitFacts { get }
  /// The checks, for a judge that runs without a test bundle.
  static var checks: [XCTestCaseEntry] { get }
  /// Counts the false alarms of its checks; nil in a student's copy.
  static var falseAlarms: (any FalseAlarmCount.Type)? { get }
  /// Trains to a goal in the unit's own way, as its check does; the session's curve then has what was reached. What is not
  /// trained by logits of a network has no other.
  ///
  /// - Returns: what was reached, a sentence; nil where the goal is a network's and reached by its logits.
  /// - Throws: `CheckFailure` where it is missed.
  static func reach(goal: String, _ session: JudgeSession) throws -> String?
}

extension CourseUnit {
  /// The unit's name, which is that of its folders.
  public static var name: String { facts.name }
  /// Nothing.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { nil }
  /// None.
  public static func reach(goal: String, _ session: JudgeSession) throws -> String? { nil }
}

extension [any CourseUnit.Type] {
  /// The unit of a name.
  ///
  /// - Throws: a sentence with the names of all units when there is none.
  public func unit(named name: String) throws -> any CourseUnit.Type {
    guard let unit = first(where: { $0.name == name }) else {
      throw ManifestError(
        description: "there are no checks for the unit \(name); there are some for "
          + map { $0.name }.joined(separator: ", "))
    }
    return unit
  }
}

/// What a unit's checks say of right submissions: none may fail.
public protocol FalseAlarmCount {
  /// Prepares a count.
  init()
  /// What was said of right results.
  var alarms: [String] { get set }
  /// The largest difference between right results, as a fraction of what the tolerance is relative to.
  var values: Float { get set }
  /// The same between right gradients.
  var gradients: Float { get set }
  /// Runs the checks of values and gradients once; the session's seed decides sizes and numbers.
  mutating func run(_ session: JudgeSession) throws
  /// Runs the checks of learning one batch once.
  mutating func learn(_ session: JudgeSession) throws
}

extension FalseAlarmCount {
  /// Runs the checks of a subject once, and keeps how far right results are from each other.
  ///
  /// - Parameter hasGradients: whether its gradients are asked for.
  public mutating func run(_ checks: some SubjectSeries, hasGradients: Bool = true) throws {
    let name = [checks.subject, checks.title].filter { !$0.isEmpty }.joined(separator: " ")
    var numbers = checks.session.numbers("\(name) false alarms")
    alarms += try Self.alarm("\(name), shapes and values") {
      try checks.series(.shapes, &numbers).requireShapes()
      try checks.series(.values, &numbers).requireValues()
    }
    guard hasGradients else { return }
    let series = try checks.series(.gradients, &numbers)
    alarms += try Self.alarm("\(name), gradients") { try series.requireGradients(&numbers) }
    let (values, gradients) = try series.differences(&numbers)
    self.values = max(self.values, values)
    self.gradients = max(self.gradients, gradients)
  }

  /// What a check says, if it fails, after a name for what it checked.
  public static func alarm(_ name: String, _ check: () throws -> Void) throws -> [String] {
    do {
      try check()
      return []
    } catch let failure as CheckFailure {
      return ["\(name): \(failure.message) \(failure.diagnosis ?? "")"]
    } catch let waits as CheckWaits {
      return ["\(name): \(waits.message)"]
    }
  }
}
