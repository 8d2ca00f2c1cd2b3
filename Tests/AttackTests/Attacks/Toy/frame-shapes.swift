// Attack: tensors with negative sizes, and sizes whose product overflows
// Tries: to make the judge compute with a count that is not the data's
// Must: refused as no answer
import Glibc

func attack(_ X: Tensor) throws {
  let shapes = ["[-1,-5]", "[9223372036854775807,3]", "[4611686018427387904,4]", "[0,-1]"]
  let tensors = shapes.map { #"{"name":"means","shape":\#($0)}"# }.joined(separator: ",")
  let header = Array(#"{"content":{"answer":{}},"tensors":[\#(tensors)]}"#.utf8)
  let length = [UInt8(header.count & 255), UInt8(header.count >> 8), 0, 0]
  _ = write(4, length + [0, 0, 0, 0, 0, 0, 0, 0] + header, 12 + header.count)
  exit(0)
}
