// Buffers are kept for reuse: a training step asks for the same sizes again and again, and fresh
// pages from the system cost more than the arithmetic done on them.

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "internal.h"

#define CLASSES 128
#define KEPT_BYTES ((size_t)256 << 20)

// Under the address sanitizer no buffer is kept or longer than it was asked for, so that reading past
// the end, or after the release, is seen.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EXACT
#endif
#endif

typedef struct free_buffer { struct free_buffer *next; } free_buffer;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static free_buffer *kept[CLASSES];
static size_t keptBytes = 0;
static atomic_llong live = 0;

/// Four sizes for each power of two, 64 floats at least; the waste stays under a quarter.
static int size_class(size_t count, size_t *rounded) {
#ifdef EXACT
  *rounded = count;
  return CLASSES;
#endif
  if (count <= 64) {
    *rounded = 64;
    return 0;
  }
  int power = 63 - __builtin_clzll((unsigned long long)(count - 1));  // 2^power ≤ count−1
  size_t quarter = ((size_t)1 << power) / 4;
  size_t steps = (count - 1 - ((size_t)1 << power)) / quarter + 1;
  *rounded = ((size_t)1 << power) + steps * quarter;
  return (power - 6) * 4 + (int)steps;
}

/// Whether buffers are filled with NaN when they come and when they go, so that a test sees an
/// element that nobody wrote, or that was read after its buffer was given back.
static bool poisons(void) {
  static atomic_int state = 0;
  int known = atomic_load_explicit(&state, memory_order_relaxed);
  if (known == 0) {
    known = getenv("RHYTHMLAB_POISON") ? 1 : -1;
    atomic_store_explicit(&state, known, memory_order_relaxed);
  }
  return known > 0;
}

static float *poisoned(float *buffer, size_t rounded) {
  if (poisons()) memset(buffer, 0xFF, rounded * sizeof(float));
  return buffer;
}

float *rk_allocate(size_t count) {
  if (count > ((size_t)1 << 36)) return NULL;
  size_t rounded;
  int class = size_class(count, &rounded);
  atomic_fetch_add(&live, 1);
  if (class < CLASSES) {
    pthread_mutex_lock(&lock);
    free_buffer *found = kept[class];
    if (found) {
      kept[class] = found->next;
      keptBytes -= rounded * sizeof(float);
    }
    pthread_mutex_unlock(&lock);
    if (found) return poisoned((float *)found, rounded);
  }
  void *buffer = NULL;
  if (posix_memalign(&buffer, 64, rounded * sizeof(float)) != 0) {
    atomic_fetch_sub(&live, 1);
    return NULL;
  }
  return poisoned(buffer, rounded);
}

void rk_release(float *buffer, size_t count) {
  if (!buffer) return;
  atomic_fetch_sub(&live, 1);
  size_t rounded;
  int class = size_class(count, &rounded);
  poisoned(buffer, rounded);
  if (class < CLASSES) {
    pthread_mutex_lock(&lock);
    bool keep = keptBytes + rounded * sizeof(float) <= KEPT_BYTES;
    if (keep) {
      free_buffer *entry = (free_buffer *)buffer;
      entry->next = kept[class];
      kept[class] = entry;
      keptBytes += rounded * sizeof(float);
    }
    pthread_mutex_unlock(&lock);
    if (keep) return;
  }
  free(buffer);
}

int64_t rk_live_buffers(void) { return atomic_load(&live); }
