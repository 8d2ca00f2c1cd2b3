import Foundation

/// What a column of a roster holds, told by its heading as Brightspace, Canvas, Moodle, Gradescope,
/// GitHub Classroom and people write it.
enum RosterColumn {
  case id, email, login, name, firstName, lastName, other

  init(_ heading: String) {
    let heading = Person.folded(heading).filter { $0.isLetter }
    switch heading {
    case "id", "sid", "studentid", "studentnumber", "studentno", "number", "orgdefinedid",
      "sisuserid", "sisid", "idnumber", "identifier", "rosteridentifier", "userid", "universityid",
      "matriculationnumber", "matrikelnummer", "studentnummer":
      self = .id
    case "email", "emailaddress", "mail", "studentemail": self = .email
    case "login", "loginid", "sisloginid", "username", "user", "netid", "githubusername", "github",
      "githublogin":
      self = .login
    case "name", "fullname", "student", "studentname", "displayname": self = .name
    case "firstname", "givenname", "first", "voornaam", "vorname": self = .firstName
    case "lastname", "surname", "familyname", "last", "achternaam", "nachname": self = .lastName
    default: self = .other
    }
  }

  /// The person in a row; nil for the rows that platforms put between, and empty ones.
  static func person(_ row: [String], _ columns: [RosterColumn]) -> Person? {
    var person = Person()
    var (first, last) = ("", "")
    for (column, cell) in zip(columns, row) {
      let cell = cell.trimmingCharacters(in: .whitespacesAndNewlines)
      guard !cell.isEmpty else { continue }
      switch column {
      case .id: person.ids.append(cell)
      case .email: person.email = cell
      case .login: person.login = cell
      case .name: person.name = cell
      case .firstName: first = cell
      case .lastName: last = cell
      case .other: break
      }
    }
    let name = [first, last].filter { !$0.isEmpty }.joined(separator: " ")
    if person.name == nil, !name.isEmpty { person.name = name }
    // Canvas's second and third lines.
    let isNobody = ["pointspossible", "manualposting", "studenttest", "teststudent"].contains(
      Person.folded(person.name ?? "").filter(\.isLetter))
    return isNobody || person == Person() ? nil : person
  }
}
