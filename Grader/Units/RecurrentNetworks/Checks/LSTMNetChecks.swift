import Judge
import TensorCore
import WorkerPipe
import XCTest

/// Task 4.9b: the network on the student's own LSTM.
///
/// What follows from a mistake in the LSTM is not charged again here: the expected logits are
/// computed from what the *student's* layer gives, and the expected gradients from the gradients of
/// the student's layer. Where that layer gives nothing usable, the course's stands in its place when
/// the network is graded. Where it has passed its own checks, the whole network is compared with the
/// reference too: a layer could be another one in a network's process.
final class LSTMNetChecks: RecurrentNetworksCase {
  private func network(_ session: JudgeSession, hidden: Int = 128) -> NetworkCheck {
    .init(
      session: session, name: "LSTMNet", configuration: ["hiddenSize": hidden],
      far: [
        (4, 5, 5, FarDraws.largeInputs(8, logitReach: 50)), (3, 40, 17, FarDraws.lstmMemory),
      ])
  }

  func test1Parameters() throws {
    try check { session in
      try network(session).requireParameters()
      try network(session, hidden: 6).requireParameters()
    }
  }

  func test1Start() throws {
    try check { session in
      try network(session).requireStart(layer: "lstm", isJudged: session.hasPassed("lstm.start"))
    }
  }

  func test2Shapes() throws {
    try check { session in
      try network(session).requireShapes()
      try network(session, hidden: 6).requireShapes()
    }
  }

  func test3Values() throws {
    try check { session in
      let isHeld = session.hasPassed("lstm.values")
      try LSTMNetSeries(session, goesFar: !isHeld).requireValues()
      if isHeld { try network(session, hidden: 6).requireValues() }
    }
  }

  func test4Gradients() throws {
    try check { session in
      let isHeld = ["lstm.values", "lstm.gradients"].allSatisfy(session.hasPassed)
      let series = try LSTMNetSeries(session, goesFar: !isHeld)
      if isHeld, series.changedParameters != nil {
        // on a right layer one call is enough to tell
        return try network(session, hidden: 6).requireGradients()
      }
      guard try !series.requireGradients() else {
        // whatever became of the network's values: its layer may be another one here
        if isHeld { try network(session, hidden: 6).requireGradients() }
        return
      }
      session.note(
        "correct: the right gradients of your function, though its values are not the task's")
    }
  }

  func test5Learns() throws {
    try check { try network($0).requireLearning(after: "lstm.values", "lstmnet.values") }
  }
  func test6Accuracy() throws {
    try check { try network($0).requireAccuracy(after: "lstm.values", "lstmnet.values") }
  }
}
