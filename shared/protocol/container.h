#pragma once

#include "shared/base/result.h"
#include "shared/protocol/codec.h"

#include <string>
#include <string_view>

/// The envelope of binary frames and of bulk HTTP bodies: codec (1 byte), raw length (4 bytes, big endian),
/// payload. A bulk body is a sequence of envelopes, each with its own payload length in front (4 bytes, big
/// endian).
namespace protocol {

inline constexpr std::size_t smallestCompressed = 200; ///< shorter texts are sent as they are

/// Packs a text. Falls back to Raw when compressing does not pay.
std::string pack(std::string_view text, Codec codec);

/// Opens one envelope. Refuses unknown codecs and raw lengths over `most` before inflating, and stops
/// inflating at the length announced. Fails with Protocol or TooLarge.
base::Result<std::string> unpack(std::string_view envelope, std::size_t most);

/// Adds an envelope with its length in front, the form of bulk bodies.
void appendEnvelope(std::string &body, std::string_view envelope);

/// Takes the next envelope off the front of a bulk body: empty when not all of it has arrived yet.
/// Fails with TooLarge when it announces more than `most` bytes.
base::Result<std::string_view> takeEnvelope(std::string_view &body, std::size_t most);

} // namespace protocol
