import CZlib

/// Streams of zlib (RFC 1950).
package enum ZlibStream {
  /// What is wrong with a stream.
  package struct Damage: Error {
    package let problem: String
  }

  /// What was compressed: the stream is whole, nothing follows it, and its check sum is right.
  package static func inflated(
    _ stream: ArraySlice<UInt8>, atMost limit: Int
  ) throws(Damage) -> [UInt8] {
    var state = z_stream()
    guard
      inflateInit_(&state, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Damage(problem: "there is no memory to read them with") }
    defer { inflateEnd(&state) }
    var source = Array(stream)
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let (status, left) = source.withUnsafeMutableBufferPointer { source -> (Int32, Int) in
      state.next_in = source.baseAddress
      state.avail_in = UInt32(source.count)
      while true {
        let status = buffer.withUnsafeMutableBufferPointer { buffer in
          state.next_out = buffer.baseAddress
          state.avail_out = UInt32(buffer.count)
          return inflate(&state, Z_NO_FLUSH)
        }
        result.append(contentsOf: buffer[..<(buffer.count - Int(state.avail_out))])
        guard status == Z_OK, result.count <= limit else { return (status, Int(state.avail_in)) }
      }
    }
    guard result.count <= limit else {
      throw Damage(problem: "they hold more than \(limit) bytes")
    }
    switch status {
    case Z_STREAM_END where left == 0: return result
    case Z_STREAM_END: throw Damage(problem: "\(left) bytes follow their end")
    case Z_BUF_ERROR: throw Damage(problem: "they end early")
    default:
      throw Damage(problem: state.msg.map { String(cString: $0) } ?? "zlib says \(status)")
    }
  }
}
