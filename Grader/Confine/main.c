// confine: runs a command with limits, as another user, under Landlock and seccomp.
//
//   confine [--user N] [--limit NAME=SOFT:HARD]... [--filter] [--landlock]
//           [--read PATH]... [--write PATH]... [--supervise] -- PROGRAM ARGUMENT...
//   confine --landlock-version
//   confine --probe KEY=VALUE...
//
// bubblewrap starts it inside the namespaces it has made; without namespaces it stands alone. A
// program of its own, because after a fork of the grader, which has threads, almost nothing may be
// called, and because the supervisor must not hold a copy of the grader's memory.
#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// SwiftPM links every program with Swift's start-up code, which asks for these two. With them here
// the runtime behind them stays out, and with it what it would do before `main`.
void swift_addNewDSOImage(const void *image) { (void)image; }
bool _swift_backtrace_isThunkFunction(const char *name) { return name == NULL; }

_Noreturn void fail(const char *what) {
  fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
  exit(125);
}

static const struct {
  const char *name;
  int resource;
} resources[] = {
    {"cpu", RLIMIT_CPU},     {"data", RLIMIT_DATA},   {"fsize", RLIMIT_FSIZE},
    {"nofile", RLIMIT_NOFILE}, {"nproc", RLIMIT_NPROC},
};

/// Takes NAME=SOFT:HARD. A limit that is stricter already stays.
static void set_limit(char *text) {
  char *value = strchr(text, '=');
  unsigned long long soft, hard;
  if (value == NULL || sscanf(value + 1, "%llu:%llu", &soft, &hard) != 2) {
    errno = EINVAL;
    fail(text);
  }
  *value = 0;
  for (size_t index = 0; index < sizeof resources / sizeof *resources; index++) {
    if (strcmp(text, resources[index].name) != 0) continue;
    struct rlimit now;
    if (getrlimit(resources[index].resource, &now) != 0) fail(text);
    if (hard < now.rlim_max) now.rlim_max = hard;
    now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
    if (setrlimit(resources[index].resource, &now) != 0) fail(text);
    return;
  }
  errno = EINVAL;
  fail(text);
}

static _Noreturn void run(const struct confinement *confinement, char **command) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (confinement->user != 0) become_user(confinement->user);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (confinement->landlock) apply_landlock(confinement);
  if (confinement->filter) apply_filter(confinement);
  execv(command[0], command);
  fail(command[0]);
}

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "--landlock-version") == 0) {
    printf("%d\n", landlock_version());
    return 0;
  }
  if (count > 1 && strcmp(arguments[1], "--probe") == 0) return probe(count - 2, arguments + 2);

  const char **readable = calloc(count + 1, sizeof *readable);
  const char **writable = calloc(count + 1, sizeof *writable);
  char **limits = calloc(count + 1, sizeof *limits);
  if (readable == NULL || writable == NULL || limits == NULL) fail("memory");
  struct confinement confinement = {.readable = readable, .writable = writable};
  char **limit = limits;
  bool supervised = false;
  int index = 1;
  for (; index < count && strcmp(arguments[index], "--") != 0; index++) {
    char *option = arguments[index];
    if (strcmp(option, "--filter") == 0) {
      confinement.filter = true;
    } else if (strcmp(option, "--landlock") == 0) {
      confinement.landlock = true;
    } else if (strcmp(option, "--supervise") == 0) {
      supervised = true;
    } else if (index + 1 < count && strcmp(option, "--user") == 0) {
      confinement.user = (uid_t)strtoul(arguments[++index], NULL, 10);
    } else if (index + 1 < count && strcmp(option, "--limit") == 0) {
      *limit++ = arguments[++index];
    } else if (index + 1 < count && strcmp(option, "--read") == 0) {
      *readable++ = arguments[++index];
    } else if (index + 1 < count && strcmp(option, "--write") == 0) {
      *writable++ = arguments[++index];
    } else {
      errno = EINVAL;
      fail(option);
    }
  }
  if (index + 1 >= count) {
    errno = EINVAL;
    fail("no command");
  }
  char **command = arguments + index + 1;
  if (supervised) {
    // When the grader dies the supervisor is told, and takes the command with it.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) return supervise(child, &awaited);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 125;
    sigprocmask(SIG_UNBLOCK, &awaited, NULL);
    setsid();
  }
  // The supervisor is ours and keeps our limits; only what it runs has the command's.
  for (limit = limits; *limit != NULL; limit++) set_limit(*limit);
  run(&confinement, command);
}
