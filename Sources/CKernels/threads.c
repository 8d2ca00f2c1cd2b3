// A small pool of threads that runs the parts of one kernel.
//
// Kernels last microseconds, so a waiting thread spins for a while before it sleeps. When the pool
// is busy (a second training in the same process, or a kernel inside a kernel) the caller runs its
// parts alone: the parts, and so the result, are the same.

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "internal.h"

#define MAXIMUM_THREADS 64
#define SPINS 20000

static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sleepLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wakeUp = PTHREAD_COND_INITIALIZER;

static atomic_int wanted = 0;  // 0: not chosen yet
static int started = 0;        // helper threads that exist; guarded by owner

static atomic_uint generation = 0;  // counts the jobs
static atomic_int sleepers = 0;
static atomic_bool isOpen = false;  // a helper may enter the job
static atomic_int inside = 0;       // helpers that look at the job
static atomic_int nextPart = 0;
static atomic_int finished = 0;
static atomic_int places = 0;  // helpers that may still join this job

static int parts;
static void (*body)(void *, int);
static void *context;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  _mm_pause();
#else
  sched_yield();
#endif
}

static void run_parts(void) {
  int part;
  while ((part = atomic_fetch_add(&nextPart, 1)) < parts) {
    body(context, part);
    atomic_fetch_add(&finished, 1);
  }
}

static void *helper(void *unused) {
  (void)unused;
  rk_write_mode(RK_KERNEL_MODE);  // for good: this thread runs nothing but kernels
  unsigned seen = 0;
  for (;;) {
    int spins = 0;
    while (atomic_load(&generation) == seen && spins < SPINS) {
      pause_briefly();
      spins++;
    }
    if (atomic_load(&generation) == seen) {
      pthread_mutex_lock(&sleepLock);
      atomic_fetch_add(&sleepers, 1);
      while (atomic_load(&generation) == seen) pthread_cond_wait(&wakeUp, &sleepLock);
      atomic_fetch_sub(&sleepers, 1);
      pthread_mutex_unlock(&sleepLock);
    }
    seen = atomic_load(&generation);
    atomic_fetch_add(&inside, 1);
    // the job's fields stay as they are while it is open and somebody is inside
    if (atomic_load(&isOpen) && atomic_fetch_sub(&places, 1) > 0) run_parts();
    atomic_fetch_sub(&inside, 1);
  }
  return NULL;
}

void rk_set_thread_count(int count) {
  if (count <= 0) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    count = processors > 0 ? (int)processors : 1;
  }
  atomic_store(&wanted, count > MAXIMUM_THREADS ? MAXIMUM_THREADS : count);
}

int rk_thread_count(void) {
  if (atomic_load(&wanted) == 0) rk_set_thread_count(0);
  return atomic_load(&wanted);
}

uint64_t rk_begin_calculation(void) { return rk_set_mode(); }
void rk_end_calculation(uint64_t before) { rk_restore_mode(&before); }

void rk_parallel(int partCount, void (*function)(void *, int), void *argument) {
  rk_flush_denormals();
  int threads = rk_thread_count();
  if (partCount < 2 || threads < 2 || pthread_mutex_trylock(&owner) != 0) {
    for (int part = 0; part < partCount; part++) function(argument, part);
    return;
  }
  while (started < threads - 1) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, helper, NULL) != 0) break;
    pthread_detach(thread);
    started++;
  }
  parts = partCount;
  body = function;
  context = argument;
  atomic_store(&nextPart, 0);
  atomic_store(&finished, 0);
  atomic_store(&places, threads - 1);
  atomic_store(&isOpen, true);
  atomic_fetch_add(&generation, 1);
  if (atomic_load(&sleepers) > 0) {
    pthread_mutex_lock(&sleepLock);
    pthread_cond_broadcast(&wakeUp);
    pthread_mutex_unlock(&sleepLock);
  }
  run_parts();
  for (int spins = 0; atomic_load(&finished) < partCount; spins++) {
    // a helper may have lost its processor in the middle of a part: let it have ours
    if (spins > SPINS) sched_yield(); else pause_briefly();
  }
  atomic_store(&isOpen, false);
  for (int spins = 0; atomic_load(&inside) > 0; spins++) {
    if (spins > SPINS) sched_yield(); else pause_briefly();
  }
  pthread_mutex_unlock(&owner);
}
