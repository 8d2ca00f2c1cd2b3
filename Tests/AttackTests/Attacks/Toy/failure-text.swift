// Attack: a failure whose text is meant for terminals, browsers and spreadsheets
// Tries: to clear the instructor's screen, to run a script in the report, a formula in the table
// Must: shown as text, without what a terminal obeys, and not whole when it is a megabyte
import NeuralNetworks

struct Loud: Error, CustomStringConvertible {
  var description: String {
    "=cmd|' /C calc'!A0 \u{1b}[2J\u{1b}]0;owned\u{7} <script>alert(1)</script> \u{202e}"
      + String(repeating: "x", count: 800_000)
  }
}

func attack(_ X: Tensor) throws { throw Loud() }
