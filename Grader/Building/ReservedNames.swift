/// What of the core students' files may not use, since tasks ask to write it.
///
/// It is looked for among the symbols that an object asks for: what it calls, makes or casts to needs one,
/// however the lines are written that do so.
struct ReservedNames {
  private let names: [String]

  /// Names as in `Conv1d`, `Tensor.conv1d` and `rk_convolution`.
  init(_ names: [String]) { self.names = names }

  /// The first of the names that an object uses.
  ///
  /// - Parameter module: the object's own, whose declarations may be called the same.
  func first(
    in object: String, ofModule module: String, _ symbols: SymbolReader
  ) throws -> String? {
    let words = try symbols.inWords(symbols.undefined(in: object).sorted()).map(SymbolWords.init)
    return names.first { name in words.contains { $0.mentions(name, besides: module) } }
  }
}
