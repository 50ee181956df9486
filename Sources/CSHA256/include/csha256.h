#pragma once
#include <stddef.h>
#include <stdint.h>

/* SHA-256 in one call, as BoringSSL has it within swift-crypto (docs/adr/0006-sha256-in-one-call.md). */
void tongzhou_sha256(const uint8_t *data, size_t length, uint8_t out[32]);
