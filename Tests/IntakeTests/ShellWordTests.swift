import Foundation
import TestSupport
import XCTest

@testable import Intake

/// Words of a command that a person copies into a shell.
final class ShellWordTests: XCTestCase {
  /// A shell gives every word back byte by byte; it has none with NUL.
  func testAShellReadsEachWordAsItIs() throws {
    let words = HostileText.all.filter { !$0.unicodeScalars.contains("\0") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script = "printf '%s\\0' " + words.map(Decision.quoted).joined(separator: " ")
    process.arguments = ["-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let read = output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    XCTAssertEqual(read.count, words.count)
    for (word, bytes) in zip(words, read) {
      XCTAssertEqual(Array(bytes), Array(word.utf8), word.debugDescription)
    }
  }
}
