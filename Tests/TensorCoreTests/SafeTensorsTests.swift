import TensorCore
import TestSupport
import XCTest

/// The safetensors format: files of ours, of Python and of somebody who means harm.
final class SafeTensorsTests: XCTestCase {
  private func entries() throws -> [SafeTensors.Entry] {
    [
      ("lstm.W_xi", try Tensor([1, -2, 0.5, .infinity, -0.0, 1e-20], shape: [2, 3])),
      ("scalar", Tensor(7)), ("empty", Tensor.zeros([0, 4])),
      ("a \"quoted\" \\ näme", Tensor([3])),
    ]
  }

  private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    var length = UInt64(header.utf8.count).littleEndian
    return withUnsafeBytes(of: &length) { Array($0) } + Array(header.utf8) + data
  }

  func testRoundTrip() throws {
    let written = try entries()
    let read = try SafeTensors.decode(SafeTensors.encode(written))
    XCTAssertEqual(
      Set(read.map(\.name)), Set(written.map(\.name)))
    for entry in written {
      let other = try XCTUnwrap(read.first { $0.name == entry.name }).tensor
      XCTAssertEqual(other.shape, entry.tensor.shape)
      XCTAssertEqual(other.array.map(\.bitPattern), entry.tensor.array.map(\.bitPattern))
      XCTAssertEqual(other.label, entry.name)
    }
    XCTAssertEqual(try SafeTensors.decode(SafeTensors.encode([])).count, 0)
  }

  func testSameTensorsSameBytes() throws {
    XCTAssertEqual(SafeTensors.encode(try entries()), SafeTensors.encode(try entries()))
    // written out by the description of the format
    XCTAssertEqual(
      SafeTensors.encode([("w", Tensor([1, -2]))]),
      file(
        #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#
          + "        ".prefix((8 - 55 % 8) % 8), data: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]))
  }

  func testAnotherReaderOpensOurFiles() throws {
    let read = try Fixture.tensors(inBytes: SafeTensors.encode(try entries()))
    XCTAssertEqual(read.count, 4)
    for entry in try entries() {
      XCTAssertEqual(read[entry.name]?.shape, entry.tensor.shape.dimensions, entry.name)
      XCTAssertEqual(read[entry.name]?.values, entry.tensor.array, entry.name)
    }
  }

  func testWeOpenAFileOfPython() throws {
    let path = "CourseTests/Fixtures/networks.safetensors"
    let expected = try Fixture.tensors(path)
    let read = try SafeTensors.decode(try Fixture.bytes(path))
    XCTAssertEqual(read.count, expected.count)
    for (name, tensor) in read {
      XCTAssertEqual(tensor.shape.dimensions, expected[name]?.shape, name)
      XCTAssertEqual(tensor.array, expected[name]?.values, name)
    }
  }

  func testMetadataIsSkippedWhateverItsKeys() throws {
    let header =
      #"{ "__metadata__" : {"format":"pt","shape":"text","dtype":"x"} , "#
      + #""w":{"data_offsets":[0, 4],"dtype":"F32","shape":[ 1 ]} }"# + "  "
    let read = try SafeTensors.decode(file(header, data: [0, 0, 0x80, 0x3F]))
    XCTAssertEqual(read.map(\.name), ["w"])
    XCTAssertEqual(read.first?.tensor.array, [1])
  }

  /// Every name comes back, scalar by scalar, and the escapes of JSON (RFC 8259) are read.
  func testNamesOfAnyText() throws {
    for name in HostileText.all {
      let read = try SafeTensors.decode(SafeTensors.encode([(name, Tensor([1]))]))
      XCTAssertEqual(
        read.first.map { Array($0.name.unicodeScalars) }, Array(name.unicodeScalars),
        name.debugDescription)
    }
    let header =
      #"{"\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    XCTAssertEqual(
      try SafeTensors.decode(file(header, data: [0, 0, 0, 0])).first?.name,
      "\"\\/\u{8}\u{C}\n\r\té😀")
  }

  // MARK: - Files that are refused

  func testEveryTruncationIsRefused() throws {
    let whole = SafeTensors.encode(try entries())
    for count in 0..<whole.count {
      XCTAssertThrowsError(try SafeTensors.decode(Array(whole[..<count])), "\(count) bytes")
    }
    XCTAssertThrowsError(try SafeTensors.decode(whole + [0]), "a byte too many")
  }

  func testMalformedAndHostileHeadersAreRefused() {
    let w = #""dtype":"F32","shape":[1],"data_offsets":[0,4]"#
    let huge = Int.max
    let headers = [
      "", " ", "null", "[]", "{", "}", "{}x", "{} {}", #"{"w"}"#, #"{"w":1}"#, #"{"w":{}"#,
      #"{"w":{}}"#, #"{"w":{\#(w)}"#, #"{"w":{\#(w)},}"#, #"{"w":{\#(w),}}"#, #"{w:{\#(w)}}"#,
      #"{"w\q":{\#(w)}}"#, #"{"w":{\#(w),"extra":1}}"#, #"{"w":{\#(w)}}}"#,
      #"{"w":{"dtype":"F32","shape":[1]}}"#, #"{"w":{"shape":[1],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#,
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#,
      #"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[\#(huge),\#(huge)],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[\#(huge)],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[0,\#(huge),\#(huge)],"data_offsets":[0,0]},"v":{\#(w)}}"#,
      #"{"w":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[\#(huge),4]}}"#,
      // what JSON and the format have not
      #" {"w":{\#(w)}}"#, "{\"w\":{\(w)}}\n", "{\"w\":{\(w)}}\0", "{\"w\n\":{\(w)}}",
      #"{"w\ud800":{\#(w)}}"#, #"{"w\ud800\u0041":{\#(w)}}"#, #"{"w\u00g0":{\#(w)}}"#,
      #"{"w":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}"#,
      #"{"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      #"{"w":{\#(w),"extra":"text"}}"#, #"{"__metadata__":{},"__metadata__":{},"w":{\#(w)}}"#,
      #"{"__metadata__":{"a":"1","a":"2"},"w":{\#(w)}}"#, #"{"__metadata__":{"a":1},"w":{\#(w)}}"#,
      // data that nobody owns, that two own, and a name that is given twice
      #"{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, "{}",
      #"{"v":{\#(w)},"w":{\#(w)}}"#,
      #"{"w":{\#(w)},"w":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
    ]
    for header in headers {
      do {
        let read = try SafeTensors.decode(file(header, data: [0, 0, 0, 0]))
        XCTFail("\(header) was read as \(read)")
      } catch {
        XCTAssertTrue("\(error)".hasPrefix("SafeTensors: "), "\(header): \(error)")
      }
    }
    // a name that is no UTF-8
    let broken = Array("{\"w".utf8) + [0xFF] + Array("\":{\(w)}}".utf8)
    let start = [UInt8(broken.count), 0, 0, 0, 0, 0, 0, 0]
    XCTAssertThrowsError(try SafeTensors.decode(start + broken + [0, 0, 0, 0]))
    // the length of the header itself
    for length: [UInt8] in [
      [255, 255, 255, 255, 255, 255, 255, 255], [255, 255, 255, 255, 255, 255, 255, 127],
    ] {
      XCTAssertThrowsError(try SafeTensors.decode(length + Array("{}".utf8)))
    }
  }

  /// Bytes by IEEE 754's layouts and two's complement, written out.
  func testOtherTypesBecomeFloats() throws {
    let cases: [(type: String, data: [UInt8], values: [Float])] = [
      (
        "F16", [0x00, 0x3E, 0xFF, 0x7B, 0x01, 0x00, 0x00, 0xFC, 0x01, 0x80],
        [1.5, 65504, 0x1p-24, -.infinity, -0x1p-24]
      ),
      ("BF16", [0xC0, 0x3F, 0x80, 0xFF], [1.5, -.infinity]),
      ("F64", [0, 0, 0, 0, 0, 0, 0xF8, 0xBF], [-1.5]),
      ("I64", [0xFE] + [UInt8](repeating: 0xFF, count: 7), [-2]),
      ("I32", [0xFD, 0xFF, 0xFF, 0xFF], [-3]), ("I16", [0x00, 0x80], [-32768]),
      ("I8", [0xFF, 0x7F], [-1, 127]), ("U8", [0xFF], [255]), ("BOOL", [1, 0], [1, 0]),
      ("U16", [0xFF, 0xFF], [65535]), ("U32", [0, 0, 0, 0x80], [0x1p31]),
      ("U64", [0, 0, 0, 0, 0, 0, 0, 0x80], [0x1p63]),
    ]
    for (type, data, values) in cases {
      let header =
        #"{"w":{"dtype":"\#(type)","shape":[\#(values.count)],"data_offsets":[0,\#(data.count)]}}"#
      let read = try SafeTensors.decode(file(header, data: data))
      XCTAssertEqual(read.first?.tensor.array, values, type)
    }
  }

  func testTextOfTheErrors() {
    let not = "SafeTensors: this is not a whole safetensors file:"
    XCTAssertEqual(errorText { try SafeTensors.decode([1]) }, "\(not) it has only 1 bytes")
    XCTAssertEqual(
      errorText { try SafeTensors.decode([9, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) },
      "\(not) its header should have 9 bytes, more than the file")
    XCTAssertEqual(
      errorText { try SafeTensors.decode(file("[]")) }, "\(not) its header is not as it should be")
    XCTAssertEqual(
      errorText {
        try SafeTensors.decode(
          file(#"{"w":{"dtype":"C64","shape":[1],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]))
      },
      "SafeTensors: tensor w has the type C64, which cannot be read. Convert it with .float() before "
        + "saving")
    XCTAssertEqual(
      errorText {
        try SafeTensors.decode(
          file(#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: [0, 0, 0, 0]))
      }, "\(not) the data of tensor w is not where the header says")
    XCTAssertEqual(
      errorText {
        try SafeTensors.decode(file(#"{"w":{"dtype":"F32","shape":[9999],"data_offsets":[0,4]}}"#))
      }, "\(not) tensor w is larger than the file")
  }
}
