/// What a stub throws: the task is not started yet.
public struct Unimplemented: Error, Sendable, CustomStringConvertible {
  /// The task's number in the handout, such as `4.7b`.
  public let task: String
  /// The stub's file.
  public let file: String
  /// The stub's line.
  public let line: Int

  /// Makes the error; file and line are those of the call.
  public init(_ task: String, file: String = #fileID, line: Int = #line) {
    self.task = task
    self.file = file
    self.line = line
  }

  /// As in `task 4.7b is not implemented yet: UNIT/Layer.swift:41`.
  public var description: String { "task \(task) is not implemented yet: \(file):\(line)" }
}
