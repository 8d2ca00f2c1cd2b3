import WorkerPipe

/// How the numbers of an experiment are drawn: its parameters and its inputs.
///
/// Ordinary draws give all parameters and the input the size at which every gate and every activation is
/// curved. They reach neither the task's own number of steps with anything left of the first one nor the
/// ends of what a quantity can be; a unit says how its models are brought there.
public struct Draw: Sendable {
  /// Draws the numbers.
  ///
  /// - Parameters:
  ///   - parameters: names and shapes of the parameters, in the reference's order.
  ///   - inputs: names, shapes and contents of the inputs, of which there is at least one.
  ///   - numbers: where the draws come from.
  public typealias Numbers =
    @Sendable (
      _ parameters: [PipeTensor], _ inputs: [InputShape], _ numbers: inout SeededNumbers
    ) -> (parameters: [PipeTensor], inputs: [PipeTensor])

  /// What the draw brings where, in words that end a sentence; nil for ordinary numbers.
  public let place: String?
  /// How far from zero logits reach that are centred.
  public let logitReach: Float
  /// How many calls with other parameters and another input lie before the student's.
  public let warmUps: Int
  /// Draws parameters and inputs.
  public let numbers: Numbers

  /// Describes a draw that reaches a far end.
  ///
  /// - Parameters:
  ///   - place: what is brought where, in words that end a sentence.
  ///   - logitReach: how far from zero logits reach where the last layer is stretched.
  ///   - numbers: draws the numbers.
  public init(to place: String, logitReach: Float = 2, _ numbers: @escaping Numbers) {
    self.init(place: place, logitReach: logitReach, warmUps: 0, numbers: numbers)
  }

  /// Describes a draw that is ordinary, if not drawn by `usualDeviation`: known mistakes are looked for in its
  /// numbers too. A mistake that shows little elsewhere may show in them.
  ///
  /// - Parameter numbers: draws the numbers.
  public static func ordinary(_ numbers: @escaping Numbers) -> Draw {
    Draw(place: nil, logitReach: 2, warmUps: 0, numbers: numbers)
  }

  private init(place: String?, logitReach: Float, warmUps: Int, numbers: @escaping Numbers) {
    self.place = place
    self.logitReach = logitReach
    self.warmUps = warmUps
    self.numbers = numbers
  }

  /// Whether it reaches what ordinary numbers do not.
  public var isFar: Bool { place != nil }

  /// Standard normal numbers as input, parameters by their numbers of inputs.
  public static let ordinary = Draw(place: nil, logitReach: 2, warmUps: 0) {
    parameters, inputs, numbers in
    let drawn = parameters.map {
      numbers.normal($0.name, $0.shape, standardDeviation: usualDeviation($0))
    }
    return (drawn, inputs.map { $0.drawn(&numbers) })
  }

  /// Ordinary numbers for a model that has been called with others before, as in a training.
  ///
  /// - Parameters:
  ///   - sizes: the experiment's sizes, in words that end a sentence; they are drawn too.
  ///   - numbers: draws the numbers.
  public static func afterCalls(
    _ count: Int, _ sizes: String, _ numbers: @escaping Numbers = ordinary.numbers
  ) -> Draw {
    Draw(
      place: "\(sizes), after \(count) calls with other parameters and inputs", logitReach: 2,
      warmUps: count, numbers: numbers)
  }

  /// 1 / √(inputs of a unit), and 1/2 for a bias.
  public static func usualDeviation(_ parameter: PipeTensor) -> Float {
    // [in, out], [out, in, kernel] or a bias
    let shape = parameter.shape
    let fanIn = shape.count == 3 ? shape[1] * shape[2] : shape.count == 2 ? shape[0] : 4
    return 1 / Float(max(fanIn, 1)).squareRoot()
  }
}
