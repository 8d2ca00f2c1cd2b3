import Foundation
import XCTest

@testable import Sandbox

/// Where control groups can be made, on folders that look like the kernel's, and what they do where the
/// system hands any down.
final class ControlGroupTests: XCTestCase {
  private var root = ""

  override func setUpWithError() throws {
    root = NSTemporaryDirectory() + "groups-\(UUID().uuidString)"
    for folder in ["a/b/c", "d"] {
      try FileManager.default.createDirectory(
        atPath: root + "/" + folder, withIntermediateDirectories: true)
    }
    try group("", "cpu")
    try group("/a", "cpu memory pids")
    try group("/a/b", "")
    try group("/a/b/c", "")
    try group("/d", "memory")
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: root)
  }

  private func group(_ path: String, _ controllers: String) throws {
    for (name, text) in [("cgroup.subtree_control", controllers), ("cgroup.procs", "")] {
      try text.write(toFile: "\(root)\(path)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  func testFindsTheNearestGroupThatHandsBothDown() {
    XCTAssertEqual(ControlGroup.parent(root: root, own: "1:cpu:/x\n0::/a/b/c\n"), root + "/a")
    XCTAssertEqual(ControlGroup.parent(root: root, own: "0::/a\n"), root + "/a")
    XCTAssertNil(ControlGroup.parent(root: root, own: "0::/d\n"), "no limit on processes")
    XCTAssertNil(ControlGroup.parent(root: root, own: "0::/\n"))
    XCTAssertNil(ControlGroup.parent(root: root, own: "0::/../a\n"), "outside of the namespace")
    XCTAssertNil(ControlGroup.parent(root: root, own: "4:memory:/a\n"), "version 1")
  }

  func testFindsWhereVersionTwoIsMounted() {
    // lines of proc_pid_mountinfo(5)
    let mounts = """
      28 23 0:25 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
      29 23 0:26 / /sys/fs/cgroup/unified rw,relatime shared:4 - cgroup2 cgroup2 rw
      """
    XCTAssertEqual(ControlGroup.root(mounts), "/sys/fs/cgroup/unified")
    XCTAssertNil(ControlGroup.root(String(mounts.split(separator: "\n")[0])))
  }

  func testAFolderWithoutLimitsIsNoGroup() throws {
    XCTAssertNil(ControlGroup(Limits(), parent: root + "/a"))
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: root + "/a").sorted(),
      ["b", "cgroup.procs", "cgroup.subtree_control"])
  }

  func testRemovesOnlyWhatDeadGradersLeft() throws {
    // a number that no process can have: pid_max is at most 2^22
    let names = ["rhythm-4194305-1", "rhythm-\(getpid())-1", "other"]
    for name in names { XCTAssertEqual(mkdir("\(root)/a/b/c/\(name)", 0o755), 0) }
    ControlGroup.removeLeftovers(in: root + "/a/b/c")
    let left = try FileManager.default.contentsOfDirectory(atPath: root + "/a/b/c")
    XCTAssertEqual(left.filter(names.contains).sorted(), ["other", "rhythm-\(getpid())-1"])
  }

  func testACommandJoinsBeforeItStarts() throws {
    // it is built with the tests
    let confine = try XCTUnwrap(Confine.path)
    let file = root + "/d/cgroup.procs"
    let child = try ChildProcess(
      [confine, "--join", file, "--", "/bin/cat", file], environment: [:], limits: Limits())
    XCTAssertTrue(child.wait().isSuccess, child.standardError.text)
    // the kernel takes 0 for the process that writes
    XCTAssertEqual(child.standardOutput.text, "0")
    let nowhere = try ChildProcess(
      [confine, "--join", root + "/none", "--", "/bin/cat", file], environment: [:],
      limits: Limits())
    XCTAssertEqual(nowhere.wait().exitStatus, 125)
    XCTAssertEqual(
      nowhere.standardError.text, "confine: \(root)/none: No such file or directory\n")
  }

  func testTheKernelLimitsAGroup() throws {
    guard let parent = ControlGroup.parent else {
      throw XCTSkip("no group here hands memory and pids down")
    }
    let sandbox = try Sandbox.select(nil)
    let own = sandbox.ownProgram
    // shared memory belongs to no limit of a process
    let child = try ChildProcess(
      sandbox.confined(
        own.command + ["--probe", "shared=\(512 << 20)"], view: .worker,
        limits: Limits(memoryBytes: 64 << 20), readOnly: own.paths))
    XCTAssertEqual(child.wait().exceeded, .memoryBytes)
    let left = try FileManager.default.contentsOfDirectory(atPath: parent)
    XCTAssertEqual(left.filter { $0.hasPrefix("rhythm-\(getpid())-") }, [])
  }
}
