#include "server/channels/email/email_parts.h"

#include "server/channels/email/email_charset.h"
#include "server/channels/email/email_flowed.h"
#include "server/channels/email/email_names.h"
#include "server/channels/email/email_tnef.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::channels::email {

namespace {

std::string textOf(GMimePart &part, std::size_t most, std::vector<std::string> &defects)
{
    auto &object = *GMIME_OBJECT(&part);
    auto bytes = contentOf(part);
    if (bytes.size() > most) {
        bytes.resize(most);
        defects.emplace_back("a text was longer than " + std::to_string(most) + " bytes");
    }
    auto text = toUtf8(bytes, parameterOf(object, "charset"));
    if (base::lowered(parameterOf(object, "format")) == "flowed")
        text = unflowed(text, base::lowered(parameterOf(object, "delsp")) == "yes");
    return text;
}

class Walk {
public:
    explicit Walk(const Limits &limits) : m_limits{limits} {}

    Parts take() { return std::move(m_found); }

    void visit(GMimeObject &part, int depth)
    {
        if (depth > m_limits.depth || ++m_parts > m_limits.parts) {
            if (!m_toldTooMany)
                m_found.defects.emplace_back("the mail has too many parts, or parts within parts");
            m_toldTooMany = true;
            return;
        }
        if (GMIME_IS_MULTIPART(&part))
            visitMultipart(*GMIME_MULTIPART(&part), depth);
        else if (GMIME_IS_MESSAGE_PART(&part))
            visitMessage(*GMIME_MESSAGE_PART(&part));
        else if (GMIME_IS_PART(&part))
            visitLeaf(*GMIME_PART(&part));
    }

private:
    void visitMultipart(GMimeMultipart &multipart, int depth)
    {
        auto &object = *GMIME_OBJECT(&multipart);
        const auto type = typeOf(object);
        if (type == "multipart/report" && m_found.reportType.empty())
            m_found.reportType = base::lowered(parameterOf(object, "report-type"));
        const auto before = m_found.body.size();
        const int count = g_mime_multipart_get_count(&multipart);
        for (int i = 0; i < count && !m_toldTooMany; ++i)
            if (auto *const part = g_mime_multipart_get_part(&multipart, i))
                visit(*part, depth + 1);
        if (type == "multipart/alternative")
            uniteForms(before);
    }

    /// Pieces of an alternative are one piece in several forms: the last of each kind is the best (RFC 2046,
    /// 5.1.4).
    void uniteForms(std::size_t from)
    {
        BodyPiece united;
        for (auto i = from; i < m_found.body.size(); ++i) {
            if (!m_found.body[i].text.empty())
                united.text = std::move(m_found.body[i].text);
            if (!m_found.body[i].html.empty())
                united.html = std::move(m_found.body[i].html);
        }
        const bool any = m_found.body.size() > from;
        m_found.body.resize(from);
        if (any)
            m_found.body.push_back(std::move(united));
    }

    void visitMessage(GMimeMessagePart &part)
    {
        auto *const message = g_mime_message_part_get_message(&part);
        if (message == nullptr)
            return;
        const CText text{g_mime_object_to_string(GMIME_OBJECT(message), nullptr)};
        if (!text)
            return;
        const std::string_view bytes = text.get();
        if (m_found.returnedHeaders.empty())
            m_found.returnedHeaders = std::string{bytes.substr(0, 64u << 10)};
        add(*GMIME_OBJECT(&part), std::string{bytes}, {});
    }

    void visitLeaf(GMimePart &part)
    {
        auto &object = *GMIME_OBJECT(&part);
        const auto type = typeOf(object);
        const auto *const rawName = g_mime_part_get_filename(&part);
        const auto name = cleanName(rawName ? rawName : "");
        if (type == "message/delivery-status") {
            m_found.deliveryReports.push_back(contentOf(part).substr(0, 256u << 10));
        } else if (type == "text/rfc822-headers") {
            m_found.returnedHeaders = contentOf(part).substr(0, 64u << 10);
        } else if (isTnef(type, name)) {
            visitTnef(part, name);
        } else if (isBody(object, type)) {
            addBody(part, type);
        } else {
            add(object, contentOf(part), name);
        }
    }

    static bool isTnef(const std::string &type, const std::string &name)
    {
        return type == "application/ms-tnef" || type == "application/vnd.ms-tnef" ||
               base::lowered(name) == "winmail.dat";
    }

    static bool isBody(GMimeObject &object, const std::string &type)
    {
        auto *const disposition = g_mime_object_get_content_disposition(&object);
        const auto *const how =
            disposition ? g_mime_content_disposition_get_disposition(disposition) : nullptr;
        if (how && base::lowered(how) == "attachment")
            return false;
        return type == "text/plain" || type == "text/html" || type.empty() || type == "text/enriched";
    }

    void addBody(GMimePart &part, const std::string &type)
    {
        const bool isHtml = type == "text/html";
        auto text = textOf(part, isHtml ? m_limits.htmlBytes : m_limits.textBytes, m_found.defects);
        auto &piece = m_found.body.emplace_back();
        (isHtml ? piece.html : piece.text) = std::move(text);
    }

    void visitTnef(GMimePart &part, const std::string &name)
    {
        auto bytes = contentOf(part);
        auto tnef = readTnef(bytes);
        if (!tnef) {
            m_found.defects.emplace_back("a TNEF part that is none");
            add(*GMIME_OBJECT(&part), std::move(bytes), name);
            return;
        }
        if (!tnef->text.empty() || !tnef->html.empty())
            m_found.body.push_back({base::truncated(tnef->text, m_limits.textBytes), std::move(tnef->html)});
        for (auto &one : tnef->attachments) {
            auto &made = m_found.attachments.emplace_back();
            made.name = cleanName(one.name);
            made.type = one.type.empty() ? "application/octet-stream" : base::lowered(one.type);
            made.contentId = one.contentId;
            made.bytes = std::move(one.bytes);
        }
        std::move(tnef->defects.begin(), tnef->defects.end(), std::back_inserter(m_found.defects));
    }

    void add(GMimeObject &object, std::string bytes, const std::string &name)
    {
        auto &made = m_found.attachments.emplace_back();
        made.name = name;
        made.type = typeOf(object);
        if (made.type.empty())
            made.type = "application/octet-stream";
        const auto *const id = g_mime_object_get_content_id(&object);
        made.contentId = id ? base::truncated(base::cleaned(id), 500) : std::string{};
        made.bytes = std::move(bytes);
    }

    const Limits &m_limits;
    Parts m_found;
    int m_parts = 0;
    bool m_toldTooMany = false;
};

} // namespace

Parts partsOf(GMimeMessage &message, const Limits &limits)
{
    Walk walk{limits};
    if (auto *const root = g_mime_message_get_mime_part(&message))
        walk.visit(*root, 0);
    return walk.take();
}

} // namespace server::channels::email
