#pragma once

/* Nothing to call: linked in, this lets the thread sanitizer see the locks of Swift's Mutex. */
