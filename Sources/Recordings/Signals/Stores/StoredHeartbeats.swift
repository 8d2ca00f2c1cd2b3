import Dispatch
import Synchronization

/// The elements of a store of heartbeats: the rows as 32-bit numbers, the class of each, whether each is of
/// the test file, and the sample of each (Int32), where samples are known.
package struct StoredHeartbeats {
  /// The rows, one after another.
  package let values: [Float]
  /// The class of each.
  package let classes: [UInt8]
  /// Whether each is of the test file.
  package let isOfTestFile: [Bool]
  /// The sample of each.
  package let samples: [Int32]
  /// What `isWhole` said of all bytes.
  package let isWhole: Bool

  /// Bytes of a heartbeat.
  package static func size(hasSamples: Bool) -> Int {
    4 * HeartbeatRows.width + 2 + (hasSamples ? 4 : 0)
  }

  /// Reads `count` heartbeats, which are there. Whether the bytes are whole is found on one thread while others copy.
  package init(
    _ bytes: UnsafeRawBufferPointer, from start: Int, count: Int, hasSamples: Bool,
    isWhole: @Sendable () -> Bool
  ) {
    let whole = Mutex(false)
    let size = 4 * HeartbeatRows.width * count
    values = [Float](unsafeUninitializedCapacity: HeartbeatRows.width * count) { buffer, filled in
      // Threads write disjoint stretches.
      nonisolated(unsafe) let target = UnsafeMutableRawBufferPointer(buffer)
      nonisolated(unsafe) let bytes = bytes
      let block = 1 << 22
      DispatchQueue.concurrentPerform(iterations: 1 + (size + block - 1) / block) { part in
        guard part > 0 else {
          let found = isWhole()
          return whole.withLock { $0 = found }
        }
        let range = ((part - 1) * block)..<min(part * block, size)
        let source = bytes[(start + range.lowerBound)..<(start + range.upperBound)]
        UnsafeMutableRawBufferPointer(rebasing: target[range])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
      }
      filled = HeartbeatRows.width * count
    }
    self.isWhole = whole.withLock { $0 }
    let classes = start + size
    self.classes = Array(bytes[classes..<(classes + count)])
    isOfTestFile = bytes[(classes + count)..<(classes + 2 * count)].map { $0 != 0 }
    samples =
      hasSamples
      ? (0..<count).map {
        bytes.loadUnaligned(fromByteOffset: classes + 2 * count + 4 * $0, as: Int32.self)
      } : []
  }

  /// Whether each class is one that there is.
  package var hasKnownClasses: Bool {
    classes.allSatisfy { HeartbeatClass.allCases.indices.contains(Int($0)) }
  }

  /// The bytes of what says of each heartbeat whether it is of the test file.
  package static func bytes(_ isOfTestFile: [Bool]) -> [UInt8] { isOfTestFile.map { $0 ? 1 : 0 } }

  /// Some of the bits of `bytes`, the lowest of each first.
  package static func bits(of bytes: [UInt8], _ range: Range<Int>) -> [Bool] {
    range.map { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
  }
}
