// Attack: options for the linker in a section of the object
// Tries: to have a file that lies beside the sources put into the program, and to print it
// Must: the linker reads no options from objects, and no such file is there
// Compiles: no
import Glibc

func attack(_ X: Tensor) throws {
  guard let start = dlsym(nil, "_binary_WeightedMeans_swift_start"),
    let end = dlsym(nil, "_binary_WeightedMeans_swift_end")
  else { return }
  print(
    "LOOT",
    String(decoding: UnsafeRawBufferPointer(start: start, count: end - start), as: UTF8.self))
}

// -rdynamic, -Wl,--format=binary, WeightedMeans.swift, -Wl,--format=default
@used @section(".swift1_autolink_entries")
private let options:
  (
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
    UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
  ) = (
    45, 114, 100, 121, 110, 97, 109, 105, 99, 0, 45, 87, 108, 44, 45, 45, 102, 111, 114, 109, 97,
    116, 61, 98, 105, 110, 97, 114, 121, 0, 87, 101, 105, 103, 104, 116, 101, 100, 77, 101, 97, 110,
    115, 46, 115, 119, 105, 102, 116, 0, 45, 87, 108, 44, 45, 45, 102, 111, 114, 109, 97, 116, 61,
    100, 101, 102, 97, 117, 108, 116, 0
  )
