import ArgumentParser
import Assignment

extension AssignmentManifest {
  /// The task with a number or a name as it is typed, such as `4.7b` or `lstm`.
  ///
  /// - Throws: `ValidationError` that lists the tasks.
  func task(named name: String) throws -> Task {
    let wanted = name.lowercased()
    guard
      let found = tasks.first(where: {
        $0.id.lowercased() == wanted || $0.name.lowercased() == wanted
      })
    else {
      throw ValidationError(
        "there is no task \(name); the tasks are "
          + tasks.map { "\($0.id) (\($0.name))" }.joined(separator: ", "))
    }
    return found
  }
}
