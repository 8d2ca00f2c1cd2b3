import Files
import Foundation
import TestSupport
import XCTest

/// A file is written whole or not at all, and only a regular one is replaced.
final class AtomicFileTests: XCTestCase {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("files-\(UUID().uuidString)").path

  override func setUpWithError() throws { try AtomicFile.createFolder(folder) }
  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  func testAFileIsReplacedAndNothingIsLeftBeside() throws {
    let path = folder + "/a.json"
    try AtomicFile.write("one", to: path)
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    try AtomicFile.write("two", to: path)
    let after = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    XCTAssertEqual(text(path), "two")
    // another file, so that who reads the old one reads all of it
    XCTAssertNotEqual(try XCTUnwrap(before), try XCTUnwrap(after))
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["a.json"])
  }

  /// What is written piece by piece is there when all of it is, and not at all after an error.
  func testPieces() throws {
    struct Stopped: Error {}
    func bytes(_ text: String, _ use: (UnsafeRawBufferPointer) throws -> Void) throws {
      try Array(text.utf8).withUnsafeBytes(use)
    }
    let path = folder + "/a.store"
    try AtomicFile.write(to: path) { file in
      try bytes("____, ", file.append)
      XCTAssertNil(text(path))
      try bytes("world", file.append)
      try bytes("", file.append)
      try bytes("hell", { try file.overwrite(at: 0, with: $0) })
      try bytes("!", file.append)
    }
    XCTAssertEqual(text(path), "hell, world!")
    XCTAssertThrowsError(
      try AtomicFile.write(to: path) { file in
        try bytes("half", file.append)
        throw Stopped()
      }
    ) { XCTAssertTrue($0 is Stopped) }
    XCTAssertEqual(text(path), "hell, world!")
    XCTAssertEqual(mkfifo(folder + "/pipe", 0o600), 0)
    XCTAssertThrowsError(try AtomicFile.write(to: folder + "/pipe") { _ in XCTFail("opened") }) {
      XCTAssertTrue("\($0)".contains("(it is no regular file)"), "\($0)")
    }
    XCTAssertEqual(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted(), ["a.store", "pipe"])
  }

  func testALinkStaysOne() throws {
    try AtomicFile.createFolder(folder + "/real")
    try AtomicFile.write("old", to: folder + "/real/a.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link.json", withDestinationPath: "real/a.json")
    try AtomicFile.write("new", to: folder + "/link.json")
    XCTAssertEqual(text(folder + "/real/a.json"), "new")
    XCTAssertEqual(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link.json"),
      "real/a.json")
  }

  func testAPipeIsWrittenToAndStays() throws {
    let path = folder + "/pipe"
    XCTAssertEqual(mkfifo(path, 0o600), 0)
    // opened for both, so that neither end waits for the other
    let reader = open(path, O_RDWR | O_NONBLOCK)
    XCTAssertGreaterThanOrEqual(reader, 0)
    defer { close(reader) }
    try AtomicFile.write("whole", to: path)
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(reader, &bytes, bytes.count)
    XCTAssertEqual(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self), "whole")
    var status = stat()
    XCTAssertEqual(lstat(path, &status), 0)
    XCTAssertEqual(status.st_mode & S_IFMT, S_IFIFO)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["pipe"])
  }

  /// A terminal of this test's own: never one of the machine's nodes.
  func testADeviceIsWrittenToAndStays() throws {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    XCTAssertGreaterThanOrEqual(terminal, 0)
    defer { close(terminal) }
    // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: unlock it, and its number
    var (lock, number): (Int32, UInt32) = (0, 0)
    XCTAssertEqual(ioctl(terminal, 0x4004_5431, &lock), 0)
    XCTAssertEqual(ioctl(terminal, 0x8004_5430, &number), 0)
    let path = "/dev/pts/\(number)"
    // held open, so that what is written can still be read
    let held = open(path, O_RDWR | O_NOCTTY)
    XCTAssertGreaterThanOrEqual(held, 0)
    defer { close(held) }
    try AtomicFile.write("whole", to: path)
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = read(terminal, &bytes, bytes.count)
    XCTAssertEqual(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self), "whole")
    var status = stat()
    XCTAssertEqual(lstat(path, &status), 0)
    XCTAssertEqual(status.st_mode & S_IFMT, S_IFCHR)
  }

  func testWhatCannotBeWrittenIsASentence() throws {
    func requireSentence(_ body: @autoclosure () throws -> Void, _ line: UInt = #line) {
      XCTAssertThrowsError(try body(), line: line) {
        XCTAssertTrue("\($0)".contains("cannot be written"), "\($0)", line: line)
      }
    }
    requireSentence(try AtomicFile.createFolder("/proc/nowhere/out"))
    requireSentence(try AtomicFile.write(Data(), to: "/proc/nowhere"))
    requireSentence(try AtomicFile.write(Data(), to: folder))
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), [])
  }

  func testAReaderThatGoesAwayIsASentence() throws {
    let path = folder + "/pipe"
    XCTAssertEqual(mkfifo(path, 0o600), 0)
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    let reader = Thread {
      let descriptor = open(path, O_RDONLY)
      var byte: UInt8 = 0
      _ = read(descriptor, &byte, 1)
      close(descriptor)
    }
    reader.start()
    // more than a pipe holds
    XCTAssertThrowsError(try AtomicFile.write(Data(count: 1 << 22), to: path)) {
      XCTAssertTrue("\($0)".contains("cannot be written"), "\($0)")
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["pipe"])
  }
}
