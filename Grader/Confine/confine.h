#pragma once
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/// Which system calls a command may do.
enum filter {
  /// All.
  filter_none,
  /// All but those that lead out: for the compiler.
  filter_tools,
  /// The few that a computation needs: for a student's program.
  filter_worker,
  /// The same and those of the backtracer.
  filter_backtraced,
};

/// What a command may do; the options of the program say it.
struct confinement {
  /// The user to become, or 0 to stay who we are.
  uid_t user;
  /// Folders and files to read and run, to write, and folders whose names may be listed; each list
  /// ends with NULL.
  const char **readable, **writable, **listable;
  /// Whether Landlock restricts files, TCP and signals.
  bool landlock;
  /// What seccomp lets pass.
  enum filter filter;
  /// The process that must not end before the command, or 0.
  pid_t supervisor;
};

/// The version of Landlock that the kernel offers, 0 for none.
int landlock_version(void);

/// Each of these ends the program with a sentence when it fails.
void apply_landlock(const struct confinement *confinement);
void apply_filter(const struct confinement *confinement);
void become_user(uid_t user);

/// Waits for `command` or a request to end, with the blocked signals `awaited`, then kills everything
/// the command started. Gives its exit status as a shell does.
int supervise(pid_t command, const sigset_t *awaited);

/// Tries to get out of the sandbox it runs in and prints what succeeded.
int probe(int count, char **arguments);

/// Prints "confine: WHAT: reason" and ends the program with status 125.
_Noreturn void fail(const char *what);
