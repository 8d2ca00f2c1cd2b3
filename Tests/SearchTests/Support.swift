import Assignment
import Examples
import Foundation
import Sandbox
import TensorCore
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// A course of one unit in which is searched.
enum StudyCourse {
  static let folder = Repository.folder.appendingPathComponent("Tests/StudyCourse")
  static let path = folder.path + "/Assignments/Study/assignment.yml"

  static func manifest() throws -> AssignmentManifest { try AssignmentManifest.read(path) }

  /// The manifest with another text in the place of one.
  static func manifest(
    replacing text: String, with other: String, file: StaticString = #filePath, line: UInt = #line
  ) throws -> AssignmentManifest {
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    XCTAssertTrue(whole.contains(text), "\(text) does not stand there", file: file, line: line)
    return try AssignmentManifest.read(
      Data(whole.replacingOccurrences(of: text, with: other).utf8), path: "study.yml")
  }

  static func launcher() throws -> WorkerLauncher {
    WorkerLauncher(
      program: Program.products.appendingPathComponent("StudyReference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: [])
  }

  /// Rows of noise with the class's number times 0.6 added at one of five places; by a seed.
  static func examples(_ count: Int, seed: UInt64) -> ExampleSet {
    var generator = RandomGenerator(seed: seed)
    let labels = (0..<count).map { Int32($0 % 5) }
    let noise = Tensor.randn([count * 187], using: &generator).array
    let values = noise.indices.map { index in
      0.5 * noise[index] + (index % 187 == 30 * Int(labels[index / 187]) ? 3 : 0)
    }
    return ExampleSet(
      [
        .init(
          Table(values, rowShape: [187]), name: "beat", firstRows: Array(0..<count), extent: .row)
      ],
      targets: .classes(labels, count: 5))
  }
}
