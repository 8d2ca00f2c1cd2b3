import CSV
import Foundation
import Intake
import People

extension Exporter {
  /// The grades that Brightspace imports: ids, one column of points, the end of the line.
  ///
  /// Source: D2L's documentation of importing grades.
  func brightspace() throws -> Export {
    var export = Export()
    let table = options.template ?? options.roster
    let column = try checkedColumn()
    // an export of a grade item has its own heading, with the maximum in it
    let heading = options.template?.header.first {
      $0 == "\(column) Points Grade" || $0.hasPrefix("\(column) Points Grade <")
    }
    if let possible = heading?.firstMatch(of: /MaxPoints:([0-9.]+)/).flatMap({ Double($0.output.1) }
    ),
      maximum > possible
    {
      throw ExportError(
        "full marks are \(CSV.points(maximum)) here and \(CSV.points(possible)) in Brightspace, "
          + "which would cut off what is above: change them there, or use --scale-to "
          + CSV.points(possible))
    }
    var rows: [[String]] = []
    for entry in try entries(table, &export.notes) {
      let person = entry.person
      guard entry.identity.number ?? entry.identity.login != nil else {
        export.notes.append(
          "\(person.label) is left out: Brightspace needs an OrgDefinedId or a username; name its "
            + "export of the grades with --template, or a table of the people with --roster")
        continue
      }
      // the # keeps spreadsheets from taking an id for a number, or for a formula
      let bare = entry.identity.number.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 }
      guard let id = identifier(bare, of: person, &export.notes),
        let username = identifier(entry.identity.login, of: person, &export.notes)
      else { continue }
      rows.append([
        id.isEmpty ? "" : "#" + id, username, CSV.points(score(entry.student)), "#",
      ])
    }
    guard !rows.isEmpty else {
      throw ExportError(
        "of nobody an OrgDefinedId or username is known: name Brightspace's export of the grades "
          + "with --template, or a table of the people with --roster")
    }
    let header = [
      "OrgDefinedId", "Username", heading ?? "\(column) Points Grade", "End-of-Line Indicator",
    ]
    let used = (0..<4).filter { column in rows.contains { !$0[column].isEmpty } }
    export.files["brightspace.csv"] = CSV.text(
      ([header] + rows).map { row in used.map { row[$0] } })
    return export
  }
}
