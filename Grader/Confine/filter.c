#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
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

/// Forbidden to every command. Some are ways out of a sandbox, some ways to memory that no limit
/// counts, some ways to reach other processes.
static const int forbidden[] = {
    // other processes' memory and descriptors
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_pidfd_open, SYS_pidfd_send_signal, SYS_process_madvise, SYS_migrate_pages, SYS_move_pages,
    // namespaces and mounts
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount,
    SYS_open_tree, SYS_fsopen, SYS_fsmount, SYS_fsconfig, SYS_fspick, SYS_open_by_handle_at,
    SYS_name_to_handle_at, SYS_quotactl, SYS_swapon, SYS_swapoff,
#ifdef SYS_mount_setattr
    SYS_mount_setattr,
#endif
    // parts of the kernel with a history of holes, that no course work needs
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_fanotify_init,
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_acct,
    SYS_syslog, SYS_vhangup, SYS_personality,
#ifdef SYS_modify_ldt
    SYS_modify_ldt, SYS_iopl, SYS_ioperm,
#endif
    // the machine's clock and name
    SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname,
    SYS_setdomainname,
    // memory that belongs to no process
    SYS_memfd_create, SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_semget, SYS_mq_open,
#ifdef SYS_memfd_secret
    SYS_memfd_secret,
#endif
    // the network
    SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // priorities and processors: others', and one's own, since who waits for a processor has more time
    SYS_setpriority, SYS_ioprio_set, SYS_sched_setaffinity, SYS_sched_setscheduler,
    SYS_sched_setparam, SYS_sched_setattr,
};

/// Permissions and owners, which Landlock does not guard: for commands that may write nothing.
static const int permissions[] = {
    SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr,
    SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#ifdef SYS_chmod
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
#ifdef SYS_fchmodat2
    SYS_fchmodat2,
#endif
};

static struct sock_filter program[1024];
static unsigned short length;

static void add(unsigned short code, unsigned char yes, unsigned char no, unsigned int value) {
  program[length++] = (struct sock_filter){code, yes, no, value};
}

static void load(size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, (unsigned int)offset); }

static void load_argument(int index) {
  load(offsetof(struct seccomp_data, args) + 8 * (size_t)index);
}

static void refuse(int error) {
  add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (unsigned int)error);
}

static void forbid(int call, int error) {
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned int)call);
  refuse(error);
}

/// The condition is a jump code and its value; the call is refused where it holds, or does not.
static void forbid_where(
    int call, int argument, unsigned short condition, unsigned int value, bool holds) {
  add(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (unsigned int)call);
  load_argument(argument);
  add(BPF_JMP | condition | BPF_K, holds ? 0 : 1, holds ? 1 : 0, value);
  refuse(EPERM);
  load(offsetof(struct seccomp_data, nr));
}

void apply_filter(const struct confinement *confinement) {
  length = 0;
  load(offsetof(struct seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, OWN_ARCHITECTURE);
  add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
  load(offsetof(struct seccomp_data, nr));
  // x32's numbers lie above and would pass as unknown
  add(BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
  refuse(ENOSYS);
  for (size_t index = 0; index < sizeof forbidden / sizeof *forbidden; index++) {
    forbid(forbidden[index], EPERM);
  }
  if (confinement->landlock && confinement->writable[0] == NULL) {
    for (size_t index = 0; index < sizeof permissions / sizeof *permissions; index++) {
      forbid(permissions[index], EPERM);
    }
  }
  // Its flags lie in memory, which a filter cannot read; the C library then takes clone.
  forbid(SYS_clone3, ENOSYS);
  forbid_where(SYS_clone, 0, BPF_JSET, 0x7e020000, true);  // every CLONE_NEW…
  forbid_where(SYS_socketpair, 0, BPF_JEQ, 1, false);      // AF_UNIX, which the backtracer uses
  forbid_where(SYS_prlimit64, 0, BPF_JEQ, 0, false);       // only one's own limits
  // typing for a terminal's owner; signals through a descriptor's owner
  static const unsigned int controls[] = {0x5412, 0x541c, 0x8901, 0x8902};
  for (int index = 0; index < 4; index++) {
    forbid_where(SYS_ioctl, 1, BPF_JEQ, controls[index], true);
  }
  static const unsigned int owners[] = {8, 10, 15};
  for (int index = 0; index < 3; index++) {
    forbid_where(SYS_fcntl, 1, BPF_JEQ, owners[index], true);
  }
  if (confinement->landlock) {
    // Without a process namespace others have numbers here.
    unsigned int own = (unsigned int)getpid();
    forbid_where(SYS_kill, 0, BPF_JEQ, own, false);
    forbid_where(SYS_tgkill, 0, BPF_JEQ, own, false);
    forbid_where(SYS_rt_sigqueueinfo, 0, BPF_JEQ, own, false);
    forbid_where(SYS_rt_tgsigqueueinfo, 0, BPF_JEQ, own, false);
    forbid(SYS_tkill, EPERM);
  }
  add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
  struct sock_fprog filter = {.len = length, .filter = program};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0) fail("seccomp");
}
