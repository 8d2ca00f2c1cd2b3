// The part of the self-test that looks for ways by which two programs that run at the same time could
// tell each other something: others' numbers and priorities, pages of files that both can read, and
// pages that the kernel makes one of. And for threads that hide what they open.
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// The supervisor is there in both tiers, and is another process.
static void probe_neighbour(void) {
  int other = getppid();
  cpu_set_t processors;
  struct sched_param parameters;
  struct timespec slice;
  struct rlimit limit;
  void *list;
  size_t length;
  report("channels", syscall(SYS_getpgid, other) >= 0, "another's group");
  report("channels", syscall(SYS_getsid, other) >= 0, "another's session");
  report("channels", syscall(SYS_sched_getaffinity, other, sizeof processors, &processors) >= 0,
         "another's processors");
  report("channels", syscall(SYS_sched_getscheduler, other) >= 0, "another's scheduler");
  report("channels", syscall(SYS_sched_getparam, other, &parameters) >= 0, "another's parameters");
  report("channels", syscall(SYS_sched_rr_get_interval, other, &slice) >= 0, "another's interval");
  report("channels", syscall(SYS_getpriority, PRIO_PROCESS, other) >= 0, "another's priority");
  report("channels", syscall(SYS_ioprio_get, 1, other) >= 0, "another's priority for disks");
  report("channels", syscall(SYS_prlimit64, other, RLIMIT_NOFILE, NULL, &limit) >= 0,
         "another's limits");
  report("channels", clock_gettime((clockid_t)(~(unsigned)other << 3 | 2), &slice) == 0,
         "another's processor time");
  report("channels", kill(other, 0) == 0, "whether another is there");
  // "no such process" would be an answer too
  errno = 0;
  report("channels", syscall(SYS_get_robust_list, other, &list, &length) >= 0 || errno != EPERM,
         "another's locks");
}

static void probe_pages(void) {
  static const char *files[] = {"/proc/self/exe", "/etc/ld.so.cache"};
  int file = -1;
  for (size_t index = 0; index < sizeof files / sizeof *files && file < 0; index++) {
    file = open(files[index], O_RDONLY);
  }
  char resident;
  char *page = file < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
  if (page == MAP_FAILED) return report("channels", true, "no file to try");
  report("channels", posix_fadvise(file, 0, 4096, POSIX_FADV_DONTNEED) == 0,
         "taking a file from the kernel's memory");
  report("channels", readahead(file, 0, 4096) == 0, "reading a file into the kernel's memory");
  report("channels", mincore(page, 4096, (unsigned char *)&resident) == 0,
         "whether a file is in the kernel's memory");
  report("channels", madvise(page, 4096, 21) == 0, "moving pages out");  // MADV_PAGEOUT
  report("channels", madvise(page, 4096, MADV_MERGEABLE) == 0, "making one of equal pages");
}

void probe_channels(void) {
  probe_neighbour();
  probe_pages();
}

static int idle(void *argument) {
  (void)argument;
  sleep(1);
  return 0;
}

void probe_descriptor_tables(void) {
  static char stack[1 << 16];
  // as the C library makes threads, but for CLONE_FILES
  int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  report("system calls", clone(idle, stack + sizeof stack, flags, NULL) >= 0,
         "a thread with descriptors of its own");
  report("system calls", syscall(SYS_close_range, ~0U, ~0U, 2U) >= 0,  // CLOSE_RANGE_UNSHARE
         "giving a thread descriptors of its own");
}

/// What a thread asks of itself.
static void *probe_thread(void *argument) {
  (void)argument;
  pthread_attr_t attributes;
  clockid_t clock;
  struct timespec time;
  report("needs", pthread_getattr_np(pthread_self(), &attributes) != 0, "a thread's stack");
  report("needs", pthread_getcpuclockid(pthread_self(), &clock) != 0 ||
         clock_gettime(clock, &time) != 0, "a thread's processor time");
  report("needs", clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0, "the processor time");
  return NULL;
}

void probe_needs(void) {
  pthread_t thread;
  cpu_set_t processors;
  struct rlimit limit;
  bool joined = pthread_create(&thread, NULL, probe_thread, NULL) == 0 &&
                pthread_join(thread, NULL) == 0;
  report("needs", !joined, "making and joining a thread");
  report("needs", sched_getaffinity(0, sizeof processors, &processors) != 0, "its processors");
  report("needs", getrlimit(RLIMIT_STACK, &limit) != 0, "its limits");
  report("needs", close_range(100, 200, 0) != 0, "closing descriptors");
  void *block = malloc(64 << 20);
  report("needs", block == NULL || madvise((void *)(((size_t)block + 4095) & ~4095UL), 1 << 20,
                                           MADV_DONTNEED) != 0, "giving memory back");
  free(block);
}

static struct rest {
  int count;
  char **arguments;
} rest;

static void *probe_rest(void *argument) {
  (void)argument;
  exit(probe(rest.count, rest.arguments));
}

void probe_without_leader(int count, char **arguments) {
  rest = (struct rest){count, arguments};
  pthread_t thread;
  if (pthread_create(&thread, NULL, probe_rest, NULL) != 0) fail("a thread");
  // the thread alone, where exit(3) would end all
  syscall(SYS_exit, 0);
}
