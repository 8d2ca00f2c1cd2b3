import Foundation
import ReaderProbes
import TensorCore
import TestSupport
import XCTest

/// The fuzzer's corpus and what becomes of it by a few random changes: what the fuzzer found once stays
/// mended.
final class FuzzCorpusTests: XCTestCase {
  private static let corpus = Repository.folder.appendingPathComponent("Tests/Fuzz/Corpus")

  private func files(_ probe: ReaderProbe) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: Self.corpus.appendingPathComponent(probe.rawValue), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }
  }

  func testEachReaderHasACorpusOfSmallFiles() throws {
    for probe in ReaderProbe.allCases {
      let files = try files(probe)
      XCTAssertFalse(files.isEmpty, probe.rawValue)
      for file in files {
        XCTAssertLessThanOrEqual(try Data(contentsOf: file).count, 4096, file.path)
      }
    }
    XCTAssertEqual(
      Set(try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)),
      Set(ReaderProbe.allCases.map(\.rawValue)))
  }

  func testWhatMustHoldOfReadersDoesForTheCorpusAndItsMutations() throws {
    let seed = UInt64(ProcessInfo.processInfo.environment["RHYTHMLAB_SEED"] ?? "") ?? 1
    for probe in ReaderProbe.allCases {
      var noise = MersenneTwister(seed: seed)
      for file in try files(probe) {
        let bytes = [UInt8](try Data(contentsOf: file))
        check(probe, bytes, "\(file.lastPathComponent)")
        for turn in 1...40 {
          var changed = bytes
          for _ in 0...Int.random(in: 0..<4, using: &noise) { change(&changed, &noise) }
          check(probe, changed, "\(file.lastPathComponent), change \(turn) of the seed \(seed)")
        }
      }
    }
  }

  private func check(_ probe: ReaderProbe, _ bytes: [UInt8], _ what: String) {
    do throws(BrokenProperty) {
      try probe.check(bytes)
    } catch {
      XCTFail(
        "\(probe.rawValue), \(what): \(error); the input is \(Data(bytes).base64EncodedString())")
    }
  }

  /// One of the changes that fuzzers make: a bit, a byte, a stretch out, a stretch twice, the end off.
  private func change(_ bytes: inout [UInt8], _ noise: inout MersenneTwister) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(Int.random(in: 0..<256, using: &noise))) }
    let place = Int.random(in: 0..<bytes.count, using: &noise)
    let length = min(Int.random(in: 0..<16, using: &noise) + 1, bytes.count - place)
    switch Int.random(in: 0..<6, using: &noise) {
    case 0: bytes[place] ^= 1 << UInt8(Int.random(in: 0..<8, using: &noise))
    case 1:
      bytes[place] =
        [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x0A, 0x2C][Int.random(in: 0..<8, using: &noise)]
    case 2: bytes.removeSubrange(place..<(place + length))
    case 3: bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
    case 4: bytes.insert(UInt8(Int.random(in: 0..<256, using: &noise)), at: place)
    default: bytes.removeSubrange(place...)
    }
  }
}
