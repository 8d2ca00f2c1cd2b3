# When to set up and to build, and how.
# Sourced by ./rhythm, after state.sh and toolchain.sh.
# shellcheck shell=bash disable=SC2154

# Built in this order. The first is what runs; the others are what submissions are built against.
# The same build as that of the tests, in which Package.swift optimises what must be fast: libraries
# for options, databases and files would take half of the time of an optimised build of everything.
products=(rhythm RhythmCore RecurrentLayers)
# What the products are made from. Assignments/ is not among them: a student's edit neither
# triggers a build nor breaks one.
sources=(Package.swift Sources Grader Solutions)
# The program that confines submissions, in instructors' copies.
if [[ -d $root/Grader/Confine ]]; then products+=(confine); fi

# What a set-up or a build is valid for: this system, these packages, this toolchain, this place, which
# SwiftPM writes into what it makes. The machine's name says nothing of it.
fingerprint() { # swift
  printf '%s\n' "$1" "$(uname -sm)" "$(distribution)" "$root" "${products[*]}" "${apt_needed[*]}"
  # A toolchain replaced in place, or another one chosen in swiftly, cannot use the old modules.
  stat -L -c '%s %Y' "$1" "${HOME:-/root}/.local/share/swiftly/config.json" 2>/dev/null || true
}

# Whose libraries a build is linked with.
distribution() { grep -hE '^(ID|VERSION_ID)=' /etc/os-release 2>/dev/null | tr '\n' ' ' || true; }

set_up() {
  local path_swift
  path_swift=$(type -P swift) || path_swift=
  swift='' key=''
  # The first line is the swift chosen then; a swift that PATH finds now takes its place.
  if [[ -r $setup_stamp ]]; then IFS= read -r swift <"$setup_stamp" || true; fi
  if [[ -n $swift && -x $swift && (-z $path_swift || $path_swift == "$swift" ||
    -f $setup_stamp.other) ]]; then
    key=$(fingerprint "$swift")
    if [[ $key == "$(<"$setup_stamp")" ]]; then
      # A folder that several machines share was set up on one of them.
      local missing
      missing=$(missing_of "${apt_needed[@]}")
      [[ -n $missing ]] || return 0
      is_writable || fail "missing: ${missing% }; install by hand with: sudo apt-get install $missing"
    fi
  fi

  need_writable
  swift=$(find_swift) || exit 1
  set_up_packages
  key=$(fingerprint "$swift")
  # Remembered: the swift on PATH is too old, another one was chosen.
  if [[ -n $path_swift && $path_swift != "$swift" ]]; then
    : >"$setup_stamp.other"
  else
    rm -f "$setup_stamp.other"
  fi
  printf '%s\n' "$key" >"$temporary.setup"
  mv -f "$temporary.setup" "$setup_stamp"
}

up_to_date() {
  [[ -x $state/debug/${products[0]} && -r $build_stamp && $key == "$(<"$build_stamp")" ]] ||
    return 1
  # Taken away before a build, which then failed.
  if [[ ! -f $state/debug/lib${products[1]}.a ]]; then return 1; fi
  local paths=() source
  for source in "${sources[@]}"; do
    if [[ -e $root/$source ]]; then paths+=("$root/$source"); fi
  done
  # Change time against the stamp's modification time: also sees files that were copied in with
  # an old date. A folder's own time tells of removed files.
  [[ -z $(find ${paths[@]+"${paths[@]}"} -name '.*' -prune -o -newercm "$build_stamp" -print \
    -quit) ]]
}

# Whether a build was made at another place: SwiftPM and the compiler's caches name it.
has_moved() { [[ -f $build_stamp ]] && ! grep -qxF -- "$root" "$build_stamp"; }

