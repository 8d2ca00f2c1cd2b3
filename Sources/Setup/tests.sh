# The tiers of ./rhythm test.
# Sourced by ./rhythm, which names root.
# shellcheck shell=bash disable=SC2154

# BEGIN INSTRUCTOR: tests of the course itself, by tiers
# Tests of the system as a whole: they build and grade submissions. The first of them take half of the time.
judged='^(AttackTests|GradingTests|SandboxTests)[.]'
system="$judged|^MistakesTests[.]|^SubjectTests[.]Statistical"
system+='|^CourseTests[.](Mistake|Part|Power|SecondUnit|Solution|StandIn)'
# Tests that run the tool, gnuplot, curl or a student's worker. The first of them take half of a newcomer's time.
half='SelfCheck[.]|^(CourseTests|DownloadsTests|PlotsTests|SearchTests|SubjectTests)[.]'
programs="$half|^(AbsurdCallTests|RecordingsTests)[.]"
# END INSTRUCTOR

test_help() {
  cat <<'EOF'
./rhythm test                the self-checks of all units, in minutes
./rhythm test UNIT           that of one unit, by the name of its folder
EOF
  # BEGIN INSTRUCTOR: tests of the course itself, by tiers
  cat <<'EOF'
./rhythm test --fast         only tests of single modules, without the tool and the self-checks
./rhythm test --system       the rest: sandbox, attacks, grading, some of the mistakes
./rhythm test --thorough     the same with every known mistake and in every sandbox: long
EOF
  # END INSTRUCTOR
  cat <<'EOF'
./rhythm test --filter TASK  or any other option of swift test
EOF
}

# Whether swift test would build what `./rhythm` builds, so that it can be built before: with what is not
# known here it builds by itself.
is_built_as_usual() { # argument ...
  if [[ -n ${RHYTHMLAB_PART:-} ]]; then return 1; fi
  while (($#)); do
    case $1 in
      --filter | --skip | --num-workers | --xunit-output) shift ;;
      --filter=* | --skip=* | --num-workers=* | --xunit-output=* | --parallel | --no-parallel) ;;
      *) return 1 ;;
    esac
    shift || true
  done
}

# What swift test is called with; where a tier is run in two halves, the first one's arguments too.
test_arguments=()
first_half=()
choose_tests() { # argument ...
  case ${1:-} in
    -h | --help)
      test_help
      exit
      ;;
    # BEGIN INSTRUCTOR: tests of the course itself, by tiers
    '' | -v | --verbose | --parallel) test_arguments+=(--skip "$system") ;;
    --fast) test_arguments+=(--skip "$system|$programs") ;;
    --system) test_arguments+=(--filter "$system") ;;
    --thorough)
      export RHYTHMLAB_THOROUGH=1
      test_arguments+=(--filter "$system")
      ;;
    # END INSTRUCTOR
    [A-Z]*)
      [[ $1 != */* && -f $root/Assignments/$1/assignment.yml ]] ||
        fail "there is no unit $1; there are $(cd "$root/Assignments" && echo *)"
      export RHYTHMLAB_UNIT=$1
      test_arguments+=(--filter "^$1SelfCheck[.]")
      ;;
  esac
  case ${1:-} in
    --fast | --system | --thorough | [A-Z]*)
      shift
      # swift test would run what either of two filters names
      if [[ " $* " == *' --filter'* ]]; then fail "--filter goes without a tier and without a unit"; fi
      ;;
  esac
  test_arguments+=("$@")
  # BEGIN INSTRUCTOR: tests of the course itself, by tiers
  # what is still to be built is built once
  if (($#)) || [[ -n ${RHYTHMLAB_PART:-} ]]; then return; fi
  case ${test_arguments[*]} in
    "--skip $system")
      first_half=(--filter "$half" --skip "$system")
      test_arguments=(--skip "$system|$half")
      ;;
    "--filter $system")
      first_half=(--filter "$judged")
      test_arguments=(--filter "$system" --skip "$judged")
      ;;
  esac
  # END INSTRUCTOR
}

# BEGIN INSTRUCTOR: tests of the course itself, by tiers
# A tier in two halves at the same time: most tests keep one processor busy. What the second says comes
# when the first has ended.
run_halves() { # swift test ...
  local said first second status=0
  said=$(mktemp)
  # Groups of their own: bash would keep Ctrl-C from what runs behind it, and from all that it starts.
  set -m
  # Nothing is built any more. A half that does not ignore the lock waits for the other one to its end, where that
  # comes first; so that it seldom does, and SwiftPM's remark on it seldom stands here, the second begins later.
  "$@" --ignore-lock "${first_half[@]}" </dev/null &
  first=$!
  { sleep 0.5 && exec "$@" --ignore-lock "${test_arguments[@]}"; } >"$said" 2>&1 </dev/null &
  second=$!
  set +m
  # shellcheck disable=SC2064
  {
    trap "kill -TERM -- -$first -$second 2>/dev/null || true; rm -f '$said'" EXIT
    trap "kill -INT -- -$first -$second 2>/dev/null || true; trap - INT; kill -INT \$\$" INT
  }
  trap 'exit 143' TERM
  wait "$first" || status=$?
  if kill -0 "$second" 2>/dev/null; then say 'the other half of the tests is not done yet'; fi
  wait "$second" || status=$?
  # without what SwiftPM says of the first
  sed -E 's/^Another instance of SwiftPM .* has been passed//' "$said"
  exit "$status"
}
# END INSTRUCTOR
