#include "shared/protocol/codec.h"

#include "shared/base/fingerprint.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <zlib.h>
#include <zstd.h>

namespace protocol {

namespace dictionary_file { // from resources/frames.dict
extern const unsigned char bytes[];
extern const std::size_t size;
} // namespace dictionary_file

namespace {

constexpr int zstdLevel = 3;
constexpr int zlibLevel = 6;

using Context = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;
using Expander = std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)>;

std::string_view dictionaryBytes()
{
    return {reinterpret_cast<const char *>(dictionary_file::bytes), dictionary_file::size};
}

// Digested once and never changed, so any number of threads may use them.
const ZSTD_CDict *writingDictionary()
{
    static const std::unique_ptr<ZSTD_CDict, decltype(&ZSTD_freeCDict)> digested{
        ZSTD_createCDict(dictionary_file::bytes, dictionary_file::size, zstdLevel), &ZSTD_freeCDict};
    return digested.get();
}

const ZSTD_DDict *readingDictionary()
{
    static const std::unique_ptr<ZSTD_DDict, decltype(&ZSTD_freeDDict)> digested{
        ZSTD_createDDict(dictionary_file::bytes, dictionary_file::size), &ZSTD_freeDDict};
    return digested.get();
}

std::string zstdCompressed(std::string_view text, bool dictionary)
{
    const Context context{ZSTD_createCCtx(), &ZSTD_freeCCtx};
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const auto size = dictionary ? ZSTD_compress_usingCDict(context.get(), out.data(), out.size(),
                                                            text.data(), text.size(), writingDictionary())
                                 : ZSTD_compressCCtx(context.get(), out.data(), out.size(), text.data(),
                                                     text.size(), zstdLevel);
    if (ZSTD_isError(size))
        return {};
    out.resize(size);
    return out;
}

bool zstdExpanded(std::string_view payload, bool dictionary, char *out, std::size_t length)
{
    const Expander context{ZSTD_createDCtx(), &ZSTD_freeDCtx};
    const auto size = dictionary
                          ? ZSTD_decompress_usingDDict(context.get(), out, length, payload.data(),
                                                       payload.size(), readingDictionary())
                          : ZSTD_decompressDCtx(context.get(), out, length, payload.data(), payload.size());
    return !ZSTD_isError(size) && size == length;
}

Bytef *bytes(std::string_view text)
{
    return reinterpret_cast<Bytef *>(const_cast<char *>(text.data())); // zlib's input is not const by default
}

std::string zlibCompressed(std::string_view text, bool dictionary)
{
    z_stream stream{};
    if (deflateInit(&stream, zlibLevel) != Z_OK)
        return {};
    const auto words = dictionaryBytes();
    std::string out;
    if (!dictionary || deflateSetDictionary(&stream, bytes(words), static_cast<uInt>(words.size())) == Z_OK) {
        out.resize(deflateBound(&stream, static_cast<uLong>(text.size())) +
                   4); // 4: the dictionary's checksum
        stream.next_in = bytes(text);
        stream.avail_in = static_cast<uInt>(text.size());
        stream.next_out = reinterpret_cast<Bytef *>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        out.resize(deflate(&stream, Z_FINISH) == Z_STREAM_END ? stream.total_out : 0);
    }
    deflateEnd(&stream);
    return out;
}

bool zlibExpanded(std::string_view payload, bool dictionary, char *out, std::size_t length)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return false;
    char none = 0; // an empty text has no place to go to
    stream.next_in = bytes(payload);
    stream.avail_in = static_cast<uInt>(payload.size());
    stream.next_out = reinterpret_cast<Bytef *>(length == 0 ? &none : out);
    stream.avail_out = static_cast<uInt>(std::max<std::size_t>(length, 1));
    int state = inflate(&stream, Z_FINISH);
    if (state == Z_NEED_DICT && dictionary) {
        const auto words = dictionaryBytes();
        state = inflateSetDictionary(&stream, bytes(words), static_cast<uInt>(words.size()));
        if (state == Z_OK)
            state = inflate(&stream, Z_FINISH);
    }
    const bool whole = state == Z_STREAM_END && stream.total_out == length;
    inflateEnd(&stream);
    return whole;
}

} // namespace

Codec withoutDictionary(Codec codec)
{
    if (codec == Codec::ZstdDictionary)
        return Codec::Zstd;
    return codec == Codec::ZlibDictionary ? Codec::Zlib : codec;
}

std::vector<int> knownCodecs(bool withDictionary)
{
    return withDictionary ? std::vector<int>{4, 2, 3, 1, 0} : std::vector<int>{2, 1, 0};
}

const std::string &dictionaryName()
{
    static const std::string name = [] {
        char text[17];
        std::snprintf(text, sizeof text, "%016llx",
                      static_cast<unsigned long long>(base::fnv1a64(dictionaryBytes())));
        return std::string{text};
    }();
    return name;
}

Codec choose(const std::vector<int> &offered, std::string_view dictionary)
{
    for (const int wanted : knownCodecs(true)) {
        const auto codec = static_cast<Codec>(wanted);
        const bool readable = !needsDictionary(codec) || dictionary == dictionaryName();
        if (readable && std::find(offered.begin(), offered.end(), wanted) != offered.end())
            return codec;
    }
    return Codec::Raw;
}

std::string compress(std::string_view text, Codec codec)
{
    if (withoutDictionary(codec) == Codec::Zstd)
        return zstdCompressed(text, needsDictionary(codec));
    return zlibCompressed(text, needsDictionary(codec));
}

bool decompress(std::string_view payload, Codec codec, char *out, std::size_t size)
{
    if (withoutDictionary(codec) == Codec::Zstd)
        return zstdExpanded(payload, needsDictionary(codec), out, size);
    return zlibExpanded(payload, needsDictionary(codec), out, size);
}

} // namespace protocol
