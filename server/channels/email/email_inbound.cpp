#include "server/channels/email/email_inbound.h"

#include "server/channels/email/email_charset.h"
#include "server/channels/email/email_headers.h"
#include "server/channels/email/email_parts.h"
#include "server/channels/email/email_reply.h"
#include "server/channels/email/email_reply_html.h"
#include "server/channels/email/email_verdicts.h"
#include "server/html/html_sanitiser.h"
#include "server/html/html_text.h"
#include "shared/base/text.h"

#include <algorithm>
#include <set>

namespace server::channels::email {

namespace {

/// Without the line that mailbox files put before a mail, with line ends that the parser knows.
std::string prepared(std::string_view bytes)
{
    if (bytes.starts_with("\xEF\xBB\xBF"))
        bytes.remove_prefix(3);
    if (bytes.starts_with("From ") || bytes.starts_with(">From "))
        bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);
    bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t"), bytes.size()));
    std::string result{bytes};
    if (result.find('\n') == std::string::npos)
        std::replace(result.begin(), result.end(), '\r', '\n');
    return result;
}

/// Fields of the header behind this many bytes are not read.
bool isHeaderTooLong(std::string_view bytes, std::size_t most)
{
    const auto end = std::min(bytes.find("\n\n"), bytes.find("\r\n\r\n"));
    return std::min(end, bytes.size()) > most;
}

std::string sha256Of(const std::string &bytes)
{
    const CText sum{g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, reinterpret_cast<const guchar *>(bytes.data()), bytes.size())};
    return sum.get();
}

std::string dateOf(GMimeMessage &message)
{
    auto *const date = g_mime_message_get_date(&message);
    const CText text{date ? g_date_time_format_iso8601(date) : nullptr};
    return text ? text.get() : "";
}

void readHeaders(Mail &mail, const Headers &headers, const Limits &limits, GMimeParserOptions &options)
{
    const auto addresses = [&](std::string_view name) {
        std::vector<Address> result;
        for (const auto &value : headers.all(name))
            for (auto &address : addressesIn(value, limits.addresses - result.size(), options))
                result.push_back(std::move(address));
        return result;
    };
    mail.subject = base::truncated(decodedText(headers.first("subject"), options), 2'000);
    if (const auto ids = idsIn(headers.first("message-id"), 1); !ids.empty())
        mail.messageId = ids.front();
    mail.inReplyTo = idsIn(headers.first("in-reply-to"), 20);
    mail.references = idsIn(headers.first("references"), limits.ids);
    mail.from =
        addressesIn(headers.first("from"), limits.addresses, options); // RFC 5322 allows one such field
    mail.replyTo = addresses("reply-to");
    mail.to = addresses("to");
    mail.cc = addresses("cc");
    if (headers.wereCut())
        mail.defects.emplace_back("the header is too long; a part of it was not read");
}

/// Text and HTML of a mail, as they grow piece by piece.
class BodyReading {
public:
    BodyReading(Mail &mail, const Limits &limits) : m_mail{mail}, m_limits{limits} {}

    void read(std::vector<BodyPiece> &pieces)
    {
        const bool anyHtml = std::any_of(pieces.begin(), pieces.end(),
                                         [](const BodyPiece &piece) { return !piece.html.empty(); });
        for (auto &piece : pieces)
            add(piece, anyHtml);
        if (anyHtml)
            m_mail.html = base::cleaned(m_html);
        m_mail.text = bounded(m_text);
        m_mail.reply = replyOf(m_reply.empty() ? m_mail.text : bounded(m_reply));
    }

private:
    void add(BodyPiece &piece, bool anyHtml)
    {
        std::optional<html::Node> tree;
        if (!piece.html.empty()) {
            tree = html::parseBody(piece.html, {.bytes = m_limits.htmlBytes * 3 + 16});
            if (!tree)
                m_mail.defects.emplace_back("the HTML is too large or nests too deep; it is not shown");
        }
        const auto inner = tree ? html::plainText(*tree) : std::string{};
        const auto text = base::trimmed(piece.text).empty() ? inner : piece.text;
        appendText(m_text, text);
        if (tree)
            m_html += cleaned(*tree);
        else if (anyHtml)
            m_html += "<div style=\"white-space:pre-wrap\">" + html::escaped(text) + "</div>";
        // Without a text of its own the page's marks tell best what is quoted.
        if (tree && base::trimmed(piece.text).empty()) {
            foldQuotes(*tree);
            appendText(m_reply, html::plainText(*tree));
        } else {
            appendText(m_reply, text);
        }
    }

    std::string cleaned(const html::Node &tree)
    {
        const auto result = html::sanitised(tree, [this](std::string_view id) { return show(id); });
        m_mail.remoteImages += result.remoteImages;
        return result.html;
    }

    bool show(std::string_view id)
    {
        bool any = false;
        for (auto &attachment : m_mail.attachments)
            if (!attachment.contentId.empty() && attachment.contentId == id)
                any = attachment.isInline = true;
        return any;
    }

    static void appendText(std::string &to, std::string_view text)
    {
        if (base::trimmed(text).empty())
            return;
        if (!to.empty() && !to.ends_with('\n'))
            to += '\n';
        to += text;
    }

    std::string bounded(const std::string &text)
    {
        if (text.size() <= m_limits.textBytes)
            return text;
        m_mail.defects.emplace_back("the text was cut");
        return base::truncated(text, m_limits.textBytes / 4);
    }

    Mail &m_mail;
    const Limits &m_limits;
    std::string m_text, m_html, m_reply;
};

} // namespace

Mail readMail(std::string_view bytes, const Reading &reading)
{
    prepareGMime();
    const auto &limits = reading.limits;
    Mail mail;
    if (bytes.size() > limits.bytes) {
        bytes = bytes.substr(0, limits.bytes);
        mail.defects.emplace_back("the mail is larger than " + std::to_string(limits.bytes) + " bytes");
    }
    const auto text = prepared(bytes);
    if (isHeaderTooLong(text, limits.headerBytes)) {
        mail.defects.emplace_back("the header is larger than " + std::to_string(limits.headerBytes) +
                                  " bytes; the mail was not read");
        return mail;
    }
    const auto options = parserOptions();
    const auto message = parseMessage(text, *options);
    const Headers headers{*GMIME_OBJECT(message.get()), limits};
    readHeaders(mail, headers, limits, *options);
    mail.date = dateOf(*message);

    auto parts = partsOf(*message, limits);
    mail.attachments = std::move(parts.attachments);
    for (auto &attachment : mail.attachments)
        attachment.sha256 = sha256Of(attachment.bytes);
    std::move(parts.defects.begin(), parts.defects.end(), std::back_inserter(mail.defects));
    BodyReading{mail, limits}.read(parts.body);

    mail.bounce = bounceOf(headers, mail, parts, limits);
    mail.bulk = bulkOf(headers);
    mail.autoReply = autoReplyOf(headers, mail, parts);
    mail.loop = loopOf(headers, mail, reading.ownAddresses);
    for (Verdict *verdict : {static_cast<Verdict *>(&mail.bounce), &mail.autoReply, &mail.bulk, &mail.loop})
        verdict->reason = toUtf8(verdict->reason, ""); // it tells fields as they came
    return mail;
}

} // namespace server::channels::email
