/// The signal that an example was made of, as it was measured: for pictures.
public struct ExampleSignal: Sendable, Equatable {
  /// Its voltages.
  public let values: [Float]
  /// Their unit.
  public let unit: String
  /// How many there are in a second.
  public let valuesPerSecond: Double
  /// The steps of the example that they fill; the others are padding.
  public let steps: Range<Int>
  /// How many steps the example has.
  public let stepCount: Int

  /// Describes a signal.
  public init(
    values: [Float], unit: String, valuesPerSecond: Double, steps: Range<Int>, stepCount: Int
  ) {
    self.values = values
    self.unit = unit
    self.valuesPerSecond = valuesPerSecond
    self.steps = steps
    self.stepCount = stepCount
  }
}
