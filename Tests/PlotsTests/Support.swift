import Foundation
import Plots
import XCTest

/// The gnuplot of this machine. Skips the test only where there is none on the path, which is looked
/// up here and not by the code under test: one that no longer finds it fails.
func installedGnuplot() throws -> Gnuplot {
  let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  guard path.contains(where: { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") })
  else { throw XCTSkip("gnuplot is not installed, so no picture can be looked at") }
  return try Gnuplot()
}
