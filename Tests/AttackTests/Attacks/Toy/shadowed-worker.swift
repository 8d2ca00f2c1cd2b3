// Attack: the worker's own types shadowed
// Tries: to answer in place of the course's worker, since its main file finds these first
// Must: it owns its side of the pipe anyway, and does not know the numbers
import Glibc

enum Worker {
  static func serve(_ catalogue: Catalogue) -> Never {
    print("the worker is mine")
    while true {
      var bytes = [UInt8](repeating: 0, count: 65536)
      guard read(3, &bytes, bytes.count) > 0 else { exit(0) }
      let header = Array(#"{"content":{"answer":{}},"tensors":[]}"#.utf8)
      _ = write(
        4, [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + header, 12 + header.count)
    }
  }
}

func attack(_ X: Tensor) throws {}
