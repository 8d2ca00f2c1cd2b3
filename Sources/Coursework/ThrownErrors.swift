import Glibc

/// Tells where errors are thrown, by what Swift's runtime has for test frameworks. Where a runtime or a system
/// has not got it, nothing is told.
enum ThrownErrors {
  private typealias Told = @convention(c) (UnsafeRawPointer?) -> Void
  private typealias ToldOfType =
    @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?) -> Void

  /// Set once, before anything is thrown.
  nonisolated(unsafe) private static var tell: ([UInt]) -> Void = { _ in }
  /// Errors that are told of: a loop may throw and catch for ever.
  nonisolated(unsafe) private static var left = 1000

  /// Begins to tell.
  ///
  /// - Parameter tell: is given the calls that lead to the place, the innermost first, in bytes from the
  ///   program's beginning.
  static func watch(_ tell: @escaping ([UInt]) -> Void) {
    self.tell = tell
    if let symbol = dlsym(nil, "_swift_setWillThrowHandler") {
      typealias Set = @convention(c) (Told?) -> Void
      unsafeBitCast(symbol, to: Set.self)({ _ in ThrownErrors.note() })
    }
    // errors whose type the function names
    if let variable = dlsym(nil, "_swift_willThrowTypedImpl") {
      let told: ToldOfType = { _, _, _ in ThrownErrors.note() }
      variable.storeBytes(of: unsafeBitCast(told, to: UInt.self), as: UInt.self)
    }
  }

  private static func note() {
    guard left > 0 else { return }
    left -= 1
    // glibc's, which Swift's module of it leaves out
    typealias Backtrace = @convention(c) (UnsafeMutablePointer<UInt>, Int32) -> Int32
    typealias AuxiliaryValue = @convention(c) (UInt) -> UInt
    guard let backtrace = dlsym(nil, "backtrace"), let value = dlsym(nil, "getauxval") else {
      return
    }
    var calls = [UInt](repeating: 0, count: 256)
    let count = unsafeBitCast(backtrace, to: Backtrace.self)(&calls, Int32(calls.count))
    // AT_PHDR: the program's headers, in its first page
    let start = unsafeBitCast(value, to: AuxiliaryValue.self)(3) & ~0xfff
    // an address of return is behind the call; what lies further away is a library's
    let places = calls.prefix(Int(count)).filter { $0 > start && $0 - start < 1 << 30 }
    tell(places.map { $0 - start - 1 })
  }
}
