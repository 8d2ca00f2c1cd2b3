import CMatio
import Foundation
import Signals

/// Reads and writes MATLAB files of one recording, through libmatio.
package enum MATLABFile {
  /// More than nine hours at 300 Hz; a header that claims more is damaged.
  private static let maximumSamples = 10_000_000

  /// The samples of the variable `val`, a row (or column) of whole numbers that fit 16 bits.
  /// `member` names the file in errors; libmatio reads files, not bytes in memory, and so `scratch`.
  ///
  /// libmatio takes sizes, types and sums as the file has them. So it gets a file that holds the one
  /// variable that was checked, unpacked, and what it read is compared with what was checked.
  package static func readSamples(
    _ bytes: [UInt8], member: String, scratch: ScratchFile
  ) throws -> [Int16] {
    func wrong(_ problem: String) -> RecordingError {
      .wrongVariable(member: member, problem: problem)
    }
    let checked = try checkedVariable(bytes, member: member)
    let sizes = checked.dimensions.prefix(8).map(String.init).joined(separator: " x ")
    switch checked.contents {
    case .numbers: break
    case .complexNumbers: throw wrong("it is complex")
    case .other: throw wrong("it is not an array of numbers")
    }
    guard checked.dimensions.count == 2, checked.dimensions.contains(1) else {
      // an empty one of MATLAB's is 0 x 0
      throw wrong(checked.dimensions.contains(0) ? "it is empty" : "it is \(sizes)")
    }
    let count = checked.dimensions[0] * checked.dimensions[1]
    guard count > 0 else { throw wrong("it is empty") }
    guard count <= maximumSamples else { throw wrong("it has \(count) samples") }

    try scratch.replace(with: checked.file)
    let unreadable = RecordingError.damagedMATLAB(
      member: member, problem: "libmatio does not read it")
    guard let file = Mat_Open(scratch.path, Int32(MAT_ACC_RDONLY.rawValue)) else {
      throw unreadable
    }
    defer { Mat_Close(file) }
    guard Mat_GetVersion(file) == (checked.level == .four ? MAT_FT_MAT4 : MAT_FT_MAT5),
      let variable = Mat_VarReadInfo(file, name)
    else { throw unreadable }
    defer { Mat_VarFree(variable) }
    let found = variable.pointee
    guard found.isComplex == 0, found.rank == 2, let dims = found.dims,
      [Int(dims[0]), Int(dims[1])] == checked.dimensions,
      Mat_VarReadDataAll(file, variable) == 0, let data = variable.pointee.data,
      variable.pointee.nbytes == count
        * Mat_SizeOfClass(Int32(variable.pointee.class_type.rawValue))
    else { throw unreadable }
    do {
      return try MATLABSamples.read(data, count: count, variable.pointee.class_type)
    } catch {
      switch error {
      case .outside(let value): throw wrong("it holds \(value)")
      case .noNumbers: throw wrong("it is not an array of numbers")
      }
    }
  }

  private static let name = "val"

  private static func checkedVariable(_ bytes: [UInt8], member: String) throws -> MATLABVariable {
    let variable: MATLABVariable?
    do {
      variable = try MATLABVariable.find(name, in: bytes)
    } catch {
      switch error {
      case .noMATLABFile: throw RecordingError.notMATLAB(member: member)
      case .newer: throw RecordingError.newerMATLAB(member: member)
      case .damaged(let problem):
        throw RecordingError.damagedMATLAB(member: member, problem: problem)
      }
    }
    guard let variable else { throw RecordingError.noVariable(member: member) }
    return variable
  }

  /// Writes `samples` as the variable `val`, a 1 × N row of int16, in MATLAB level 4 as PhysioNet
  /// does.
  package static func write(_ samples: [Int16], to path: String) throws {
    func failed() -> RecordingError {
      .unwritable(path: path, detail: "libmatio could not write it")
    }
    guard let file = Mat_CreateVer(path, nil, MAT_FT_MAT4) else { throw failed() }
    defer { Mat_Close(file) }
    var dims = [1, samples.count]
    var copy = samples
    let status = copy.withUnsafeMutableBytes { bytes -> Int32? in
      // libmatio copies the data into the variable, so the buffer need not outlive this call.
      guard
        let variable = Mat_VarCreate(
          "val", MAT_C_INT16, MAT_T_INT16, 2, &dims, bytes.baseAddress, 0)
      else { return nil }
      defer { Mat_VarFree(variable) }
      return Mat_VarWrite(file, variable, MAT_COMPRESSION_NONE)
    }
    guard status == 0 else { throw failed() }
  }
}
