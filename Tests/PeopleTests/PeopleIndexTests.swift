import CSV
import Foundation
import XCTest

@testable import People

final class PeopleIndexTests: XCTestCase {
  private let class3 = [
    Person(name: "Ann Müller-Lee", ids: ["00123456"], email: "a.lee@u.example", login: "alee"),
    Person(name: "Bob Ray", ids: ["00234567"], email: "bray@u.example", login: "bray"),
    Person(name: "Łukasz Sørensen", ids: ["00345678"], email: "cy@u.example", login: "cfox"),
  ]

  private func index(_ people: [Person]) -> PeopleIndex {
    PeopleIndex(people.enumerated().map { (person: $1, owner: $0) })
  }

  func testEverythingThatSomebodyIsKnownBy() {
    let index = index(class3)
    let ways: [(Person, PeopleIndex.Match)] = [
      (Person(ids: ["00123456"]), .found(0, .id)),
      (Person(ids: ["#00123456"]), .found(0, .id)),
      (Person(ids: ["s00123456"]), .found(0, .id)),
      // what a spreadsheet left of it
      (Person(ids: ["123456"]), .found(0, .id)),
      (Person(ids: ["123456.0"]), .found(0, .id)),
      (Person(ids: ["=\"00123456\""]), .found(0, .id)),
      (Person(ids: ["'00123456"]), .found(0, .id)),
      (Person(ids: ["r0123456"]), .found(0, .id)),
      (Person(ids: ["\u{200b}00123456\u{a0}"]), .found(0, .id)),
      (Person(email: "mailto:A.Lee@u.example"), .found(0, .email)),
      (Person(login: "00234567"), .found(1, .id)),
      (Person(name: "muller lee, ann"), .found(0, .name)),
      (Person(name: "Ann Mueller-Lee"), .found(0, .name)),
      (Person(name: "mullerleeann"), .found(0, .name)),
      (Person(name: "Ann\u{a0}Mu\u{308}ller\u{200b}-Lee"), .found(0, .name)),
      (Person(name: "Lukasz Sorensen"), .found(2, .name)),
      (Person(name: "Lukasz Soerensen"), .found(2, .name)),
      (Person(name: "Group 3-Bob Ray"), .found(1, .name)),
      // folders
      (Person(folder: "00234567"), .found(1, .id)),
      (Person(folder: "bray"), .found(1, .login)),
      (Person(folder: "cy@u.example"), .found(2, .email)),
      (Person(folder: "Bob Ray 00234567"), .found(1, .id)),
      (Person(folder: "homework-00234567"), .found(1, .id)),
      (Person(folder: "Bob Ray 234567"), .found(1, .id)),
      // as some platforms show their students' names, beside a number of their own
      (Person(name: "Bob Ray 00234567", ids: ["11"]), .found(1, .id)),
      (Person(name: "Ray, Bob (234567)", ids: ["11"]), .found(1, .id)),
      // a number that nobody has tells nothing
      (Person(folder: "Bob Ray 99999999"), .found(1, .name)),
      (Person(folder: "a.lee"), .found(0, .login)),
      (Person(name: "Bob Rai"), .none),
      (Person(ids: ["234"]), .none),
    ]
    for (person, match) in ways { XCTAssertEqual(index.match(person), match, "\(person)") }
  }

  /// Canvas writes a name's words without what stands between them, Moodle without its apostrophes: beside a
  /// number that is no other name.
  func testNamesOfManyWordsAgreeAsPlatformsWriteThem() {
    for (name, platforms) in [
      ("Vries, Jan de", "vriesjande"), ("Márquez, José María García", "márquezjosémaríagarcía"),
      ("Lefèvre-Dubois, Anne-Sophie", "lefèvreduboisannesophie"),
      ("O'Neil, Dorothea", "oneildorothea"), ("Dorothea O'Neil", "Dorothea ONeil"),
      ("Pieter van der Berg", "bergpietervander"),
    ] {
      let index = index([Person(name: name, ids: ["0012345"])])
      XCTAssertEqual(
        index.match(Person(name: platforms, ids: ["0012345"])), .found(0, .id), platforms)
      XCTAssertEqual(
        index.match(Person(name: "somebodyelse", ids: ["0012345"])), .doubtful(.otherName(.id, 0)))
    }
    // a folder that bears one's name of three words and another's number
    let two = index([
      Person(name: "Jan de Vries", ids: ["0012345"]), Person(name: "Bob Ray", ids: ["0023456"]),
    ])
    XCTAssertEqual(
      two.match(Person(folder: "Jan de Vries 0023456")), .doubtful(.otherName(.id, 1)))
  }

  /// Of two numbers that zeros alone tell apart, each is found as it is written.
  func testANumberThatSomebodyHasIsNobodyElsesWithoutItsZeros() {
    let index = index([Person(ids: ["012345"])])
    let rows = [Person(ids: ["012345"]), Person(ids: ["0012345"])]
    XCTAssertEqual(index.matches(rows), [.found(0, .id), .none])
    XCTAssertEqual(index.matches([rows[1]]), [.found(0, .id)])
  }

