import Foundation
import Metrics
import Recordings
import XCTest

@testable import Plots

/// What gnuplot makes of the figures.
final class GnuplotTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "plots-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// The width and height in a PNG's header, big-endian from byte 16 on.
  private func size(ofPNG path: String) throws -> [Int] {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    XCTAssertEqual(bytes.prefix(8), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    return [16, 20].map { start in
      bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private static let hostile =
    "'; system('touch hacked'); print '\n`touch hacked`\\ \"$(touch hacked)\" @x {/=99 ^_ %d"

  /// With numbers that are none.
  private func mapped(_ name: String) throws -> MappedRecording {
    let map = try XCTUnwrap(ActivationMap([[0, .nan, 2, 3], [1, 1, -.infinity, 1]]))
    return MappedRecording(
      title: name, values: [0, 1, .nan, 0.5], map: map, shown: 0, logits: [.nan, 0])
  }

  private func figures(_ name: String) throws -> [Figure] {
    let beats: [Int16] = [1000, 0, -200, 30, 50]
    let samples = (0..<5000).map { beats[$0 % beats.count] }
    let recording = Recording(name: name, label: .normal, samples: samples)
    let epochs = (1...30).map { (epoch: Int) -> LearningCurve.Epoch in
      let share = 1 / Double(epoch)
      return .init(
        trainLoss: share, trainAccuracy: 1 - share,
        validationLoss: epoch == 3 ? .nan : 0.5, validationAccuracy: 0.5)
    }
    let lost = LearningCurve.Epoch(
      trainLoss: .nan, trainAccuracy: .nan, validationLoss: .infinity, validationAccuracy: .nan)
    let roc = try XCTUnwrap(ROCCurve(scores: [1, 2, 3], labels: [0, 1, 0]))
    return [
      try .recordings([recording, recording]), try .spectrograms([recording]),
      try .classShares([(name, 3), ("A", 0)], of: name),
      try .attentionHeads([[[0.75, 0.25], [0.5, 0.5]], [[1, 0], [0, 1]]], title: name),
      try .attention(
        [
          AttendedExample(title: name, values: [0, 1, .nan, 0.5], multiples: [2, .nan]),
          AttendedExample(title: "B", values: [0, 1], multiples: [1]),
        ], title: name, rate: 120),
      try .activationMaps(
        [mapped(name), mapped("B")], classes: [name, "A"], title: name, rate: 300, unit: name,
        quantity: name, hasLines: true),
      try .activationMaps(
        [mapped(name)], classes: [name, "A"], title: name, rate: 300, unit: "mV", quantity: "map",
        hasLines: false),
      try .training(LearningCurve(name: name, epochs: epochs)),
      try .training(LearningCurve(name: name, epochs: [lost])),
      try .experiment(
        [
          LearningCurve(name: name, epochs: epochs), LearningCurve(name: "B", epochs: [lost]),
        ], title: name),
      try .confusionMatrix([[1, 2], [3, 4]], classes: [name, "A"], title: name),
      try .roc([(name, roc, nil)], title: name),
    ]
  }

  func testEveryFigureBecomesAPictureOfItsSize() throws {
    let gnuplot = try installedGnuplot()
    let beats = try Heartbeats().synthetic(
      count: 5, seed: 1, settings: ["minutes": "1"]
    ) { _, _ in }
    let strips = SyntheticRecordings.make(count: 3, seed: 1, labels: [.other]).all
    let drawn = try [
      Figure.heartbeats(beats, count: 2), .heartbeatForms(beats), .strips(strips),
    ]
    for (index, figure) in try (figures("Net") + drawn).enumerated() {
      let path = "\(folder)/new/\(index)"
      XCTAssertEqual(try gnuplot.draw(figure, to: path), ["\(path).png", "\(path).svg"])
      XCTAssertEqual(
        try size(ofPNG: "\(path).png"), [2 * figure.width, 2 * figure.height], "figure \(index)")
      let svg = try text("\(path).svg")
      XCTAssertTrue(svg.contains("<svg"), "figure \(index)")
      XCTAssertTrue(
        svg.contains("viewBox=\"0 0 \(figure.width) \(figure.height)\""), "figure \(index)")
      XCTAssertTrue(svg.contains("</svg>"), "figure \(index)")
    }
  }

  func testNamesAreTextAndNothingElse() throws {
    let gnuplot = try installedGnuplot()
    let before = FileManager.default.currentDirectoryPath
    XCTAssertTrue(FileManager.default.changeCurrentDirectoryPath(folder))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
    for (index, figure) in try figures(Self.hostile).enumerated() {
      try gnuplot.draw(figure, to: "\(folder)/\(index).svg")
      let svg = try text("\(folder)/\(index).svg")
      XCTAssertTrue(svg.contains("{/=99 ^_ %d"), "figure \(index)")
      XCTAssertTrue(svg.contains("`touch hacked`\\"), "figure \(index)")
    }
    XCTAssertFalse(try names().contains("hacked"))
  }

  func testTheEndingChoosesTheKind() throws {
    let figure = try Figure.classShares([("N", 1)], of: "things")
    XCTAssertThrowsError(try PictureFormat.files(of: "a.jpg")) {
      XCTAssertEqual(
        "\($0)",
        "a.jpg ends neither in .png nor in .svg; choose one of them, or no ending for both.")
    }
    XCTAssertThrowsError(try PictureFormat.files(of: "folder/"))
    XCTAssertThrowsError(try PictureFormat.files(of: ""))
    XCTAssertEqual(try PictureFormat.files(of: "a.b/c").map(\.path), ["a.b/c.png", "a.b/c.svg"])
    XCTAssertEqual(PictureFormat.path("a.b/c", suffix: "-roc"), "a.b/c-roc")
    XCTAssertEqual(PictureFormat.path("a.b/c.svg", suffix: "-roc"), "a.b/c-roc.svg")
    let gnuplot = try installedGnuplot()
    try gnuplot.draw(figure, to: "\(folder)/one.PNG")
    XCTAssertEqual(try names(), ["one.PNG"])
    XCTAssertEqual(try size(ofPNG: "\(folder)/one.PNG"), [2 * figure.width, 2 * figure.height])
  }

  // MARK: - What goes wrong

  func testNoGnuplotIsOneSentence() {
    for path in ["", "/nonexistent", ":", folder] {
      XCTAssertThrowsError(try Gnuplot(searchPath: path)) {
        XCTAssertEqual(
          "\($0)",
          "No picture is drawn, for gnuplot is not installed; install it with "
            + "sudo apt-get install gnuplot-nox.")
      }
    }
  }

  /// A program of that name which does something else, put first on the search path.
  private func program(_ body: String) throws -> Gnuplot {
    let path = "\(folder)/gnuplot"
    try "#!/bin/sh\n\(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return try Gnuplot(searchPath: "\(folder):/usr/bin")
  }

  func testAFailingGnuplotLeavesTheOldPictureAlone() throws {
    let figure = try Figure.classShares([("N", 1)], of: "things")
    let old = "\(folder)/old.png"
    try "old".write(toFile: old, atomically: true, encoding: .utf8)
    let cases = [
      ("echo first >&2; echo '  no such terminal' >&2; exit 1", "no such terminal"),
      ("exit 0", "status 0, no complaint"),
      ("echo no picture", "status 0, no complaint"),
      ("kill -9 $$", "status 9, no complaint"),
    ]
    for (body, complaint) in cases {
      XCTAssertThrowsError(try program(body).draw(figure, to: old)) {
        XCTAssertEqual($0 as? PlotError, .failed(detail: complaint))
      }
      XCTAssertEqual(try text(old), "old")
    }
    XCTAssertEqual(try names(), ["gnuplot", "old.png"])
  }

  func testAFolderThatCannotBeIsOneSentence() throws {
    let figure = try Figure.classShares([("N", 1)], of: "things")
    let gnuplot = try installedGnuplot()
    try "a file".write(toFile: "\(folder)/file", atomically: true, encoding: .utf8)
    XCTAssertThrowsError(try gnuplot.draw(figure, to: "\(folder)/file/x.svg")) {
      guard case PlotError.unwritable(let path, _) = $0 else { return XCTFail("\($0)") }
      XCTAssertEqual(path, "\(folder)/file/x.svg")
    }
  }

  /// gnuplot's usual format begins with a blank, which moves a number to the right of its tic.
  func testNumbersStandUnderTheirTics() throws {
    let curve = try XCTUnwrap(ROCCurve(scores: [1, 2, 3], labels: [0, 1, 0]))
    let figure = try Figure.roc([("Net", curve, nil)], title: "t")
    try installedGnuplot().draw(figure, to: folder + "/roc.svg")
    let svg = try String(contentsOfFile: folder + "/roc.svg", encoding: .utf8)
    XCTAssertTrue(svg.contains(">0.2<"))
    XCTAssertFalse(svg.contains("> 0.2<"))
  }
}
