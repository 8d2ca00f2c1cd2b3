/// What is to be learned of the examples of a set.
public enum Targets: Sendable, Equatable {
  /// Nothing, or nothing that may be known: the validation examples of a worker.
  case none
  /// One of `count` classes, from 0.
  case classes([Int32], count: Int)
  /// Any of `count` labels: for each example 0 or 1 for each label, row-major.
  case labelSets([Int32], count: Int)
  /// `width` numbers for each example, row-major.
  case numbers([Float], width: Int)

  /// The number of examples that have a target; nil for `none`, which fits any.
  var exampleCount: Int? {
    switch self {
    case .none: nil
    case .classes(let labels, _): labels.count
    case .labelSets(let flags, let count): count > 0 ? flags.count / count : 0
    case .numbers(let values, let width): width > 0 ? values.count / width : 0
    }
  }

  /// The number of classes, or of labels of which each example has a set; nil for others.
  public var classCount: Int? {
    switch self {
    case .classes(_, let count), .labelSets(_, let count): count
    case .none, .numbers: nil
    }
  }

  /// A weight for each class by which all count the same in a loss: n / (K n_c) of n examples, n_c of them of
  /// the class, and K classes; 0 for a class that does not occur. Nil where the targets are no classes.
  public var balancingWeights: [Float]? {
    guard case .classes(let labels, let count) = self else { return nil }
    var members = [Int](repeating: 0, count: count)
    for label in labels { members[Int(label)] += 1 }
    return members.map { $0 == 0 ? 0 : Float(labels.count) / Float(count * $0) }
  }

  /// The targets of the examples at `indices`, in that order.
  func selecting(_ indices: some Collection<Int>) -> Targets {
    func rows<Element>(_ values: [Element], _ width: Int) -> [Element] {
      indices.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
    }
    return switch self {
    case .none: .none
    case .classes(let labels, let count): .classes(indices.map { labels[$0] }, count: count)
    case .labelSets(let flags, let count): .labelSets(rows(flags, count), count: count)
    case .numbers(let values, let width): .numbers(rows(values, width), width: width)
    }
  }
}
