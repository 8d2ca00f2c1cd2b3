import WorkerPipe
import XCTest

/// What a worksheet's program says, among what it prints.
final class WorksheetRecordTests: XCTestCase {
  func testRecordsComeBackAsTheyWere() {
    for record: WorksheetRecord in [
      .value(.init(line: 7, name: "X", text: "[2]\n[1. 2.]")),
      .value(.init(line: 1, name: "", times: 40, text: "")), .thrown([1, 0xffff_ffff]),
      .thrown([]),
    ] {
      let line = record.encoded
      XCTAssertFalse(line.contains("\n"))
      XCTAssertEqual(WorksheetRecord.split(line).record, record)
      // behind what was printed without an end of line
      let (printed, found) = WorksheetRecord.split("a, b" + line)
      XCTAssertEqual(printed, "a, b")
      XCTAssertEqual(found, record)
    }
  }

  func testAnythingElseIsPrinted() {
    for text in ["", "plain", "\u{1E}", "\u{1E}value\u{1F}x\u{1F}\u{1F}\u{1F}", "\u{1E}other"] {
      let (printed, record) = WorksheetRecord.split(text)
      XCTAssertEqual(printed, text)
      XCTAssertNil(record)
    }
  }
}
