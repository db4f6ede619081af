#include "server/channels/email/email_verdicts.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>

namespace server::channels::email {

namespace {

constexpr std::size_t mostRecipients = 200;

constexpr std::array<std::string_view, 20> failureWords{"undeliver",
                                                        "delivery fail",
                                                        "delivery has failed",
                                                        "failure notice",
                                                        "returned mail",
                                                        "mail delivery failed",
                                                        "returned to sender",
                                                        "delivery status notification (failure)",
                                                        "could not be delivered",
                                                        "couldn't be delivered",
                                                        "delivery failure",
                                                        "unzustellbar",
                                                        "non remis",
                                                        "no se pudo entregar",
                                                        "impossibile recapitare",
                                                        "onbestelbaar",
                                                        "mancata consegna",
                                                        "returning message to sender",
                                                        "delivery notification: delivery has failed",
                                                        "недоставленное"};
constexpr std::array<std::string_view, 8> delayWords{
    "delay",           "warning: could not send", "still being retried",
    "will be retried", "warning: message",        "no action is required",
    "verzögert",       "en attente de remise"};
/// What programs write at the top of a text that is no notification of RFC 3464.
constexpr std::array<std::string_view, 6> openings{
    "hi. this is the qmail-send program",
    "this message was created automatically by mail delivery software",
    "the message that you sent was undeliverable",
    "your message did not reach some or all of the intended recipients",
    "i'm afraid i wasn't able to deliver your message",
    "the following message to <"};

template <class List>
bool holdsOneOf(const List &words, std::string_view text)
{
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// "rfc822; a@b" is a@b; the type may be missing.
std::string recipientIn(const std::string &field)
{
    const auto semicolon = field.find(';');
    auto text = base::trimmed(semicolon == std::string::npos ? std::string_view{field}
                                                             : std::string_view{field}.substr(semicolon + 1));
    if (text.starts_with('<') && text.ends_with('>') && text.size() >= 2)
        text = text.substr(1, text.size() - 2);
    return base::truncated(base::cleaned(text), 500);
}

/// The groups of fields of a notification (RFC 3464, 2.1); each is read as a header is.
std::vector<std::string> groupsOf(const std::string &report)
{
    std::vector<std::string> groups;
    std::string group;
    std::string_view rest = report;
    while (!rest.empty() && groups.size() <= mostRecipients) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (base::trimmed(line).empty()) {
            if (!group.empty())
                groups.push_back(std::move(group));
            group.clear();
        } else {
            group += line;
            group += '\n';
        }
    }
    if (!group.empty())
        groups.push_back(std::move(group));
    return groups;
}

void appendReport(std::vector<DeliveryStatus> &to, const std::string &report, const Limits &limits)
{
    const auto options = parserOptions();
    for (const auto &group : groupsOf(report)) {
        const auto message = parseMessage(group + "\n", *options);
        const Headers fields{*GMIME_OBJECT(message.get()), limits};
        DeliveryStatus one;
        one.recipient = recipientIn(fields.has("final-recipient") ? fields.first("final-recipient")
                                                                  : fields.first("original-recipient"));
        one.action = base::truncated(base::lowered(decodedText(fields.first("action"), *options)), 40);
        one.action = one.action.substr(0, one.action.find_first_of(" ("));
        one.status = base::truncated(decodedText(fields.first("status"), *options), 40);
        one.status = one.status.substr(0, one.status.find_first_of(" ("));
        one.diagnostic = base::truncated(decodedText(fields.first("diagnostic-code"), *options), 500);
        if ((!one.recipient.empty() || !one.action.empty()) && to.size() < mostRecipients)
            to.push_back(std::move(one));
    }
}

bool comesFromAMailServer(const Headers &headers, const Mail &mail)
{
    for (const auto &from : mail.from) {
        const auto local = base::lowered(from.address.substr(0, from.address.find('@')));
        const auto name = base::lowered(from.name);
        if (local == "mailer-daemon" || local == "postmaster" || local == "maildaemon" ||
            local == "mail-daemon" || name.find("mail delivery") != std::string::npos ||
            name == "system administrator" || name.find("mailer-daemon") != std::string::npos ||
            name == "postmaster")
            return true;
    }
    return headers.has("x-failed-recipients");
}

Verdict inFreeForm(const Headers &headers, const Mail &mail)
{
    if (!comesFromAMailServer(headers, mail))
        return {};
    const auto subject = base::lowered(mail.subject);
    const auto opening = base::lowered(mail.text.substr(0, 1'500));
    if (holdsOneOf(delayWords, subject) || opening.find("you do not need to resend") != std::string::npos)
        return {};
    if (headers.has("x-failed-recipients"))
        return {true, "X-Failed-Recipients: " + headers.first("x-failed-recipients").substr(0, 200)};
    if (holdsOneOf(failureWords, subject))
        return {true, "a mail server writes: " + base::truncated(mail.subject, 200)};
    for (const auto words : openings)
        if (opening.find(words) != std::string::npos)
            return {true, "a mail server's text begins: " + std::string{words}};
    return {};
}

std::string originalIdIn(const Mail &mail, const Parts &parts, const Limits &limits)
{
    const auto options = parserOptions();
    const auto idOf = [&](std::string_view text) {
        const auto message = parseMessage(text, *options);
        const auto ids = idsIn(Headers{*GMIME_OBJECT(message.get()), limits}.first("message-id"), 1);
        return ids.empty() ? std::string{} : ids.front();
    };
    if (!parts.returnedHeaders.empty())
        return idOf(parts.returnedHeaders);
    // A free form has the returned mail as text below its own.
    const auto lowered = base::lowered(mail.text);
    const auto at = lowered.find("\nmessage-id:");
    if (at == std::string::npos)
        return mail.inReplyTo.empty() ? std::string{} : mail.inReplyTo.front();
    const auto ids = idsIn(mail.text.substr(at + 12, 300), 1);
    return ids.empty() ? std::string{} : ids.front();
}

} // namespace

Bounce bounceOf(const Headers &headers, const Mail &mail, const Parts &parts, const Limits &limits)
{
    Bounce bounce;
    for (const auto &report : parts.deliveryReports)
        appendReport(bounce.recipients, report, limits);
    const auto failed = std::find_if(bounce.recipients.begin(), bounce.recipients.end(),
                                     [](const DeliveryStatus &one) { return one.action == "failed"; });
    if (failed != bounce.recipients.end()) {
        bounce.yes = true;
        bounce.reason = "a delivery status notification (RFC 3464): failed for " + failed->recipient +
                        (failed->status.empty() ? "" : ", " + failed->status);
    } else if (bounce.recipients.empty()) {
        static_cast<Verdict &>(bounce) = inFreeForm(headers, mail);
    }
    if (bounce.yes || !bounce.recipients.empty())
        bounce.originalMessageId = originalIdIn(mail, parts, limits);
    if (bounce.yes && bounce.recipients.empty())
        for (const auto &address :
             addressesIn(headers.first("x-failed-recipients"), mostRecipients, *parserOptions()))
            bounce.recipients.push_back({address.address, "failed", {}, {}});
    return bounce;
}

} // namespace server::channels::email
