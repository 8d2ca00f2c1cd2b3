// Attack: code that runs when the program is loaded
// Tries: to be there before the worker closes anything
// Must: it owns its process anyway, and the judge is another one
import Glibc

final class Early: Sendable {
  static let shared = Early()
  init() { print("early") }
}

let early = Early.shared

@_cdecl("__gmon_start__") func loaded() { _ = write(4, "early", 5) }

func attack(_ X: Tensor) throws { _ = early }
