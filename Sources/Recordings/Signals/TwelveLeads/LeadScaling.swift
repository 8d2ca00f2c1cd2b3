/// What becomes of crops before a network sees them: each lead less its mean, divided by a deviation.
package enum LeadScaling {
  /// Further than so many deviations nothing reaches.
  package static let bound: Float = 20

  /// The standard deviation of each lead over crops, each of which is taken less its own mean.
  package struct Deviations: Sendable {
    private var squares = [Double](repeating: 0, count: StandardLead.count)
    private var count = 0

    package init() {}

    /// Adds a crop of a record whose leads stand one after another, `count` samples each.
    package mutating func add(_ values: [Float], count own: Int, crop: Int) {
      for lead in 0..<StandardLead.count {
        let range = LeadScaling.range(lead, own, crop)
        let mean = LeadScaling.mean(values, range)
        for place in range {
          let distance = Double(values[place]) - mean
          squares[lead] += distance * distance
        }
      }
      count += TwelveLeadSignal.cropLength
    }

    /// The deviations in mV; 0 of nothing.
    package var values: [Double] {
      squares.map { count == 0 ? 0 : ($0 / Double(count)).squareRoot() }
    }
  }

  /// Appends a crop to a table, lead after lead.
  ///
  /// - Parameter deviations: what each lead is divided by; nil for the crop's own.
  package static func append(
    _ values: [Float], count: Int, crop: Int, by deviations: [Double]?, to table: inout [Float]
  ) {
    for lead in 0..<StandardLead.count {
      let range = range(lead, count, crop)
      let mean = mean(values, range)
      let deviation: Double
      if let deviations {
        deviation = deviations[lead]
      } else {
        let sum = range.reduce(0.0) {
          $0 + (Double(values[$1]) - mean) * (Double(values[$1]) - mean)
        }
        // so that a lead without a signal becomes zeros
        deviation = (sum / Double(range.count)).squareRoot() + 1e-6
      }
      let factor = deviation > 0 ? Float(1 / deviation) : 0
      for place in range {
        table.append(min(max((values[place] - Float(mean)) * factor, -bound), bound))
      }
    }
  }

  private static func range(_ lead: Int, _ count: Int, _ crop: Int) -> Range<Int> {
    let start = lead * count + crop * TwelveLeadSignal.cropLength
    return start..<(start + TwelveLeadSignal.cropLength)
  }

  private static func mean(_ values: [Float], _ range: Range<Int>) -> Double {
    range.reduce(0.0) { $0 + Double(values[$1]) } / Double(range.count)
  }
}
