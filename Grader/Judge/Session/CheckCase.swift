import Assignment
import Foundation
import WorkerPipe
import XCTest

/// The base of the checks of a task.
///
/// A check is a test method that calls `check`; its points and what it needs stand in
/// `assignment.yml` under the class's and the method's name. The student's code never runs in this
/// process: the session asks a worker.
///
/// Methods are numbered because XCTest runs them by name and the cheap ones should come first:
/// 1 parameters and start, 2 shapes, 3 values, 4 gradients, 5 learning one batch, 6 accuracy.
open class CheckCase: XCTestCase {
  /// What is true of the unit whose checks these are.
  open class var facts: UnitFacts? { nil }

  /// The session that a judge runs the checks for; without one they are a self-check.
  ///
  /// XCTest makes the instances itself, so the session cannot be handed to them. Tests run one
  /// after the other.
  nonisolated(unsafe) static var judged: JudgeSession?

  /// Runs a check and records its outcome.
  ///
  /// - Parameter body: throws `CheckFailure` or lets a worker's failure through; when it ends
  ///   without an error the check has passed.
  public func check(
    _ method: String = #function, file: StaticString = #filePath, line: UInt = #line,
    _ body: (JudgeSession) throws -> Void
  ) throws {
    let name = "\(Self.self)/\(method.prefix { $0 != "(" })"
    if let session = Self.judged {
      // the judge reads the results from the session; nothing is XCTest's to count
      _ = session.run(test: name, body)
      return
    }
    guard let facts = Self.facts else {
      return XCTFail(
        "\(Self.self) says of no unit that its checks these are", file: file, line: line)
    }
    let session = try SelfCheck.session(facts)
    guard let result = session.run(test: name, body) else {
      XCTFail("\(name) is not listed in assignment.yml", file: file, line: line)
      return
    }
    if let details = result.details { print("\(result.id): \(SelfCheck.excerpt(details))") }
    let text = CheckText(result, session.manifest, among: session.results).text
    switch result.outcome {
    case .passed: return
    case .notImplemented, .notRun: throw XCTSkip(text, file: file, line: line)
    case .failed, .crashed, .timedOut, .notBuilt:
      XCTFail(text, file: file, line: line)
    }
  }
}

/// Runs the checks of a unit one after the other, as listed in its assignment file.
public enum CheckRunner {
  /// Judges one submission.
  ///
  /// - Parameters:
  ///   - entries: the unit's test classes with their methods.
  ///   - session: the submission.
  ///   - kept: results of an earlier run that still hold. One is used where all checks that it
  ///     needs have passed now; where not, the check is not run anyway. What could not be built
  ///     always stays so.
  ///   - begin: is told of each check that is about to be run.
  ///   - report: is told of each result as it comes.
  /// - Returns: a result for every check of the manifest. A check whose test does not exist, or
  ///   that ended without recording anything, has failed.
  public static func run(
    _ entries: [XCTestCaseEntry], _ session: JudgeSession, keeping kept: [CheckResult] = [],
    begin: (AssignmentManifest.Check) -> Void = { _ in },
    report: (CheckResult) -> Void = { _ in }
  ) -> [CheckResult] {
    let kept = Dictionary(kept.map { ($0.id, $0) }) { $1 }
    CheckCase.judged = session
    defer { CheckCase.judged = nil }
    return session.manifest.tasks.flatMap { task in
      task.checks.map { check in
        let isBlocked = (check.needs ?? []).contains {
          session.results[$0].map { $0.outcome != .passed } ?? false
        }
        if let result = kept[check.id], !isBlocked || result.outcome == .notBuilt {
          session.keep(result)
          report(result)
          return result
        }
        begin(check)
        let parts = check.test.split(separator: "/").map(String.init)
        if parts.count == 2,
          let entry = entries.first(where: { String(describing: $0.testCaseClass) == parts[0] }),
          let test = entry.allTests.first(where: { $0.0 == parts[1] })
        {
          // whatever the method throws or does, only the session's record counts
          try? test.1(entry.testCaseClass.init(name: test.0, testClosure: test.1))
        }
        let result =
          session.results[check.id]
          ?? CheckResult(
            id: check.id, task: task.id, points: 0, maxPoints: check.points, outcome: .failed,
            message: "the check left no result, which is the grader's fault")
        report(result)
        return result
      }
    }
  }
}
