import TensorCore
import WorkerPipe

extension Catalogue {
  /// The settings that a model or function is made with. A size is read by its name: `s.hiddenSize`.
  ///
  /// A class: a student's compiler does not see the module that the settings are of.
  @dynamicMemberLookup
  public final class Configuration: Sendable {
    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    /// The size of that name.
    ///
    /// - Throws: when there is none, or it is no integer.
    public subscript(dynamicMember name: String) -> Int {
      get throws(TensorError) {
        guard case .integer(let value) = try setting(name) else { throw misfit(name, "an integer") }
        return value
      }
    }

    /// The number of that name, such as a margin.
    ///
    /// - Throws: when there is none, or it is no number.
    public func number(_ name: String) throws(TensorError) -> Float {
      switch try setting(name) {
      case .integer(let value): return Float(value)
      case .number(let value): return Float(value)
      default: throw misfit(name, "a number")
      }
    }

    /// The text of that name, such as the name of a wavelet.
    ///
    /// - Throws: when there is none, or it is no text.
    public func text(_ name: String) throws(TensorError) -> String {
      guard case .text(let value) = try setting(name) else { throw misfit(name, "a text") }
      return value
    }

    /// The sizes of that name, such as the widths of layers.
    ///
    /// - Throws: when there are none, or they are no integers.
    public func sizes(_ name: String) throws(TensorError) -> [Int] {
      guard case .list(let values) = try setting(name) else { throw misfit(name, "a list") }
      var sizes: [Int] = []
      for value in values {
        guard case .integer(let size) = value else { throw misfit(name, "a list of integers") }
        sizes.append(size)
      }
      return sizes
    }

    /// The numbers of that name, such as the lower bounds of a search.
    ///
    /// - Throws: when there are none, or they are no numbers.
    public func numbers(_ name: String) throws(TensorError) -> [Double] {
      guard case .list(let values) = try setting(name) else { throw misfit(name, "a list") }
      var numbers: [Double] = []
      for value in values {
        switch value {
        case .integer(let number): numbers.append(Double(number))
        case .number(let number): numbers.append(number)
        default: throw misfit(name, "a list of numbers")
        }
      }
      return numbers
    }

    /// The texts of that name, such as the kinds of a search's parameters.
    ///
    /// - Throws: when there are none, or they are no texts.
    public func texts(_ name: String) throws(TensorError) -> [String] {
      guard case .list(let values) = try setting(name) else { throw misfit(name, "a list") }
      var texts: [String] = []
      for value in values {
        guard case .text(let text) = value else { throw misfit(name, "a list of texts") }
        texts.append(text)
      }
      return texts
    }

    private func setting(_ name: String) throws(TensorError) -> Setting {
      guard let value = settings[name] else {
        throw TensorError("catalogue", "the setting \(name) is missing")
      }
      return value
    }

    private func misfit(_ name: String, _ kind: String) -> TensorError {
      TensorError("catalogue", "the setting \(name) is not \(kind)")
    }
  }
}
