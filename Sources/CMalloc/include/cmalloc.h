#pragma once

/* Keeps freed memory in the process instead of giving it back page by page: blocks up to `largest` bytes come from the
   heap, and up to `spare` bytes of it stay when they are free. */
void tongzhou_keep_freed_memory(int largest, int spare);
