/// Anonymous names of answers, and the order they are marked in.
///
/// Both are drawn from a seed and differ between questions, so that no marker meets the same
/// student at the same place twice. They do not depend on who else handed in.
struct MarkingOrder {
  let seed: UInt64

  /// Ten letters and digits, none of which looks like another, and which begin no formula.
  func name(_ submission: String, _ question: String) -> String {
    var rest = hash("name", submission, question)
    let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    return "A"
      + String(
        (0..<10).map { _ in
          defer { rest /= UInt64(letters.count) }
          return letters[Int(rest % UInt64(letters.count))]
        })
  }

  /// Where among the answers to a question one stands.
  func place(_ submission: String, _ question: String) -> UInt64 {
    hash("place", submission, question)
  }

  /// FNV-1a, then the finaliser of SplitMix64 (Steele, Lea and Flood, 2014): equal on every
  /// machine, unlike Swift's own hashes.
  private func hash(_ parts: String...) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: seed >> shift)) }
    for part in parts {
      for byte in part.utf8 { add(byte) }
      add(0)
    }
    hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }
}
