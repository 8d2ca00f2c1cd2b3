// The part of the self-test that uses more of something than it may.
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/// Memory, in one way or another; the limit must end us or refuse it.
void probe_memory(size_t bytes, bool shared) {
  char *memory = shared ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                               -1, 0)
                        : malloc(bytes);
  if (memory == NULL || memory == MAP_FAILED) return report("memory", false, "refused");
  memset(memory, 1, bytes);
  // A watcher that looks now and then gets the time to look.
  sleep(3);
  report("memory", memory[bytes / 2] == 1, shared ? "shared" : "private");
}

void probe_forks(int most) {
  int started = 0;
  for (; started < most; started++) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      // away from the group and the session, as a daemon
      setsid();
      if (fork() > 0) _exit(0);
      sleep(600);
      _exit(0);
    }
  }
  if (started == most) sleep(3);
  report("process count", started == most, "forking more processes than allowed");
}

void probe_file_size(const char *path, size_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  if (file < 0) return report("file size", false, "no file to write");
  static char block[1 << 16];
  size_t written = 0;
  while (written < bytes) {
    ssize_t count = write(file, block, sizeof block);
    if (count <= 0) break;
    written += (size_t)count;
  }
  report("file size", written >= bytes, "writing more than allowed");
}

/// Pairs of sockets, filled both ways: what is in them is memory of the kernel's.
void probe_sockets(int pairs) {
  static char block[1 << 15];
  size_t held = 0;
  for (int pair = 0; pair < pairs; pair++) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) break;
    for (int end = 0; end < 2; end++) {
      ssize_t count;
      fcntl(ends[end], F_SETFL, O_NONBLOCK);
      while ((count = write(ends[end], block, sizeof block)) > 0) held += (size_t)count;
    }
  }
  // A watcher that looks now and then gets the time to look.
  if (held > 0) sleep(3);
  report("sockets", held > 0, "keeping bytes in pairs of sockets");
}

/// Tables of addresses: a page of the kernel's for every 2 MiB of which one byte is read, though
/// nothing is in use.
void probe_tables(size_t bytes) {
  const size_t step = 2 << 20;
  size_t length = bytes / 4096 * step;
  char *memory = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return report("memory", false, "refused");
  // one huge page of zeros would do otherwise
  madvise(memory, length, MADV_NOHUGEPAGE);
  volatile char sum = 0;
  for (size_t place = 0; place < length; place += step) sum += memory[place];
  sleep(3);
  report("memory", sum == 0, "tables of addresses");
}

/// Files in a folder that may be written to, each of `bytes` bytes.
void probe_many_files(const char *folder, int count, size_t bytes) {
  static char block[1 << 16];
  int made = 0;
  for (; made < count; made++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", folder, made);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    if (file < 0) break;
    for (size_t done = 0; done < bytes; done += sizeof block) {
      if (write(file, block, sizeof block) <= 0) break;
    }
    close(file);
  }
  if (made > 0) sleep(3);
  report("files written", made == count, "making more files than allowed");
}
