// Attack: output without end
// Tries: to fill the judge's memory or disk from standard output and error
// Must: a capped part is kept, and the limit on time ends it
import Glibc

func attack(_ X: Tensor) throws {
  let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
  while true {
    _ = write(1, block, block.count)
    _ = write(2, block, block.count)
  }
}
