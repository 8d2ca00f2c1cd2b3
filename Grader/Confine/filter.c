// Rules on system calls as a program for the kernel's filter
// (https://docs.kernel.org/userspace-api/seccomp_filter.html).
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system-call filter knows x86-64 and arm64"
#endif

static struct sock_filter program[1024];
static unsigned short length;

static void add(unsigned short code, unsigned char yes, unsigned char no, unsigned int value) {
  if (length == sizeof program / sizeof *program) {
    errno = E2BIG;
    fail("the filter of system calls");
  }
  program[length++] = (struct sock_filter){code, yes, no, value};
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, (unsigned int)offset); }

static const unsigned int allowed = SECCOMP_RET_ALLOW;

static unsigned int refused(int error) { return SECCOMP_RET_ERRNO | (unsigned int)error; }

static void decide(unsigned int verdict) { add(BPF_RET | BPF_K, 0, 0, verdict); }

static void rule(int call, unsigned int verdict) {
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned int)call);
  decide(verdict);
}

static void rule_where(
    int call, int argument, enum condition condition, unsigned int value, unsigned int verdict) {
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (unsigned int)call);
  load(offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
  unsigned short test = condition == has_any_bit ? BPF_JSET : BPF_JEQ;
  add(BPF_JMP | test | BPF_K, condition == differs, condition != differs, value);
  decide(verdict);
  load(offsetof(struct seccomp_data, nr));
}

void rule_allow(int call) { rule(call, allowed); }

void rule_refuse(int call, int error) { rule(call, refused(error)); }

void rule_allow_where(int call, int argument, enum condition condition, unsigned int value) {
  rule_where(call, argument, condition, value, allowed);
}

void rule_refuse_where(int call, int argument, enum condition condition, unsigned int value) {
  rule_where(call, argument, condition, value, refused(EPERM));
}

void rule_refuse_masked(int call, int argument, unsigned int mask, unsigned int value) {
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 5, (unsigned int)call);
  load(offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
  add(BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
  decide(refused(EPERM));
  load(offsetof(struct seccomp_data, nr));
}

void rule_refuse_pointer(int call, int argument) {
  for (size_t half = 0; half < 2; half++) {
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (unsigned int)call);
    load(offsetof(struct seccomp_data, args) + 8 * (size_t)argument + 4 * half);
    add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
    decide(refused(EPERM));
    load(offsetof(struct seccomp_data, nr));
  }
}

void rule_allow_own(int call, int argument) {
  rule_allow_where(call, argument, equals, 0);
  rule_allow_where(call, argument, equals, own_process());
}

void rule_refuse_above(int call, int error) {
  add(BPF_JMP | BPF_JGT | BPF_K, 0, 1, (unsigned int)call);
  decide(refused(error));
}

void rule_allow_rest(void) { decide(allowed); }

void rule_refuse_rest(int error) { decide(refused(error)); }

unsigned int own_process(void) { return (unsigned int)getpid(); }

void apply_filter(const struct confinement *confinement) {
  length = 0;
  load(offsetof(struct seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, OWN_ARCHITECTURE);
  decide(SECCOMP_RET_KILL_PROCESS);
  load(offsetof(struct seccomp_data, nr));
  // x32's numbers lie above and would pass as unknown
  rule_refuse_above(0x3fffffff, ENOSYS);
  // Its flags lie in memory, which a filter cannot read; the C library then takes clone.
  rule_refuse(SYS_clone3, ENOSYS);
  // The watcher counts the descriptors of a process: a thread with a table of its own would hide some.
  rule_refuse_masked(SYS_clone, 0, CLONE_THREAD | CLONE_FILES, CLONE_THREAD);
  rule_refuse_where(SYS_close_range, 2, has_any_bit, CLOSE_RANGE_UNSHARE);
  if (confinement->filter == filter_tools) {
    tool_rules(confinement);
  } else {
    worker_rules(confinement);
  }
  struct sock_fprog filter = {.len = length, .filter = program};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0) fail("seccomp");
}
