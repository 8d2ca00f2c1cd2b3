import Foundation

/// Where the prebuilt core lies that every submission is compiled against.
public struct CoreProducts: Codable, Sendable, Equatable {
  /// The folder of `.swiftmodule` files.
  public var moduleDirectory: String
  /// The modules in it that a student may import.
  ///
  /// Only these are shown to the compiler: the same folder holds the solutions' module, and an
  /// optimised module carries function bodies.
  public var modules: [String]
  /// Flags for the C modules below the core: `-I DIR`, `-Xcc -fmodule-map-file=…`.
  public var includeFlags: [String]
  /// Static archives and object files.
  public var libraries: [String]
  /// Flags for the linker: `-lopenblas`.
  public var linkFlags: [String]
  /// Other paths that the compiler reads: the folders that `includeFlags` name.
  public var readOnlyPaths: [String]

  /// Describes a core.
  public init(
    moduleDirectory: String, modules: [String], includeFlags: [String] = [], libraries: [String],
    linkFlags: [String] = [], readOnlyPaths: [String] = []
  ) {
    self.moduleDirectory = moduleDirectory
    self.modules = modules
    self.includeFlags = includeFlags
    self.libraries = libraries
    self.linkFlags = linkFlags
    self.readOnlyPaths = readOnlyPaths
  }

  var modulePaths: [String] { modules.map { "\(moduleDirectory)/\($0).swiftmodule" } }

  /// All that the compiler must see.
  var visiblePaths: [String] { modulePaths + libraries + readOnlyPaths }

  /// A number that changes when the core does: over the libraries' and modules' contents.
  ///
  /// - Throws: `BatchError.cannotRead`.
  func fingerprint() throws -> UInt64 {
    var hash = Fingerprint()
    for flag in includeFlags + ["|"] + linkFlags { hash.add(Array(flag.utf8)) }
    for path in modulePaths + libraries {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw BatchError.cannotRead(path: path, reason: "the core is not built")
      }
      if isFolder.boolValue { continue }
      guard let data = FileManager.default.contents(atPath: path) else {
        throw BatchError.cannotRead(path: path, reason: "no permission")
      }
      hash.add(Array(data))
    }
    return hash.value
  }
}

/// FNV-1a over parts and their lengths.
///
/// It only names cache folders. A student could construct two files with the same value, so
/// whoever finds a folder compares the sources in it byte for byte.
struct Fingerprint {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { add($0) }
    bytes.withUnsafeBytes { add($0) }
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var hash = value
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    value = hash
  }
}
