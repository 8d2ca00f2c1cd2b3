import Files
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
  /// Modules that those are built on and students have no use for: in the place of each the compiler
  /// finds an empty one.
  public var hiddenModules: [String]
  /// The same of C modules.
  public var hiddenCModules: [String]
  /// Static archives that every worker is linked with.
  public var libraries: [String]
  /// Parts of the core that only some programs get: module → its static archive.
  public var parts: [String: String]
  /// Flags for the linker: `-lopenblas`.
  public var linkFlags: [String]

  /// Describes a core.
  public init(
    moduleDirectory: String, modules: [String], hiddenModules: [String] = [],
    hiddenCModules: [String] = [], libraries: [String], parts: [String: String] = [:],
    linkFlags: [String] = []
  ) {
    self.moduleDirectory = moduleDirectory
    self.modules = modules
    self.hiddenModules = hiddenModules
    self.hiddenCModules = hiddenCModules
    self.libraries = libraries
    self.parts = parts
    self.linkFlags = linkFlags
  }

  func modulePath(_ module: String) -> String { "\(moduleDirectory)/\(module).swiftmodule" }

  /// The hash of the libraries' and modules' contents.
  ///
  /// - Throws: `FileError.cannotRead`.
  public func fingerprint() throws -> String {
    var hash = ContentHash()
    for name in linkFlags + ["|"] + hiddenModules + ["|"] + hiddenCModules { hash.add(name) }
    let parts = parts.sorted { $0.key < $1.key }
    for path in (modules + parts.map(\.key)).map(modulePath) + libraries + parts.map(\.value) {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw FileError.cannotRead(path: path, reason: "the core is not built")
      }
      if isFolder.boolValue { continue }
      guard let data = FileManager.default.contents(atPath: path) else {
        throw FileError.cannotRead(path: path, reason: "no permission")
      }
      hash.add(Array(data))
    }
    return hash.hex
  }
}
