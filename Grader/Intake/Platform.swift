/// Who delivered a submission; told by the form of names.
public enum Platform: String, Codable, Sendable, CaseIterable {
  case brightspace = "Brightspace"
  case canvas = "Canvas"
  case moodle = "Moodle"
  case gradescope = "Gradescope"
  case gitHubClassroom = "GitHub Classroom"
  /// A folder or an archive with a name of its own.
  case plain
}
