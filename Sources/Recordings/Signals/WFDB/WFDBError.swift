/// Why a file of the WFDB software is not as it should be; a clause such as `its header says 650000 samples,
/// its file has 12`. Which file it is, the caller says.
package struct WFDBError: Error, Equatable, CustomStringConvertible {
  /// The clause.
  package let description: String

  package init(_ description: String) { self.description = description }
}
