// What a student's program may do. What is not listed is refused: a program that computes needs
// memory, threads, the time, and to read its libraries and its two pipes. There are no files to
// write, no pipes or sockets to make, no locks, and no processes but the backtracer.
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static const int allowed[] = {
    // memory
    SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_membarrier,
    // reading, and the pipes that are there
    SYS_openat, SYS_read, SYS_readv, SYS_pread64, SYS_preadv, SYS_write, SYS_writev, SYS_lseek,
    SYS_close, SYS_close_range, SYS_dup, SYS_dup3, SYS_fstat, SYS_newfstatat, SYS_statx,
    SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_getcwd, SYS_ppoll,
    SYS_pselect6,
    // Dispatch's queues and timers
    SYS_eventfd2, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_timerfd_create,
    SYS_timerfd_settime, SYS_timerfd_gettime,
    // threads; exec is how this very program starts
    SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_set_tid_address, SYS_sched_yield,
    SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_wait4, SYS_waitid, SYS_execve,
    SYS_exit, SYS_exit_group, SYS_restart_syscall,
    // signals to itself
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait, SYS_sigaltstack,
    // the time and oneself
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_times, SYS_getrusage, SYS_getrandom, SYS_getcpu, SYS_getpid, SYS_getppid, SYS_gettid,
    SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getgroups, SYS_getrlimit, SYS_uname,
    SYS_sysinfo, SYS_umask,
#ifdef SYS_open  // x86-64's older forms of the same
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_dup2, SYS_poll, SYS_select,
    SYS_epoll_wait, SYS_time, SYS_getpgrp, SYS_arch_prctl,
#endif
};

/// Calls with a higher number are newer than this list. The C library takes an older one where it
/// is told that they do not exist.
enum { newest_known = 450 };

/// What a program may tell the kernel of its own memory (mman.h): how it is read, that it is not
/// needed, whether in huge pages, and guards of stacks. The rest reaches further: pages of files that
/// others read too, and the kernel's search for pages that are equal, in whatever process.
static const unsigned int advice[] = {0, 1, 2, 4, 8, 14, 15, 102, 103};

/// Each takes a clock's number.
static const int clocks[] = {SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep};

void worker_rules(const struct confinement *confinement) {
  // A negative number stands for the processor time of a process, whosever it is, or where the third
  // bit is set, of a thread, which must be one's own (linux/posix-timers.h: CPUCLOCK_PERTHREAD_MASK).
  for (size_t index = 0; index < sizeof clocks / sizeof *clocks; index++) {
    rule_refuse_masked(clocks[index], 0, 0x80000004, 0x80000000);
  }
  // Shared memory stays in use when the pages of a mapping are given back, so that nobody counts it.
  rule_refuse_masked(SYS_mmap, 3, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS);
  for (size_t index = 0; index < sizeof allowed / sizeof *allowed; index++) {
    rule_allow(allowed[index]);
  }
  // duplicates and flags of descriptors, the size of a pipe (linux/fcntl.h): neither locks, leases,
  // owners, notices of changes, nor larger pipes
  static const unsigned int commands[] = {0, 1, 2, 3, 4, 1030, 1032};
  for (size_t index = 0; index < sizeof commands / sizeof *commands; index++) {
    rule_allow_where(SYS_fcntl, 1, equals, commands[index]);
  }
  // whether it is a terminal, how wide it is, what there is to read
  static const unsigned int controls[] = {0x5401, 0x5413, 0x541b};
  for (size_t index = 0; index < sizeof controls / sizeof *controls; index++) {
    rule_allow_where(SYS_ioctl, 1, equals, controls[index]);
  }
  // a thread's name; whether programs give privileges
  static const unsigned int options[] = {15, 16, 39};
  for (size_t index = 0; index < sizeof options / sizeof *options; index++) {
    rule_allow_where(SYS_prctl, 0, equals, options[index]);
  }
  for (size_t index = 0; index < sizeof advice / sizeof *advice; index++) {
    rule_allow_where(SYS_madvise, 2, equals, advice[index]);
  }
  rule_refuse(SYS_madvise, EINVAL);  // as of a kernel that does not know it
  // limits are read, never changed
  rule_refuse_pointer(SYS_prlimit64, 2);
  rule_allow_where(SYS_prlimit64, 0, equals, 0);
  // The C library asks for a thread's processors by the thread's number when it is asked for the
  // thread's stack, and goes on where the call does not exist.
  rule_allow_own(SYS_sched_getaffinity, 0);
  rule_refuse(SYS_sched_getaffinity, ENOSYS);
  unsigned int own = own_process();
  rule_allow_where(SYS_kill, 0, equals, own);
  rule_allow_where(SYS_tgkill, 0, equals, own);
  // threads (CLONE_THREAD), never processes
  rule_refuse_where(SYS_clone, 0, has_any_bit, new_namespaces);
  rule_allow_where(SYS_clone, 0, has_any_bit, 0x10000);
  if (confinement->filter == filter_backtraced) {
    // The runtime starts the backtracer so (CLONE_VM | CLONE_VFORK) and hands it the memory through
    // a pair of sockets: swift/stdlib/public/runtime/CrashHandlerLinux.cpp. Its buffers are counted
    // by the watcher for each open descriptor; nothing can be sent through it but bytes.
    rule_allow_where(SYS_clone, 0, equals, 0x4100);
    rule_refuse_where(SYS_socketpair, 0, differs, 1);  // AF_UNIX
    rule_allow_where(SYS_socketpair, 1, equals, 1);    // SOCK_STREAM
  }
  rule_refuse_above(newest_known, ENOSYS);
  rule_refuse_rest(EPERM);
}
