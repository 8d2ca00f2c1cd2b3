import Foundation

/// The first and the last bytes of a stream of any length.
public struct CappedOutput: Sendable {
  private let headLimit: Int
  private let tailLimit: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  private var dropped = 0

  /// Keeps at most `limit` bytes: half from the front, half from the end.
  public init(limit: Int) {
    headLimit = max(0, limit) / 2
    tailLimit = max(0, limit) - headLimit
  }

  /// Takes more bytes.
  public mutating func append(_ bytes: ArraySlice<UInt8>) {
    let room = headLimit - head.count
    head.append(contentsOf: bytes.prefix(room))
    tail.append(contentsOf: bytes.dropFirst(room))
    // Cutting only at twice the limit makes the cost of each byte constant.
    if tail.count > 2 * tailLimit { cutTail() }
  }

  /// Bytes that were left out.
  public var droppedBytes: Int { dropped + max(0, tail.count - tailLimit) }

  /// The text, with a line "… N bytes left out …" where bytes are missing; bytes that are not
  /// UTF-8 become the replacement character.
  public var text: String {
    let left = droppedBytes
    let end = tail.suffix(tailLimit)
    if left == 0 { return String(decoding: head + end, as: UTF8.self) }
    return String(decoding: head, as: UTF8.self) + "\n… \(left) bytes left out …\n"
      + String(decoding: end, as: UTF8.self)
  }

  private mutating func cutTail() {
    dropped += tail.count - tailLimit
    tail.removeFirst(tail.count - tailLimit)
  }
}
