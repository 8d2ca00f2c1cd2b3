import JudgedNumbers

extension RepeatedNumbers.Repetition {
  /// What was found, for the student.
  var sentence: String {
    let isScaled = abs(factor - 1) > 1e-5
    let times = isScaled ? ", times \(Comparison.number(Float(factor)))" : ""
    if first == second {
      return
        "\(first) repeats its own numbers: \(count) of them, from number \(secondStart) on, are "
        + "those from number \(firstStart) on\(way)\(times)"
    }
    guard firstStart == 0, secondStart == 0, order == .rows else {
      return "\(second) has \(count) numbers of \(first)\(way)\(times)"
    }
    return "\(second) starts with the same numbers as \(first)\(times)"
  }

  private var way: String {
    switch order {
    case .rows: ""
    case .backwards: ", backwards"
    case .columns: ", row for column"
    case .columnsBackwards: ", row for column and backwards"
    }
  }
}
