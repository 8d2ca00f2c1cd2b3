import Foundation
import ReaderProbes

private let probe = ReaderProbe(
  rawValue: ProcessInfo.processInfo.environment["FUZZ_READER"] ?? "")

/// Before libFuzzer, whose `main` this program has, begins: with `FUZZ_READER` empty it only says which
/// readers there are.
@_cdecl("LLVMFuzzerInitialize")
public func begin(_ count: UnsafeRawPointer, _ arguments: UnsafeRawPointer) -> CInt {
  if probe == nil {
    let readers = ReaderProbe.allCases.map(\.rawValue).joined(separator: "\n")
    FileHandle.standardOutput.write(Data((readers + "\n").utf8))
    exit(0)
  }
  return 0
}

/// One input for the reader that `FUZZ_READER` names. Source: LLVM, "libFuzzer".
@_cdecl("LLVMFuzzerTestOneInput")
public func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do throws(BrokenProperty) {
    try probe?.check(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError(error.description)
  }
  return 0
}
