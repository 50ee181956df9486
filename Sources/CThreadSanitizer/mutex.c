#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#include "cthreadsanitizer.h"

// Swift's Mutex takes a free lock with an atomic operation that is compiled into our code, where the sanitizer sees it.
// One that is held it waits for inside the system's library, in the kernel, where the sanitizer sees nothing, so that
// it took every contended lock for none. These two functions stand before the library's and say what happens.

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void (*LockSlow)(uint32_t thread, SELF void *handle);
typedef SWIFT void (*UnlockSlow)(SELF void *handle);

SWIFT void tongzhou_lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK_SLOW);
SWIFT void tongzhou_unlock_slow(SELF void *handle) __asm__(UNLOCK_SLOW);

SWIFT void tongzhou_lock_slow(uint32_t thread, SELF void *handle) {
  ((LockSlow)dlsym(RTLD_NEXT, LOCK_SLOW))(thread, handle);
  __tsan_acquire(handle);
}

SWIFT void tongzhou_unlock_slow(SELF void *handle) {
  __tsan_release(handle);
  ((UnlockSlow)dlsym(RTLD_NEXT, UNLOCK_SLOW))(handle);
}
