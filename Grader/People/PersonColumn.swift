import Foundation

/// What a column of a table of people holds, told by its heading as Brightspace, Canvas, Moodle,
/// Gradescope, GitHub Classroom, universities and people write it.
public enum PersonColumn: Sendable, Equatable {
  /// The student's own number.
  case number
  /// A number that may be the student's or the platform's own, as `ID` and `Identifier` are.
  case platformNumber
  case email, login, name, firstName, lastName
  /// What stands between first and last name, as `van der`.
  case infix
  /// The login on GitHub, which is no university's.
  case gitHubLogin
  case other

  /// Reads a heading.
  public init(_ heading: String) {
    self = Self.byHeading[Person.folded(heading).filter(\.isLetter)] ?? .other
  }

  private static let byHeading: [String: PersonColumn] = {
    let headings: [(PersonColumn, String)] = [
      (
        .number,
        """
        studentid studentsid studentids studentnumber studentno studentnr number orgdefinedid \
        sisuserid sisid idnumber sid rosteridentifier universityid externalid registrationnumber \
        matriculationnumber matriculationno matriculation matrikelnummer matrikelnr matrikel matrnr \
        matnr studentnummer studentennummer studentnumber studnr studienummer nummer personnummer \
        leginummer numeroetudiant numerodetudiant numeroestudiante matricola matricula \
        numerodematricula indexnumber
        """
      ),
      (.platformNumber, "id userid identifier participant participantnumber canvasid lmsuserid"),
      (
        .email,
        """
        email emailaddress mail mailaddress studentemail universityemail primaryemail emailadresse \
        emailadres mailadresse emailid courriel adressemail adresseemail adressedecourriel correo \
        correoelectronico direcciondecorreo indirizzoemail epost epostadress
        """
      ),
      (
        .login,
        """
        login loginid loginname sisloginid username user netid account accountname uniid kennung \
        benutzername benutzerkennung anmeldename gebruikersnaam nomdutilisateur identifiant usuario \
        nombredeusuario nomeutente anvandarnamn brukernavn brugernavn
        """
      ),
      (
        .name,
        """
        name fullname student studentname studentsname displayname sortablename vollstandigername \
        namevorname vornamename naam volledigenaam nomcomplet nometprenom nomprenom nombrecompleto \
        nomecompleto teilnehmer teilnehmerin
        """
      ),
      (
        .firstName,
        """
        firstname firstnames givenname givennames first forename vorname vornamen voornaam voornamen \
        roepnaam prenom prenoms nombre nombres nome fornamn fornavn
        """
      ),
      (
        .lastName,
        """
        lastname lastnames surname familyname last achternaam familienaam nachname familienname nom \
        nomdefamille apellido apellidos cognome sobrenome efternamn etternavn efternavn
        """
      ),
      (.infix, "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels infix nameprefix"),
      (.gitHubLogin, "githubusername github githublogin githubuser"),
    ]
    var all: [String: PersonColumn] = [:]
    for (column, words) in headings {
      for word in words.split(separator: " ") { all[String(word)] = column }
    }
    return all
  }()

  /// What it is called where it is said what was taken.
  var words: String? {
    switch self {
    case .number, .platformNumber: "number"
    case .email: "address"
    case .login, .gitHubLogin: "login"
    case .name, .firstName, .lastName, .infix: "name"
    case .other: nil
    }
  }
}
