// confine: runs a command with limits, as another user, under Landlock and seccomp.
//
//   confine [--user N] [--limit NAME=SOFT:HARD]... [--filter tools|worker|backtraced] [--landlock]
//           [--read PATH]... [--list PATH]... [--write PATH]... [--supervise] -- PROGRAM ARGUMENT...
//   confine --join GROUP -- PROGRAM ARGUMENT...
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
#include <sys/stat.h>
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

/// What no command needs much of: dumps, and memory of the kernel's for queues and waiting signals.
/// One byte, and not none, keeps a dump from a program that the system has for them, too (core(5)).
static const struct {
  int resource;
  rlim_t most;
} small[] = {
    {RLIMIT_CORE, 1}, {RLIMIT_MSGQUEUE, 0}, {RLIMIT_SIGPENDING, 256}, {RLIMIT_MEMLOCK, 0},
};

static _Noreturn void run(const struct confinement *confinement, char **command) {
  for (size_t index = 0; index < sizeof small / sizeof *small; index++) {
    struct rlimit limit = {small[index].most, small[index].most};
    if (setrlimit(small[index].resource, &limit) != 0) fail("a limit");
  }
  // What a command makes is read by the next one, which has another user.
  umask(022);
  if (confinement->user != 0) become_user(confinement->user);
  if (confinement->supervisor != 0) {
    // after the change of users, which takes it back
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != confinement->supervisor) exit(125);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (confinement->landlock) apply_landlock(confinement);
  if (confinement->filter != filter_none) apply_filter(confinement);
  execv(command[0], command);
  fail(command[0]);
}

/// Puts copies in the arguments' place and empties them: /proc shows them to whoever sees this process,
/// and they name places of the machine.
static void take_from_sight(int count, char **arguments) {
  for (int index = 0; index < count; index++) {
    char *copy = strdup(arguments[index]);
    if (copy == NULL) fail("memory");
    memset(arguments[index], 0, strlen(arguments[index]));
    arguments[index] = copy;
  }
}

static enum filter filter_named(const char *name) {
  static const char *names[] = {
      [filter_tools] = "tools", [filter_worker] = "worker", [filter_backtraced] = "backtraced"};
  for (enum filter filter = filter_tools; filter <= filter_backtraced; filter++) {
    if (strcmp(name, names[filter]) == 0) return filter;
  }
  errno = EINVAL;
  fail(name);
}

/// Moves into a control group and becomes the command: all that it starts is in the group too.
static _Noreturn void join(const char *group, char **command) {
  int file = open(group, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, "0", 1) != 1) fail(group);
  close(file);
  execv(command[0], command);
  fail(command[0]);
}

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "--landlock-version") == 0) {
    printf("%d\n", landlock_version());
    return 0;
  }
  if (count > 1 && strcmp(arguments[1], "--probe") == 0) return probe(count - 2, arguments + 2);
  if (count > 4 && strcmp(arguments[1], "--join") == 0) join(arguments[2], arguments + 4);

  take_from_sight(count, arguments);
  const char **readable = calloc(count + 1, sizeof *readable);
  const char **writable = calloc(count + 1, sizeof *writable);
  const char **listable = calloc(count + 1, sizeof *listable);
  char **limits = calloc(count + 1, sizeof *limits);
  if (readable == NULL || writable == NULL || listable == NULL || limits == NULL) fail("memory");
  struct confinement confinement = {
      .readable = readable, .writable = writable, .listable = listable};
  char **limit = limits;
  bool supervised = false;
  int index = 1;
  for (; index < count && strcmp(arguments[index], "--") != 0; index++) {
    char *option = arguments[index];
    if (strcmp(option, "--landlock") == 0) {
      confinement.landlock = true;
    } else if (strcmp(option, "--supervise") == 0) {
      supervised = true;
    } else if (index + 1 < count && strcmp(option, "--filter") == 0) {
      confinement.filter = filter_named(arguments[++index]);
    } else if (index + 1 < count && strcmp(option, "--user") == 0) {
      confinement.user = (uid_t)strtoul(arguments[++index], NULL, 10);
    } else if (index + 1 < count && strcmp(option, "--limit") == 0) {
      *limit++ = arguments[++index];
    } else if (index + 1 < count && strcmp(option, "--read") == 0) {
      *readable++ = arguments[++index];
    } else if (index + 1 < count && strcmp(option, "--list") == 0) {
      *listable++ = arguments[++index];
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
    // The first process of a namespace ends with it, and the kernel ends the namespace with its
    // first process. bubblewrap has seen to that; alone, the supervisor is told when the grader
    // dies, and takes the command with it.
    bool is_first = getpid() == 1;
    if (!is_first) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    }
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child > 0) {
      prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
      return supervise(child, &awaited);
    }
    confinement.supervisor = parent;
    sigprocmask(SIG_UNBLOCK, &awaited, NULL);
    setsid();
  }
  // The supervisor is ours and keeps our limits; only what it runs has the command's.
  for (limit = limits; *limit != NULL; limit++) set_limit(*limit);
  run(&confinement, command);
}
