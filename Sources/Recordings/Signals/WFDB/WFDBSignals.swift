/// The samples of a record, from its signal files: formats 16 and 212 (PhysioNet, "WFDB Applications Guide",
/// signal(5)).
package enum WFDBSignals {
  /// The formats that are read.
  package static let formats = [16, 212]

  /// The samples of one signal, once those of all signals have been compared with the header: number, first
  /// value and check sum.
  ///
  /// What is set aside is bounded by the bytes of the files, whatever the header says.
  ///
  /// - Parameters:
  ///   - index: the signal, from 0.
  ///   - file: gives the bytes of a signal file by its name; nil where there is none.
  /// - Throws: `WFDBError`, and what `file` throws.
  package static func samples(
    of header: WFDBHeader, signal index: Int, file: (String) throws -> [UInt8]?
  ) throws -> [Int16] {
    try samples(of: header, signals: [index], file: file)[0]
  }

  /// The same of several signals, which are numbers from 0, in their order.
  package static func samples(
    of header: WFDBHeader, signals wanted: [Int], file: (String) throws -> [UInt8]?
  ) throws -> [[Int16]] {
    try check(header)
    for index in wanted where !header.signals.indices.contains(index) {
      throw WFDBError(
        "its header has \(header.signals.count) signals, and signal \(index + 1) is wanted")
    }
    var found: [Int: [Int16]] = [:]
    var start = 0
    while start < header.signals.count {
      // signals of one file that follow each other are interleaved in it
      let name = header.signals[start].file
      let group = header.signals[start...].prefix { $0.file == name }
      guard let bytes = try file(name) else {
        throw WFDBError("its header names \(name), which is missing")
      }
      let kept = Set(wanted).intersection(group.indices)
      let read = try read(
        Array(group), first: start, of: header, from: bytes, keeping: Set(kept.map { $0 - start }))
      for (index, samples) in read { found[start + index] = samples }
      start += group.count
    }
    return wanted.map { found[$0] ?? [] }
  }

  /// What no reader of these formats can do without.
  private static func check(_ header: WFDBHeader) throws {
    if let segments = header.segments {
      throw WFDBError(
        "its header puts it together from \(segments) segments, and one recording is read")
    }
    if let problem = header.unreadable.first {
      throw WFDBError("its header is damaged: \(problem)")
    }
    guard header.signalCount == header.signals.count else {
      throw WFDBError(
        "its header announces \(header.signalCount ?? 0) signals and describes "
          + "\(header.signals.count)")
    }
    for (index, signal) in header.signals.enumerated() {
      let name = "signal \(index + 1) of its header"
      guard let format = signal.format, formats.contains(format) else {
        throw WFDBError("\(name) has the format \(signal.format ?? 0); formats 16 and 212 are read")
      }
      guard signal.samplesPerFrame == 1 else {
        throw WFDBError(
          "\(name) has \(signal.samplesPerFrame) samples in a frame; one is read")
      }
      guard signal.skew == 0 else {
        throw WFDBError("\(name) is shifted by \(signal.skew) frames; signals without are read")
      }
      guard !signal.file.contains("/"), signal.file != "-", signal.file != "~" else {
        throw WFDBError("\(name) lies in \(signal.file.debugDescription), not beside the header")
      }
    }
  }

  /// The samples of some signals of a file; all are compared with the header.
  private static func read(
    _ group: [WFDBHeader.Signal], first: Int, of header: WFDBHeader, from bytes: [UInt8],
    keeping kept: Set<Int>
  ) throws -> [Int: [Int16]] {
    let (file, format, offset) = (group[0].file, group[0].format ?? 16, group[0].offset)
    guard group.allSatisfy({ $0.format == format && ($0.offset == offset || $0.offset == 0) })
    else { throw WFDBError("the signals of \(file) have different formats or offsets") }
    guard offset <= bytes.count else {
      throw WFDBError("\(file) ends after \(bytes.count) bytes, before its first sample")
    }
    let held = sampleCount(bytes.count - offset, format) / group.count
    let count: Int
    if let said = header.sampleCount, said > 0 {
      // an odd number of samples in format 212 leaves half a pair, and a block may be filled up
      guard said == held || said < held && surplus(bytes.count - offset, said * group.count, format)
      else { throw WFDBError("its header says \(said) samples, \(file) has \(held)") }
      count = said
    } else {
      count = held
    }
    var sums = [Int](repeating: 0, count: group.count)
    var firsts = [Int](repeating: 0, count: group.count)
    var samples: [Int: [Int16]] = [:]
    for signal in kept { samples[signal] = [] }
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, count > 0 else { return }
      for signal in group.indices {
        var sum = 0
        func value(_ frame: Int) -> Int {
          sample(frame * group.count + signal, in: base + offset, format)
        }
        if kept.contains(signal) {
          samples[signal] = [Int16](unsafeUninitializedCapacity: count) { own, filled in
            for frame in 0..<count {
              let value = value(frame)
              sum += value
              own[frame] = Int16(truncatingIfNeeded: value)
            }
            filled = count
          }
        } else {
          for frame in 0..<count { sum += value(frame) }
        }
        sums[signal] = sum
        firsts[signal] = value(0)
      }
    }
    for (index, signal) in group.enumerated() where count > 0 {
      if let said = signal.first, said != firsts[index] {
        throw WFDBError(
          "its header says that signal \(first + index + 1) begins with \(said), "
            + "it does with \(firsts[index])")
      }
      if let said = signal.checkSum, !signal.agrees(sums[index]) {
        throw WFDBError(
          "its header has the check sum \(said) for signal \(first + index + 1), its samples have "
            + "\(Int16(truncatingIfNeeded: sums[index]))")
      }
    }
    return samples
  }

  /// Whole samples in so many bytes.
  private static func sampleCount(_ bytes: Int, _ format: Int) -> Int {
    format == 16 ? bytes / 2 : bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0)
  }

  /// Whether what is left after so many samples is no sample: the other half of a pair.
  private static func surplus(_ bytes: Int, _ samples: Int, _ format: Int) -> Bool {
    format == 212 && samples % 2 == 1 && bytes <= (samples + 1) / 2 * 3
  }

  /// Sample number `index` of a file. In format 212 three bytes hold two: the low bytes of both, and between
  /// them the upper four bits of each.
  @inline(__always)
  private static func sample(_ index: Int, in bytes: UnsafePointer<UInt8>, _ format: Int) -> Int {
    if format == 16 {
      return Int(Int16(bitPattern: UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8))
    }
    let pair = bytes + index / 2 * 3
    let bits =
      index % 2 == 0
      ? UInt16(pair[0]) | UInt16(pair[1] & 0x0F) << 8
      : UInt16(pair[2]) | UInt16(pair[1] & 0xF0) << 4
    // the twelfth bit is the sign
    return Int(Int16(bitPattern: bits << 4) >> 4)
  }

  /// The sum of samples as headers have it, modulo 65536.
  package static func checkSum(of samples: [Int16]) -> Int16 {
    samples.reduce(0) { $0 &+ $1 }
  }

  /// Signals of one length, which is that of the first, in format 16, interleaved.
  package static func packed16(_ signals: [[Int16]]) -> [UInt8] {
    let count = signals.first?.count ?? 0
    let size = 2 * signals.count
    return [UInt8](unsafeUninitializedCapacity: count * size) { bytes, filled in
      for (number, signal) in signals.enumerated() {
        var place = 2 * number
        for sample in signal.prefix(count) {
          let bits = UInt16(bitPattern: sample)
          bytes[place] = UInt8(bits & 0xFF)
          bytes[place + 1] = UInt8(bits >> 8)
          place += size
        }
      }
      filled = count * size
    }
  }

  /// Signals of one length in format 212, interleaved. Samples beyond 12 bits become the outermost.
  package static func packed212(_ signals: [[Int16]]) -> [UInt8] {
    let count = (signals.first?.count ?? 0) * signals.count
    func bits(_ index: Int) -> UInt16 {
      guard index < count else { return 0 }
      let value = signals[index % signals.count][index / signals.count]
      return UInt16(bitPattern: min(max(value, -2048), 2047)) & 0x0FFF
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity((count + 1) / 2 * 3)
    for index in stride(from: 0, to: count, by: 2) {
      let (first, second) = (bits(index), bits(index + 1))
      bytes.append(UInt8(first & 0xFF))
      bytes.append(UInt8(first >> 8 | (second >> 8) << 4))
      bytes.append(UInt8(second & 0xFF))
    }
    return bytes
  }
}
