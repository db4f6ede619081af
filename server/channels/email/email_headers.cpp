#include "server/channels/email/email_headers.h"

#include "server/channels/email/email_encoded_words.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::channels::email {

namespace {

constexpr int mostGroups = 20; // within each other

/// Folding is white space (RFC 5322, 2.2.3).
std::string unfolded(std::string_view raw)
{
    std::string result;
    result.reserve(raw.size());
    for (const char c : raw)
        if (c != '\r' && c != '\n' && c != '\0')
            result += c;
    return std::string{base::trimmed(result)};
}

void appendAddresses(std::vector<Address> &to, InternetAddressList &list, const std::string &group, int level,
                     std::size_t most, GMimeParserOptions &options)
{
    const int count = internet_address_list_length(&list);
    for (int i = 0; i < count && to.size() < most; ++i) {
        auto *const one = internet_address_list_get_address(&list, i);
        const auto *const rawName = internet_address_get_name(one);
        const auto name = rawName ? base::truncated(base::cleaned(rawName), 1'000) : std::string{};
        if (INTERNET_ADDRESS_IS_GROUP(one)) {
            if (auto *const members = internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one));
                members && level < mostGroups)
                appendAddresses(to, *members, name, level + 1, most, options);
            continue;
        }
        if (!INTERNET_ADDRESS_IS_MAILBOX(one))
            continue;
        const auto *const address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
        auto text = address ? std::string{base::trimmed(base::cleaned(address))} : std::string{};
        if (!base::isUtf8(text) || text.size() > 1'000)
            text.clear();
        if (!text.empty() || !name.empty())
            to.push_back({name, text, group});
    }
}

} // namespace

Headers::Headers(GMimeObject &of, const Limits &limits)
{
    auto *const list = g_mime_object_get_header_list(&of);
    const int count = list ? g_mime_header_list_get_count(list) : 0;
    m_wereCut = count > limits.headers;
    for (int i = 0; i < std::min(count, limits.headers); ++i) {
        auto *const header = g_mime_header_list_get_header_at(list, i);
        const auto *const name = g_mime_header_get_name(header);
        const auto *const value = g_mime_header_get_raw_value(header);
        if (name == nullptr || value == nullptr)
            continue;
        std::string_view raw = value;
        if (raw.size() > limits.headerValue) {
            m_wereCut = true;
            raw = raw.substr(0, limits.headerValue);
        }
        m_fields.emplace_back(base::lowered(name), unfolded(raw));
    }
}

std::string Headers::first(std::string_view name) const
{
    for (const auto &[key, value] : m_fields)
        if (key == name)
            return value;
    return {};
}

std::vector<std::string> Headers::all(std::string_view name) const
{
    std::vector<std::string> result;
    for (const auto &[key, value] : m_fields)
        if (key == name)
            result.push_back(value);
    return result;
}

bool Headers::has(std::string_view name) const
{
    return count(name) > 0;
}

int Headers::count(std::string_view name) const
{
    return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(),
                                          [&](const auto &field) { return field.first == name; }));
}

std::string decodedText(const std::string &raw, GMimeParserOptions &options)
{
    const auto joined = joinedWords(raw);
    const CText text{g_mime_utils_header_decode_text(&options, joined.c_str())};
    return std::string{base::trimmed(base::cleaned(text ? text.get() : ""))};
}

std::vector<std::string> idsIn(const std::string &raw, std::size_t most)
{
    std::vector<std::string> result;
    const auto add = [&](std::string_view id) {
        if (!id.empty() && id.size() <= 996 && base::isUtf8(id) && result.size() < most)
            result.push_back('<' + std::string{id} + '>');
    };
    std::string_view rest = raw;
    for (auto open = rest.find('<'); open != std::string_view::npos; open = rest.find('<')) {
        const auto close = rest.find('>', open);
        if (close == std::string_view::npos)
            break;
        std::string id; // some senders fold inside the id
        for (const char c : rest.substr(open + 1, close - open - 1))
            if (c != ' ' && c != '\t')
                id += c;
        add(id);
        rest.remove_prefix(close + 1);
    }
    if (!result.empty())
        return result;
    rest = raw;
    while (!(rest = base::trimmed(rest)).empty()) {
        const auto end = std::min(rest.find_first_of(" \t,"), rest.size());
        auto word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word.starts_with('<'))
            word.remove_prefix(1);
        if (word.find('@') != std::string_view::npos)
            add(word);
    }
    return result;
}

std::vector<Address> addressesIn(const std::string &raw, std::size_t most, GMimeParserOptions &options)
{
    std::vector<Address> result;
    const auto joined = joinedWords(raw);
    const Owned<InternetAddressList> list{internet_address_list_parse(&options, joined.c_str())};
    if (list)
        appendAddresses(result, *list, {}, 0, most, options);
    return result;
}

} // namespace server::channels::email
