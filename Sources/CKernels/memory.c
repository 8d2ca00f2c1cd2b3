// Buffers are kept for reuse: a training step asks for the same sizes again and again, and fresh
// pages from the system cost more than the arithmetic done on them. Kept is what the process needed at
// once before and a quarter more, since a buffer serves for one size and not for another: keeping makes it at
// most a quarter larger than it was, or LEAST_KEPT. Where that is too little, what was not asked for longest
// goes.

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "internal.h"

#define CLASSES 128
#define LEAST_KEPT ((size_t)256 << 20)
/// No tensor has more elements.
#define RK_LARGEST ((size_t)1 << 36)
/// Asking the system how much memory there is takes as long as writing to some hundred kilobytes of it.
#define RK_UNASKED_BYTES ((size_t)64 << 20)

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
/// When a buffer of each size was asked for last, in calls.
static uint64_t lastAsked[CLASSES], calls = 0;
/// Of kept buffers, of those in use, and the most that were in use at once.
static size_t keptBytes = 0, usedBytes = 0, mostUsedBytes = 0;
static atomic_llong live = 0;
/// Bytes that were asked of the system since it was last asked how many there are.
static atomic_size_t unasked = 0;
/// What a test says that there is.
static atomic_size_t pretended = SIZE_MAX;

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

/// Of the sizes of which buffers are kept, the one that was not asked for longest; −1 where none is. Under
/// the lock.
static int oldest_class(void) {
  int oldest = -1;
  for (int class = 0; class < CLASSES; class++) {
    if (kept[class] && (oldest < 0 || lastAsked[class] < lastAsked[oldest])) oldest = class;
  }
  return oldest;
}

/// The most bytes that may be kept. Under the lock.
static size_t most_kept(void) {
  size_t room = mostUsedBytes + mostUsedBytes / 4 - usedBytes;
  return room > LEAST_KEPT ? room : LEAST_KEPT;
}

/// Takes a buffer out of those that are kept. Under the lock.
static free_buffer *take(int class, size_t rounded) {
  free_buffer *found = kept[class];
  if (!found) return NULL;
  kept[class] = found->next;
  keptBytes -= rounded * sizeof(float);
  return found;
}

/// The size of a class's buffers: of size_class, the other way round.
static size_t size_of_class(int class) {
  if (class == 0) return 64;
  size_t power = (size_t)1 << ((class - 1) / 4 + 6);
  return power + (size_t)((class - 1) % 4 + 1) * (power / 4);
}

/// Gives the kept buffers back to the system.
static void release_kept(void) {
  pthread_mutex_lock(&lock);
  for (int class = 0; class < CLASSES; class++) {
    while (kept[class]) {
      free_buffer *next = kept[class]->next;
      free(kept[class]);
      kept[class] = next;
    }
  }
  keptBytes = 0;
  pthread_mutex_unlock(&lock);
}

bool rk_has_room(size_t count) {
  if (count > RK_LARGEST) return false;
  size_t bytes = count * sizeof(float), pretence = atomic_load(&pretended);
  if (pretence != SIZE_MAX) return bytes <= pretence;
  if (bytes < RK_UNASKED_BYTES || bytes <= rk_available_memory()) return true;
  release_kept();
  return bytes <= rk_available_memory();
}

void rk_pretend_available_memory(size_t bytes) { atomic_store(&pretended, bytes); }

/// Whether the system has so many bytes. Few are not asked for one by one.
static bool asks_for(size_t bytes) {
  if (atomic_fetch_add(&unasked, bytes) + bytes < RK_UNASKED_BYTES) return true;
  atomic_store(&unasked, 0);
  if (bytes <= rk_available_memory()) return true;
  release_kept();
  return bytes <= rk_available_memory();
}

float *rk_allocate(size_t count) {
  if (count > RK_LARGEST) return NULL;
  size_t rounded;
  int class = size_class(count, &rounded);
  if (count * sizeof(float) > atomic_load_explicit(&pretended, memory_order_relaxed)) return NULL;
  atomic_fetch_add(&live, 1);
  if (class < CLASSES) {
    pthread_mutex_lock(&lock);
    free_buffer *found = take(class, rounded);
    lastAsked[class] = ++calls;
    usedBytes += rounded * sizeof(float);
    if (usedBytes > mostUsedBytes) mostUsedBytes = usedBytes;
    pthread_mutex_unlock(&lock);
    if (found) return poisoned((float *)found, rounded);
  }
  void *buffer = NULL;
  if (!asks_for(rounded * sizeof(float)) ||
      posix_memalign(&buffer, 64, rounded * sizeof(float)) != 0) {
    atomic_fetch_sub(&live, 1);
    if (class < CLASSES) {
      pthread_mutex_lock(&lock);
      usedBytes -= rounded * sizeof(float);
      pthread_mutex_unlock(&lock);
    }
    return NULL;
  }
  return poisoned(buffer, rounded);
}

_Noreturn void rk_end_without_memory(const char *operation, size_t count) {
  // as Swift's runtime writes it, so that it is found there
  fprintf(stderr,
          "Fatal error: %s: there is no memory for %zu numbers in between: they take %.1f GB, and "
          "%.1f GB are free\n",
          operation, count, (double)count * 4e-9, (double)rk_available_memory() * 1e-9);
  abort();
}

float *rk_scratch(const char *operation, size_t count) {
  float *buffer = rk_allocate(count);
  if (!buffer) rk_end_without_memory(operation, count);
  return buffer;
}

void rk_release(float *buffer, size_t count) {
  if (!buffer) return;
  atomic_fetch_sub(&live, 1);
  size_t rounded;
  int class = size_class(count, &rounded);
  poisoned(buffer, rounded);
  if (class < CLASSES) {
    free_buffer *entry = (free_buffer *)buffer, *given = NULL;
    pthread_mutex_lock(&lock);
    usedBytes -= rounded * sizeof(float);
    entry->next = kept[class];
    kept[class] = entry;
    keptBytes += rounded * sizeof(float);
    while (keptBytes > most_kept()) {
      int oldest = oldest_class();
      free_buffer *next = take(oldest, size_of_class(oldest));
      next->next = given;
      given = next;
    }
    pthread_mutex_unlock(&lock);
    while (given) {
      free_buffer *next = given->next;
      free(given);
      given = next;
    }
    return;
  }
  free(buffer);
}

int64_t rk_live_buffers(void) { return atomic_load(&live); }

size_t rk_kept_bytes(size_t *most) {
  pthread_mutex_lock(&lock);
  size_t bytes = keptBytes;
  *most = most_kept();
  pthread_mutex_unlock(&lock);
  return bytes;
}
