// How much memory is left. A system hands out more than it has and ends the process that touches it, so
// whoever is about to ask for much asks here first.

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "internal.h"

/// A file of the system as text, in a buffer of the caller's: there may be no memory for another.
static bool read_text(const char *path, char *text, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, text, size - 1);
  close(file);
  if (length <= 0) return false;
  text[length] = 0;
  return true;
}

/// The number that follows `key` at the beginning of a line; 0 where there is none.
static size_t number_after(const char *text, const char *key) {
  for (const char *line = text; line; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    if (strncmp(line, key, strlen(key)) == 0) return strtoull(line + strlen(key), NULL, 10);
  }
  return 0;
}

/// The number in a file; SIZE_MAX where there is no file, or `max` stands in it.
static size_t number_in(const char *folder, const char *name) {
  char path[1024], text[64];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return SIZE_MAX;
  if (!read_text(path, text, sizeof text) || text[0] < '0' || text[0] > '9') return SIZE_MAX;
  return strtoull(text, NULL, 10);
}

static size_t less(size_t a, size_t b) { return a > b ? a - b : 0; }

static size_t left_of_machine(void) {
  char text[4096];
  if (read_text("/proc/meminfo", text, sizeof text)) {
    size_t available = number_after(text, "MemAvailable:");
    if (available) return (available + number_after(text, "SwapFree:")) << 10;
  }
  struct sysinfo info;
  return sysinfo(&info) == 0 ? (info.totalram + info.totalswap) * info.mem_unit : SIZE_MAX;
}

/// Of what `ulimit` allows.
static size_t left_of_limits(void) {
  size_t pages[6] = {0};  // size, resident, shared, text, (unused), data
  char text[256];
  if (read_text("/proc/self/statm", text, sizeof text)) {
    char *next = text;
    for (int i = 0; i < 6; i++) pages[i] = strtoull(next, &next, 10);
  }
  size_t page = (size_t)sysconf(_SC_PAGESIZE), left = SIZE_MAX;
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    left = rk_min(left, less(limit.rlim_cur, pages[0] * page));
  if (getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    left = rk_min(left, less(limit.rlim_cur, pages[5] * page));
  return left;
}

/// Of what a control group and those around it allow; what the files in its cache take can be had back.
static size_t left_of_group(char *folder, size_t root, const char *limit, const char *usage,
                            const char *prefix) {
  size_t left = SIZE_MAX;
  while (strlen(folder) >= root) {
    size_t most = number_in(folder, limit), used = number_in(folder, usage);
    if (most != SIZE_MAX && used != SIZE_MAX) {
      char path[1024], text[4096], key[64];
      if (snprintf(path, sizeof path, "%s/memory.stat", folder) < (int)sizeof path &&
          read_text(path, text, sizeof text)) {
        snprintf(key, sizeof key, "%sactive_file ", prefix);
        used = less(used, number_after(text, key));
        snprintf(key, sizeof key, "%sinactive_file ", prefix);
        used = less(used, number_after(text, key));
      }
      left = rk_min(left, less(most, used));
    }
    char *last = strrchr(folder, '/');
    if (!last) break;
    *last = 0;
  }
  return left;
}

static size_t left_of_groups(void) {
  char text[4096], folder[768];
  if (!read_text("/proc/self/cgroup", text, sizeof text)) text[0] = 0;
  size_t left = SIZE_MAX;
  // the second version has one tree for everything, the first one a tree for memory
  const char *trees[2][5] = {
      {"0::", "/sys/fs/cgroup", "memory.max", "memory.current", ""},
      {":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
       "total_"}};
  for (int version = 0; version < 2; version++) {
    const char **tree = trees[version];
    const char *found = strstr(text, tree[0]);
    const char *path = found ? found + strlen(tree[0]) : "";
    int length = (int)strcspn(path, "\n");
    if (snprintf(folder, sizeof folder, "%s%.*s", tree[1], length, path) >= (int)sizeof folder)
      continue;
    left = rk_min(left, left_of_group(folder, strlen(tree[1]), tree[2], tree[3], tree[4]));
  }
  return left;
}

size_t rk_available_memory(void) {
  return rk_min(left_of_machine(), rk_min(left_of_limits(), left_of_groups()));
}
