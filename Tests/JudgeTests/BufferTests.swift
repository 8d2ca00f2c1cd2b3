import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge

/// What the judge makes of buffers: which they are, how they are called, and what is said of their moves.
final class BufferTests: XCTestCase {
  private func tensor(_ name: String, _ shape: [Int] = [2]) -> PipeTensor {
    PipeTensor(name: name, shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
  }

  private func answer(_ parameters: [String], buffers: [String]) -> [PipeTensor] {
    (parameters + buffers).map { tensor($0) }
      + buffers.map { PipeTensor(name: "buffer:" + $0, shape: [], integers: [0]) }
  }

  private func failure(_ student: [PipeTensor], _ reference: [PipeTensor]) -> CheckFailure? {
    do {
      _ = try ParameterMatch(student: student, reference: reference)
      return nil
    } catch { return error as? CheckFailure }
  }

  /// A buffer is taken for a buffer, though a parameter has its shape and stands before it.
  func testBuffersAreMatchedWithBuffers() throws {
    let reference = answer(["gamma"], buffers: ["mean", "variance"])
    let match = try ParameterMatch(
      student: answer(["g"], buffers: ["runningMean", "variance"]), reference: reference)
    XCTAssertEqual(match.names, ["gamma": "g", "mean": "runningMean", "variance": "variance"])
    XCTAssertEqual(match.buffers, ["mean", "variance"])
  }

  func testAParameterInABuffersPlaceIsToldAndTheOtherWayRound() throws {
    let reference = answer(["gamma"], buffers: ["mean", "variance"])
    let asParameters = try XCTUnwrap(
      failure(answer(["gamma", "mean", "variance"], buffers: []), reference))
    XCTAssertEqual(
      asParameters.message,
      "mean and variance are parameters, which an optimiser moves; the task has buffers")
    XCTAssertEqual(asParameters.diagnosis, "declared with @Parameter in place of @Buffer")
    let asBuffer = try XCTUnwrap(
      failure(answer([], buffers: ["gamma", "mean", "variance"]), reference))
    XCTAssertEqual(
      asBuffer.message, "gamma is a buffer, which no optimiser moves; the task has a parameter")
    XCTAssertEqual(
      failure(answer(["gamma"], buffers: ["mean"]), reference)?.message.contains(
        "missing: variance [2]; is it declared with @Buffer"), true)
  }

  func testAxesInAnotherOrderAreTold() {
    XCTAssertEqual(
      failure([tensor("W", [3, 5, 2])], [tensor("W", [5, 3, 2])])?.diagnosis,
      "W has its axes in another order: they are [3, 5, 2], the task has [5, 3, 2]")
    XCTAssertNil(failure([tensor("W", [3, 5])], [tensor("W", [5, 4])])?.diagnosis)
  }

  func testAResultIsCalledByTheModeAndTheBatchesBefore() {
    let batch = [InputShape("input", [2, 3])]
    func titles(_ calling: Calling) -> [String] { ["y", "state:mean"].map(calling.title) }
    XCTAssertEqual(titles(.usual), ["y", "the buffer mean after an evaluation"])
    XCTAssertEqual(
      titles(.init(isTraining: true)), ["while training, y", "the buffer mean after a batch"])
    XCTAssertEqual(
      titles(.init(isTraining: true, batches: [batch, batch])),
      ["while training, after 2 batches, y", "the buffer mean after 3 batches"])
    XCTAssertEqual(
      titles(.init(batches: [batch])),
      ["at evaluation, after a batch, y", "the buffer mean after a batch and an evaluation"])
  }

  /// What moves buffers is called once, and asked for a state only where that is compared.
  func testHowAWorkerIsAsked() {
    let calls = Calling(isTraining: true, batches: [[]], comparesState: true)
      .calls(isFirst: false, warmUps: 3, wantsState: true)
    XCTAssertTrue(calls.isFirst && calls.isTraining && calls.wantsState)
    XCTAssertEqual([calls.warmUps, calls.batches], [3, 1])
    let usual = Calling.usual.calls(isFirst: false, wantsState: true)
    XCTAssertFalse(usual.isFirst || usual.isTraining || usual.wantsState)
  }

  func testMovesThatShouldNotBeHaveASentence() {
    XCTAssertEqual(
      SideEffectText.sentence(.init(buffers: ["mean"])),
      "at evaluation the call moves the buffer mean: buffers move while training only, which `isTraining` tells"
    )
    XCTAssertEqual(
      SideEffectText.sentence(.init(attached: ["mean", "variance"]))?.hasPrefix(
        "mean and variance hold on to the graph of the call"), true)
  }
}
