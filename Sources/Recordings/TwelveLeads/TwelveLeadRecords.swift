import Examples

/// Records that are made one after another: the numbers of many do not stay in memory.
struct TwelveLeadRecords {
  private var records: [(record: TwelveLeadRecord, places: Range<Int>)] = []
  private var numbers = NumberWriter<Float>()

  /// How many there are.
  var count: Int { records.count }

  /// Appends a record.
  mutating func append(_ record: TwelveLeadRecord) {
    let places = numbers.append(contentsOf: record.values)
    records.append((record.with(StoredNumbers([])), places))
  }

  /// All records.
  func finished() -> [TwelveLeadRecord] {
    let all = numbers.finished()
    return records.map { $0.record.with(all.slice($0.places)) }
  }
}
