import Foundation
import Sandbox
import XCTest

@testable import Mistakes

/// Every mistake and every right variant through every check, by the tool itself.
///
/// It takes some minutes, most of them for builds.
final class MatrixTests: XCTestCase {
  func testEveryMistakeIsCaughtAndTheDocumentationSaysSo() throws {
    #if os(macOS)
      let products = Bundle(for: Self.self).bundleURL.deletingLastPathComponent().path
    #else
      let products = Bundle.main.bundleURL.path
    #endif
    if let reason = Sandbox.probe() { throw XCTSkip("bubblewrap does not work here: \(reason)") }
    guard FileManager.default.fileExists(atPath: products + "/libRhythmCore.a") else {
      throw XCTSkip("the core is not built beside the tests: swift build")
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // a course around the tool whose builds go away with it
    for name in ["Sources", "Solutions", "Grader", "Assignments"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/\(name)", withDestinationPath: "\(Repository.root)/\(name)")
    }
    let log = folder.appendingPathComponent("log.txt")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: products + "/rhythm")
    process.arguments = ["mistakes", "--pairs", "0", "--out", "matrix.md"]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["RHYTHMLAB_ROOT": folder.path]) { $1 }
    let output = try FileHandle(forWritingTo: log)
    (process.standardOutput, process.standardError) = (output, output)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()

    let said = try String(contentsOf: log, encoding: .utf8)
    XCTAssertEqual(process.terminationStatus, 0, said)
    let matrix = try String(
      contentsOf: folder.appendingPathComponent("matrix.md"), encoding: .utf8)
    let document = try String(
      contentsOfFile: Repository.root + "/Grader/Mistakes/README.md", encoding: .utf8)
    XCTAssertTrue(
      document.hasSuffix(matrix),
      "write it anew: ./rhythm mistakes --out Grader/Mistakes/README.md")
  }
}
