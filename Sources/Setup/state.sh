# What setting up and building leave below .build/.
# Sourced by ./rhythm, which names root.
# shellcheck shell=bash disable=SC2154,SC2034

state=$root/.build
setup_stamp=$state/rhythm-setup.stamp
build_stamp=$state/rhythm-build.stamp
# Own names for what is being written, so that two calls at once do not share a file; the logs get
# their lasting names at the end.
temporary=$state/rhythm.$$
setup_log=$temporary.rhythm-setup.log
build_log=$temporary.rhythm-build.log

is_writable() { mkdir -p "$state" 2>/dev/null && [[ -w $state ]]; }

# Asked only when there is something to write: a finished build also runs from a read-only folder.
need_writable() {
  local other why=
  if is_writable; then
    # Another user may have built once in a folder that is not theirs. Workers are kept elsewhere then.
    other=$(find "$state" -path "$state/workers" -prune -o \
      ! -type l ! -user "$EUID" ! -writable -print -quit 2>/dev/null) || true
    if [[ -z $other ]]; then return; fi
    fail "$other belongs to $(stat -c %U "$other" 2>/dev/null || echo somebody else), who built here" \
      "before: make the folder yours with sudo chown -R $(id -un) $(printf %q "$root"), or remove $state"
  fi
  if has_moved; then why=" and what is built there is of another place"; fi
  fail "cannot write to $state$why: make the folder yours (was it built by root?), or clone the" \
    "repository to a place of your own."
}

lasting() { printf '%s' "$state/rhythm-${1##*.rhythm-}"; }
clean_up() {
  local log
  for log in "$setup_log" "$build_log"; do
    # A rename: a reader sees the old or the new one, whole.
    if [[ -f $log ]]; then mv -f "$log" "$(lasting "$log")"; fi
  done
  rm -f "$temporary".*
}
