import XCTest

@testable import Judge

/// What a submission's inputs are drawn from: the run's secret and what was handed in.
final class ContentSeedTests: XCTestCase {
  func testTheSeedFollowsFromRunAndContent() {
    func seed(_ run: UInt64, _ content: String) -> UInt64 {
      SeededNumbers.seed(of: run, content: content)
    }
    XCTAssertEqual(seed(1, "a"), seed(1, "a"))
    let seeds = [seed(1, "a"), seed(1, "b"), seed(2, "a"), seed(1, ""), seed(1 << 40, "a")]
    XCTAssertEqual(Set(seeds).count, seeds.count)
    // what readers of JSON keep, and nothing that the worker is told
    for seed in seeds { XCTAssertLessThan(seed, 1 << 53) }
    XCTAssertFalse(seeds.contains(SeededNumbers.openSeed(from: 1, name: "a")))
    XCTAssertFalse(seeds.contains(SeededNumbers.openSeed(from: 1, name: "content a")))
  }
}
