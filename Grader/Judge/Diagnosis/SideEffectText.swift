import Assignment
import WorkerPipe

/// What is said of a call that changes what it should leave alone.
public enum SideEffectText {
  /// The sentence; nil where nothing was changed that counts.
  public static func sentence(_ effects: SideEffects) -> String? {
    if !effects.buffers.isEmpty {
      return
        "at evaluation the call moves the buffer\(effects.buffers.count == 1 ? "" : "s") "
        + "\(NameList.text(effects.buffers, atMost: 8)): buffers move while training only, which `isTraining` tells"
    }
    if !effects.attached.isEmpty {
      return
        "\(NameList.text(effects.attached, atMost: 8)) \(effects.attached.count == 1 ? "holds" : "hold") on to "
        + "the graph of the call, and with it to everything of every call before: compute what a buffer gets in "
        + "`noGrad { … }`"
    }
    if !effects.parameters.isEmpty {
      return
        "the call changes \(parameters(effects.parameters)): a model only reads its parameters when it "
        + "is called, training changes them. What is computed from them belongs in a local variable"
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

  /// What is said where no gradient reaches parameters since the call puts other tensors in their places.
  static func sentence(replaced names: [String]) -> String {
    "the call puts \(names.count == 1 ? "a new tensor" : "new tensors") in the place of "
      + "\(parameters(names)): gradients go to what is new, and training moves what was there before. What is "
      + "computed from parameters belongs in a local variable"
  }

  private static func parameters(_ names: [String]) -> String {
    (names.count == 1 ? "the parameter " : "the parameters ") + NameList.text(names, atMost: 8)
  }
}
