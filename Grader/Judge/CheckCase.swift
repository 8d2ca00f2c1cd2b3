import Foundation
import WorkerPipe
import XCTest

/// The base of the checks of a task.
///
/// A check is a test method that calls `check`; its points and what it needs stand in
/// `assignment.yml` under the class's and the method's name. The student's code never runs in this
/// process: `subject` answers questions from a worker.
open class CheckCase: XCTestCase {
  /// The submission being judged.
  ///
  /// XCTest makes the instances itself, so the session cannot be handed to them. It is set before
  /// the first test, and tests run one after the other.
  public nonisolated(unsafe) static var session: (() throws -> JudgeSession)?

  /// Runs a check and records its outcome.
  ///
  /// - Parameter body: throws `CheckFailure` or lets a worker's failure through; when it ends
  ///   without an error the check has passed.
  public func check(
    _ method: String = #function, file: StaticString = #filePath, line: UInt = #line,
    _ body: (JudgeSession) throws -> Void
  ) throws {
    guard let session = try Self.session?() else {
      throw XCTSkip("no submission to judge")
    }
    let name = "\(Self.self)/\(method.prefix { $0 != "(" })"
    guard let result = session.run(test: name, body) else {
      XCTFail("\(name) is not listed in assignment.yml", file: file, line: line)
      return
    }
    let text = result.message + (result.diagnosis.map { " — \($0)" } ?? "")
    switch result.outcome {
    case .passed: return
    case .notImplemented, .notRun: throw XCTSkip(text)
    case .failed, .crashed, .timedOut, .notBuilt:
      XCTFail("\(result.id): \(text)", file: file, line: line)
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
  /// - Returns: a result for every check of the manifest. A check whose test does not exist, or
  ///   that ended without recording anything, has failed.
  public static func run(_ entries: [XCTestCaseEntry], _ session: JudgeSession) -> [CheckResult] {
    CheckCase.session = { session }
    for task in session.manifest.tasks {
      for check in task.checks {
        let parts = check.test.split(separator: "/").map(String.init)
        guard parts.count == 2,
          let entry = entries.first(where: { String(describing: $0.testCaseClass) == parts[0] }),
          let test = entry.allTests.first(where: { $0.0 == parts[1] })
        else { continue }
        entry.testCaseClass.init(name: test.0, testClosure: test.1).run()
      }
    }
    return session.manifest.tasks.flatMap { task in
      task.checks.map { check in
        session.results[check.id]
          ?? CheckResult(
            id: check.id, task: task.id, points: 0, maxPoints: check.points, outcome: .failed,
            message: "the check left no result, which is the grader's fault")
      }
    }
  }
}
