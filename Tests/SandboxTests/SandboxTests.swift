import Foundation
import XCTest

@testable import Sandbox

/// What a confined command can and cannot do. The commands are shell lines: what counts is the
/// kernel's answer, not the program that asks.
final class SandboxTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "sandbox-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func sandbox() throws -> Sandbox {
    if let reason = Sandbox.probe() { throw XCTSkip("bubblewrap does not work here: \(reason)") }
    return try Sandbox.select(.bubblewrap)
  }

  private func run(
    _ script: String, limits: Limits = Limits(cpuSeconds: 20, wallSeconds: 20),
    readOnly: [String] = [], writable: [String] = []
  ) throws -> (ending: Ending, output: String, error: String) {
    let command = try sandbox().confined(
      ["/bin/sh", "-c", script], view: .system, limits: limits, readOnly: readOnly,
      writable: writable)
    let child = try ChildProcess(command)
    let ending = child.wait()
    return (ending, child.standardOutput.text, child.standardError.text)
  }

  func testRunsAndReportsExitStatusAndOutput() throws {
    let (ending, output, error) = try run("echo out; echo err >&2; exit 3")
    XCTAssertEqual(ending.exitStatus, 3)
    XCTAssertNil(ending.signal)
    XCTAssertEqual(output, "out\n")
    XCTAssertEqual(error, "err\n")
  }

  func testSeesNoNetwork() throws {
    // One interface, the loopback: /proc/net/dev has two heading lines and one for it.
    let (_, output, _) = try run("cat /proc/net/dev | wc -l")
    XCTAssertEqual(output.trimmingCharacters(in: .whitespacesAndNewlines), "3")
  }

  /// As root: the command's own user reads what root made under a strict umask, and what it makes can
  /// be read by the next one's.
  func testNoUmaskIsInTheWay() throws {
    guard geteuid() == 0 else { throw XCTSkip("only root's commands have a user of their own") }
    let (shown, made) = (folder + "/shown", folder + "/made")
    for path in [shown, made] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try "text".write(toFile: shown + "/file", atomically: true, encoding: .utf8)
    chmod(shown + "/file", 0o600)
    chmod(shown, 0o700)
    let before = umask(0o077)
    defer { umask(before) }
    let (ending, output, error) = try run(
      "cat \(shown)/file; echo x > \(made)/new", readOnly: [shown], writable: [made])
    XCTAssertTrue(ending.isSuccess, error)
    XCTAssertEqual(output, "text")
    let attributes = try FileManager.default.attributesOfItem(atPath: made + "/new")
    XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o644)
  }

  func testSeesNoFilesOutsideItsView() throws {
    let secret = folder + "/secret"
    try "answers".write(toFile: secret, atomically: true, encoding: .utf8)
    let (ending, output, _) = try run("cat \(secret); ls /home /root /etc/passwd /etc/shadow")
    XCTAssertNotEqual(ending.exitStatus, 0)
    XCTAssertEqual(output, "")
    let shown = try run("cat \(secret)", readOnly: [secret])
    XCTAssertEqual(shown.output, "answers")
  }

  func testCannotWriteOutsideItsFolder() throws {
    let other = folder + "/other"
    let own = folder + "/own"
    for path in [other, own] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let script = """
      for place in \(other) /usr / /etc /bin; do echo x > $place/made && echo "wrote $place"; done
      echo x > \(own)/made && echo own; echo x > /tmp/made && echo tmp; echo x > $TMPDIR/temporary
      """
    let (_, output, _) = try run(script, readOnly: [other], writable: [own])
    XCTAssertEqual(output, "own\n")
    XCTAssertTrue(FileManager.default.fileExists(atPath: own + "/made"))
    XCTAssertTrue(FileManager.default.fileExists(atPath: own + "/temporary"))
    XCTAssertFalse(FileManager.default.fileExists(atPath: other + "/made"))
    XCTAssertFalse(FileManager.default.fileExists(atPath: "/tmp/made"))
  }

  func testSeesNoOtherProcessesAndNoVariables() throws {
    setenv("RHYTHM_TEST_SECRET", "leak", 1)
    defer { unsetenv("RHYTHM_TEST_SECRET") }
    let (_, output, _) = try run("ls /proc | grep -c '^[0-9]'; env")
    let lines = output.split(separator: "\n")
    XCTAssertLessThan(Int(lines.first ?? "") ?? 99, 6)
    XCTAssertFalse(output.contains("leak"))
    XCTAssertTrue(output.contains("TMPDIR=/nonexistent"))
  }

  func testHasNoPrivileges() throws {
    let (_, output, _) = try run("grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status")
    XCTAssertTrue(output.contains("CapEff:\t0000000000000000"), output)
    XCTAssertTrue(output.contains("NoNewPrivs:\t1"), output)
  }

  func testStopsAnEndlessLoopByProcessorTime() throws {
    let (ending, _, _) = try run(
      "while :; do :; done", limits: Limits(cpuSeconds: 0.5, wallSeconds: 30))
    XCTAssertEqual(ending.exceeded, .cpuSeconds)
    XCTAssertGreaterThan(ending.cpuSeconds, 0.4)
    XCTAssertEqual(
      ending.exceeded?.sentence(Limits(cpuSeconds: 0.5)),
      "used more than 0.5 s of processor time")
  }

  func testStopsASleeperByTheClock() throws {
    let (ending, output, _) = try run(
      "echo begun; sleep 100", limits: Limits(cpuSeconds: 30, wallSeconds: 0.5))
    XCTAssertEqual(ending.exceeded, .wallSeconds)
    XCTAssertEqual(output, "begun\n")
  }

  func testStopsMemoryByDataLimitAndByTheSum() throws {
    // One process: its allocation fails (RLIMIT_DATA). awk doubles a string until it dies.
    let hog = "awk 'BEGIN { s = \"x\"; while (1) s = s s }'"
    let one = try run(hog, limits: Limits(cpuSeconds: 20, wallSeconds: 20, memoryBytes: 200 << 20))
    XCTAssertFalse(one.ending.isSuccess)
    XCTAssertLessThan(one.ending.peakMemoryBytes, 250 << 20)
    // Four processes of 200 MB each are under the limit one by one, but not together; the kernel's
    // part of all seventeen is some 340 MiB.
    let each = "yes | head -c 200000000 | tail -c 200000000 | sleep 50 & "
    let four = try run(
      String(repeating: each, count: 4) + " wait",
      limits: Limits(cpuSeconds: 60, wallSeconds: 60, memoryBytes: 700 << 20))
    XCTAssertEqual(four.ending.exceeded, .memoryBytes)
  }

  func testStopsAForkBomb() throws {
    let (ending, _, _) = try run(
      "f() { f | f & }; f; sleep 30",
      limits: Limits(cpuSeconds: 20, wallSeconds: 3, processes: 40))
    XCTAssertFalse(ending.isSuccess)
    XCTAssertLessThan(ending.wallSeconds, 40)
    // The machine is as usable as before: the limit held while the bomb went off.
    XCTAssertTrue(try run("exit 0").ending.isSuccess)
  }

  func testKillsOrphansWithTheNamespace() throws {
    let own = folder + "/own"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    let script = "setsid sh -c 'sleep 1; echo x > \(own)/late' >/dev/null 2>&1 & exit 0"
    let (ending, _, _) = try run(script, writable: [own])
    XCTAssertTrue(ending.isSuccess)
    Thread.sleep(forTimeInterval: 1.5)
    XCTAssertFalse(FileManager.default.fileExists(atPath: own + "/late"))
  }

  func testCapsOutputAndKeepsBothEnds() throws {
    let (ending, output, _) = try run(
      "echo first; yes x | tr -d '\\n' | head -c 50000000; echo; echo last",
      limits: Limits(cpuSeconds: 20, wallSeconds: 20, outputBytes: 1000))
    XCTAssertTrue(ending.isSuccess)
    XCTAssertTrue(output.hasPrefix("first\n"))
    XCTAssertTrue(output.hasSuffix("\nlast\n"))
    // 6 + 50000000 + 1 + 5 bytes were written, 1000 kept.
    XCTAssertTrue(output.contains("… 49999012 bytes left out …"))
    XCTAssertLessThan(output.utf8.count, 1100)
  }

  func testLimitsTheSizeOfFiles() throws {
    let own = folder + "/own"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    let (ending, _, _) = try run(
      "yes | head -c 5000000 > \(own)/big",
      limits: Limits(cpuSeconds: 20, wallSeconds: 20, fileBytes: 1 << 20), writable: [own])
    XCTAssertFalse(ending.isSuccess)
    let size = try FileManager.default.attributesOfItem(atPath: own + "/big")[.size] as? Int
    XCTAssertEqual(size, 1 << 20)
  }

  func testPassesDescriptorsThreeAndFourAndNoOther() throws {
    let requests = try DescriptorPipe()
    let answers = try DescriptorPipe()
    // A descriptor of ours without close-on-exec must not reach the command.
    let leak = open("/dev/null", O_RDONLY)
    defer { close(leak) }
    let command = try sandbox().confined(
      ["/bin/sh", "-c", "read line <&3; echo \"got $line\" >&4; ls /proc/self/fd | tr '\\n' ' '"],
      view: .system, limits: Limits())
    let child = try ChildProcess(
      command, descriptors: [3: requests.readEnd, 4: answers.writeEnd])
    close(requests.readEnd)
    close(answers.writeEnd)
    XCTAssertEqual(write(requests.writeEnd, "ping\n", 5), 5)
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = read(answers.readEnd, &buffer, buffer.count)
    XCTAssertEqual(String(decoding: buffer[..<max(0, count)], as: UTF8.self), "got ping\n")
    XCTAssertTrue(child.wait().isSuccess)
    // ls itself holds one more while it reads the folder.
    XCTAssertEqual(child.standardOutput.text, "0 1 2 3 4 5 ")
    // The command is gone: writing to it is an error code and not our end.
    XCTAssertEqual(write(requests.writeEnd, "x", 1), -1)
    close(requests.writeEnd)
    close(answers.readEnd)
  }

  func testTerminateStopsAtOnce() throws {
    let command = try sandbox().confined(["/bin/sleep", "100"], view: .system, limits: Limits())
    let child = try ChildProcess(command)
    XCTAssertNil(child.wait(timeout: 0.2))
    child.terminate()
    let ending = child.wait()
    XCTAssertTrue(ending.terminated)
    XCTAssertFalse(ending.isSuccess)
    XCTAssertLessThan(ending.wallSeconds, 50)
  }

  func testManyAtOnceDoNotDisturbEachOther() throws {
    let sandbox = try sandbox()
    let children = try (0..<16).map { number in
      try ChildProcess(
        sandbox.confined(
          ["/bin/sh", "-c", "sleep 0.2; echo \(number)"], view: .system, limits: Limits()))
    }
    for (number, child) in children.enumerated() {
      XCTAssertTrue(child.wait().isSuccess)
      XCTAssertEqual(child.standardOutput.text, "\(number)\n")
    }
  }

  func testUnconfinedTierKeepsLimits() throws {
    let sandbox = try Sandbox.select(SandboxTier.none)
    let command = sandbox.confined(
      ["/bin/sh", "-c", "sleep 100 & sleep 100"], view: .system, limits: Limits(wallSeconds: 0.3))
    let child = try ChildProcess(command)
    let ending = child.wait()
    XCTAssertEqual(ending.exceeded, .wallSeconds)
  }

  func testMissingProgramIsASentence() {
    XCTAssertThrowsError(
      try ChildProcess(["/nowhere/at/all"], environment: [:], limits: Limits())
    ) {
      XCTAssertEqual(
        "\($0)", "cannot start /nowhere/at/all: No such file or directory")
    }
    XCTAssertThrowsError(try Toolchain.find(searchPath: "/nowhere")) {
      XCTAssertEqual($0 as? SandboxError, .noToolchain)
    }
  }
}
