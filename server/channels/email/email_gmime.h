#pragma once

#include "server/channels/email/email_mail.h"

#include <gmime/gmime.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// GMime's objects with owners. Private to this folder.
namespace server::channels::email {

struct Unref {
    void operator()(void *object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

struct FreeOptions {
    void operator()(GMimeParserOptions *options) const { g_mime_parser_options_free(options); }
};
using ParserOptions = std::unique_ptr<GMimeParserOptions, FreeOptions>;

struct FreeText {
    void operator()(char *text) const { g_free(text); }
};
using CText = std::unique_ptr<char, FreeText>;

/// Call before anything else of the library; any number of times, from any thread.
void prepareGMime();
/// Forgiving rules for what others wrote.
ParserOptions parserOptions();
/// Never null.
Owned<GMimeMessage> parseMessage(std::string_view bytes, GMimeParserOptions &options);
/// What a part holds, without its transfer encoding.
std::string contentOf(GMimePart &part);
/// "text/plain" in lower case; empty when there is none.
std::string typeOf(GMimeObject &part);
std::string parameterOf(GMimeObject &part, const char *name);

} // namespace server::channels::email
