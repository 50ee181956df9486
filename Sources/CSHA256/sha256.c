#include "csha256.h"

/* Linked with swift-crypto, whose copy of BoringSSL has this prefix before its names. */
extern uint8_t *CCryptoBoringSSL_SHA256(const uint8_t *data, size_t length, uint8_t out[32]);

void tongzhou_sha256(const uint8_t *data, size_t length, uint8_t out[32]) {
  CCryptoBoringSSL_SHA256(data, length, out);
}
