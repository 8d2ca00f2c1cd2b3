// Attack: forged results when the program ends
// Tries: to write an answer from a function that runs at exit
// Must: the answer has the wrong numbers, and what is printed is only shown
import Glibc

nonisolated(unsafe) private var registered = false

func attack(_ X: Tensor) throws {
  guard !registered else { return }
  registered = true
  atexit {
    print(#"{"id": "means.values", "outcome": "passed"}"#)
    let frame = Array(#"{"content":{"answer":{}},"tensors":[]}"#.utf8)
    _ = write(4, [UInt8(frame.count), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + frame, 12 + frame.count)
  }
}