# What is to be there before SwiftPM is called.
prepare_build() {
  # Clang puts digits in the place of each one where it names a file of its own for the time being.
  if [[ $root == *%* ]]; then
    fail "the compiler cannot build in a folder with a % in its path: rename $root"
  fi
  if has_moved && is_writable; then rm -rf "$state"/*/debug/ModuleCache; fi
}

# Before SwiftPM tests: a build says the same of what it cannot fetch.
fetch_packages() {
  if [[ -d $state/checkouts ]]; then return; fi
  need_writable
  "$swift" package --package-path "$root" resolve 2>&1 </dev/null |
    tee -a "$build_log" | show_progress || build_failed
}

# Whether standard error is a terminal whose cursor may be moved.
has_cursor() { [[ -t 2 && ${TERM:-dumb} != dumb && -z ${NO_COLOR:-} ]]; }

# Shows the build's output as one moving line on a terminal, else as a line now and then; what the
# compiler says of sources only where it is asked for, since one who trains did not write them.
show_progress() { # messages, or nothing
  local line columns=80 last=$SECONDS
  if [[ -n ${RHYTHM_VERBOSE:-} ]]; then
    cat >&2 || cat >/dev/null
    return
  fi
  if has_cursor; then columns=$(tput cols 2>/dev/null) || columns=80; fi
  while IFS= read -r line; do
    case $line in
      \[*/*\]* | Fetch* | Clon* | Creating* | Comput* | Working* | Resolving* | Build* | \
        Planning* | Another*) ;;
      # of every module that is compiled at once, though that is how it is meant
      'remark: Incremental compilation has been disabled'*) continue ;;
      *)
        if [[ ${1:-} == messages ]]; then
          if has_cursor; then printf '\r\033[K' >&2 || true; fi
          printf '%s\n' "$line" >&2 || true
        fi
        continue
        ;;
    esac
    # Nobody may read it; the build goes on.
    if has_cursor; then
      printf '\r\033[K%s' "${line:0:columns-1}" >&2 || true
    elif ((SECONDS - last >= 20)); then
      last=$SECONDS
      printf '%s\n' "$line" >&2 || true
    fi
  done
  if has_cursor; then printf '\r\033[K' >&2 || true; fi
}

# What the tool needs.
build() {
  local product
  begin_build
  for product in "${products[@]}"; do
    "$swift" build --package-path "$root" --product "$product" 2>&1 </dev/null |
      tee -a "$build_log" | show_progress || build_failed
  done
  end_build
}

# What the tests need, which has in it what the tool needs: whichever is called first builds for both.
build_tests() {
  begin_build
  "$swift" build --package-path "$root" --build-tests 2>&1 </dev/null |
    tee -a "$build_log" | show_progress messages || build_failed told
  end_build
}

begin_build() {
  began=$SECONDS
  need_writable
  prepare_build
  if has_moved; then say "this folder was built at another place: it is built anew"; fi
  # Made before the build: a file that changes meanwhile is newer than the stamp.
  printf '%s\n' "$key" >"$temporary.stamp"
  : >"$build_log"
  is_first=
  if up_to_date; then return; fi
  is_first=yes
  say "building; the first time takes some minutes"
  # An archive is added to, and would keep what the sources no longer have.
  rm -f "$state"/*/debug/lib*.a
}

end_build() {
  mv -f "$temporary.stamp" "$build_stamp"
  if [[ -n $is_first ]]; then say "built in $((SECONDS - began)) s"; fi
}

# What SwiftPM says where it cannot fetch a package.
no_fetch="error: Git command .* failed|[Ff]ailed to clone|[Cc]ould not resolve host|unable to access '"

build_failed() { # told, where the compiler's messages were shown already
  # Packages may have been removed since: look again next time.
  rm -f "$setup_stamp"
  if grep -qE "$no_fetch" "$build_log"; then
    local reason
    reason=$(sed -n "s/.*unable to access '[^']*': *//p" "$build_log" | tail -n 1) || true
    fail "the packages of Package.resolved could not be fetched from github.com${reason:+ ($reason)}:" \
      "is there a network? The whole log is $(lasting "$build_log")"
  fi
  local errors pattern='^[^|]*(error|fatal error): |cannot find -l|unable to find library'
  errors=$(grep -E "$pattern" "$build_log" | awk '!seen[$0]++' | head -n 20) || true
  if [[ -z $errors ]]; then
    errors=$(tail -n 20 "$build_log")
  elif [[ ${1:-} == told ]]; then
    errors=
  fi
  if [[ -n $errors ]]; then printf '%s\n' "$errors" >&2 || true; fi
  fail "the build failed; the whole log is $(lasting "$build_log")"
}
