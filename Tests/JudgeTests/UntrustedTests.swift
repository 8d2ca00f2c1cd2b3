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

  private func violation(_ text: String, _ file: String = "LSTM.swift") -> String? {
    ReservedNames.violation(
      in: text, file: file,
      reserved: [
        "BuiltinLSTM": ["BuiltinLSTMNet.swift"], ".lstm": ["LSTMNet.swift"], "lstm W_x": [],
      ])
  }

  func testReservedNames() {
    XCTAssertEqual(violation("let l = BuiltinLSTM(inputSize: 1)"), "BuiltinLSTM")
    XCTAssertEqual(violation("let l = NeuralNetworks.BuiltinLSTM(inputSize: 1)"), "BuiltinLSTM")
    XCTAssertEqual(violation("let f = X\n  .lstm"), ".lstm")
    XCTAssertEqual(violation("return try X.lstm(W_x: a)", "LSTMNet.swift"), "lstm W_x")
    XCTAssertNil(
      violation("/// as BuiltinLSTM\n// BuiltinLSTM /* \nlet s = \"BuiltinLSTM \\\" .lstm\""))
    XCTAssertNil(violation("/* BuiltinLSTM */ let BuiltinLSTMs = 1; lstm(X)"))
    XCTAssertNil(violation("let (_, state) = try self.lstm(X)", "LSTMNet.swift"))
    XCTAssertNil(violation("let lstm: BuiltinLSTM", "BuiltinLSTMNet.swift"))
    XCTAssertEqual(violation("typealias Mine = BuiltinLSTM", "BuiltinLSTMNet.swift"), "BuiltinLSTM")
    XCTAssertEqual(violation("class Mine: BuiltinLSTM {}", "BuiltinLSTMNet.swift"), "BuiltinLSTM")
  }
}
