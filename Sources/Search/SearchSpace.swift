import Assignment
import Foundation

/// What a search chooses among: parameters, each with its range. A point has a number for each, in their order; of a
/// choice it is the place of the chosen one.
package struct SearchSpace: Codable, Equatable, Sendable {
  /// Where a parameter may lie.
  package enum Range: Codable, Equatable, Sendable {
    /// Every number between two is as likely.
    case uniform(low: Double, high: Double)
    /// Every logarithm between those of two, which are above zero, is as likely.
    case logUniform(low: Double, high: Double)
    /// One of several words.
    case choice([String])
  }

  /// One parameter.
  package struct Parameter: Codable, Equatable, Sendable {
    /// The name that `train --set` knows.
    package let name: String
    /// Where it may lie.
    package let range: Range

    /// Names a parameter.
    package init(_ name: String, _ range: Range) {
      self.name = name
      self.range = range
    }
  }

  /// The parameters.
  package let parameters: [Parameter]

  /// Names parameters.
  package init(_ parameters: [Parameter]) { self.parameters = parameters }

  /// What an assignment file says.
  package init(_ search: AssignmentManifest.Search) {
    parameters = search.space.map { parameter in
      // reading the file has seen to one of the three with what it needs
      if let range = parameter.uniform {
        return Parameter(parameter.name, .uniform(low: range[0], high: range[1]))
      }
      if let range = parameter.logUniform {
        return Parameter(parameter.name, .logUniform(low: range[0], high: range[1]))
      }
      return Parameter(parameter.name, .choice((parameter.choice ?? []).map(\.description)))
    }
  }

  /// The space without the parameters of these names.
  package func without(_ names: some Collection<String>) -> SearchSpace {
    SearchSpace(parameters.filter { !names.contains($0.name) })
  }

  /// The values of a point, by name, as `train --set` takes them.
  package func values(_ point: [Double]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: zip(parameters, point).map { ($0.name, $0.text($1)) })
  }

  /// The values in a few words, as `learningRate 0.0123, hiddenLayers 2`.
  package func text(_ point: [Double]) -> String {
    zip(parameters, point).map { "\($0.name) \($0.shortText($1))" }.joined(separator: ", ")
  }

  /// Why a point is none of the space, a clause; nil where it is one.
  package func objection(to point: [Double]) -> String? {
    guard point.count == parameters.count else {
      return "it has \(point.count) numbers, and there are \(parameters.count) parameters"
    }
    for (parameter, value) in zip(parameters, point) where !parameter.range.contains(value) {
      return "\(parameter.name) is \(value), and it lies \(parameter.range.sentence)"
    }
    return nil
  }
}

extension SearchSpace.Parameter {
  /// The value as it is chosen, with all digits.
  package func text(_ value: Double) -> String {
    if case .choice(let words) = range { return words[Int(value)] }
    return "\(value)"
  }

  /// The value for people.
  package func shortText(_ value: Double) -> String {
    if case .choice(let words) = range { return words[Int(value)] }
    return String(format: "%.3g", value)
  }
}

extension SearchSpace.Range {
  /// The least and the largest number in which it is uniform: logarithms where it is so in those.
  var bounds: (low: Double, high: Double) {
    switch self {
    case .uniform(let low, let high): (low, high)
    case .logUniform(let first, let last): (log(first), log(last))
    case .choice(let words): (0, Double(words.count - 1))
    }
  }

  /// A value in the scale in which it is uniform.
  func scaled(_ value: Double) -> Double {
    if case .logUniform = self { log(value) } else { value }
  }

  /// The value of such a number, no further than rounding takes it from the bounds.
  func value(scaled number: Double) -> Double {
    switch self {
    case .uniform(let low, let high): min(max(number, low), high)
    case .logUniform(let first, let last): min(max(exp(number), first), last)
    case .choice: number
    }
  }

  func contains(_ value: Double) -> Bool {
    switch self {
    case .uniform(let low, let high), .logUniform(let low, let high): low <= value && value <= high
    case .choice(let words): value.rounded() == value && words.indices.contains(Int(value))
    }
  }

  /// Where it lies.
  var sentence: String {
    switch self {
    case .uniform(let low, let high), .logUniform(let low, let high): "from \(low) to \(high)"
    case .choice(let words): "at one of the places 0 to \(words.count - 1)"
    }
  }
}
