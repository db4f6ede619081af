#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How the payload of an envelope is compressed (docs/protocol.md, A.3). The numbers are part of the
/// protocol.
namespace protocol {

enum class Codec : std::uint8_t { Raw = 0, Zlib = 1, Zstd = 2, ZlibDictionary = 3, ZstdDictionary = 4 };

[[nodiscard]] constexpr bool needsDictionary(Codec codec)
{
    return codec == Codec::ZlibDictionary || codec == Codec::ZstdDictionary;
}
/// The same method without a dictionary.
[[nodiscard]] Codec withoutDictionary(Codec codec);

/// What this program can read, best first: what a client offers.
[[nodiscard]] std::vector<int> knownCodecs(bool withDictionary = true);
/// The name of the dictionary in this program, 16 hex digits made of its bytes.
[[nodiscard]] const std::string &dictionaryName();

/// The best codec both know; Raw when nothing else. Those with a dictionary only when the other side has the
/// same one: `dictionary` is the name it gave, empty for none.
[[nodiscard]] Codec choose(const std::vector<int> &offered, std::string_view dictionary = {});

/// The compressed bytes; empty when that failed. Not for Raw. Any thread.
[[nodiscard]] std::string compress(std::string_view text, Codec codec);
/// Inflates into exactly `size` bytes and never writes more; false when the payload is of another size or
/// broken. Any thread.
[[nodiscard]] bool decompress(std::string_view payload, Codec codec, char *out, std::size_t size);

} // namespace protocol
