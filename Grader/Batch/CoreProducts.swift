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

  /// The hash of the libraries' and modules' contents.
  ///
  /// - Throws: `BatchError.cannotRead`.
  public func fingerprint() throws -> String {
    var hash = ContentHash()
    for flag in includeFlags + ["|"] + linkFlags { hash.add(flag) }
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
    return hash.hex
  }
}
