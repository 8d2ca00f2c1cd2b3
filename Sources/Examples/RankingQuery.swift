/// What examples are ranked by: a vector that whatever a model makes of an example is multiplied with, and the labels that
/// an example must have to be an answer.
public struct RankingQuery: Codable, Sendable, Equatable {
  /// The group that figures are given by.
  public let group: String
  /// What is asked for.
  public let name: String
  /// The name of the input whose rows are vectors of the same space.
  public let input: String
  /// The vector.
  public let vector: [Float]
  /// The numbers of the labels that an answer has, all of them. Targets are sets of labels.
  public let labels: [Int]
  /// The validation examples that are ranked; nil for all.
  public let places: [Int]?

  /// Describes a query.
  public init(
    group: String, name: String, input: String, vector: [Float], labels: [Int],
    places: [Int]? = nil
  ) {
    self.group = group
    self.name = name
    self.input = input
    self.vector = vector
    self.labels = labels
    self.places = places
  }

  /// The same of a selection of the validation examples, in their new places.
  ///
  /// - Parameter order: the old place of each.
  public func selecting(_ order: [Int]) -> RankingQuery {
    guard let places = places.map(Set.init) else { return self }
    return RankingQuery(
      group: group, name: name, input: input, vector: vector, labels: labels,
      places: order.indices.filter { places.contains(order[$0]) })
  }

  /// The same in a space that was turned and with labels of other numbers.
  ///
  /// - Parameter number: the new number of a label.
  public func disguised(vector: [Float], label number: (Int) -> Int) -> RankingQuery {
    RankingQuery(
      group: group, name: name, input: input, vector: vector, labels: labels.map(number),
      places: places)
  }

  /// The examples that are ranked, and whether each is an answer.
  public func answers(in examples: ExampleSet) -> [(place: Int, isAnswer: Bool)] {
    guard case .labelSets(let flags, let count) = examples.targets else { return [] }
    return (places ?? Array(0..<examples.count)).map { place in
      (place, labels.allSatisfy { flags[place * count + $0] == 1 })
    }
  }

  /// The examples that are ranked, each by the product of its embedding with the query's vector.
  ///
  /// - Parameter embedding: that of an example, as wide as the vector.
  /// - Returns: their scores, and of each 1 where it is an answer, else 0: what `Metrics.areaUnderROC(scores:labels:)` and
  ///   `Metrics.averagePrecision(scores:labels:)` take.
  public func ranked(
    _ examples: ExampleSet, by embedding: (_ place: Int) -> ArraySlice<Float>
  ) -> (scores: [Float], labels: [Int32]) {
    let asked = answers(in: examples)
    let scores = asked.map { example in
      zip(embedding(example.place), vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
    return (scores, asked.map { $0.isAnswer ? 1 : 0 })
  }
}
