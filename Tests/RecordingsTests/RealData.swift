import Foundation
import Recordings
import XCTest

/// Real recordings, where `RHYTHMLAB_DATA` names them: an archive or a folder as it is published, or a folder with
/// several downloads, in which each kind finds its own.
enum RealData {
  /// The recordings of a kind.
  ///
  /// - Parameter isOfKind: whether a file's name says that it is of this kind's data: looked at here, so that a kind
  ///   that does not find its own fails and is not skipped.
  /// - Throws: `XCTSkip` where there are none of it.
  static func load<Kind: DataKind>(
    _ kind: Kind, where isOfKind: (String) -> Bool
  ) throws -> Kind.Collection {
    let what = "so the figures of real \(kind.name) are not tested."
    guard let path = ProcessInfo.processInfo.environment["RHYTHMLAB_DATA"] else {
      throw XCTSkip("RHYTHMLAB_DATA names no archive or folder, \(what)")
    }
    let below = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    guard ([path] + below).contains(where: { isOfKind(($0 as NSString).lastPathComponent) }) else {
      throw XCTSkip("RHYTHMLAB_DATA has none of their recordings, \(what)")
    }
    return try kind.load(
      kind.find(path, localStore: RecordingStore.folderName), strict: true
    ) { _, _ in }
  }
}
