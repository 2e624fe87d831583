// Unguessable identifiers and secrets, and the hashes that are stored in their place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace am {

// A random UUID of version 4, for example "94edcac2-3529-4699-8468-d3a0c00696c2".
std::string random_uuid();
bool is_uuid(std::string_view text);

// `count` letters of a-z, A-Z, 0-9 without a bias.
std::string random_letters(std::size_t count);

// A new secret: 43 characters of URL-safe base64 (256 bits).
std::string random_secret();

// BLAKE2b-256 as hex: what the store keeps of a token.
std::string secret_hash(std::string_view secret);

// HMAC-SHA512-256 as hex, for the IPC handshake; and a comparison that takes the same time wherever they
// differ.
std::string keyed_hash(std::string_view key, std::string_view text);
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace am
