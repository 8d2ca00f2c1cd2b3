/// Bytes that may still be unpacked, shared by all archives whose work is limited together.
///
/// What is unpacked counts whatever becomes of it: also what is passed over in a stream, what turns out
/// to be too large and what is damaged.
public final class UnpackingAllowance {
  /// The bytes that were granted in all.
  public private(set) var granted: Int
  private var spent = 0

  /// Grants bytes.
  public init(bytes: Int) { granted = bytes }

  /// Raises what is granted in all to a number of bytes; never lowers it.
  public func raise(to bytes: Int) { granted = max(granted, bytes) }

  /// The bytes that are left.
  public var left: Int { granted - spent }

  /// Takes bytes away.
  ///
  /// - Returns: false where more are taken than are left; nothing is left then.
  public func take(_ count: Int) -> Bool {
    guard count <= left else {
      spent = granted
      return false
    }
    spent += count
    return true
  }
}
