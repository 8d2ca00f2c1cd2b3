#pragma once
#include "confine.h"

/// Prints a line of the self-test: NAME, "leaked" or "held", and what happened.
void report(const char *name, bool leaked, const char *what);

// Each uses more than the limit that it is started with allows.
void probe_memory(size_t bytes, bool shared);
void probe_tables(size_t bytes);
void probe_forks(int most);
void probe_file_size(const char *path, size_t bytes);
void probe_sockets(int pairs);
void probe_many_files(const char *folder, int count, size_t bytes);

/// Looks for what a student's program has none of and the compiler may have: terminals, sockets,
/// pipes, locks, processes, programs, headers.
void probe_worker(void);
void probe_channels(void);

/// Tries to make threads whose descriptors the watcher does not see.
void probe_descriptor_tables(void);

/// Does what the runtime and its libraries need of the same calls; "held" where it works.
void probe_needs(void);

/// Goes on with the rest of the arguments in another thread, after the first has ended: then /proc says
/// of the process that it uses nothing.
void probe_without_leader(int count, char **arguments);
