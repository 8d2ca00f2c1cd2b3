#define _GNU_SOURCE
#include "confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t parent_of(const char *process) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%.20s/stat", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return -1;
  text[length] = 0;
  // The name, in parentheses, may hold anything: the state and the parent follow the last one.
  char *end = strrchr(text, ')');
  int parent;
  return end != NULL && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : -1;
}

/// Kills our children. A subreaper's children are all that is left of the command, because what
/// loses its parent becomes ours: after enough rounds nothing is left.
static void kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) return;
  struct dirent *entry;
  while ((entry = readdir(processes)) != NULL) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (parent_of(entry->d_name) == getpid()) kill(atoi(entry->d_name), SIGKILL);
  }
  closedir(processes);
}

/// Collects whoever has ended: whether the command is among them, and how it ended.
static bool collect(pid_t command, int *result) {
  bool found = false;
  int status;
  pid_t ended;
  while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended != command) continue;
    found = true;
    *result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return found;
}

int supervise(pid_t command, const sigset_t *awaited) {
  // An open end of a pipe here would hide from the grader that the command has closed its own.
  close_range(0, ~0U, 0);
  int result = 128 + SIGKILL;
  while (!collect(command, &result)) {
    int number;
    if (sigwait(awaited, &number) == 0 && number == SIGTERM) break;
  }
  // with a namespace's first process the kernel ends all others
  if (getpid() == 1) return result;
  while (true) {
    kill_children();
    collect(command, &result);
    if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) return result;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
}
