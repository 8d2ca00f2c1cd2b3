import Judge
import WorkerPipe

/// Task 5.3a: attention.
final class AttentionChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "attention")
  }

  func test2Shapes() throws {
    try check { session in
      try series(session).requireShapes()
      // in the layer that calls it
      try ModelSeries(session: session, subject: "AttentionHead").requireShapes()
    }
  }
  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}

/// Task 5.4a: multi-head attention.
final class MultiHeadAttentionChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "MultiHeadAttention")
  }

  private static func sizes(_ channels: Int, _ heads: Int) -> [String: Int] {
    ["embedSize": channels, "headCount": heads]
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters([
        Self.sizes(32, 4), Self.sizes(6, 3), Self.sizes(5, 5), Self.sizes(1, 1),
      ])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("heads start")
      let heads = numbers.integer(2...5)
      try series(session).requireStart([
        Self.sizes(32, 4), Self.sizes(heads * numbers.integer(12...16), heads),
      ]) { _, inputs in .uniform(bound: 1 / Double(inputs).squareRoot()) }
    }
  }

  func test2Shapes() throws {
    try check { session in
      try series(session).requireShapes()
      for (channels, heads) in [(10, 4), (3, 7)] {
        try series(session).requireRefusal(
          [[channels], [heads]], of: "\(heads) heads of \(channels) channels"
        ) {
          _ = try session.askStudent(
            .parameters(), about: .init("MultiHeadAttention", sizes: Self.sizes(channels, heads)))
        }
      }
    }
  }

  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}
