import Foundation
import ResourceUsage
import TestSupport
import XCTest

@testable import Sandbox

/// What workers, compilers and linkers see and may do, in both tiers, and what they may use up. A
/// program of ours tries: what counts is the kernel's answer.
final class ViewTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "view-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The tiers that work here.
  private func sandboxes() throws -> [Sandbox] {
    let tiers = [SandboxTier.bubblewrap, .landlock].filter { tier in
      let reason = Sandbox.probe(tier)
      // Where everything is to be tried, a tier that does not work is no reason to try less.
      if Subset.isThorough { XCTAssertNil(reason, tier.rawValue) }
      return reason == nil
    }
    try XCTSkipIf(tiers.isEmpty, "no tier works here")
    return try tiers.map(Sandbox.select)
  }

  private func probe(
    _ arguments: [String], _ sandbox: Sandbox, _ view: SystemView,
    _ limits: Limits = Limits(cpuSeconds: 20, wallSeconds: 20), writable: [String] = []
  ) throws -> (ending: Ending, leaked: Set<String>, output: String) {
    let own = sandbox.ownProgram
    let child = try ChildProcess(
      sandbox.confined(
        own.command + ["--probe"] + arguments, view: view, limits: limits, readOnly: own.paths,
        writable: writable))
    let ending = child.wait()
    let lines = child.standardOutput.text.split(separator: "\n").map { $0.split(separator: "\t") }
    return (
      ending, Set(lines.filter { $0.count > 1 && $0[1] == "leaked" }.map { String($0[0]) }),
      child.standardOutput.text + child.standardError.text
    )
  }

  private var general: [String] {
    ["canary=\(folder)/none", "secret=\(UUID().uuidString)", "victim=999999", "port=1"]
  }

  func testAWorkerIsRefusedWhatAToolMayDo() throws {
    for sandbox in try sandboxes() {
      let worker = try probe(["view=worker"] + general, sandbox, .worker)
      XCTAssertTrue(worker.ending.isSuccess, worker.output)
      XCTAssertEqual(worker.leaked, [], "\(sandbox.tier): \(worker.output)")
      XCTAssertTrue(worker.output.contains("locks\theld"), worker.output)
      // The same program finds what is there where more is shown; of locks, a tool may ask for some.
      let tool = try probe(["view=worker"] + general, sandbox, .system)
      XCTAssertEqual(
        tool.leaked,
        [
          "channels", "dumps", "locks", "memory", "process count", "programs", "sockets",
          "system calls",
        ],
        "\(sandbox.tier): \(tool.output)")
    }
  }

  func testViewsHoldWhatTheirNamesSay() throws {
    let toolchain = try Toolchain.find()
    func paths(_ view: SystemView) -> [String] { SystemFiles.of(view, toolchain).paths }
    let worker = paths(.worker)
    let names = worker.map { ($0 as NSString).lastPathComponent }
    XCTAssertTrue(worker.contains(toolchain.runtime), "\(worker)")
    for name in ["libc.so.", "libm.so.", "libstdc++.so.", "libopenblas.so.", "ld-linux-"] {
      XCTAssertTrue(names.contains { $0.hasPrefix(name) }, "\(name): \(worker)")
    }
    XCTAssertEqual(worker.filter { $0.contains("/bin/") || $0.contains("/include") }, [])
    XCTAssertTrue(paths(.compiler).contains("/usr/include"))
    XCTAssertFalse(paths(.compiler).contains { $0.hasSuffix("crt1.o") || $0.hasSuffix("ld.lld") })
    let linker = paths(.linker(flags: ["-lopenblas"]))
    XCTAssertTrue(linker.contains { $0.hasSuffix("/Scrt1.o") }, "\(linker)")
    XCTAssertFalse(linker.contains { $0.hasSuffix("/include") }, "\(linker)")
    for path in worker + linker {
      XCTAssertTrue(FileManager.default.fileExists(atPath: path), path)
      XCTAssertFalse(path.hasSuffix("/sh") || path.contains("python"), path)
    }
    XCTAssertFalse(
      paths(.program(libraries: [])).contains { $0.contains("openblas") }, "nobody asked for it")
  }

  func testNothingIsWritableToAWorker() throws {
    chmod(folder, 0o777)
    for sandbox in try sandboxes() {
      let place = folder + "/new-\(sandbox.tier)"
      let worker = try probe(["file=\(place)"], sandbox, .worker, writable: [folder])
      XCTAssertTrue(worker.output.contains("no file to write"), worker.output)
      let tool = try probe(
        ["file=\(place)"], sandbox, .compiler, Limits(fileBytes: 1 << 20), writable: [folder])
      XCTAssertTrue(tool.output.contains("writing more than allowed"), tool.output)
    }
  }

  func testStopsAToolThatMakesManyFiles() throws {
    for sandbox in try sandboxes() {
      let own = folder + "/empty-\(sandbox.tier)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      var limits = Limits(cpuSeconds: 20, wallSeconds: 20, writtenFiles: 500)
      let empty = try probe(["empty=\(own)"], sandbox, .compiler, limits, writable: [own])
      XCTAssertEqual(empty.ending.exceeded, .writtenFiles, "\(sandbox.tier)")
      XCTAssertEqual(empty.ending.exceeded?.sentence(limits), "made more than 500 files")
      let large = folder + "/large-\(sandbox.tier)"
      try FileManager.default.createDirectory(atPath: large, withIntermediateDirectories: true)
      limits = Limits(cpuSeconds: 20, wallSeconds: 20, writtenBytes: 20 << 20)
      let many = try probe(["many=\(large)"], sandbox, .compiler, limits, writable: [large])
      XCTAssertEqual(many.ending.exceeded, .writtenBytes, "\(sandbox.tier)")
    }
  }

  func testCountsWhatTheKernelKeeps() throws {
    for sandbox in try sandboxes() {
      // 32 MiB of tables (a page for each 2 MiB of addresses) beside a few pages in use
      let limits = Limits(cpuSeconds: 20, wallSeconds: 20, memoryBytes: 48 << 20)
      let tables = try probe(["tables=\(128 << 20)"], sandbox, .worker, limits)
      XCTAssertEqual(tables.ending.exceeded, .memoryBytes, "\(sandbox.tier)")
      // A hundred pairs hold some 40 MiB; a worker that is not backtraced has none.
      var sockets = Limits(cpuSeconds: 20, wallSeconds: 20, memoryBytes: 48 << 20)
      sockets.openFiles = 256
      let pairs = try probe(["sockets=100"], sandbox, .worker, sockets)
      if sandbox.tier == .bubblewrap {
        XCTAssertEqual(pairs.ending.exceeded, .memoryBytes)
      } else {
        XCTAssertTrue(pairs.output.contains("sockets\theld"), pairs.output)
      }
    }
  }

  func testCountsWhatThreadsUseWhenTheFirstHasEnded() throws {
    for sandbox in try sandboxes() {
      let limits = Limits(cpuSeconds: 20, wallSeconds: 20, memoryBytes: 48 << 20)
      let tables = try probe(["leaderless=1", "tables=\(128 << 20)"], sandbox, .worker, limits)
      XCTAssertEqual(tables.ending.exceeded, .memoryBytes, "\(sandbox.tier): \(tables.output)")
      let little = try probe(["leaderless=1", "tables=4096"], sandbox, .worker, limits)
      XCTAssertTrue(little.ending.isSuccess, "\(sandbox.tier): \(little.output)")
    }
  }

  func testAWorkerMayAskOfItself() throws {
    for sandbox in try sandboxes() {
      let found = try probe(["needs=1"], sandbox, .worker)
      XCTAssertTrue(found.ending.isSuccess, found.output)
      XCTAssertEqual(found.leaked, [], "\(sandbox.tier): \(found.output)")
      XCTAssertEqual(found.output.split(separator: "\n").count, 8, found.output)
    }
  }

  func testThreadsHaveNoDescriptorsOfTheirOwn() throws {
    for sandbox in try sandboxes() {
      for view in [SystemView.worker, .compiler] {
        let found = try probe(general, sandbox, view)
        for what in ["a thread with", "giving a thread"] {
          XCTAssertTrue(
            found.output.contains("system calls\theld\t\(what) descriptors of its own"),
            "\(sandbox.tier): \(found.output)")
        }
      }
    }
  }

  func testAWorkerSeesNoFolderOfTheMachine() throws {
    for sandbox in try sandboxes() where sandbox.tier == .bubblewrap {
      let own = folder + "/confine"
      try FileManager.default.copyItem(atPath: try XCTUnwrap(Confine.path), toPath: own)
      let child = try ChildProcess(
        sandbox.confined(
          [own, "--probe", "show=/proc/self/maps", "show=/proc/self/cmdline"], view: .worker,
          limits: Limits(cpuSeconds: 20, wallSeconds: 20), readOnly: [folder]))
      XCTAssertTrue(child.wait().isSuccess, child.standardError.text)
      XCTAssertTrue(child.standardOutput.text.contains("/run/program0/confine"))
      XCTAssertFalse(child.standardOutput.text.contains(folder), child.standardOutput.text)
    }
  }

  func testCountsFilesWhateverTheirNames() throws {
    XCTAssertEqual(WrittenFiles(in: [folder], most: 10).count, 0)
    // not UTF-8: as text it would be another name, and what is in it would not be found
    let odd = Array(folder.utf8CString.dropLast()) + [47, -1]
    XCTAssertEqual(mkdir(odd + [0], 0o755), 0)
    let file = open(odd + [47, 97, 0], O_CREAT | O_WRONLY, 0o600)
    XCTAssertEqual(write(file, "four", 4), 4)
    close(file)
    symlink("/usr", folder + "/link")
    let written = WrittenFiles(in: [folder], most: 10)
    XCTAssertEqual(written.count, 3)
    XCTAssertGreaterThanOrEqual(written.bytes, 4)
    // Deeper than a path can say (PATH_MAX): that is not nothing.
    let name = String(repeating: "n", count: 200)
    let here = open(folder, O_RDONLY)
    var place = here
    for _ in 0..<25 {
      XCTAssertEqual(mkdirat(place, name, 0o755), 0)
      place = openat(place, name, O_RDONLY)
    }
    XCTAssertGreaterThan(WrittenFiles(in: [folder], most: 1000).count, 1000)
  }
}
