#include "server/channels/email/email_charset.h"

#include "shared/base/text.h"

#include <array>
#include <memory>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

namespace server::channels::email {

namespace {

struct CloseConverter {
    void operator()(UConverter *converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

/// What senders call it, and what they mean: usually the vendor's larger set.
constexpr std::array<std::pair<std::string_view, const char *>, 14> meant{{
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"cp-850", "ibm-850"},
}};

Converter converterFor(std::string_view charset)
{
    const auto name = base::lowered(base::trimmed(charset));
    if (name.empty() || name.size() > 60)
        return nullptr;
    const char *known = name.c_str();
    for (const auto &[said, means] : meant)
        if (name == said)
            known = means;
    UErrorCode error = U_ZERO_ERROR;
    Converter converter{ucnv_open(known, &error)};
    return U_SUCCESS(error) ? std::move(converter) : nullptr;
}

std::string converted(std::string_view bytes, UConverter &from)
{
    UErrorCode error = U_ZERO_ERROR;
    const icu::UnicodeString text{bytes.data(), static_cast<int32_t>(bytes.size()), &from, error};
    std::string result;
    if (U_SUCCESS(error))
        text.toUTF8String(result);
    return result;
}

std::string guessed(std::string_view bytes)
{
    if (base::isUtf8(bytes))
        return std::string{bytes};
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, void (*)(UCharsetDetector *)> detector{ucsdet_open(&error),
                                                                                   &ucsdet_close};
    const auto sample = bytes.substr(0, 64u << 10);
    ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &error);
    const auto *const match = ucsdet_detect(detector.get(), &error);
    const char *name = U_SUCCESS(error) && match ? ucsdet_getName(match, &error) : nullptr;
    auto converter = converterFor(U_SUCCESS(error) && name ? name : "windows-1252");
    if (!converter)
        converter = converterFor("windows-1252");
    return converter ? converted(bytes, *converter) : std::string{};
}

bool saysNothing(std::string_view name)
{
    return name.empty() || name == "us-ascii" || name == "ascii" || name == "utf-8" || name == "utf8";
}

} // namespace

std::string toUtf8(std::string_view bytes, std::string_view charset)
{
    const auto name = base::lowered(base::trimmed(charset));
    if (saysNothing(name))
        return base::cleaned(guessed(bytes));
    const auto converter = converterFor(name);
    return base::cleaned(converter ? converted(bytes, *converter) : guessed(bytes));
}

std::string fromUtf16(std::string_view bytes)
{
    const auto converter = converterFor("utf-16le");
    auto text = converter ? converted(bytes.substr(0, bytes.size() / 2 * 2), *converter) : std::string{};
    while (!text.empty() && text.back() == '\0')
        text.pop_back();
    return text;
}

} // namespace server::channels::email
