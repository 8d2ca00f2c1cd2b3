import Foundation
import TestSupport
import XCTest

@testable import Release

/// A folder that is made to hold what another does, in which a build knows by dates what is new.
final class FolderMirrorTests: XCTestCase {
  private let manager = FileManager.default

  private func write(_ text: String, _ path: String, _ scratch: Scratch) throws {
    let file = URL(fileURLWithPath: scratch.path).appendingPathComponent(path)
    try manager.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: false, encoding: .utf8)
  }

  func testOnlyWhatDiffersIsWritten() throws {
    let scratch = try Scratch()
    let target = URL(fileURLWithPath: scratch.path + "/there")
    for (path, text) in [
      ("same", "1"), ("folder/same", "22"), ("folder/other", "333"), ("script", "#!"),
      ("new/a/b", "b"),
      ("file-now", "f"), ("folder-now/x", "x"),
    ] { try write(text, "here/" + path, scratch) }
    for (path, text) in [
      ("same", "1"), ("folder/same", "22"), ("folder/other", "444"), ("script", "#!"),
      ("old/c", "c"),
      ("folder/old", "o"), ("file-now/y", "y"), ("folder-now", "z"), (".build/kept", "k"),
      ("folder/.build", "not at the top"),
    ] { try write(text, "there/" + path, scratch) }
    try manager.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/here/script")
    let long = Date(timeIntervalSince1970: 1_000_000)
    for path in ["same", "folder/same", "folder/other", "script"] {
      try manager.setAttributes([.modificationDate: long], ofItemAtPath: "\(target.path)/\(path)")
    }

    let mirror = FolderMirror(
      of: URL(fileURLWithPath: scratch.path + "/here"), keeping: [".build"])
    XCTAssertEqual(try mirror.write(to: target), ["folder/.build", "folder/old", "old"])
    XCTAssertEqual(
      try manager.subpathsOfDirectory(atPath: target.path).filter { !$0.hasPrefix(".build") }
        .sorted(),
      try manager.subpathsOfDirectory(atPath: scratch.path + "/here").sorted())
    XCTAssertTrue(manager.fileExists(atPath: target.path + "/.build/kept"))
    func attributes(_ path: String) throws -> [FileAttributeKey: Any] {
      try manager.attributesOfItem(atPath: "\(target.path)/\(path)")
    }
    for path in ["same", "folder/same"] {
      XCTAssertEqual(try attributes(path)[.modificationDate] as? Date, long, path)
    }
    for (path, text) in [("folder/other", "333"), ("file-now", "f"), ("folder-now/x", "x")] {
      XCTAssertEqual(
        try String(contentsOfFile: "\(target.path)/\(path)", encoding: .utf8), text, path)
    }
    XCTAssertNotEqual(try attributes("folder/other")[.modificationDate] as? Date, long)
    XCTAssertEqual(try attributes("script")[.posixPermissions] as? Int, 0o755)
    // nothing is left to do
    XCTAssertEqual(try mirror.write(to: target), [])
  }

  func testAFolderThatIsNotThereIsMade() throws {
    let scratch = try Scratch()
    try write("1", "here/a/b", scratch)
    let target = URL(fileURLWithPath: scratch.path + "/there")
    try FolderMirror(of: URL(fileURLWithPath: scratch.path + "/here")).write(to: target)
    XCTAssertEqual(
      try String(contentsOfFile: target.path + "/a/b", encoding: .utf8), "1")
  }
}
