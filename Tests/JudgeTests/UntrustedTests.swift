import XCTest

@testable import Judge

/// What the judge does with text that students write.
final class UntrustedTests: XCTestCase {
  func testTerminalsAndReportsGetNoCommands() {
    XCTAssertEqual(PlainText.cleaned("a\u{1b}[2Jb\r\u{7}\u{9b}c\0"), "a�[2Jb���c�")
    XCTAssertEqual(PlainText.cleaned("x\u{202e}gpj.exe\u{2066}\u{feff}"), "x�gpj.exe��")
    let kept = "C̃ = σ(X W)\n\ttanh → 3 × 4, 👩‍🔬, न्‍य"
    XCTAssertEqual(PlainText.cleaned(kept), kept)
    XCTAssertEqual(PlainText.cleaned(String(repeating: "x", count: 50), limit: 5), "xxxxx … (cut)")
  }
}
