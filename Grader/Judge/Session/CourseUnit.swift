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
}

extension CourseUnit {
  /// The unit's name, which is that of its folders.
  public static var name: String { facts.name }
  /// Nothing.
  public static var falseAlarms: (any FalseAlarmCount.Type)? { nil }
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
  var alarms: [String] { get }
  /// The largest difference between right results, as a fraction of what the tolerance is relative to.
  var values: Float { get }
  /// The same between right gradients.
  var gradients: Float { get }
  /// Runs the checks of values and gradients once; the session's seed decides sizes and numbers.
  mutating func run(_ session: JudgeSession) throws
  /// Runs the checks of learning one batch once.
  mutating func learn(_ session: JudgeSession) throws
}

extension FalseAlarmCount {
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
