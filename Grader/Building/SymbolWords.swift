/// A symbol in words, as `SymbolReader` gives them.
package struct SymbolWords {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// Whether it speaks of a name, such as `Conv1d` or `Tensor.lstm`: as a whole word, a member with what it
  /// belongs to.
  package func mentions(_ name: String) -> Bool { !places(of: name).isEmpty }

  /// Whether it speaks of something of that name that another module than `own` declares: `TensorCore.conv1d(…)`,
  /// `(extension in NeuralNetworks):TensorCore.Tensor.conv1d(…)`, or a function of C. The name of an argument, or
  /// a declaration of `own` that is called the same, is none.
  package func mentions(_ name: String, besides own: String) -> Bool {
    if text == name { return true }
    return places(of: name).contains { place in
      let path = text[..<place.lowerBound].suffix(while: { Self.isOfWord($0) || $0 == "." })
      guard path.hasSuffix("."), !path.hasPrefix(own + ".") else { return false }
      return !text[..<path.startIndex].hasSuffix("(extension in \(own)):")
    }
  }

  private func places(of name: String) -> [Range<String.Index>] {
    text.ranges(of: name).filter { place in
      let before = text[..<place.lowerBound].last
      let after = text[place.upperBound...].first
      return !(before.map(Self.isOfWord) ?? false) && !(after.map(Self.isOfWord) ?? false)
    }
  }

  private static func isOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

extension StringProtocol {
  /// The longest end of which each character is of a kind.
  fileprivate func suffix(while isOfKind: (Character) -> Bool) -> SubSequence {
    let end = lastIndex { !isOfKind($0) }
    return self[(end.map { index(after: $0) } ?? startIndex)...]
  }
}
