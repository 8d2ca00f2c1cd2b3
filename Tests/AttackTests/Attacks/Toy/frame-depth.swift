// Attack: a header of half a million brackets
// Tries: to overflow the stack of the judge's JSON reader
// Must: refused as no answer
import Glibc

func attack(_ X: Tensor) throws {
  let count = 500_000
  let header = [UInt8](repeating: UInt8(ascii: "["), count: count)
  let length = (0..<4).map { UInt8(count >> (8 * $0) & 255) }
  let bytes = length + [UInt8](repeating: 0, count: 8) + header
  var done = 0
  while done < bytes.count {
    let sent = write(4, Array(bytes[done...]), bytes.count - done)
    if sent <= 0 { break }
    done += sent
  }
  sleep(1)
  exit(0)
}
