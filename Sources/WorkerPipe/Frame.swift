#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What goes over the pipe: the length of the header and of the data, the header in JSON, then the
/// tensors' elements as little-endian 32-bit floats or integers, one tensor after the other.
///
/// A reader checks all lengths against its caps before it allocates anything.
public enum Frame {
  /// The sizes a reader accepts.
  public struct Caps: Sendable {
    /// Bytes of the JSON header.
    public var header: Int
    /// Bytes of tensor data.
    public var data: Int

    /// Makes caps.
    public init(header: Int = 1 << 20, data: Int = 1 << 30) {
      self.header = header
      self.data = data
    }
  }

  /// A frame that is not one.
  public struct Malformed: Error, Sendable, CustomStringConvertible {
    /// What was wrong.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
  }

  private struct Header<Content: Codable>: Codable {
    struct Entry: Codable {
      let name: String
      let shape: [Int]
      /// Whether the elements are integers; nil for floats.
      let integers: Bool?
    }
    let content: Content
    let tensors: [Entry]
  }

  private static let prefixLength = 12
  /// Bytes that are read or written at a time, if so many are left.
  private static let pieceLength = 1 << 20

  /// The beginning of a name, which may be as long as a header: counted in scalars, of which a character may
  /// have any number.
  private static func short(_ name: String) -> String {
    let most = 60
    let start = name.unicodeScalars.prefix(most)
    return String(start) + (start.endIndex == name.unicodeScalars.endIndex ? "" : "…")
  }

  /// The bytes of a frame.
  public static func encode(_ content: some Codable, tensors: [PipeTensor]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try write(content, tensors: tensors) { bytes += $0 }
    return bytes
  }

  /// Writes a frame piece by piece, so that no second copy of its tensors is ever there.
  ///
  /// - Parameter write: is given the pieces in their order.
  /// - Throws: what `write` throws.
  public static func write(
    _ content: some Codable, tensors: [PipeTensor], to write: ([UInt8]) throws -> Void
  ) throws {
    let header = Header(
      content: content,
      tensors: tensors.map {
        .init(name: $0.name, shape: $0.shape, integers: $0.integers == nil ? nil : true)
      })
    let encoder = JSONEncoder()
    // The loss of a training that diverges; JSON has no such numbers.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let json = try encoder.encode(header)
    let dataLength = tensors.reduce(0) { $0 + 4 * $1.values.count }
    var piece: [UInt8] = []
    withUnsafeBytes(of: UInt32(json.count).littleEndian) { piece.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt64(dataLength).littleEndian) { piece.append(contentsOf: $0) }
    piece.append(contentsOf: json)
    /// Small tensors go together.
    func add(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = rest.prefix(max(pieceLength - piece.count, 1))
        piece.append(contentsOf: part)
        rest = rest.dropFirst(part.count)
        guard piece.count >= pieceLength else { continue }
        try write(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    for tensor in tensors {
      switch tensor.elements {
      case .floats(let values): try values.withUnsafeBytes(add)
      case .integers(let values): try values.withUnsafeBytes(add)
      }
    }
    if !piece.isEmpty { try write(piece) }
  }

  /// Reads one frame.
  ///
  /// - Parameters:
  ///   - caps: what is accepted.
  ///   - read: gives exactly so many bytes, or `nil` when the other side has closed the pipe.
  /// - Returns: the content and the tensors; `nil` when the pipe was closed between two frames.
  /// - Throws: `Malformed`, or what `read` throws.
  public static func decode<Content: Codable>(
    _ type: Content.Type, caps: Caps, read: (Int) throws -> [UInt8]?
  ) throws -> (content: Content, tensors: [PipeTensor])? {
    guard let prefix = try read(prefixLength) else { return nil }
    let headerLength = prefix[..<4].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    let dataLength = prefix[4...].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    guard headerLength <= UInt64(caps.header), dataLength <= UInt64(caps.data) else {
      throw Malformed("a frame of \(headerLength) + \(dataLength) bytes is too large")
    }
    guard let json = try read(Int(headerLength)) else {
      throw Malformed("the pipe was closed in the middle of a frame")
    }
    let header: Header<Content>
    do {
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      header = try decoder.decode(Header<Content>.self, from: Data(json))
    } catch {
      throw Malformed("the header of a frame is not as it should be")
    }
    var remaining = Int(dataLength) / 4
    var counts: [Int] = []
    for entry in header.tensors {
      var count = 1
      for size in entry.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard size >= 0, !overflow, product <= caps.data else {
          throw Malformed("tensor \(Self.short(entry.name)) has an impossible shape")
        }
        count = product
      }
      guard count <= remaining else {
        throw Malformed("tensor \(Self.short(entry.name)) is larger than the frame's data")
      }
      remaining -= count
      counts.append(count)
    }
    guard remaining == 0, dataLength % 4 == 0 else {
      throw Malformed("a frame has more data than its tensors")
    }
    var tensors: [PipeTensor] = []
    for (entry, count) in zip(header.tensors, counts) {
      tensors.append(
        PipeTensor(
          name: entry.name, shape: entry.shape,
          elements: entry.integers == true
            ? .integers(try array(of: count, read)) : .floats(try array(of: count, read))))
    }
    return (header.content, tensors)
  }

  /// The elements of a tensor, read piece by piece: a set of recordings is most of a worker's memory, and there is
  /// no room for a second one.
  private static func array<Element>(
    of count: Int, _ read: (Int) throws -> [UInt8]?
  ) throws -> [Element] {
    try [Element](unsafeUninitializedCapacity: count) { buffer, initialised in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      var start = 0
      while start < 4 * count {
        guard let piece = try read(min(pieceLength, 4 * count - start)) else {
          throw Malformed("the pipe was closed in the middle of a frame")
        }
        UnsafeMutableRawBufferPointer(rebasing: bytes[start..<(start + piece.count)])
          .copyBytes(from: piece)
        start += piece.count
      }
      initialised = count
    }
  }
}
