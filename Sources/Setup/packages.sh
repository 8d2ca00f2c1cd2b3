# What the system must have, and installing what is missing.
# Sourced by ./rhythm, after state.sh.
# shellcheck shell=bash disable=SC2154

# package:probe, where the probe is lib=NAME for pkg-config or cmd=NAME for a program.
apt_needed=(git:cmd=git pkg-config:cmd=pkg-config libopenblas-dev:lib=openblas
  libmatio-dev:lib=matio libarchive-dev:lib=libarchive)
# BEGIN INSTRUCTOR: the gradebook
apt_needed+=(libsqlite3-dev:lib=sqlite3)
# END INSTRUCTOR
apt_optional=(bubblewrap:cmd=bwrap curl:cmd=curl gnuplot-nox:cmd=gnuplot)

present() { # package:probe
  local probe=${1#*:}
  local name=${probe#*=}
  case $probe in
    cmd=*) type -P "$name" >/dev/null ;;
    lib=*) pkg-config --exists "$name" 2>/dev/null ;;
  esac
}

missing_of() { # package:probe ...
  local entry
  for entry in "$@"; do
    if ! present "$entry"; then printf '%s ' "${entry%%:*}"; fi
  done
}

logged() { # command ...
  if [[ -n ${RHYTHM_VERBOSE:-} ]]; then
    "$@" 2>&1 </dev/null | tee -a "$setup_log" >&2
  else
    "$@" >>"$setup_log" 2>&1 </dev/null
  fi
}

# As root, by sudo when needed. Without a terminal nobody can type a password.
privileged() {
  if ((EUID == 0)); then
    "$@"
  elif [[ -t 2 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Another installation (unattended upgrades, a second call of this script) may hold apt's locks.
# DPkg::Lock::Timeout waits for one of them, not for that of `update`, so wait here.
apt_get() {
  local deadline=$((SECONDS + 300)) before
  while true; do
    before=$(log_lines)
    if logged privileged env DEBIAN_FRONTEND=noninteractive apt-get -y "$@"; then return 0; fi
    tail -n "+$((before + 1))" "$setup_log" | grep -qE 'Could not get lock|Unable to lock' ||
      return 1
    ((SECONDS < deadline)) || return 1
    sleep 2
  done
}

log_lines() { wc -l 2>/dev/null <"$setup_log" || echo 0; }

install_packages() { # package ...
  if ((EUID != 0)) && ! type -P sudo >/dev/null; then
    printf 'E: not root, and there is no sudo\n' >>"$setup_log"
    return 1
  fi
  if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then apt_get update || true; fi
  apt_get install --no-install-recommends "$@" || {
    apt_get update && apt_get install --no-install-recommends "$@"
  }
}

# The last thing the installer complained of, for the end of a sentence.
complaint() {
  local line
  line=$(grep -E '^(E:|sudo:)' "$setup_log" 2>/dev/null | tail -n 1) || true
  if [[ -n $line ]]; then printf ' (%s)' "$line"; fi
}

set_up_packages() {
  local needed optional wanted by_hand='install by hand with: sudo apt-get install'
  needed=$(missing_of "${apt_needed[@]}")
  optional=$(missing_of "${apt_optional[@]}")
  needed=${needed% } optional=${optional% }
  [[ -n $needed$optional ]] || return 0
  local has_apt=yes
  if ! type -P apt-get >/dev/null; then
    has_apt=
    by_hand='this system has no apt; install with its own package manager what Debian calls'
  fi

  : >"$setup_log"
  if [[ -n $needed ]]; then
    [[ -n $has_apt ]] || fail "missing: ${needed// /, }; $by_hand $needed"
    say "installing what the build needs: ${needed// /, }"
    # shellcheck disable=SC2086  # a list of package names
    install_packages $needed ||
      fail "could not install ${needed// /, }$(complaint); $by_hand $needed"
    # The new packages are believed only when the build will find them.
    wanted=$(missing_of "${apt_needed[@]}")
    wanted=${wanted% }
    [[ -z $wanted ]] || fail "${wanted// /, }: installed, but not found by pkg-config; is" \
      "PKG_CONFIG_PATH or PKG_CONFIG_LIBDIR set to something of your own?"
  fi
  if [[ -n $optional ]]; then
    if [[ -n $has_apt ]]; then
      say "installing for the sandbox and for plots: ${optional// /, }"
      # shellcheck disable=SC2086
      if install_packages $optional; then return 0; fi
    fi
    say "going on without ${optional// /, }$(complaint): grading has no sandbox without bubblewrap," \
      "and nothing is plotted without gnuplot; $by_hand $optional"
  fi
}
