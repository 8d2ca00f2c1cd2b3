import Assignment
import Foundation
import Judge
import RecurrentNetworksChecks
import Sandbox
import TestSupport
import Workers
import XCTest

@testable import Proof

/// What students read in their copy, which has recorded answers in place of the Solutions, and here.
final class RecordedFeedbackTests: XCTestCase {
  /// Mistakes that no book knows make the checks ask the most questions, and not all of those that
  /// were recorded: an answer to another question would be taken for this one's.
  func testMistakesReadTheSameFromRecordedAnswers() throws {
    let manifest = try Repository.manifest()
    let builds = try Scratch()
    let live = try course(builds)
    let recorded = try course(builds)
    try recorded.write(
      AnswerRecording.record(
        manifest, RecurrentNetworksUnit.self,
        solutions: WorkerLauncher(
          program: Program.products.appendingPathComponent("RecurrentNetworksReference").path,
          sandbox: Sandbox.select(SandboxTier.none), limits: manifest.limits.check,
          files: manifest.files)),
      RecordedReference.path(ofUnit: "RecurrentNetworks"))

    // The LSTMNet is judged by the student's own layer: how many experiments it takes depends on that.
    for name in ["lstm-zero-state", "lstm-sigmoid-input-node", "right-lstm-fused-gates"] {
      let entry = try XCTUnwrap(Repository.library().entries.first { $0.name == name }, name)
      let here = try feedback(entry, live, check: "LSTMNet")
      XCTAssertEqual(try feedback(entry, recorded, check: "LSTMNet"), here, name)
      XCTAssertEqual(here.contains("it waits for the LSTM"), name == "lstm-zero-state", here)
      XCTAssertEqual(here.contains("not right"), false, here)
    }

    try requireTheSameOfPairs(live, recorded)

    let unknown = try unknown(manifest)
    XCTAssertGreaterThanOrEqual(unknown.count, 25)
    for entry in Subset.oneOfEvery(6, of: unknown) {
      let here = try feedback(entry, live)
      let there = try feedback(entry, recorded)
      XCTAssertEqual(there, here, entry.name)
      XCTAssertTrue(here.contains("not right"), "\(entry.name): \(here)")
      XCTAssertFalse(here.contains("your code stopped"), "\(entry.name): \(here)")
    }
  }

  /// What cannot throw ends the program with a sentence of the core's, which the terminal shows as it is.
  func testASentenceOfTheCoreReachesTheTerminal() throws {
    let builds = try Scratch()
    let known = try XCTUnwrap(Repository.library().entries.first { $0.name == "lstm-zero-state" })
    let course = try course(builds)
    for (name, text) in known.files {
      try course.write(
        text.replacing(/callAsFunction[^{]*{/) { "\($0.output)\n    _ = Tensor.zeros([-1])" },
        "Assignments/RecurrentNetworks/" + name)
    }
    let run = try Program.rhythm.run(
      ["check", known.task, "--without-accuracy"], in: course.path,
      environment: ["RHYTHMLAB_ROOT": course.path])
    XCTAssertEqual(run.status, 1, run.error)
    XCTAssertTrue(
      run.output.replacing(/\s+/, with: " ").contains(
        "zeros: a tensor of the shape [-1] has a negative size"), run.output)
    XCTAssertFalse(run.output.contains("signal"), run.output)
  }

  /// Two mistakes at once, which a grade can name: at home they are named too, and nothing else is said.
  private func requireTheSameOfPairs(_ live: Scratch, _ recorded: Scratch) throws {
    let library = try Repository.library()
    let known = library.entries.filter { entry in
      guard case .known = entry.called else { return false }
      return entry.task == "LSTM" && entry.fails == ["lstm.values"]
    }
    var named = 0
    for pair in library.pairs(of: known, count: 4, seed: 17) {
      let here = try feedback(pair.joined, live)
      XCTAssertEqual(try feedback(pair.joined, recorded), here, pair.joined.name)
      named += here.contains("; and ") ? 1 : 0
    }
    XCTAssertGreaterThanOrEqual(named, 2, "of four pairs fewer are named")
  }

  /// Entries that show in numbers and are no known mistakes.
  private func unknown(_ manifest: AssignmentManifest) throws -> [StudentMistake] {
    let numbers = Set(
      manifest.tasks.flatMap(\.checks).filter { [.values, .gradients].contains($0.kind) }.map(\.id))
    return try Repository.library().entries.filter { entry in
      guard entry.fails.count == 1, case .words = entry.called else { return false }
      return numbers.isSuperset(of: entry.fails)
    }
  }

  /// A course around the tool with files of its own in Assignments.
  ///
  /// - Parameter builds: where both courses keep what they compiled: the files are the same.
  private func course(_ builds: Scratch) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.shell(
      """
      for name in Sources Solutions; do ln -s '\(Repository.root)'/$name $name; done
      mkdir Grader
      for path in '\(Repository.root)'/Grader/*; do ln -s "$path" Grader/; done
      cp -r '\(Repository.root)'/Assignments Assignments
      mkdir .build && ln -s '\(builds.path)' .build/workers
      """)
    return scratch
  }

  private func feedback(
    _ entry: StudentMistake, _ course: Scratch, check task: String? = nil
  ) throws -> String {
    for (name, text) in entry.files {
      try course.write(text, "Assignments/RecurrentNetworks/" + name)
    }
    let outcome = try Program.rhythm.run(
      ["check", task ?? entry.task, "--without-accuracy"], in: course.path,
      environment: ["RHYTHMLAB_ROOT": course.path])
    if task == nil { XCTAssertEqual(outcome.status, 1, entry.name + outcome.error) }
    return outcome.output
  }
}
