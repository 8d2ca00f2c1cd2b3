import Examples
import Glibc
import WorkerPipe

/// The worker's ends of the pipe: two inherited descriptors, and those of shared files behind them; never standard input or output, which
/// belong to the student.
struct Pipe {
  /// Where requests arrive.
  static let requests: Int32 = 3
  /// Where answers go.
  static let answers: Int32 = 4
  /// The first of the files that the judge shares.
  private static let firstFile: Int32 = 5

  struct Broken: Error {}

  /// A file that the judge shares, by its number. Who names one that is not there finds it empty.
  static func file(_ number: Int) -> NumberFile? {
    Int32(exactly: number).flatMap { number in
      let (descriptor, overflows) = firstFile.addingReportingOverflow(number)
      return overflows || number < 0 ? nil : NumberFile(inherited: descriptor)
    }
  }

  static func read(_ count: Int) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let received = bytes.withUnsafeMutableBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        return Glibc.read(requests, base + done, count - done)
      }
      if received < 0 && errno == EINTR { continue }
      guard received > 0 else {
        if done == 0 { return nil }
        throw Broken()
      }
      done += received
    }
    return bytes
  }

  static func write(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let sent = bytes.withUnsafeBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        return Glibc.write(answers, base + done, bytes.count - done)
      }
      if sent < 0 && errno == EINTR { continue }
      guard sent > 0 else { throw Broken() }
      done += sent
    }
  }

  static func send(_ response: Response, _ tensors: [PipeTensor]) throws {
    try Frame.write(response, tensors: tensors, to: write)
  }
}
