#include "server/channels/email/email_encoded_words.h"

#include "server/channels/email/email_charset.h"
#include "shared/base/text.h"

#include <glib.h>
#include <optional>

namespace server::channels::email {

namespace {

constexpr std::size_t mostWordBytes = 8'000; // the RFC allows 75

/// =?charset?encoding?payload?=
struct Word {
    std::string_view charset, payload;
    char encoding = 'q';
    std::size_t length = 0; ///< of all of it
};

std::optional<Word> wordAt(std::string_view text)
{
    if (!text.starts_with("=?"))
        return std::nullopt;
    const auto afterCharset = text.substr(0, 80).find('?', 2);
    if (afterCharset == std::string_view::npos || afterCharset + 2 >= text.size() ||
        text[afterCharset + 2] != '?')
        return std::nullopt;
    Word word;
    word.charset = text.substr(2, afterCharset - 2);
    word.encoding = static_cast<char>(text[afterCharset + 1] | 0x20);
    const auto begin = afterCharset + 3;
    const auto end = text.substr(0, mostWordBytes).find("?=", begin);
    if ((word.encoding != 'b' && word.encoding != 'q') || end == std::string_view::npos)
        return std::nullopt;
    word.payload = text.substr(begin, end - begin);
    if (word.payload.find_first_of(" \t<>\"") != std::string_view::npos) // not the end of this word
        return std::nullopt;
    word.length = end + 2;
    return word;
}

std::string decoded64(std::string_view text)
{
    const std::string whole{text};
    gsize size = 0;
    guchar *const bytes = g_base64_decode(whole.c_str(), &size);
    std::string result{reinterpret_cast<const char *>(bytes), size};
    g_free(bytes);
    return result;
}

std::string encoded64(const std::string &bytes)
{
    gchar *const text = g_base64_encode(reinterpret_cast<const guchar *>(bytes.data()), bytes.size());
    std::string result{text};
    g_free(text);
    return result;
}

int digit(char c)
{
    return g_ascii_xdigit_value(c);
}

/// The Q encoding (RFC 2047, 4.2).
std::string decodedQ(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '=' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            result += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            result += text[i] == '_' ? ' ' : text[i];
        }
    }
    return result;
}

std::string decoded(const Word &word)
{
    return word.encoding == 'b' ? decoded64(word.payload) : decodedQ(word.payload);
}

/// The words that begin with `first` and follow each other, as one; moves `text` behind them.
std::string oneOf(Word first, std::string_view &text)
{
    auto bytes = decoded(first);
    const auto charset =
        first.charset.substr(0, first.charset.find('*')); // the rest is a language (RFC 2231, 5)
    text.remove_prefix(first.length);
    while (true) {
        const auto gap = std::min(text.find_first_not_of(" \t"), text.size());
        const auto next = gap > 0 ? wordAt(text.substr(gap)) : std::nullopt;
        if (!next || base::lowered(next->charset) != base::lowered(first.charset))
            break;
        bytes += decoded(*next);
        text.remove_prefix(gap + next->length);
    }
    return "=?utf-8?B?" + encoded64(toUtf8(bytes, charset)) + "?=";
}

} // namespace

std::string joinedWords(std::string_view raw)
{
    std::string result;
    result.reserve(raw.size());
    while (!raw.empty()) {
        const auto word = wordAt(raw);
        if (word) {
            result += oneOf(*word, raw);
            continue;
        }
        result += raw.front();
        raw.remove_prefix(1);
    }
    return result;
}

} // namespace server::channels::email
