@preconcurrency import Glibc
import NeuralNetworks
import TensorCore
import WorkerPipe

/// What the program of a worksheet calls: it says what each line has given, as `./rhythm try` shows it.
public enum Worksheet {
  /// Who is told what a line gives: its value, the variable or nothing for an expression, and the line. Nobody
  /// unless asked for: code that was compiled for it then runs as any other. The code runs on one thread.
  nonisolated(unsafe) static var listener: ((_ value: Any, _ name: String, _ line: Int) -> Void)?

  private struct Place: Hashable {
    let line: Int
    let name: String
  }

  /// The last value of each place. A worksheet's lines run on one thread.
  nonisolated(unsafe) private static var latest: [Place: (count: Int, value: Any)] = [:]
  /// Of a line that is run again and again, so many values are shown as they come, and the last one at the
  /// program's end.
  private static let shownTimes = 2

  /// To be called before anything else.
  public static func begin() {
    // what was printed must be out before a crash
    setvbuf(stdout, nil, _IOLBF, 0)
    atexit { Worksheet.end() }
    listener = note
    ThrownErrors.watch { places in
      print(WorksheetRecord.thrown(places).encoded)
    }
  }

  private static func note(_ value: Any, name: String, line: Int) {
    guard let text = text(of: value) else { return }
    let place = Place(line: line, name: name)
    let count = (latest[place]?.count ?? 0) + 1
    latest[place] = (count, value)
    if count <= shownTimes {
      print(WorksheetRecord.value(.init(line: line, name: name, text: text())).encoded)
    }
  }

  private static func end() {
    let places = latest.filter { $0.value.count > shownTimes }
      .sorted { ($0.key.line, $0.key.name) < ($1.key.line, $1.key.name) }
    for (place, last) in places {
      guard let text = text(of: last.value) else { continue }
      print(
        WorksheetRecord.value(
          .init(line: place.line, name: place.name, times: last.count, text: text())
        ).encoded)
    }
  }

  // MARK: - Values in words

  /// More elements of a tensor than these are not listed: what they lie between says more.
  private static let listedElements = 64
  private static let mostCharacters = 600

  /// A value in words, made when it is asked for; nil where there is nothing to say, as of a function.
  private static func text(of value: Any) -> (() -> String)? {
    switch value {
    // of a generator's state nobody can tell anything
    case is Void, is RandomGenerator: nil
    case let tensor as Tensor: { describe(tensor) }
    case let module as Module: { shortened(module.description) }
    case let tensors as [Tensor]: { describe(tensors) }
    default: describe(value)
    }
  }

  /// The shape, then the elements, or where those of a large tensor lie.
  static func describe(_ tensor: Tensor) -> String {
    let heading = "\(tensor.shape)" + (tensor.requiresGrad ? ", requires grad" : "")
    guard tensor.count > listedElements else {
      let elements = tensor.description.split(separator: "\n").dropFirst()
      return heading + (tensor.rank == 0 ? "  " : "\n") + elements.joined(separator: "\n")
    }
    let numbers = tensor.array
    let finite = numbers.filter(\.isFinite)
    let others = numbers.count - finite.count
    var parts: [String] = []
    if let low = finite.min(), let high = finite.max() {
      let mean = finite.reduce(0.0) { $0 + Double($1) } / Double(finite.count)
      parts.append("from \(short(low)) to \(short(high)), mean \(short(Float(mean)))")
    }
    if others > 0 { parts.append("\(others) of \(numbers.count) nan or infinite") }
    return heading + "  " + parts.joined(separator: "; ")
  }

  private static func describe(_ tensors: [Tensor]) -> String {
    let shapes = tensors.prefix(4).map { "\($0.shape)" }.joined(separator: ", ")
    return "\(tensors.count) tensor\(tensors.count == 1 ? "" : "s")"
      + (tensors.isEmpty ? "" : ": " + shapes) + (tensors.count > 4 ? ", …" : "")
  }

  /// What holds tensors by its parts, anything else as Swift prints it.
  private static func describe(_ value: Any) -> (() -> String)? {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
      guard let wrapped = mirror.children.first?.value else { return { "nil" } }
      return text(of: wrapped)
    }
    if mirror.displayStyle == nil, mirror.children.isEmpty, "\(value)" == "(Function)" {
      return nil
    }
    let parts = parts(mirror, "")
    guard !parts.isEmpty else { return { shortened("\(value)") } }
    return { parts.map { "\($0.name) \(describe($0.tensor))" }.joined(separator: "\n") }
  }

  /// The tensors in a structure or tuple, and in those that it holds, as they are reached from it.
  private static func parts(_ mirror: Mirror, _ path: String) -> [(name: String, tensor: Tensor)] {
    guard mirror.displayStyle == .struct || mirror.displayStyle == .tuple else { return [] }
    return mirror.children.flatMap { child -> [(name: String, tensor: Tensor)] in
      // parts of a tuple without labels are called .0, .1
      let label = child.label.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 } ?? ""
      if let tensor = child.value as? Tensor { return [("\(path).\(label)", tensor)] }
      return parts(Mirror(reflecting: child.value), "\(path).\(label)")
    }
  }

  private static func shortened(_ text: String) -> String {
    text.count > mostCharacters ? text.prefix(mostCharacters) + " …" : text
  }

  private static func short(_ number: Float) -> String {
    var buffer = [CChar](repeating: 0, count: 32)
    _ = withVaList([Double(number)]) { vsnprintf(&buffer, buffer.count, "%.4g", $0) }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
