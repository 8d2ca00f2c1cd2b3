import Assignment
import Foundation
import Judge
import Recordings

/// The data that the checks of a class train on.
struct GradedData {
  /// Where they are looked for.
  enum Place {
    /// The synthetic set, whatever is imported.
    case synthetic
    /// What a path names; the local store without one, or the synthetic set.
    case at(String?)
  }

  let unit: UnitData
  let source: RecordingSource

  /// The data of a unit; nil where its checks train nothing.
  ///
  /// - Throws: a sentence when nothing is there.
  init?(of manifest: AssignmentManifest, _ place: Place) throws {
    guard manifest.data != nil else { return nil }
    unit = try UnitData(of: manifest, chosen: manifest.dataSelection().checkSettings ?? [:])
    switch place {
    case .synthetic: source = .synthetic
    case .at(let path): source = try unit.find(path)
    }
  }

  /// What `find` finds it by; empty for the synthetic set.
  var path: String {
    switch source {
    case .store(let path), .archive(let path): URL(fileURLWithPath: path).path
    case .synthetic: ""
    }
  }

  /// What tells it apart from other data, without reading them.
  var identity: String {
    let settings = unit.settings.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
    guard source != .synthetic else { return "synthetic" + settings.joined() }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let size = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
    let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    return "\(URL(fileURLWithPath: path).lastPathComponent) \(size) \(date)" + settings.joined()
  }

  /// Draws the examples into a file of their own, once for the whole run.
  func prepare(
    _ selection: AssignmentManifest.DataSelection, seed: UInt64, to path: String
  ) throws {
    let prepared = try unit.kind.prepared(from: source, unit.settings)
    try GradingData(
      prepared.split, selection: selection, isSynthetic: prepared.isSynthetic, seed: seed
    ).write(to: path)
    chmod(path, 0o600)
  }
}
