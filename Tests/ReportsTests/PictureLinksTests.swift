import XCTest

@testable import Reports

final class PictureLinksTests: XCTestCase {
  func testFindsWhatPicturesReferTo() {
    func targets(_ text: String) -> [String] { PictureLinks.targets(in: text) }
    XCTAssertEqual(
      targets("see ![the curve](plots/a.png) and ![](b.png \"title\")"),
      [
        "plots/a.png", "b.png",
      ])
    XCTAssertEqual(
      targets("<img src=\"c.png\"> <IMG width=3 SRC = 'd.png' /> <img\tsrc=e.png>"),
      ["c.png", "d.png", "e.png"])
    XCTAssertEqual(targets("![x]( f.png )![y](g.png)"), ["f.png", "g.png"])
    for none in [
      "[link](a.png)", "![no\nlink](a.png)", "![x] (a.png)", "![](", "<img src=", "!", "<",
    ] {
      XCTAssertEqual(targets(none), [], none)
    }
    XCTAssertEqual(targets("<img alt=x>src=\"a.png\""), [])
  }

  /// Text that a backtracking search would go through again and again.
  func testReadsNoTextTwice() {
    for piece in ["![", "![](", "<img ", "<img src=\"", "![" + String(repeating: "x", count: 190)] {
      let text = String(repeating: piece, count: (1 << 16) / piece.utf8.count)
      XCTAssertLessThan(PictureLinks.targets(in: text).count, text.utf8.count, piece)
    }
  }
}
