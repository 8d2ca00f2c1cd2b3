import Judge

extension CheckResult {
  /// What follows the message, a line each: what was found out, and the likely cause.
  var explanation: String {
    ((findings ?? []) + (diagnosis.map { ["Likely cause: \($0)"] } ?? [])).map { "\n" + $0 }
      .joined()
  }
}
