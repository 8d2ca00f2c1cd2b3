/// File names for submissions whose own names are anybody's.
public enum FileNames {
  /// A name for each submission: its own where that is harmless, unique, and never `index`.
  public static func make(_ submissions: [String]) -> [String: String] {
    var used: Set<String> = ["index"]
    var names: [String: String] = [:]
    for submission in submissions {
      // Bytes, not characters: the limit of a file name is 255 bytes, with room for the rest.
      let plain = String(
        decoding: submission.utf8.prefix(200).filter { $0 >= 32 && $0 != 127 && $0 != 47 },
        as: UTF8.self
      ).replacing("\u{fffd}", with: "_")
      let base = plain.isEmpty || plain.hasPrefix(".") ? "_" + plain : plain
      var name = base
      var number = 2
      // Case does not tell files apart on every file system.
      while !used.insert(name.lowercased()).inserted {
        name = "\(base)-\(number)"
        number += 1
      }
      names[submission] = name
    }
    return names
  }
}
