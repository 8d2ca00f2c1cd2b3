# What the machine allows this call.
# Sourced by ./rhythm.
# shellcheck shell=bash

# Raised towards what the system allows; root may also raise that. The limits of submissions are
# their own.
allow_open_files() {
  local wanted=1024 least=256 now
  now=$(ulimit -S -n)
  if [[ $now == unlimited ]] || ((now >= wanted)); then return; fi
  ulimit -n "$wanted" 2>/dev/null || ulimit -S -n "$wanted" 2>/dev/null ||
    ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || true
  now=$(ulimit -S -n)
  ((now >= least)) || fail "this shell allows only $now open files, and $least are needed: call" \
    "ulimit -n $wanted first, or start a new shell"
}
