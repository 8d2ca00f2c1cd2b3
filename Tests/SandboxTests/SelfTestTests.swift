import Foundation
import XCTest

@testable import Sandbox

/// The trial at the start of a run holds where the sandbox does, and says so where it does not.
final class SelfTestTests: XCTestCase {
  private static let everything = [
    "files", "writing", "network", "processes", "environment", "descriptors", "privileges",
    "system calls", "terminals", "sockets", "locks", "programs", "memory", "process count",
    "file size", "files written", "processor time", "clock", "leftovers", "channels", "dumps",
  ]

  func testBothTiersHold() throws {
    var tried = 0
    for tier in [SandboxTier.bubblewrap, .landlock] {
      if let reason = Sandbox.probe(tier) {
        print("\(tier.rawValue) is not tried here: \(reason)")
        continue
      }
      let sandbox = try Sandbox.select(tier).selfTested()
      XCTAssertEqual(Set(sandbox.proofs), Set(Self.everything), tier.rawValue)
      XCTAssertTrue(sandbox.summary.hasPrefix("\(tier.rawValue); proven: "), sandbox.summary)
      tried += 1
    }
    try XCTSkipIf(tried == 0, "no tier works here")
  }

  func testNoConfinementProvesNothing() throws {
    let sandbox = try Sandbox.select(SandboxTier.none).selfTested()
    XCTAssertEqual(sandbox.summary, "none")
  }

  func testAMissingTierIsASentence() {
    XCTAssertEqual(
      SandboxError.unavailable(.bubblewrap, reason: "bwrap is not installed").description,
      "bubblewrap does not work here (bwrap is not installed): install it (apt-get install "
        + "bubblewrap) and allow user namespaces (on Ubuntu an AppArmor profile for bwrap), use "
        + "--sandbox landlock, or accept student code running unconfined with --sandbox none")
  }
}
