import Foundation
import XCTest

@testable import Sandbox

/// A Swift worker that traps or hangs says where in bubblewrap too; under Landlock it only says why.
final class BacktraceTests: XCTestCase {
  func testTrapAndLoopNameTheLineInBubblewrap() throws { try requireLines(.bubblewrap) }
  func testTrapNamesTheReasonUnderLandlock() throws { try requireLines(.landlock) }

  private func requireLines(_ tier: SandboxTier) throws {
    if let reason = Sandbox.probe(tier) {
      throw XCTSkip("\(tier.rawValue) does not work here: \(reason)")
    }
    let sandbox = try Sandbox.select(tier)
    let folder = NSTemporaryDirectory() + "backtrace-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = """
      let numbers = [1, 2]
      func loop() {
        while true {}
      }
      func trap(_ index: Int) -> Int {
        numbers[index]
      }
      print("begun")
      if CommandLine.arguments.count > 1 { loop() } else { print(trap(7)) }
      """
    try source.write(toFile: folder + "/main.swift", atomically: true, encoding: .utf8)
    let limits = Limits(cpuSeconds: 120, wallSeconds: 120)
    let build = try ChildProcess(
      sandbox.confined(
        [
          sandbox.toolchain.compiler, "-Onone", "-g", "-file-prefix-map", folder + "/=",
          "-module-cache-path", folder + "/modules", "main.swift", "-o", "worker",
        ] + (sandbox.toolchain.hasLinker ? ["-use-ld=lld"] : []), view: .system,
        limits: .build, writable: [folder], workingDirectory: folder))
    XCTAssertTrue(build.wait().isSuccess, build.standardError.text)

    let trapping = try ChildProcess(
      sandbox.confined([folder + "/worker"], view: .worker, limits: limits, readOnly: [folder]))
    XCTAssertEqual(trapping.wait().signal, SIGILL)
    let expected = tier == .landlock ? "Index out of range" : "main.swift:6"
    XCTAssertTrue(
      trapping.standardError.text.contains(expected), trapping.standardError.text)
    guard tier != .landlock else { return }

    let looping = try ChildProcess(
      sandbox.confined(
        [folder + "/worker", "loop"], view: .worker, limits: limits, readOnly: [folder]))
    XCTAssertNil(looping.wait(timeout: 0.5))
    looping.terminateWithBacktrace(timeout: 60)
    XCTAssertTrue(looping.wait().terminated)
    XCTAssertTrue(
      looping.standardError.text.contains("main.swift:3"), looping.standardError.text)
  }
}
