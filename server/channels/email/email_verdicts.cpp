#include "server/channels/email/email_verdicts.h"

#include "shared/base/text.h"

#include <algorithm>
#include <array>

namespace server::channels::email {

namespace {

constexpr int mostHops =
    60; // RFC 5321, 6.3, asks for at least 100 between servers; people's mail has fewer than 20

constexpr std::array<std::string_view, 16> autoSubjects{
    "automatic reply",       "auto reply:",          "autoreply:",           "out of office",
    "automatische antwort",  "abwesenheitsnotiz",    "réponse automatique",  "respuesta automática",
    "risposta automatica",   "resposta automática",  "automatisch antwoord", "automatiskt svar",
    "automatyczna odpowied", "автоматический ответ", "automatic response)",  "自動返信"};

bool isNo(std::string_view value)
{
    const auto word =
        base::lowered(base::trimmed(value.substr(0, std::min(value.find_first_of(";("), value.size()))));
    return word.empty() || word == "no";
}

Verdict because(std::string reason)
{
    return {true, base::truncated(reason, 300)};
}

bool hasNullSender(const Headers &headers)
{
    return headers.has("return-path") && base::trimmed(headers.first("return-path")) == "<>";
}

Verdict byHeaders(const Headers &headers)
{
    if (const auto value = headers.first("auto-submitted"); !isNo(value))
        return because("Auto-Submitted: " + value + " (RFC 3834)");
    for (const std::string_view name : {"x-autoreply", "x-autorespond", "x-autoresponder",
                                        "x-auto-reply-from", "x-mail-autoreply", "x-auto-response-suppress"})
        if (headers.has(name) && !isNo(headers.first(name)))
            return because(std::string{name} + ": " + headers.first(name));
    const auto precedence = base::lowered(headers.first("precedence"));
    if (precedence == "auto_reply")
        return because("Precedence: auto_reply");
    if ((precedence == "bulk" || precedence == "junk") && !bulkOf(headers).yes)
        return because("Precedence: " + precedence);
    if (hasNullSender(headers))
        return because("Return-Path is <>: answers are not wanted (RFC 5321, 4.5.5)");
    return {};
}

} // namespace

Verdict autoReplyOf(const Headers &headers, const Mail &mail, const Parts &parts)
{
    if (mail.bounce.yes || !parts.deliveryReports.empty())
        return {};
    if (auto found = byHeaders(headers); found.yes)
        return found;
    const auto subject = base::lowered(mail.subject);
    for (const auto words : autoSubjects)
        if (subject.starts_with(words) ||
            (words != "out of office" && subject.find(words) != std::string::npos))
            return because("the subject says so: " + mail.subject);
    if (parts.reportType == "disposition-notification")
        return because("a notice that the mail was read (RFC 8098)");
    return {};
}

Verdict bulkOf(const Headers &headers)
{
    for (const std::string_view name :
         {"list-id", "list-post", "list-unsubscribe", "x-mailman-version", "x-beenthere"})
        if (headers.has(name))
            return because(std::string{name} + ": " + headers.first(name));
    if (base::lowered(headers.first("precedence")) == "list")
        return because("Precedence: list");
    return {};
}

Verdict loopOf(const Headers &headers, const Mail &mail, const std::vector<std::string> &ownAddresses)
{
    if (const int hops = headers.count("received"); hops > mostHops)
        return because("it went through " + std::to_string(hops) + " servers");
    std::vector<std::string> delivered;
    for (const auto &value : headers.all("delivered-to"))
        delivered.push_back(base::lowered(value));
    std::sort(delivered.begin(), delivered.end());
    if (const auto twice = std::adjacent_find(delivered.begin(), delivered.end()); twice != delivered.end())
        return because("it was delivered to " + *twice + " before");
    const auto isOwn = [&](std::string_view address) {
        const auto lowered = base::lowered(base::trimmed(address));
        return std::any_of(ownAddresses.begin(), ownAddresses.end(),
                           [&](const std::string &own) { return base::lowered(own) == lowered; });
    };
    for (const auto &address : mail.from)
        if (isOwn(address.address))
            return because("it comes from " + address.address + ", an inbox of our own");
    for (const auto &value : headers.all("x-loop"))
        if (isOwn(value))
            return because("X-Loop: " + value);
    return {};
}

} // namespace server::channels::email
