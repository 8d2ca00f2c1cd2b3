import Examples
import XCTest

/// Numbers that are written to a file are those that stay in memory.
final class NumberWriterTests: XCTestCase {
  private let values = (0..<10_000).map(Float.init)

  private func stored(limit: Int, pieces: [Int]) -> StoredNumbers<Float> {
    var writer = NumberWriter<Float>(limit: limit)
    var place = 0
    for piece in pieces {
      writer.append(contentsOf: values[place..<(place + piece)])
      place += piece
      XCTAssertEqual(writer.count, place)
    }
    return writer.finished()
  }

  func testALargeSetIsInAFile() throws {
    let pieces = [1, 999, 0, 4000, 17, 4983]
    for (limit, isInFile) in [(39_999, true), (40_000, false), (0, true), (3996, true)] {
      let numbers = stored(limit: limit, pieces: pieces)
      XCTAssertEqual(numbers.position != nil, isInFile, "\(limit)")
      XCTAssertEqual(numbers.count, 10_000)
      XCTAssertEqual(numbers.array, values, "\(limit)")
      XCTAssertEqual(numbers[7..<1003], Array(values[7..<1003]))
      XCTAssertEqual(numbers[5..<5], [])
      let slice = numbers.slice(100..<900).slice(10..<20)
      XCTAssertEqual(slice.array, Array(values[110..<120]))
      XCTAssertEqual(slice[3..<5], [113, 114])
    }
    XCTAssertEqual(NumberWriter<Float>().finished().array, [])
  }

  /// Numbers of two bytes, from a file that another writer knows nothing of.
  func testNumbersOfOtherSizes() throws {
    var writer = NumberWriter<Int16>(limit: 8)
    writer.append(contentsOf: (0..<100).map(Int16.init))
    let numbers = writer.finished()
    let (file, offset) = try XCTUnwrap(numbers.position)
    XCTAssertEqual(offset, 0)
    XCTAssertEqual(file.byteCount, 200)
    XCTAssertEqual(numbers.slice(50..<100)[0..<2], [50, 51])
    XCTAssertEqual(StoredNumbers<Int16>(file, offset: 20, count: 3)?.array, [10, 11, 12])
    for (offset, count) in [(0, 101), (-2, 1), (200, 1), (0, -1), (2, Int.max)] {
      XCTAssertNil(StoredNumbers<Int16>(file, offset: offset, count: count), "\(offset) \(count)")
    }
  }

  /// Without a folder that can be written to, numbers stay in memory.
  func testNumbersStayWhereNoFileCanBeWritten() throws {
    var writer = NumberWriter<Float>(limit: 400) { nil }
    writer.append(contentsOf: values)
    writer.append(contentsOf: values)
    let numbers = writer.finished()
    XCTAssertNil(numbers.position)
    XCTAssertEqual(numbers.array, values + values)
  }

  /// A disk that fills up while numbers are written still has those before, which are taken back.
  func testNumbersComeBackFromAFullDisk() throws {
    let file = try XCTUnwrap(NumberFile())
    let forReading = try XCTUnwrap(file.openedForReading())
    defer { close(forReading) }
    var writer = NumberWriter<Float>(limit: 400) { file }
    for start in stride(from: 0, to: 10_000, by: 500) {
      writer.append(contentsOf: values[start..<(start + 500)])
      if start == 2000 { XCTAssertEqual(dup2(forReading, file.descriptor), file.descriptor) }
    }
    XCTAssertEqual(file.byteCount, 4 * 2500)
    let numbers = writer.finished()
    XCTAssertNil(numbers.position)
    XCTAssertEqual(numbers.array, values)
  }

  /// The file has no name, and a child gets it for reading alone.
  func testAFileForAChildCannotBeWrittenTo() throws {
    let (file, _) = try XCTUnwrap(stored(limit: 0, pieces: [10]).position)
    let descriptor = try XCTUnwrap(file.openedForReading())
    defer { close(descriptor) }
    XCTAssertGreaterThanOrEqual(descriptor, 64)
    XCTAssertEqual(write(descriptor, "x", 1), -1)
    XCTAssertEqual(errno, EBADF)
    XCTAssertEqual(
      StoredNumbers<Float>(NumberFile(inherited: descriptor), offset: 8, count: 2)?.array, [2, 3])
    var status = stat()
    XCTAssertEqual(fstat(descriptor, &status), 0)
    XCTAssertEqual(status.st_nlink, 0)
  }
}
