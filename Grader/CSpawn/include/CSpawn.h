#pragma once
#include <spawn.h>

/// The calls that Swift's Glibc module hides, because they are extensions.
/// The file actions return 0 or an error number.
int cspawn_add_close_from(posix_spawn_file_actions_t *actions, int first);
int cspawn_add_chdir(posix_spawn_file_actions_t *actions, const char *path);
/// Opens a pipe, close-on-exec on both ends: 0, or -1 with errno set.
int cspawn_pipe(int ends[2]);
