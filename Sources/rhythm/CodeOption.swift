import ArgumentParser

/// Whose networks are meant: one's own, or in the course's working copy the Solutions'.
struct CodeOption: ParsableArguments {
  // BEGIN INSTRUCTOR: a student's copy has no Solutions
  @Flag(help: "Take the Solutions' networks instead of those in Assignments.")
  var solutions = false
  // END INSTRUCTOR

  /// Whether it is the Solutions.
  var isOfSolutions: Bool {
    // BEGIN INSTRUCTOR: a student's copy has no Solutions
    if solutions { return true }
    // END INSTRUCTOR
    return false
  }
}
