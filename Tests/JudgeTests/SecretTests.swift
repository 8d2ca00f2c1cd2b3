import TensorCore
import WorkerPipe
import XCTest

@testable import Files
@testable import Judge

/// The way from a run's secret seed to what workers see.
final class SecretTests: XCTestCase {
  /// The examples of FIPS 180-4 (from NIST's "SHA256.pdf"), and the empty message; also
  /// `hashlib.sha256` for 1000 bytes.
  func testDigests() {
    func hex(_ message: [UInt8]) -> String {
      SHA256.words(message).map { String(format: "%08x", $0) }.joined()
    }
    XCTAssertEqual(
      hex([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    XCTAssertEqual(
      hex(Array("abc".utf8)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    XCTAssertEqual(
      hex(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    XCTAssertEqual(
      hex((0..<1000).map { UInt8($0 % 251) }),
      "4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d")
  }

  /// The first numbers of mt19937ar.out, the authors' own output for this key.
  func testStateFromALongSeed() throws {
    let state = SeededNumbers.state(byArray: [0x123, 0x234, 0x345, 0x456])
    var twister = try XCTUnwrap(MersenneTwister(state: state + [624]))
    XCTAssertEqual(
      (0..<5).map { _ in twister.next32() },
      [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783, 4_228_976_476])
  }

  /// All bits of the seed count, also those above 32.
  func testEveryBitOfTheSeedCounts() {
    func first(_ seed: UInt64) -> [Float] {
      var numbers = SeededNumbers(seed: seed, name: "x")
      return numbers.normal("n", [4]).values
    }
    let seeds = [5] + (0..<64).map { UInt64(5) ^ (1 << $0) }
    XCTAssertEqual(Set(seeds.map(first)).count, 65)
    XCTAssertEqual(
      Set(seeds.map { SeededNumbers.openSeed(from: $0, name: "training 1") }).count, 65)
  }

  func testAWorkersSeedIsNotTheSecretOne() {
    let open = (0..<50).map { SeededNumbers.openSeed(from: 77, name: "training \($0)") }
    XCTAssertEqual(Set(open).count, 50)
    for seed in open {
      XCTAssertLessThan(seed, 1 << 53)
      XCTAssertGreaterThan(seed, 1 << 30)
    }
  }
}
