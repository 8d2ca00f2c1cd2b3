import Assignment
import Judge
import RecurrentNetworksChecks  // UNIT RecurrentNetworks

/// The units of the course. A student's copy keeps the lines of its own.
public let units: [any CourseUnit.Type] = [
  RecurrentNetworksUnit.self  // UNIT RecurrentNetworks
]

/// The unit of a name.
///
/// - Throws: a sentence with the names of all units when there is none.
public func unit(named name: String) throws -> any CourseUnit.Type {
  guard let unit = units.first(where: { $0.name == name }) else {
    throw ManifestError(
      description: "there are no checks for the unit \(name); there are some for "
        + units.map { $0.name }.joined(separator: ", "))
  }
  return unit
}
