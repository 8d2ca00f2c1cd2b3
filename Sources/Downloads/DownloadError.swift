import Foundation

/// Why a file could not be fetched; each case describes itself in one sentence with a remedy.
public enum DownloadError: Error, Equatable, Sendable {
  /// The address cannot be used.
  case badAddress(String)
  /// The program that speaks HTTP is not installed.
  case noCurl(url: String)
  /// The name of the host is not known, which is what a machine without a network says.
  case noNetwork(host: String)
  /// Nobody answers, or the connection broke off again and again; `kept` bytes are on the disk.
  case brokenOff(url: String, detail: String, kept: Int)
  /// The server answers with an error status.
  case refused(url: String, status: Int)
  /// The server's certificate is not trusted, or no encrypted connection can be made.
  case untrusted(url: String, detail: String)
  /// Something else that trying again does not mend; `detail` is curl's reason.
  case failed(url: String, detail: String)
  /// What came is no zip archive: most often a page for people.
  case notAnArchive(url: String, type: String?)
  /// The bytes are not those that were published.
  case wrongBytes(url: String, expected: String, found: String)
  /// No program computes the file's check sum.
  case noSum(path: String)
  /// The file is there already, and is another one.
  case otherFile(path: String, expected: String)
  /// The file is there already, and nothing says whether it is right.
  case existing(path: String)
  /// The disk is too small.
  case noSpace(path: String, needed: Int, free: Int)
  /// The file cannot be written; `detail` is the system's reason.
  case cannotWrite(path: String, detail: String)
  /// Another program is fetching the same file.
  case busy(path: String)
}

extension DownloadError: CustomStringConvertible, LocalizedError {
  /// One sentence: what was wrong, where, what to do.
  public var description: String {
    switch self {
    case .badAddress(let text):
      "\(text) is not an address to fetch from; give one that begins with https:// or http:// and "
        + "ends with a file's name."
    case .noCurl(let url):
      "curl, which does the fetching, is not installed; install it, or fetch \(url) with a browser "
        + "and import the file."
    case .noNetwork(let host):
      "\(host) cannot be found; check that this machine has a network, or fetch the file on another "
        + "one and import it."
    case .brokenOff(let url, let detail, let kept):
      "\(url) could not be fetched, after several tries: \(detail); "
        + (kept > 0
          ? "\(megabytes(kept)) are kept, so run the same command again later to go on from there."
          : "run the same command again later.")
    case .refused(let url, let status) where status >= 500 || status == 429:
      "the server answers \(status)\(meaning(of: status)) for \(url), after several tries; run the "
        + "same command again later."
    case .refused(let url, let status):
      "the server answers \(status)\(meaning(of: status)) for \(url); check the address, or look "
        + "with a browser where the file is now and give that with --url."
    case .untrusted(let url, let detail):
      "no trusted connection to \(url) can be made (\(detail)); check this machine's clock and "
        + "certificates, or use another network."
    case .failed(let url, let detail):
      "\(url) could not be fetched (\(detail)); try it with a browser and import the file."
    case .notAnArchive(let url, let type):
      "\(url) gave \(type.map { "a file of type \($0)" } ?? "something else") instead of a zip "
        + "archive; open it with a browser: perhaps this network wants you to sign in first, or "
        + "the address has changed (--url takes another)."
    case .wrongBytes(let url, let expected, let found):
      "\(url) gave other bytes than were published (SHA-256 \(found), published \(expected)), so "
        + "they were thrown away; run the command again, and if that does not help use another "
        + "network."
    case .noSum(let path):
      "the check sum of \(path) cannot be computed: install sha256sum (Debian's coreutils), or see "
        + "whether the file can be read."
    case .otherFile(let path, let expected):
      "\(path) is there already but is not the published file (SHA-256 \(expected)); remove it, or "
        + "name another place with --to."
    case .existing(let path):
      "\(path) is there already, and no check sum is published that says whether it is right; "
        + "remove it, name another place with --to, or import it as it is."
    case .noSpace(let path, let needed, let free):
      "\(path) needs \(megabytes(needed)) more but the disk has only \(megabytes(free)) free; make "
        + "room, or name another place with --to."
    case .cannotWrite(let path, let detail):
      "\(path) cannot be written: \(detail); name another place with --to."
    case .busy(let path):
      "\(path) is being fetched by another program; wait for it, or name another place with --to."
    }
  }

  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

/// A number of bytes for people.
private func megabytes(_ count: Int) -> String {
  count < 100_000 ? "\(count) bytes" : String(format: "%.1f MB", Double(count) / 1e6)
}

private func meaning(of status: Int) -> String {
  switch status {
  case 401, 403: " (not allowed)"
  case 404, 410: " (not there)"
  case 429: " (too many requests)"
  case 500...: " (a fault of the server)"
  default: ""
  }
}
