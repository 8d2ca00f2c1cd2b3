// The sandbox's self-test: each line it prints is NAME, "held" or "leaked", and what happened.
// "canary=" asks for the general part; the other words are parts of their own.
#define _GNU_SOURCE
#include "probe.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

void report(const char *name, bool leaked, const char *what) {
  printf("%s\t%s\t%s\n", name, leaked ? "leaked" : "held", what);
  fflush(stdout);
}

/// Whether a file can be read and holds the secret.
static bool reads(const char *path, const char *secret) {
  int file = open(path, O_RDONLY);
  if (file < 0) return false;
  static char text[1 << 16];
  ssize_t length = read(file, text, sizeof text);
  close(file);
  return length > 0 && memmem(text, (size_t)length, secret, strlen(secret)) != NULL;
}

static void probe_descriptors(void) {
  bool inherited = false;
  for (int descriptor = 3; descriptor < 1024; descriptor++) {
    inherited = inherited || fcntl(descriptor, F_GETFD) >= 0;
  }
  report("descriptors", inherited, "finding a descriptor of the grader open");
}

static void probe_files(const char *canary, const char *secret) {
  char path[4096];
  report("files", reads(canary, secret), "reading a file of the instructor");
  snprintf(path, sizeof path, "/proc/1/root%s", canary);
  report("files", reads(path, secret), "reading it through /proc/1/root");
  if (symlink(canary, "/tmp/link") == 0) {
    report("files", reads("/tmp/link", secret), "reading it through a symbolic link");
    unlink("/tmp/link");
  }
  report("files", open("/etc/passwd", O_RDONLY) >= 0, "reading /etc/passwd");
  // A folder that is there only because something in it is visible shows nothing else.
  snprintf(path, sizeof path, "%s", canary);
  *strrchr(path, '/') = 0;
  DIR *folder = opendir(path);
  struct dirent *entry;
  bool listed = false;
  while (folder != NULL && (entry = readdir(folder)) != NULL) {
    listed = listed || strcmp(entry->d_name, strrchr(canary, '/') + 1) == 0;
  }
  report("files", listed, "listing the instructor's folder");
  report("writing", open(canary, O_WRONLY) >= 0, "opening the instructor's file to write");
  static const char *places[] = {"/usr", "/etc", "/dev", "/dev/shm", "/var/tmp", "/home"};
  bool written = false;
  for (size_t index = 0; index < sizeof places / sizeof *places; index++) {
    snprintf(path, sizeof path, "%s/confine-probe", places[index]);
    if (open(path, O_WRONLY | O_CREAT, 0600) < 0) continue;
    written = true;
    unlink(path);
  }
  report("writing", written, "making files in /usr, /etc, /dev, /var/tmp and /home");
}

static void probe_network(int port) {
  int inet = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((unsigned short)port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  report("network",
         inet >= 0 && connect(inet, (struct sockaddr *)&address, sizeof address) == 0,
         "connecting to a port of this machine");
  char end[16];
  snprintf(end, sizeof end, ":%04X ", (unsigned)port);
  report("network", reads("/proc/net/tcp", end), "reading the machine's connections");
  report("network", socket(AF_INET, SOCK_DGRAM, 0) >= 0, "making a socket for datagrams");
  report("network", socket(AF_UNIX, SOCK_STREAM, 0) >= 0, "making a local socket");
}

/// What other processes were started with names files of the machine.
static void probe_others(void) {
  bool told = false;
  // Where the folder cannot be listed, numbers can be guessed.
  for (int number = 1; number < 5000; number++) {
    char path[64], byte;
    if (number == getpid()) continue;
    snprintf(path, sizeof path, "/proc/%d/cmdline", number);
    int file = open(path, O_RDONLY);
    if (file < 0) continue;
    while (read(file, &byte, 1) == 1) told = told || byte != 0;
    close(file);
  }
  report("processes", told, "reading the arguments of another process");
  static const char *tables[] = {"maps", "environ", "cwd", "root", "fd", "auxv", "mem"};
  bool opened = false;
  for (size_t index = 0; index < sizeof tables / sizeof *tables; index++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/1/%s", tables[index]);
    opened = opened || open(path, O_RDONLY) >= 0;
  }
  report("processes", opened, "reading the first process's folder");
}

static void probe_processes(const char *secret, pid_t victim) {
  DIR *processes = opendir("/proc");
  struct dirent *entry;
  char path[300];
  bool seen = false;
  while (processes != NULL && (entry = readdir(processes)) != NULL) {
    snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
    seen = seen || reads(path, secret);
  }
  snprintf(path, sizeof path, "/proc/%d/environ", victim);
  report("processes", seen || reads(path, secret), "reading the variables of another process");
  probe_others();
  // Whether it died is seen from outside: in a namespace the number may be somebody else's.
  kill(victim, SIGKILL);
  char *own = NULL;
  for (char **variable = environ; *variable != NULL; variable++) {
    if (strstr(*variable, secret) != NULL) own = *variable;
  }
  report("environment", own != NULL, "finding the grader's variables among its own");
}

static void probe_privileges(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{0}};
  syscall(SYS_capget, &header, data);
  report("privileges", (data[0].effective | data[1].effective | data[0].permitted) != 0,
         "having a capability");
  report("privileges", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, "gaining some by a program");
  report("privileges", getuid() != 0 && setuid(0) == 0, "becoming root");
}

