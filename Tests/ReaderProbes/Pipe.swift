import WorkerPipe

extension ReaderProbe {
  /// A frame's tensors are no larger than the frame, and come back when it is written.
  private func frame<Content: Codable>(
    _ type: Content.Type, _ bytes: [UInt8]
  ) throws -> (content: Content, tensors: [PipeTensor])? {
    guard let frame = try decode(type, bytes) else { return nil }
    let count = frame.tensors.reduce(0) { $0 + $1.values.count }
    try BrokenProperty.unless(4 * count <= bytes.count, "tensors are larger than the frame")
    for tensor in frame.tensors {
      try BrokenProperty.unless(
        tensor.shape.reduce(1, *) == tensor.values.count, "a tensor has not its shape's elements")
    }
    let again = try BrokenProperty.unlessWorks {
      try decode(type, Frame.encode(frame.content, tensors: frame.tensors))?.tensors ?? []
    }
    try BrokenProperty.unless(
      again.count == frame.tensors.count
        && zip(again, frame.tensors).allSatisfy {
          $0.name == $1.name && $0.shape == $1.shape && $0.integers == $1.integers
            && $0.values.map(\.bitPattern) == $1.values.map(\.bitPattern)
        }, "another frame is read than was written")
    return frame
  }

  private func decode<Content: Codable>(
    _ type: Content.Type, _ bytes: [UInt8]
  ) throws -> (content: Content, tensors: [PipeTensor])? {
    var place = 0
    return try Frame.decode(type, caps: .init(header: 1 << 20, data: 1 << 20)) { count in
      guard count <= bytes.count - place else { return nil }
      defer { place += count }
      return Array(bytes[place..<(place + count)])
    }
  }

  /// Frames from a student's program, which may be anything.
  func readResponse(_ bytes: [UInt8]) throws { _ = try frame(Response.self, bytes) }

  /// Frames from the judge, with the examples in them.
  func readRequest(_ bytes: [UInt8]) throws {
    guard let (request, tensors) = try frame(Request.self, bytes),
      case .ask(let question, about: _) = request
    else { return }
    switch question {
    case .train(let training): _ = try training.examples.examples(in: tensors)
    case .predictions(let examples), .variables(let examples):
      _ = try examples.examples(in: tensors)
    case .parameters, .forward, .backward: break
    }
  }

  /// A record comes back when its line is written, but for the kinds of its line ends.
  func readWorksheet(_ bytes: [UInt8]) throws {
    let line = String(decoding: bytes, as: UTF8.self)
    let (printed, record) = WorksheetRecord.split(line)
    try BrokenProperty.unless(printed.utf8.count <= line.utf8.count, "more than was printed")
    guard let record else {
      return try BrokenProperty.unless(printed == line, "a line without a record is not whole")
    }
    // every end of a line is written as one and the same
    let again = WorksheetRecord.split(record.encoded)
    try BrokenProperty.unless(
      again.printed.isEmpty && again.record?.encoded == record.encoded,
      "another record is read than was written")
  }
}
