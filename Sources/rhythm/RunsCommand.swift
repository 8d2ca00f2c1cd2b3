import ArgumentParser
import Assignment
import Experiments
import Foundation

/// `rhythm runs`: what was trained so far.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Compare the trainings so far.",
    discussion: """
      Every ./rhythm train is remembered, also one that was stopped after its first epoch: \
      .rhythmlab/UNIT/runs/RUN has its figures (run.json) and its best parameters \
      (parameters.safetensors). Only runs of one network on the same data can be compared; the best of \
      them has a star.
      """)

  @Argument(help: "Only runs of this network.")
  var network: String?

  @OptionGroup var unit: UnitOption

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let units =
        try network.map { name in
          [
            try copy.unit(
              unit, having: "network \(name)", of: { ($0.networks ?? []).map(\.name) },
              where: { $0.network(named: name) != nil })
          ]
        } ?? copy.units(unit)
      let chosen = network.flatMap { units[0].manifest.network(named: $0)?.name }
      let found = units.map { unit in
        (
          unit: unit.name,
          runs: KeptRun.all(in: copy.runs(unit.name)).filter {
            chosen == nil || $0.network == chosen
          }
        )
      }.filter { !$0.runs.isEmpty }
      guard !found.isEmpty else {
        let what = chosen ?? units.map(\.name).joined(separator: " or ")
        return printLine(
          "no training of \(what) is remembered yet; "
            + "./rhythm train \(chosen ?? "NETWORK") makes one")
      }
      for (unit, runs) in found {
        if found.count > 1 { printLine(unit) }
        printTable(KeptRun.table(runs))
      }
      printLine("./rhythm plot training RUN draws the learning curves of one of them")
    }
  }
}

extension WorkingCopy {
  /// Where a unit's trainings are remembered.
  func runs(_ unit: String) -> String { state(unit) + "/runs" }
}
