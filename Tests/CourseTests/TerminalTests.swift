import Assignment
import Foundation
import NeuralNetworks
import TestSupport
import XCTest

@testable import rhythm

/// What the tool says, and where nobody listens.
final class TerminalTests: XCTestCase {
  private let scratch = FileManager.default.temporaryDirectory
    .appendingPathComponent("terminal-\(UUID().uuidString)").path
  override func setUpWithError() throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
  }
  override func tearDown() { try? FileManager.default.removeItem(atPath: scratch) }

  // MARK: Lines

  func testLinesEndBetweenWords() {
    XCTAssertEqual(LineBreaks.wrapped("one two three", to: 13), "one two three")
    XCTAssertEqual(LineBreaks.wrapped("one two three", to: 12), "one two\nthree")
    XCTAssertEqual(LineBreaks.wrapped("one two three", to: 7), "one two\nthree")
    XCTAssertEqual(LineBreaks.wrapped("  one two\n\nthree", to: 6), "  one\n  two\n\nthree")
    // a word is not broken, columns keep their gaps, codes of colours take no room
    XCTAssertEqual(LineBreaks.wrapped("a/long/path b", to: 5), "a/long/path\nb")
    XCTAssertEqual(LineBreaks.wrapped("a    b c", to: 7), "a    b\nc")
    XCTAssertEqual(
      LineBreaks.wrapped("\u{1B}[31mone two\u{1B}[0m", to: 7), "\u{1B}[31mone two\u{1B}[0m")
  }

  /// A number that lacks its end would be another one.
  func testAProgressLineEndsBetweenWords() {
    XCTAssertEqual(LineBreaks.fitting("loss 0.693  1234 examples/s", to: 27).count, 27)
    XCTAssertEqual(LineBreaks.fitting("loss 0.693  1234 examples/s", to: 15), "loss 0.693…")
    XCTAssertEqual(LineBreaks.fitting(String(repeating: "x", count: 9), to: 5), "xxxx…")
  }

  // MARK: Tables

  private let table = TextTable(
    ["run", "name", "what was chosen"],
    [["1", "a/rather/long/name.txt", "two words and three"], ["12", "b", ""]],
    kinds: [.number, .name, .name])

  func testATableWithRoomIsAsWideAsItsCells() {
    let text = """
      run  name                    what was chosen
        1  a/rather/long/name.txt  two words and three
       12  b
      """
    XCTAssertEqual(table.text, text)
    XCTAssertEqual(table.text(columns: 48), text)
  }

  func testInANarrowTableWordsStandBelowEachOther() {
    XCTAssertEqual(
      table.text(columns: 46),
      """
      run  name                    what was chosen
        1  a/rather/long/name.txt  two words and
                                   three
       12  b
      """)
  }

  /// Where a line has no room for its last cells they go below it, and at worst all of them.
  func testWhatHasNoRoomGoesBelow() {
    XCTAssertEqual(
      table.text(columns: 36),
      """
      run  name
        1  a/rather/long/name.txt
        what was chosen: two words and
        three
       12  b
      """)
    XCTAssertEqual(
      table.text(columns: 26),
      """
      run: 1
        name:
        a/rather/long/name.txt
        what was chosen: two
        words and three
      run: 12
        name: b
      """)
  }

  /// Whatever the width, every word is there, and no line is wider.
  func testATableLosesNothing() {
    let words = table.text.split { $0.isWhitespace }.map(String.init)
    for columns in 24...60 {
      let text = table.text(columns: columns)
      for line in text.split(separator: "\n") {
        XCTAssertLessThanOrEqual(line.count, columns, "\(columns): \(line)")
      }
      for word in words where !word.contains("/") {
        XCTAssertTrue(text.contains(word), "\(columns): \(word)")
      }
    }
  }

  // MARK: Words

  func testWhatMayHaveBeenMeant() {
    let words = ["check", "train", "data", "experiments"]
    for (typed, meant) in [
      ("chek", "check"), ("Check", "check"), ("cehck", "check"), ("exp", "experiments"),
      ("trian", "train"), ("banana", nil), ("x", nil),
    ] {
      XCTAssertEqual(Spelling.nearest(to: typed, in: words), meant, typed)
    }
    XCTAssertEqual(Spelling.distance("kitten", "sitting"), 3)
    XCTAssertEqual(Spelling.distance("", "abc"), 3)
  }

  func testAnUnknownCommandIsNamedAndItsNeighbourSuggested() throws {
    for (words, sentence) in [
      (["chek", "it"], "there is no command chek; did you mean check?"),
      (["data", "imprt", "x"], "there is no command imprt; did you mean import?"),
    ] {
      let outcome = try rhythm(words)
      XCTAssertEqual(outcome.status, 2)
      XCTAssertTrue(outcome.error.contains(sentence), outcome.error)
      XCTAssertFalse(outcome.error.contains("Usage"), outcome.error)
    }
  }

  /// Also where something else is missing.
  func testAnUnknownOptionIsNamedAndItsNeighbourSuggested() throws {
    for (words, sentence) in [
      (
        ["train", "ANet", "--epoch", "1"],
        "there is no option --epoch; did you mean --epochs? ./rhythm train --help lists them"
      ),
      (["grade", "x", "--ou", "y"], "there is no option --ou; did you mean --out? "),
      (["grade", "--ou=y"], "there is no option --ou; did you mean --out? "),
      (["data", "import", "--banana"], "there is no option --banana; ./rhythm data import --help"),
      (["plot", "x", "--uot", "y"], "there is no option --uot; did you mean --out? "),
      // an option that is there, and what follows two dashes
      (["grade", "x", "--seed", "1"], "Missing expected argument '--out <out>'"),
      (["grade", "x", "--", "--ou"], "Missing expected argument '--out <out>'"),
    ] {
      let outcome = try rhythm(words)
      XCTAssertEqual(outcome.status, 2)
      XCTAssertTrue(outcome.error.contains(sentence), outcome.error)
    }
  }

  func testANegativeNumberIsAValue() throws {
    for (words, sentence) in [
      (["--lr", "-1"], "--lr and --clip-norm must be positive numbers"),
      (["--epochs", "-3"], "--epochs and --patience must be positive"),
      (["--seed", "-1"], "The value '-1' is invalid for '--seed <seed>'"),
    ] {
      let outcome = try rhythm(["train", "ANet"] + words)
      XCTAssertEqual(outcome.status, 2)
      XCTAssertTrue(outcome.error.contains(sentence), outcome.error)
    }
  }

  func testWhatIsFoundWrongLaterIsASentenceWithoutUsage() throws {
    let outcome = try rhythm(["train", "NoNet"])
    XCTAssertEqual(outcome.status, 2)
    XCTAssertTrue(outcome.error.hasPrefix("rhythm: there is no network NoNet; choose from "))
    XCTAssertFalse(outcome.error.contains("Usage"), outcome.error)
  }

  // MARK: Streams

  private func rhythm(_ words: [String]) throws -> Program.Outcome {
    try Program.rhythm.run(
      words, in: scratch, environment: ["RHYTHMLAB_ROOT": Repository.folder.path])
  }

  private func shell(_ line: String) throws -> Program.Outcome {
    try Program(URL(fileURLWithPath: "/bin/bash")).run(
      ["-c", line], in: scratch,
      environment: [
        "R": Program.rhythm.file.path, "RHYTHMLAB_ROOT": Repository.folder.path,
      ])
  }

  func testOutputThatCannotBeWrittenEndsInASentence() throws {
    for (line, reason) in [
      (#""$R" data kinds >/dev/full"#, "No space left on device"),
      (#""$R" --help >/dev/full"#, "No space left on device"),
      (#""$R" data kinds >&-"#, "Bad file descriptor"),
    ] {
      let outcome = try shell(line)
      XCTAssertEqual(outcome.status, 1, line)
      XCTAssertTrue(
        outcome.error.contains("the output cannot be written (\(reason))"), line + outcome.error)
      XCTAssertFalse(outcome.error.contains("Illegal"), outcome.error)
    }
  }

  /// As every program of a pipe, by the signal.
  func testAReaderThatHasSeenEnoughEndsItQuietly() throws {
    let outcome = try shell(
      #"exec 3>&1; { sleep 0.3; "$R" data kinds; echo $? >&3; } | true; wait"#)
    XCTAssertEqual(outcome.output, "\(128 + SIGPIPE)\n")
    XCTAssertEqual(outcome.error, "")
  }

  func testMessagesThatNobodyReadsChangeNothing() throws {
    for stream in ["2>/dev/full", "2>&-", "2> >(true)"] {
      for (words, status) in [("intake nowhere", 1), ("chek", 2)] {
        let outcome = try shell(#""$R" \#(words) \#(stream); echo $?"#)
        XCTAssertEqual(outcome.output, "\(status)\n", "\(words) \(stream)")
      }
    }
  }

  // MARK: Terminals

  /// Runs the tool on a terminal of so many columns; what it shows.
  private func shown(
    _ words: [String], columns: UInt16, environment: [String: String]
  ) throws -> String {
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    XCTAssertGreaterThanOrEqual(terminal, 0)
    defer { close(terminal) }
    // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>: unlock it, and its number
    var (lock, number): (Int32, UInt32) = (0, 0)
    XCTAssertEqual(ioctl(terminal, 0x4004_5431, &lock), 0)
    XCTAssertEqual(ioctl(terminal, 0x8004_5430, &number), 0)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    XCTAssertEqual(ioctl(terminal, UInt(TIOCSWINSZ), &size), 0)
    let end = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    let process = Process()
    process.executableURL = Program.rhythm.file
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: scratch)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["RHYTHMLAB_ROOT": Repository.folder.path].merging(environment) { $1 }
    ) { $1 }
    let handle = FileHandle(fileDescriptor: end, closeOnDealloc: false)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    close(end)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      // the last end that closes is an error of the other
      let count = read(terminal, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    process.waitUntilExit()
    XCTAssertEqual(process.terminationStatus, 0)
    return String(decoding: text, as: UTF8.self)
  }

  func testATerminalsWidthIsKept() throws {
    for words in [["data", "kinds"], ["hint"], ["grade", "--help"]] {
      for columns in [40, 80] {
        let text = try shown(words, columns: UInt16(columns), environment: ["TERM": "xterm"])
        let lines = text.split(whereSeparator: \.isNewline)
        XCTAssertGreaterThan(lines.count, 2)
        for line in lines { XCTAssertLessThanOrEqual(line.count, columns, "\(line)") }
      }
    }
    // a pipe has no width
    let whole = try rhythm(["data", "kinds"]).output.split(separator: "\n")
    XCTAssertTrue(whole.contains { $0.count > 80 })
  }

  func testTerminalsThatTakeNoControlCodesGetNone() throws {
    let recordings = scratch + "/made.zip"
    XCTAssertEqual(
      try rhythm(["data", "synthetic", "--recordings", "80", "--out", recordings]).status, 0)
    func codes(_ environment: [String: String]) throws -> Bool {
      try shown(["data", "stats", "--data", recordings], columns: 80, environment: environment)
        .contains("\u{1B}")
    }
    XCTAssertTrue(try codes(["TERM": "xterm", "NO_COLOR": ""]))
    XCTAssertFalse(try codes(["TERM": "dumb", "NO_COLOR": ""]))
    XCTAssertFalse(try codes(["TERM": "xterm", "NO_COLOR": "1"]))
  }
}
