import Dispatch

/// A record of the MIT-BIH database's kind: signals at 360 Hz and annotated beats.
package struct HeartRecord: Sendable, Equatable {
  /// Samples a second.
  package static let samplesPerSecond = 360
  /// Units of a sample that make one millivolt, and the sample that stands for 0 mV.
  package static let unitsPerMillivolt = 200
  package static let zero = 1024

  /// The record's name, such as `100`.
  package let name: String
  /// The names of the leads, and the samples of each.
  package let leads: [(name: String, samples: [Int16])]
  /// What was found in them.
  package let annotations: WFDBAnnotations

  /// A record.
  package init(
    name: String, leads: [(name: String, samples: [Int16])], annotations: WFDBAnnotations
  ) {
    self.name = name
    self.leads = leads
    self.annotations = annotations
  }

  /// What the database's converter makes of mV: 11 bits, 200 units to the millivolt, zero in the middle.
  package static func converted(_ signal: [Double]) -> [Int16] {
    signal.map {
      let value = ($0 * Double(unitsPerMillivolt)).rounded()
      return Int16(min(max(value + Double(zero), 0), 2047))
    }
  }

  /// A signal as a lead shows it that sees `factor` of it.
  package static func scaled(_ signal: [Double], by factor: Double) -> [Double] {
    signal.map { $0 * factor }
  }

  package static func == (one: HeartRecord, other: HeartRecord) -> Bool {
    one.name == other.name && one.annotations == other.annotations
      && one.leads.map(\.name) == other.leads.map(\.name)
      && one.leads.map(\.samples) == other.leads.map(\.samples)
  }
}

/// The beats of a record as rows of 187 numbers, as Kaggle's "ECG Heartbeat Categorization Dataset" has them.
///
/// The rule was found by comparing published rows with the MIT-BIH database, and is not what the paper of the
/// set (Kachuee, Fazeli and Sarrafzadeh 2018) says. Let a be the samples of **all** annotations, then the number of
/// samples. For each annotation i that is a beat and not the last:
///
///     cut = signal from a[i] to a[i+1] + ⌊0.2 (a[i+2] - a[i+1])⌋ (exclusive), every third sample
///     row = (cut - min) / max(1, max - min), its first 187 values, zeros after a shorter one
///
/// So a row begins at the annotated peak of its beat, has 120 values a second, and reaches a fifth into the
/// interval after the next annotation.
package struct HeartbeatRows: Sendable, Equatable {
  /// Values a row.
  package static let width = 187
  /// Every so many samples one is taken.
  package static let step = 3

  /// The rows, one after another.
  package private(set) var values: [Float] = []
  /// The class of each.
  package private(set) var classes: [UInt8] = []
  /// The sample of each beat's annotation.
  package private(set) var samples: [Int32] = []
  /// Annotations of all kinds.
  package private(set) var annotationCount = 0
  /// Annotations that are beats.
  package private(set) var beatCount = 0

  /// No rows.
  package init() {}

  /// Cuts a signal.
  ///
  /// - Throws: `WFDBError` where annotations do not follow each other in the signal.
  package init(_ signal: [Int16], _ annotations: WFDBAnnotations) throws(WFDBError) {
    let all = annotations.all
    annotationCount = all.count
    try Self.check(all, sampleCount: signal.count)
    let codes = HeartbeatClass.byCode
    let beats = all.indices.filter { codes[Int(all[$0].code)] != nil }
    beatCount = beats.count
    let rows = beats.filter { $0 + 1 < all.count }
    values = [Float](repeating: 0, count: rows.count * Self.width)
    classes.reserveCapacity(rows.count)
    samples.reserveCapacity(rows.count)
    for (row, index) in rows.enumerated() {
      let next = all[index + 1].sample
      let afterNext = index + 2 < all.count ? all[index + 2].sample : signal.count
      let end = next + Int(0.2 * Double(afterNext - next))
      guard end > all[index].sample else {
        throw WFDBError(
          "its annotations \(index + 1) and \(index + 2) are at the same sample, "
            + "\(all[index].sample), so that a beat has none")
      }
      fill(row, with: signal, all[index].sample..<end)
      classes.append(UInt8(codes[Int(all[index].code)]?.rawValue ?? 0))
      samples.append(Int32(all[index].sample))
    }
  }

  private static func check(
    _ all: [WFDBAnnotations.Annotation], sampleCount: Int
  ) throws(WFDBError) {
    guard sampleCount <= Int(Int32.max) else {
      throw WFDBError("it has \(sampleCount) samples, more than can be numbered here")
    }
    var last = 0
    for (index, annotation) in all.enumerated() {
      guard annotation.sample >= last else {
        throw WFDBError(
          "its annotation \(index + 1) is at sample \(annotation.sample), before the one before it")
      }
      guard annotation.sample < sampleCount else {
        throw WFDBError(
          "its annotation \(index + 1) is at sample \(annotation.sample), after the last of its "
            + "\(sampleCount)")
      }
      last = annotation.sample
    }
  }

  /// Scales over the whole cut, then keeps what a row has room for.
  private mutating func fill(_ row: Int, with signal: [Int16], _ range: Range<Int>) {
    var (low, high) = (signal[range.lowerBound], signal[range.lowerBound])
    for place in stride(from: range.lowerBound, to: range.upperBound, by: Self.step) {
      low = min(low, signal[place])
      high = max(high, signal[place])
    }
    // in double precision, then rounded: as NumPy does it
    let span = Double(max(1, Int(high) - Int(low)))
    var target = row * Self.width
    for place in stride(from: range.lowerBound, to: range.upperBound, by: Self.step)
      .prefix(Self.width)
    {
      values[target] = Float(Double(Int(signal[place]) - Int(low)) / span)
      target += 1
    }
  }

  /// The hash of each row: FNV-1a of 64 bits over the bytes of its 32-bit numbers, the low byte first.
  package static func hashes(_ values: [Float]) -> [UInt64] {
    let count = values.count / width
    return [UInt64](unsafeUninitializedCapacity: count) { buffer, filled in
      // Threads write disjoint places.
      nonisolated(unsafe) let target = buffer
      let block = 1024
      values.withUnsafeBufferPointer { values in
        nonisolated(unsafe) let values = values
        DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { part in
          for row in (part * block)..<min((part + 1) * block, count) {
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for place in (row * width)..<((row + 1) * width) {
              var bits = values[place].bitPattern
              for _ in 0..<4 {
                hash = (hash ^ UInt64(bits & 0xFF)) &* 0x0000_0100_0000_01B3
                bits >>= 8
              }
            }
            target[row] = hash
          }
        }
      }
      filled = count
    }
  }
}
