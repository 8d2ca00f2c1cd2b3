import Foundation

/// The kinds of picture; the raw value is the ending of the file.
public enum PictureFormat: String, CaseIterable, Sendable {
  /// Pixels, twice as many as the figure has points, so that print and dense screens stay sharp.
  case png
  /// Lines and letters.
  case svg

  /// The files that a path asks for: itself with the ending `.png` or `.svg`, both kinds beside
  /// each other without an ending. Throws `PlotError.unknownEnding`.
  public static func files(
    of path: String
  ) throws(PlotError) -> [(path: String, format: PictureFormat)] {
    let ending = (path as NSString).pathExtension
    if ending.isEmpty, !path.isEmpty, !path.hasSuffix("/") {
      return allCases.map { ("\(path).\($0.rawValue)", $0) }
    }
    guard let format = PictureFormat(rawValue: ending.lowercased()) else {
      throw PlotError.unknownEnding(path: path)
    }
    return [(path, format)]
  }

  /// The path with `suffix` before its ending: the place of a second picture beside the first.
  public static func path(_ path: String, suffix: String) -> String {
    let ending = (path as NSString).pathExtension
    guard !ending.isEmpty else { return path + suffix }
    return "\(path.dropLast(ending.count + 1))\(suffix).\(ending)"
  }

  /// gnuplot's command for a picture of `width` × `height` points. Texts are taken as they are
  /// (`noenhanced`): a name may hold `_`, `^` or braces.
  func terminal(width: Int, height: Int) -> String {
    switch self {
    case .png:
      "set terminal pngcairo noenhanced size \(2 * width),\(2 * height) font 'sans,16' "
        + "fontscale 2 linewidth 2 pointscale 2 background rgb 'white'\nset pointsize 1.1"
    case .svg:
      "set terminal svg noenhanced size \(width),\(height) font 'Helvetica,16' "
        + "background rgb 'white'\nset pointsize 0.55"
    }
  }

  /// What every file of this kind begins with.
  var signature: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    case .svg: Array("<?xml".utf8)
    }
  }
}
