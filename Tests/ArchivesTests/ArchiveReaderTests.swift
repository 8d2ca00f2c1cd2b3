import CArchive
import Foundation
import XCTest

@testable import Archives

final class ArchiveReaderTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")
  private let limits = ArchiveLimits(
    maximumEntries: 10, maximumEntryBytes: 100_000, maximumTotalBytes: 200_000)

  override func setUpWithError() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("archives-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  /// Writes an archive by libarchive's own writer: the second opinion on what we read.
  private func make(
    _ name: String, _ entries: [(path: String, data: [UInt8], link: String?)]
  ) throws -> String {
    let path = folder.appendingPathComponent(name).path
    let archive = try XCTUnwrap(archive_write_new())
    defer { archive_write_free(archive) }
    if name.hasSuffix(".zip") {
      archive_write_set_format_zip(archive)
    } else {
      archive_write_add_filter_gzip(archive)
      archive_write_set_format_pax_restricted(archive)
    }
    XCTAssertEqual(archive_write_open_filename(archive, path), ARCHIVE_OK)
    for entry in entries {
      let header = archive_entry_new()
      defer { archive_entry_free(header) }
      archive_entry_set_pathname(header, entry.path)
      archive_entry_set_perm(header, 0o644)
      if let link = entry.link {
        archive_entry_set_filetype(header, 0o120000)
        archive_entry_set_symlink(header, link)
      } else if entry.path.hasSuffix("/") {
        archive_entry_set_filetype(header, 0o040000)
      } else {
        archive_entry_set_filetype(header, 0o100000)
        archive_entry_set_size(header, Int64(entry.data.count))
      }
      XCTAssertEqual(archive_write_header(archive, header), ARCHIVE_OK)
      if !entry.data.isEmpty {
        XCTAssertEqual(
          archive_write_data(archive, entry.data, entry.data.count), entry.data.count)
      }
    }
    archive_write_close(archive)
    return path
  }

  private func noise(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
  }

  private func readAll(_ path: String, _ limits: ArchiveLimits? = nil) throws -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    try ArchiveReader.forEachEntry(in: path, limits: limits ?? self.limits) { entry, read in
      contents[entry.path] = try read()
      return true
    }
    return contents
  }

  func testEntriesKindsAndBytes() throws {
    let data = noise(70_000)
    for name in ["a.zip", "a.tar.gz"] {
      let path = try make(
        name, [("d/", [], nil), ("d/one.bin", data, nil), ("d/link", [], "/etc/passwd")])
      var kinds: [ArchiveEntry.Kind] = []
      var bytes: [UInt8] = []
      try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
        kinds.append(entry.kind)
        if entry.kind == .link {
          XCTAssertNil(entry.safeRelativePath)
          XCTAssertEqual(try read(), [])
        }
        if entry.kind == .file { bytes = try read() }
        return true
      }
      XCTAssertEqual(kinds, [.directory, .file, .link], name)
      XCTAssertEqual(bytes, data, name)
    }
  }

  private func read(
    _ path: String, _ allowance: UnpackingAllowance, most: Int = .max
  ) throws -> [String: Int] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var failures: [String: Int] = [:]
    try ArchiveReader.forEachEntry(
      in: bytes, named: "a",
      limits: .init(
        maximumEntries: 10, maximumEntryBytes: 1 << 30, maximumTotalBytes: 1 << 30),
      allowance: allowance
    ) { entry, read in
      failures[entry.path] = (try? read(most).count) ?? -1
      return true
    }
    return failures
  }

  func testWhatIsUnpackedIsTakenFromTheAllowance() throws {
    let data = noise(100_000)
    let zip = try make("a.zip", [("1", data, nil), ("2", data, nil), ("3", data, nil)])
    let allowance = UnpackingAllowance(bytes: 250_000)
    XCTAssertEqual(try read(zip, allowance), ["1": 100_000, "2": 100_000, "3": -1])
    XCTAssertEqual(allowance.left, 0)
    // what is passed over in a zip is not unpacked, and too much is not begun
    let other = UnpackingAllowance(bytes: 1000)
    XCTAssertEqual(try read(zip, other, most: 10), ["1": -1, "2": -1, "3": -1])
    XCTAssertEqual(other.left, 1000)
    // in a compressed tar it is, with its headers
    let tar = try make("a.tar.gz", [("1", data, nil), ("2", data, nil)])
    let stream = UnpackingAllowance(bytes: 1_000_000)
    XCTAssertEqual(try read(tar, stream, most: 10), ["1": -1, "2": -1])
    XCTAssertTrue((200_000...203_000).contains(1_000_000 - stream.left), "\(stream.left)")
    XCTAssertThrowsError(try read(tar, UnpackingAllowance(bytes: 150_000))) {
      XCTAssertTrue("\($0)".contains("MiB that are allowed"), "\($0)")
    }
  }

  /// A size in a zip's directory that is too small hides nothing: the bytes are counted as they come.
  func testASizeThatLiesIsCountedAsItIs() throws {
    let path = try make("a.zip", [("1", [UInt8](repeating: 0, count: 3 << 20), nil)])
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let entry = try XCTUnwrap(Data(bytes).range(of: Data([0x50, 0x4B, 1, 2]))).lowerBound
    // APPNOTE.TXT 4.3.12: the uncompressed size, four bytes from the 24th on
    // and the same in the header before the data, from the 22nd on (4.3.7)
    bytes.replaceSubrange(entry + 24..<entry + 28, with: [5, 0, 0, 0])
    bytes.replaceSubrange(22..<26, with: [5, 0, 0, 0])
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let allowance = UnpackingAllowance(bytes: 8 << 20)
    XCTAssertEqual(try read(path, allowance, most: 1 << 20), ["1": -1])
    let spent = (8 << 20) - allowance.left
    XCTAssertTrue((1 << 20...5 << 18).contains(spent), "\(spent)")
  }

  /// To read a zip as a stream is to unpack what nobody wants.
  func testAZipWithoutItsDirectoryIsNotRead() throws {
    let path = try make("a.zip", [("1", noise(5000), nil), ("2", noise(5000), nil)])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let end = try XCTUnwrap(Data(bytes).range(of: Data([0x50, 0x4B, 5, 6]), options: .backwards))
    for damage in [
      Array(bytes[..<end.lowerBound]),
      bytes[..<end.lowerBound] + bytes[end.lowerBound...].map { $0 == 0x50 ? 0x50 : 0xFF },
    ] {
      try Data(damage).write(to: URL(fileURLWithPath: path))
      var seen = 0
      XCTAssertThrowsError(
        try ArchiveReader.forEachEntry(in: path, limits: limits) { _, _ in
          seen += 1
          return true
        })
      XCTAssertEqual(seen, 0)
    }
  }

  /// An end that announces no entries, or fewer, hides them from who believes it.
  func testAZipWhoseEndLiesIsNotRead() throws {
    let path = try make("a.zip", [("1", noise(50), nil), ("2", noise(50), nil)])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let end = try XCTUnwrap(Data(bytes).range(of: Data([0x50, 0x4B, 5, 6]), options: .backwards))
      .lowerBound
    // APPNOTE.TXT 4.3.16: two counts, the directory's size, its place
    let place = withUnsafeBytes(of: UInt32(end).littleEndian) { [UInt8]($0) }
    let empty: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0] + place
    for lie in [empty, [1, 0, 1, 0], [0, 0, 0, 0]] {
      var changed = bytes
      changed.replaceSubrange(end + 8..<end + 8 + lie.count, with: lie)
      try Data(changed).write(to: URL(fileURLWithPath: path))
      XCTAssertThrowsError(try readAll(path), "\(lie)") { XCTAssertTrue($0 is ArchiveError) }
      XCTAssertThrowsError(try read(path, UnpackingAllowance(bytes: 1 << 20)), "\(lie)")
    }
  }

  func testStopsWhenTheBodySaysSo() throws {
    let path = try make("a.zip", [("1", [1], nil), ("2", [2], nil)])
    var seen = 0
    try ArchiveReader.forEachEntry(in: path, limits: limits) { _, _ in
      seen += 1
      return false
    }
    XCTAssertEqual(seen, 1)
  }

  func testMissingAndUnknownFiles() throws {
    let missing = folder.appendingPathComponent("no.zip").path
    XCTAssertThrowsError(try readAll(missing)) {
      XCTAssertEqual($0 as? ArchiveError, .missing(path: missing))
    }
    XCTAssertThrowsError(try readAll(folder.path)) {
      XCTAssertEqual($0 as? ArchiveError, .notAnArchive(path: self.folder.path))
    }
    for (name, text) in [("text.zip", "This is no archive.\n"), ("empty.zip", "")] {
      let path = folder.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      XCTAssertThrowsError(try readAll(path)) {
        XCTAssertEqual($0 as? ArchiveError, .notAnArchive(path: path))
      }
    }
  }

  func testEveryTruncationIsAnError() throws {
    for name in ["a.zip", "a.tar.gz"] {
      let path = try make(name, [("one", noise(3000), nil), ("two", noise(3000), nil)])
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for length in [whole.count / 3, whole.count / 2, 3060, whole.count * 9 / 10] {
        let cut = folder.appendingPathComponent("cut-\(length)-\(name)").path
        try whole.prefix(length).write(to: URL(fileURLWithPath: cut))
        XCTAssertThrowsError(try readAll(cut), "\(name) cut to \(length)") {
          XCTAssertEqual($0 as? ArchiveError, .truncated(path: cut), "\($0)")
        }
      }
    }
  }

  func testDamagedDataIsAnError() throws {
    let path = try make("a.zip", [("one", noise(3000), nil)])
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[1500] ^= 0xFF
    try bytes.write(to: URL(fileURLWithPath: path))
    XCTAssertThrowsError(try readAll(path)) { XCTAssertTrue($0 is ArchiveError, "\($0)") }
  }

  func testLimits() throws {
    let path = try make("a.zip", [("1", noise(3000), nil), ("2", noise(3000), nil)])
    let cases: [(ArchiveLimits, String)] = [
      (.init(maximumEntries: 1, maximumEntryBytes: 9999, maximumTotalBytes: 9999), "entries"),
      (.init(maximumEntries: 9, maximumEntryBytes: 2999, maximumTotalBytes: 9999), "1 is larger"),
      (.init(maximumEntries: 9, maximumEntryBytes: 9999, maximumTotalBytes: 5999), "5999 bytes"),
    ]
    for (limits, part) in cases {
      XCTAssertThrowsError(try readAll(path, limits)) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
    XCTAssertEqual(try readAll(path).count, 2)
  }

  func testABombIsRefusedByItsRatioEvenWhenItIsSkipped() throws {
    let path = try make("a.tar.gz", [("zeros", [UInt8](repeating: 0, count: 4 << 20), nil)])
    let limits = ArchiveLimits(
      maximumEntries: 9, maximumEntryBytes: 1 << 30, maximumTotalBytes: 1 << 30, maximumRatio: 100)
    XCTAssertThrowsError(
      try ArchiveReader.forEachEntry(in: path, limits: limits) { _, _ in true }
    ) { XCTAssertTrue("\($0)".contains("100 times"), "\($0)") }
  }

  func testSafeRelativePath() {
    let good = [
      ("a/b.swift", "a/b.swift"), ("./a//b", "a/b"), ("a\\b", "a/b"), ("é/ü.txt", "é/ü.txt"),
      ("..a/b..", "..a/b.."),
    ]
    for (path, clean) in good {
      XCTAssertEqual(ArchiveEntry.safeRelativePath(path), clean)
    }
    let bad = [
      "", "/", "/a", "\\a", "..", "a/../b", "a\\..\\b", "C:\\a", "c:a", "a\nb", "a\u{0}b", ".",
      "a\u{202E}b", "/\u{301}a", "a/\u{301}b", "a\\\u{301}b", String(repeating: "a", count: 300),
    ]
    for path in bad {
      XCTAssertNil(ArchiveEntry.safeRelativePath(path), path.debugDescription)
    }
  }
}
