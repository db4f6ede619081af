#include "server/channels/email/email_gmime.h"

#include "shared/base/text.h"

namespace server::channels::email {

void prepareGMime()
{
    static const bool ready = [] {
        g_mime_init();
        return true;
    }();
    static_cast<void>(ready);
}

ParserOptions parserOptions()
{
    ParserOptions options{g_mime_parser_options_new()};
    const char *charsets[] = {"utf-8", "windows-1252", nullptr};
    g_mime_parser_options_set_fallback_charsets(options.get(), charsets);
    g_mime_parser_options_set_allow_addresses_without_domain(options.get(), TRUE);
    return options;
}

Owned<GMimeMessage> parseMessage(std::string_view bytes, GMimeParserOptions &options)
{
    const Owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
    const Owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
    Owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), &options)};
    if (!message)
        message.reset(g_mime_message_new(FALSE));
    return message;
}

namespace {

std::string written(GMimeDataWrapper &content)
{
    const Owned<GMimeStream> stream{g_mime_stream_mem_new()};
    g_mime_data_wrapper_write_to_stream(&content, stream.get());
    const auto *const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char *>(bytes->data), bytes->len};
}

/// Base64 that was cut off loses its last bytes in the library, which waits for the padding.
std::string decoded64(const std::string &coded)
{
    std::string text;
    text.reserve(coded.size() + 4);
    for (const char c : coded)
        if (g_ascii_isalnum(c) || c == '+' || c == '/' || c == '=')
            text += c;
    if (text.size() % 4 == 1)
        text.pop_back();
    text.append((4 - text.size() % 4) % 4, '=');
    gsize size = 0;
    guchar *const bytes = g_base64_decode(text.c_str(), &size);
    std::string result{reinterpret_cast<const char *>(bytes), size};
    g_free(bytes);
    return result;
}

} // namespace

std::string contentOf(GMimePart &part)
{
    auto *const content = g_mime_part_get_content(&part);
    if (content == nullptr)
        return {};
    if (g_mime_data_wrapper_get_encoding(content) != GMIME_CONTENT_ENCODING_BASE64)
        return written(*content);
    const Owned<GMimeDataWrapper> coded{g_mime_data_wrapper_new_with_stream(
        g_mime_data_wrapper_get_stream(content), GMIME_CONTENT_ENCODING_DEFAULT)};
    return decoded64(written(*coded));
}

std::string typeOf(GMimeObject &part)
{
    auto *const type = g_mime_object_get_content_type(&part);
    const auto *const media = type ? g_mime_content_type_get_media_type(type) : nullptr;
    const auto *const sub = type ? g_mime_content_type_get_media_subtype(type) : nullptr;
    if (media == nullptr || sub == nullptr)
        return {};
    return base::lowered(base::cleaned(std::string{media} + '/' + sub));
}

std::string parameterOf(GMimeObject &part, const char *name)
{
    auto *const type = g_mime_object_get_content_type(&part);
    const auto *const value = type ? g_mime_content_type_get_parameter(type, name) : nullptr;
    return value ? value : "";
}

} // namespace server::channels::email
