import Assignment
import WorkerPipe

/// What is said of a call that changes what it should leave alone.
public enum SideEffectText {
  /// The sentence; nil where nothing was changed.
  public static func sentence(_ effects: SideEffects) -> String? {
    if let first = effects.parameters.first {
      let others = effects.parameters.count - 1
      return
        "the call changes the parameter \(PlainText.quoted(first))\(others > 0 ? " and \(others) more" : ""): a model "
        + "only reads its parameters when it is called, training changes them"
    }
    if let first = effects.inputs.first {
      let name = first == "input" ? "X" : PlainText.quoted(first)
      return "the call changes its input \(name), which belongs to whoever calls: make a new tensor"
    }
    guard let first = effects.results.first else { return nil }
    return
      "the next call changes \(PlainText.quoted(first)), which an earlier call returned: the tensor is kept and "
      + "written into. Return a new one"
  }
}
