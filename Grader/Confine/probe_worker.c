// The part of the self-test that tries what only a student's program is refused.
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static bool opens(const char *path) {
  int file = open(path, O_RDONLY | O_NOCTTY);
  if (file >= 0) close(file);
  return file >= 0;
}

static void probe_terminals(void) {
  static const char *places[] = {"/dev/ptmx", "/dev/pts/ptmx", "/dev/pts", "/dev/tty",
                                 "/dev/console", "/dev/tty0"};
  for (size_t index = 0; index < sizeof places / sizeof *places; index++) {
    report("terminals", opens(places[index]), places[index]);
  }
}

static void probe_local_sockets(void) {
  int ends[2];
  static const int kinds[] = {SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM | SOCK_NONBLOCK};
  for (size_t index = 0; index < sizeof kinds / sizeof *kinds; index++) {
    report("sockets", socketpair(AF_UNIX, kinds[index], 0, ends) == 0, "making a pair of sockets");
  }
  report("sockets", pipe2(ends, 0) == 0, "making a pipe");
  // Where the backtracer needs a pair, it carries bytes, no descriptors, and is never larger.
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return;
  int size = 1 << 20;
  report("sockets", setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0,
         "making a socket's buffer larger");
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {.header = {
      .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
  char byte = 0;
  struct iovec part = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  report("sockets", sendmsg(ends[0], &message, 0) >= 0, "sending a descriptor");
}

static void probe_locks(void) {
  // The program itself is a file that others run too.
  int file = open("/proc/self/exe", O_RDONLY);
  if (file < 0) file = open("/dev/null", O_RDONLY);
  report("locks", flock(file, LOCK_SH | LOCK_NB) == 0, "flock");
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  report("locks", fcntl(file, F_SETLK, &lock) == 0, "locking a file");
  report("locks", fcntl(file, F_OFD_SETLK, &lock) == 0, "locking a descriptor's file");
  report("locks", fcntl(file, F_GETLK, &lock) == 0, "asking for a file's locks");
  report("locks", fcntl(file, F_SETLEASE, F_RDLCK) == 0, "leasing a file");
  report("locks", fcntl(file, F_NOTIFY, DN_ACCESS) == 0, "asking for notices of a folder");
  report("locks", inotify_init1(0) >= 0, "watching files");
}

static void probe_forms_of_memory(void) {
  timer_t timer;
  report("system calls", timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0, "making timers");
  report("system calls", syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN, NULL) >= 0,
         "queueing signals");
  report("system calls", syscall(SYS_seccomp, 0, 0, NULL) >= 0 || errno != EPERM,
         "making filters of its own");
  report("memory", mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED,
         "shared memory");
  report("process count", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0, "making a process");
}

/// A limit of one byte is the one that no dump passes (core(5)); a program that could lower it would
/// have its dump taken by the system's program for them, if there is one.
static void probe_dumps(void) {
  struct rlimit limit = {0};
  report("dumps", getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_cur != 1, "dumping memory");
  limit.rlim_cur = 0;
  report("dumps", setrlimit(RLIMIT_CORE, &limit) == 0, "changing the limit on dumps");
}

static void probe_programs(void) {
  static const char *programs[] = {
      "/bin/sh", "/usr/bin/env", "/usr/bin/python3", "/usr/bin/perl", "/usr/bin/gcc", "/usr/bin/ld",
      "/usr/bin/swiftc", "/usr/bin/gdb", "/usr/share", "/usr/include", "/usr/include/stdio.h",
      "/usr/bin", "/usr/sbin", "/usr/libexec", "/etc/passwd", "/var", "/sys/kernel",
      "/sys/devices/system/cpu/cpu0"};
  for (size_t index = 0; index < sizeof programs / sizeof *programs; index++) {
    report("programs", opens(programs[index]), programs[index]);
  }
}

static void probe_writing(void) {
  static const char *places[] = {"/", "/tmp", "/dev/shm", "/run", "/proc", ".", "/usr/lib"};
  for (size_t index = 0; index < sizeof places / sizeof *places; index++) {
    char path[64];
    snprintf(path, sizeof path, "%s/confine-empty", places[index]);
    report("writing", open(path, O_CREAT | O_WRONLY, 0600) >= 0, "making an empty file");
    report("writing", mkdir(path, 0700) == 0, "making a folder");
    report("writing", symlink("x", path) == 0, "making a link");
    report("writing", open(places[index], O_TMPFILE | O_WRONLY, 0600) >= 0,
           "making a file without a name");
  }
}

void probe_worker(void) {
  probe_terminals();
  probe_local_sockets();
  probe_locks();
  probe_forms_of_memory();
  probe_programs();
  probe_writing();
  probe_dumps();
  probe_channels();
}
