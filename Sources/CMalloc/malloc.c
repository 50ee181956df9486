#include "cmalloc.h"
#include <malloc.h>

void tongzhou_keep_freed_memory(int largest, int spare) {
  mallopt(M_MMAP_THRESHOLD, largest);
  mallopt(M_TRIM_THRESHOLD, spare);
}