  func testWhatContradictsFindsNobody() {
    let index = index(class3)
    XCTAssertEqual(
      index.match(Person(name: "Ann Lee", ids: ["00234567"])), .doubtful(.otherName(.id, 1)))
    XCTAssertEqual(
      index.match(Person(ids: ["00123456"], email: "bray@u.example")),
      .doubtful(.contradiction(.id, 0, .email, 1)))
    // a platform's own number that is another's: the name says who
    XCTAssertEqual(
      index.match(Person(name: "Bob Ray", ids: ["00123456"], email: "bray@u.example")),
      .found(1, .email))
    // a folder that bears one's name and another's number
    XCTAssertEqual(
      index.match(Person(folder: "Bob Ray 00123456")), .doubtful(.otherName(.id, 0)))
    XCTAssertEqual(
      index.match(Person(folder: "Bob Ray 123456")), .doubtful(.otherName(.id, 0)))
    XCTAssertEqual(
      index.match(Person(name: "Bob Ray 00123456", ids: ["11"])), .doubtful(.otherName(.id, 0)))
    // zeros that were lost do not make two of one
    let twins = self.index([Person(ids: ["012345"]), Person(ids: ["0012345"])])
    XCTAssertEqual(twins.match(Person(ids: ["12345"])), .doubtful(.several(.id, [0, 1])))
  }

  func testNamesakes() {
    let handedIn = index([Person(name: "Ann Lee"), Person(name: "leeann", ids: ["601"])])
    XCTAssertEqual(handedIn.match(Person(name: "Ann Lee")), .found(0, .name))
    XCTAssertEqual(
      handedIn.matches([Person(name: "Lee, Ann", ids: ["601"]), Person(name: "Ann Lee")]),
      [.found(1, .id), .doubtful(.namesakes)])
    let two = index([Person(name: "Cy Fox"), Person(name: "Fox, Cy")])
    XCTAssertEqual(two.match(Person(name: "cy fox")), .doubtful(.several(.name, [0, 1])))
    // members of one submission are one
    let group = PeopleIndex([(Person(name: "Cy Fox"), 0), (Person(folder: "cy fox"), 0)])
    XCTAssertEqual(group.match(Person(name: "Cy Fox")), .found(0, .name))
  }

  func testParticipantsOfBlindMarking() {
    let index = index([Person(name: "Participant 4711", ids: ["4711"])])
    XCTAssertEqual(index.match(Person(ids: ["Participant 4711"])), .found(0, .id))
    XCTAssertEqual(
      index.match(Person(name: "Ann Lee", ids: ["Participant 4711"])), .found(0, .id))
    XCTAssertEqual(index.match(Person(ids: ["Participant 4712"])), .none)
  }
}

final class PeopleTableTests: XCTestCase {
  private func people(_ text: String) throws -> [Person?] {
    let table = try PeopleTable(Data(text.utf8), path: "t.csv")
    return table.rows.map(table.person)
  }

  func testHeadingsOfManyLanguages() throws {
    let ann = Person(
      name: "Ann van der Lee", ids: ["00123456"], email: "a@u.example", login: nil)
    for text in [
      "Vorname;Nachname;Matrikelnummer;E-Mail\nAnn;van der Lee;00123456;a@u.example",
      "Name;Vorname;Matr.-Nr.;E-Mail-Adresse\nvan der Lee;Ann;00123456;a@u.example",
      "Voornaam,Tussenvoegsel,Achternaam,Studentnummer,E-mailadres\nAnn,van der,Lee,00123456,a@u.example",
      "Nom;Prénom;Numéro étudiant;Courriel\nvan der Lee;Ann;00123456;a@u.example",
      "Nombre,Apellidos,Matrícula,Correo electrónico\nAnn,van der Lee,00123456,a@u.example",
      "Nome;Cognome;Matricola;Indirizzo e-mail\nAnn;van der Lee;=\"00123456\";a@u.example",
      "sep=;\nid;name;email\n00123456;Ann van der Lee;a@u.example",
      "Student number, Name, Email\n00123456, \"Ann van der Lee\" , a@u.example",
    ] {
      XCTAssertEqual(try people(text), [ann], text)
    }
  }

  func testTheStudentsNumberComesBeforeThePlatforms() throws {
    XCTAssertEqual(
      try people("Student,ID,SIS User ID,SIS Login ID\n\"Lee, Ann\",601,1111111,alee"),
      [Person(name: "Lee, Ann", ids: ["1111111", "601"], login: "alee")])
    XCTAssertEqual(
      try people("identifier,github_username,github_id,name\n00123456,annlee,1,Ann Lee"),
      [Person(name: "Ann Lee", ids: ["00123456"], login: "annlee")])
  }

  func testSaysWhatItTookAndWhatASpreadsheetSpoilt() throws {
    let table = try PeopleTable(
      Data("Matrikelnummer;Gruppe;Name\n1,23E+08;A;Ann Lee\n".utf8), path: "t.csv")
    XCTAssertEqual(table.taken, "Matrikelnummer (number), Name (name)")
    XCTAssertEqual(table.problems.count, 1)
    XCTAssertTrue(table.problems.first?.contains("line 2") == true, "\(table.problems)")
    XCTAssertThrowsError(try PeopleTable(Data(), path: "t.csv"))
  }
}