/// Calls that could succeed would have taken effect or given another error than EPERM.
static void probe_calls(void) {
  struct {
    const char *name;
    long result;
  } calls[] = {
      {"ptrace", (errno = 0, syscall(SYS_ptrace, PTRACE_ATTACH, 1, 0, 0)) < 0 ? errno : 0},
      {"process_vm_readv", syscall(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0) < 0 ? errno : 0},
      {"unshare", syscall(SYS_unshare, CLONE_NEWUSER) < 0 ? errno : 0},
      {"mount", syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, 0) < 0 ? errno : 0},
      {"keyctl", syscall(SYS_keyctl, 0, -3, 0, 0, 0) < 0 ? errno : 0},
      {"bpf", syscall(SYS_bpf, 0, 0, 0) < 0 ? errno : 0},
      {"io_uring_setup", syscall(SYS_io_uring_setup, 1, 0) < 0 ? errno : 0},
      {"userfaultfd", syscall(SYS_userfaultfd, 0) < 0 ? errno : 0},
      {"sched_setscheduler",
       syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &(struct sched_param){0}) < 0 ? errno : 0},
      {"sched_setaffinity", syscall(SYS_sched_setaffinity, 0, 0, NULL) < 0 ? errno : 0},
      {"memfd_create", syscall(SYS_memfd_create, "x", 0) < 0 ? errno : 0},
      {"clone with a namespace",
       syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNET, 0, 0, 0, 0) < 0 ? errno : 0},
  };
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
    report("system calls", calls[index].result != EPERM, calls[index].name);
  }
}

static void show(const char *path) {
  char text[4096];
  int file = open(path, O_RDONLY);
  ssize_t length;
  while (file >= 0 && (length = read(file, text, sizeof text)) > 0) {
    fwrite(text, 1, (size_t)length, stdout);
  }
  printf("\n");
}

int probe(int count, char **arguments) {
  const char *canary = NULL, *secret = NULL;
  int port = 0, victim = 0;
  bool is_worker = false;
  for (int index = 0; index < count; index++) {
    char *value = strchr(arguments[index], '=');
    if (value == NULL) return 125;
    *value++ = 0;
    const char *key = arguments[index];
    if (strcmp(key, "leaderless") == 0) {
      probe_without_leader(count - index - 1, arguments + index + 1);
    }
    if (strcmp(key, "canary") == 0) canary = value;
    if (strcmp(key, "secret") == 0) secret = value;
    if (strcmp(key, "port") == 0) port = atoi(value);
    if (strcmp(key, "victim") == 0) victim = atoi(value);
    if (strcmp(key, "memory") == 0) probe_memory(strtoul(value, NULL, 10), false);
    if (strcmp(key, "shared") == 0) probe_memory(strtoul(value, NULL, 10), true);
    if (strcmp(key, "forks") == 0) probe_forks(atoi(value));
    if (strcmp(key, "tables") == 0) probe_tables(strtoul(value, NULL, 10));
    if (strcmp(key, "sockets") == 0) probe_sockets(atoi(value));
    if (strcmp(key, "empty") == 0) probe_many_files(value, 50000, 0);
    if (strcmp(key, "many") == 0) probe_many_files(value, 200, 1 << 18);
    if (strcmp(key, "view") == 0) is_worker = strcmp(value, "worker") == 0;
    if (strcmp(key, "file") == 0) probe_file_size(value, 8 << 20);
    if (strcmp(key, "needs") == 0) probe_needs();
    if (strcmp(key, "show") == 0) show(value);
    if (strcmp(key, "spin") == 0) while (true) {}
    if (strcmp(key, "sleep") == 0) sleep(600);
  }
  if (canary != NULL && secret != NULL) {
    probe_descriptors();  // first, because the others open some
    probe_files(canary, secret);
    probe_network(port);
    probe_processes(secret, victim);
    probe_privileges();
    probe_calls();
    probe_descriptor_tables();
    if (is_worker) probe_worker();
    report("done", false, "");
  }
  return 0;
}
