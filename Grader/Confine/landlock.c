#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// The header may be older than the kernel, so what it may lack stands here
// (https://docs.kernel.org/userspace-api/landlock.html).
enum {
  execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, read_dir = 1 << 3,
  all_of_first_version = (1 << 13) - 1, refer = 1 << 13, truncate_file = 1 << 14,
  ioctl_device = 1 << 15,
};
struct ruleset {
  uint64_t files, network, scope;
};

int landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : (int)version;
}

/// A path that is not there needs no rule.
static void allow(int rules, const char *path, uint64_t access) {
  int place = open(path, O_PATH | O_CLOEXEC);
  if (place < 0) return;
  struct stat status;
  if (fstat(place, &status) != 0) fail(path);
  if (!S_ISDIR(status.st_mode)) {
    access &= execute | write_file | read_file | truncate_file | ioctl_device;
  }
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = place};
  if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) fail(path);
  close(place);
}

void apply_landlock(const struct confinement *confinement) {
  int version = landlock_version();
  if (version < 1) {
    errno = ENOSYS;
    fail("Landlock");
  }
  struct ruleset all = {.files = all_of_first_version};
  if (version >= 2) all.files |= refer;
  if (version >= 3) all.files |= truncate_file;
  if (version >= 5) all.files |= ioctl_device;
  // binding and connecting TCP; abstract sockets and signals to others
  if (version >= 4) all.network = 3;
  if (version >= 6) all.scope = 3;
  size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
  if (rules < 0) fail("Landlock's rules");

  const uint64_t reading = execute | read_file | read_dir;
  for (const char **path = confinement->readable; *path != NULL; path++) {
    allow(rules, *path, reading);
  }
  for (const char **path = confinement->listable; *path != NULL; path++) {
    allow(rules, *path, read_dir);
  }
  for (const char **path = confinement->writable; *path != NULL; path++) {
    allow(rules, *path, all.files);
  }
  // What the C library and OpenBLAS ask of a system: no names, no settings, no load. Beside the three
  // files that say which processors there are lie others that say what they do.
  static const char *system[] = {
      "/dev/urandom", "/proc/cpuinfo", "/sys/devices/system/cpu/online",
      "/sys/devices/system/cpu/possible", "/sys/devices/system/cpu/present"};
  for (size_t index = 0; index < sizeof system / sizeof *system; index++) {
    allow(rules, system[index], read_file);
  }
  allow(rules, "/dev/null", read_file | write_file);
  // Of our own process and nobody else's what its runtime reads; the number stays the same across
  // exec. Not all of the folder: it also tells the machine's connections and mounts.
  static const char *own[] = {"maps", "cmdline", "stat", "statm", "status", "comm"};
  for (size_t index = 0; index < sizeof own / sizeof *own; index++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)getpid(), own[index]);
    allow(rules, path, read_file);
  }
  if (syscall(SYS_landlock_restrict_self, rules, 0) != 0) fail("Landlock");
  close(rules);
}

void become_user(uid_t user) {
  if (setgroups(0, NULL) != 0) fail("leaving the groups");
  for (int capability = 0; capability < 64; capability++) {
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (setresgid(user, user, user) != 0) fail("changing the group");
  if (setresuid(user, user, user) != 0) fail("changing the user");
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct nothing[2] = {{0}};
  if (syscall(SYS_capset, &header, nothing) != 0) fail("dropping the capabilities");
}
