import CSV
import People

/// What a platform finds somebody by.
struct Identity {
  /// The student's number.
  var number: String?
  /// The name to log in with.
  var login: String?
  /// The e-mail address.
  var email: String?

  /// Those of a row of a platform's table or of a roster. A login on GitHub is none on a platform.
  init(_ row: CSV.Row, in table: PeopleTable) {
    number = table.cells(row, .number).first
    if number == nil, !table.columns.contains(.number) {
      number = table.cells(row, .platformNumber).first { !$0.hasPrefix("Participant ") }
    }
    login = table.cells(row, .login).first
    email = table.cells(row, .email).first
  }

  /// Those of somebody on the roster that the class was graded with.
  init(listed person: Person) {
    number = person.ids.first
    login = person.login
    email = person.email
  }
}
