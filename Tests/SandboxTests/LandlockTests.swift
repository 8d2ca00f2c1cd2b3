import Foundation
import XCTest

@testable import Sandbox

/// What the Landlock tier does in another way than bubblewrap: there are no namespaces, so that
/// others' processes and files are there and must be out of reach.
final class LandlockTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    if let reason = Sandbox.probe(.landlock) {
      throw XCTSkip("Landlock does not work here: \(reason)")
    }
    folder = NSTemporaryDirectory() + "landlock-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func start(
    _ script: String, limits: Limits = Limits(cpuSeconds: 20, wallSeconds: 20),
    writable: [String] = []
  ) throws -> ChildProcess {
    try ChildProcess(
      Sandbox.select(.landlock).confined(
        ["/bin/sh", "-c", script], view: .system, limits: limits, writable: writable))
  }

  /// Processes whose arguments hold a text.
  private func processes(with text: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter {
      Int($0) != nil
        && String(
          decoding: FileManager.default.contents(atPath: "/proc/\($0)/cmdline") ?? Data(),
          as: UTF8.self
        ).contains(text)
    }
  }

  func testReportsStatusSignalAndOutput() throws {
    let exits = try start("echo out; echo err >&2; exit 3")
    XCTAssertEqual(exits.wait().exitStatus, 3)
    XCTAssertEqual(exits.standardOutput.text, "out\n")
    XCTAssertEqual(exits.standardError.text, "err\n")
    XCTAssertEqual(try start("kill -SEGV $$").wait().signal, SIGSEGV)
  }

  func testWhatItStartedEndsWithIt() throws {
    // detached twice, in a session of its own, deaf to polite signals
    let detach = "(setsid sh -c 'trap \"\" TERM HUP INT; sleep 481' &) & "
    let left = try start(detach + "sleep 0.2; exit 0")
    XCTAssertTrue(left.wait().isSuccess)
    XCTAssertEqual(processes(with: "sleep\u{0}481"), [])
    let stopped = try start(detach + "sleep 482")
    XCTAssertNil(stopped.wait(timeout: 0.3))
    stopped.terminate()
    XCTAssertTrue(stopped.wait().terminated)
    XCTAssertEqual(processes(with: "sleep\u{0}48"), [])
  }

  func testACommandEndsWithItsSupervisor() throws {
    let child = try start("exec sleep 486")
    XCTAssertNil(child.wait(timeout: 0.3))
    XCTAssertEqual(processes(with: "sleep\u{0}486").count, 1)
    // as the kernel does where memory is short
    kill(child.identifier, SIGKILL)
    XCTAssertEqual(child.wait().signal, SIGKILL)
    for _ in 0..<100 where !processes(with: "sleep\u{0}486").isEmpty { usleep(10_000) }
    XCTAssertEqual(processes(with: "sleep\u{0}486"), [])
  }

  func testStopsAForkBomb() throws {
    let bomb = try start(
      "f() { f | f & }; f; sleep 483",
      limits: Limits(cpuSeconds: 20, wallSeconds: 2, processes: 40))
    XCTAssertFalse(bomb.wait().isSuccess)
    XCTAssertEqual(processes(with: "sleep\u{0}483"), [])
    XCTAssertTrue(try start("exit 0").wait().isSuccess)
  }

  func testReachesNoOtherProcess() throws {
    let victim = try ChildProcess(
      ["/bin/sleep", "484"], environment: [:], limits: Limits(wallSeconds: 60))
    defer { victim.terminate() }
    let number = victim.identifier
    let child = try start(
      "kill -9 \(number) && echo killed; cat /proc/\(number)/cmdline && echo read; "
        + "prlimit --pid \(number) --nofile=1 && echo limited; renice 19 \(number) && echo slowed")
    _ = child.wait()
    XCTAssertEqual(child.standardOutput.text, "")
    XCTAssertNil(victim.wait(timeout: 0.05))
  }

  func testWritesOnlyWhereItMayAndChangesNoPermissions() throws {
    let own = folder + "/own"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    let file = folder + "/file"
    try "kept".write(toFile: file, atomically: true, encoding: .utf8)
    chmod(file, 0o666)
    chmod(folder, 0o777)
    let script = """
      echo x > \(own)/made && echo own; for p in \(file) \(folder)/new /tmp/new-485 /dev/shm/new; do
      echo x > $p && echo "wrote $p"; done; rm -f \(file); mv \(file) \(file)2; ln -s / \(folder)/l
      """
    let child = try start(script, writable: [own])
    _ = child.wait()
    XCTAssertEqual(child.standardOutput.text, "own\n")
    // Owner and times are not Landlock's to guard; the filter does.
    let careless = try start("chmod 0 \(file); touch -d 1999-01-01 \(file); echo done")
    _ = careless.wait()
    XCTAssertEqual(careless.standardOutput.text, "done\n")
    var status = stat()
    XCTAssertEqual(stat(file, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o666)
    XCTAssertGreaterThan(status.st_mtim.tv_sec, 1_000_000_000)
    XCTAssertEqual(try String(contentsOfFile: file, encoding: .utf8), "kept")
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder).count, 2)
  }
}
