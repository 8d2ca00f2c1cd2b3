import Assignment
import Building
import Foundation
import Judge
import Release
import Sandbox
import TestSupport
import Units
import Workers
import XCTest

@testable import rhythm

/// What stands in for a file that another task needs: right, and nothing of the Solutions.
final class StandInTests: XCTestCase {
  private func whole(_ copy: WorkingCopy, _ unit: String) throws -> AssignmentManifest {
    try AssignmentManifest.read(copy.assignment(unit) + "/assignment.yml")
  }

  func testAStandInDoesWhatTheTaskAsksFor() throws {
    for unit in Units.units { try requireStandIns(unit) }
  }

  private func requireStandIns(_ course: any CourseUnit.Type) throws {
    let unit = course.name
    let copy = try WorkingCopy.find()
    let whole = try whole(copy, unit)
    var manifest = whole.withoutTraining
    manifest.tasks.removeAll { whole.standIns?.contains($0.file) != true }
    XCTAssertFalse(manifest.tasks.isEmpty)
    let toolchain = try Toolchain.find()
    let sandbox = Sandbox(tier: .none, toolchain: toolchain)
    for file in whole.standIns ?? [] {
      let builder = try WorkerBuilder(
        whole, assignmentFolder: copy.solutions(unit), core: copy.core, sandbox: sandbox,
        cacheFolder: copy.buildCache)
      let path = "\(copy.root)/Grader/Units/\(unit)/StandIns/\(file)"
      let text = try XCTUnwrap(FileManager.default.contents(atPath: path), path)
      let built = try builder.build(
        [:], program: whole.program(of: file), standIns: [file: [UInt8](text)],
        children: Children())
      guard case .built(let worker, _) = built else { return XCTFail("\(file): \(built)") }
      func launcher(_ program: String) -> WorkerLauncher {
        WorkerLauncher(
          program: program, sandbox: sandbox, limits: manifest.limits.check, files: manifest.files)
      }
      let reference = try copy.worker(unit: unit, solutions: true, manifest: whole)
      let session = JudgeSession(
        manifest: manifest, subjects: course.facts.subjects,
        student: StudentPrograms(launcher(worker)),
        reference: ReferenceWorker(launcher(reference)), seed: 7, trainingThreads: 1
      ) { throw CheckFailure("nothing trains") }
      for result in CheckRunner.run(course.checks, session) {
        XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
      }
    }
  }

  /// A stand-in shares its process, and its compiler's folder, with a student's code.
  func testNoStandInHoldsALineOfTheSolutions() throws {
    for unit in Units.units { try requireNoLeak(unit.name) }
  }

  private func requireNoLeak(_ unit: String) throws {
    let copy = try WorkingCopy.find()
    let scan = try LeakScan(unit: unit, root: URL(fileURLWithPath: copy.root), words: [])
    XCTAssertGreaterThan(scan.secretCount, 20)
    let folder = "\(copy.root)/Grader/Units/\(unit)/StandIns"
    let solutions = try whole(copy, unit).files.reduce(into: [String: [String]]()) { texts, file in
      texts[file] = try String(
        contentsOfFile: copy.solutions(unit) + "/" + file, encoding: .utf8
      ).components(separatedBy: "\n")
    }
    let findings = try scan.findings(in: URL(fileURLWithPath: folder)).filter { finding in
      // The declarations of parameters cannot be written otherwise, and the task gives their names.
      let place = finding.split(separator: "/").last?.split(separator: ":") ?? []
      guard place.count == 2, let line = Int(place[1]),
        let text = solutions[String(place[0])]?[line - 1]
      else { return true }
      return !text.contains("@Parameter var ")
    }
    XCTAssertEqual(findings, [])
    // the scan can find something
    let scratch = try Scratch()
    let file = try XCTUnwrap(whole(copy, unit).standIns?.first)
    let solution = try String(contentsOfFile: "\(copy.solutions(unit))/\(file)", encoding: .utf8)
    try scratch.write(solution, "leak/\(file)")
    XCTAssertNotEqual(try scan.findings(in: URL(fileURLWithPath: scratch.path + "/leak")), [])
  }
}
