# Which swift this machine has.
# Sourced by ./rhythm.
# shellcheck shell=bash

swift_major=6 swift_minor=2

# Every swift this machine may have, the one on PATH first.
swift_candidates() {
  type -P swift || true
  local folder
  for folder in /opt/swift/usr/bin "${HOME:-/root}/.local/share/swiftly/bin" \
    "${HOME:-/root}/.swiftly/bin" /usr/share/swift/usr/bin; do
    if [[ -x $folder/swift ]]; then printf '%s\n' "$folder/swift"; fi
  done
}

# Prints the first swift that is new enough.
find_swift() {
  local candidate version major minor old=
  while IFS= read -r candidate; do
    # OpenStack's client is called swift too: no version line, not a candidate.
    version=$("$candidate" --version 2>/dev/null </dev/null |
      sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1) || version=
    [[ -n $version ]] || continue
    major=${version%%.*} minor=${version#*.}
    if ((major > swift_major || (major == swift_major && minor >= swift_minor))); then
      printf '%s\n' "$candidate"
      return
    fi
    old=$version
  done < <(swift_candidates)
  if [[ -n $old ]]; then
    say "Swift $old is too old, RhythmLab needs $swift_major.$swift_minor or newer:" \
      "install it from https://www.swift.org/install and run this again."
  else
    say "Swift is not installed: install version $swift_major.$swift_minor or newer from" \
      "https://www.swift.org/install and run this again."
  fi
  return 1
}
