import AttentionMapsChecks  // UNIT AttentionMaps
import ContrastiveECGChecks  // UNIT ContrastiveECG
import HeartbeatTransformerChecks  // UNIT HeartbeatTransformer
import Judge
import ModelSelectionChecks  // UNIT ModelSelection
import RecurrentNetworksChecks  // UNIT RecurrentNetworks

/// The units of the course. A student's copy keeps the lines of its own.
public let units: [any CourseUnit.Type] = [
  AttentionMapsUnit.self,  // UNIT AttentionMaps
  ContrastiveECGUnit.self,  // UNIT ContrastiveECG
  HeartbeatTransformerUnit.self,  // UNIT HeartbeatTransformer
  ModelSelectionUnit.self,  // UNIT ModelSelection
  RecurrentNetworksUnit.self,  // UNIT RecurrentNetworks
]

/// The unit of a name.
///
/// - Throws: a sentence with the names of all units when there is none.
public func unit(named name: String) throws -> any CourseUnit.Type { try units.unit(named: name) }
