// What the compiler and other tools may not do: they are trusted and do a great deal, but read
// files that nobody has checked. What is not forbidden here is allowed.
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <sys/syscall.h>

/// Forbidden to the tools that read a student's files. Some are ways out of a sandbox, some ways to
/// memory that no limit counts, some ways to reach other processes.
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
#ifdef SYS_inotify_init
    SYS_inotify_init,
#endif
    // the network, and sockets between processes: their buffers belong to nobody
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // what is shared and can be locked or watched is a way from one submission to another
    SYS_flock, SYS_inotify_init1, SYS_inotify_add_watch, SYS_vmsplice, SYS_timer_create,
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

void tool_rules(const struct confinement *confinement) {
  for (size_t index = 0; index < sizeof forbidden / sizeof *forbidden; index++) {
    rule_refuse(forbidden[index], EPERM);
  }
  if (confinement->landlock && confinement->writable[0] == NULL) {
    for (size_t index = 0; index < sizeof permissions / sizeof *permissions; index++) {
      rule_refuse(permissions[index], EPERM);
    }
  }
  rule_refuse_where(SYS_clone, 0, has_any_bit, new_namespaces);
  rule_refuse_where(SYS_prlimit64, 0, differs, 0);  // only one's own limits
  // typing for a terminal's owner; signals through a descriptor's owner
  static const unsigned int controls[] = {0x5412, 0x541c, 0x8901, 0x8902};
  for (size_t index = 0; index < sizeof controls / sizeof *controls; index++) {
    rule_refuse_where(SYS_ioctl, 1, equals, controls[index]);
  }
  // owners of signals; locks on files, of processes and of descriptors; leases, notices of changes,
  // and larger pipes (linux/fcntl.h)
  static const unsigned int commands[] = {8, 10, 15, 6, 7, 37, 38, 1024, 1026, 1031};
  for (size_t index = 0; index < sizeof commands / sizeof *commands; index++) {
    rule_refuse_where(SYS_fcntl, 1, equals, commands[index]);
  }
  if (confinement->landlock) {
    // Without a process namespace others have numbers here.
    unsigned int own = own_process();
    rule_refuse_where(SYS_kill, 0, differs, own);
    rule_refuse_where(SYS_tgkill, 0, differs, own);
    rule_refuse_where(SYS_rt_sigqueueinfo, 0, differs, own);
    rule_refuse_where(SYS_rt_tgsigqueueinfo, 0, differs, own);
    rule_refuse(SYS_tkill, EPERM);
  }
  rule_allow_rest();
}
