import Archives

extension ReaderProbe {
  /// What is unpacked keeps the limits, and no safe path leaves its folder.
  func readArchive(_ bytes: [UInt8]) throws {
    let limits = ArchiveLimits(
      maximumEntries: 64, maximumEntryBytes: 1 << 18, maximumTotalBytes: 1 << 20)
    var entries = 0
    var total = 0
    try ArchiveReader.forEachEntry(in: bytes, named: "an archive", limits: limits) { entry, read in
      entries += 1
      if let path = entry.safeRelativePath {
        try BrokenProperty.unless(
          !path.isEmpty && path.utf8.first != UInt8(ascii: "/")
            && !path.split(separator: "/").contains(".."), "\(path) leaves its folder")
      }
      let contents = try read(1 << 17)
      total += contents.count
      try BrokenProperty.unless(
        contents.count <= 1 << 17 && total <= limits.maximumTotalBytes
          && entries <= limits.maximumEntries, "the limits are not kept: \(total) bytes")
      return true
    }
  }

  /// What is unpacked is bounded, and comes back when it is packed again.
  func readXz(_ bytes: [UInt8]) throws {
    let limit = 1 << 18
    let plain = try CompressedBytes.decompressed(bytes, from: "a stream", atMost: limit)
    try BrokenProperty.unless(plain.count <= limit, "\(plain.count) bytes")
    let again = try BrokenProperty.unlessWorks {
      try CompressedBytes.decompressed(
        CompressedBytes.compressed(plain), from: "a copy", atMost: limit)
    }
    try BrokenProperty.unless(
      again == plain, "other bytes are unpacked than were packed")
  }
}
