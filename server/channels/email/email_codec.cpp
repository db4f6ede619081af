#include "server/channels/email/email_codec.h"

#include "shared/base/json.h"

namespace server::channels::email {

namespace {

using base::Json;

Json addresses(const std::vector<Address> &list)
{
    Json result = Json::array();
    for (const auto &one : list) {
        Json address{{"name", one.name}, {"address", one.address}};
        if (!one.group.empty())
            address["group"] = one.group;
        result.push_back(std::move(address));
    }
    return result;
}

Json orNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json verdict(const Verdict &of)
{
    return {{"verdict", of.yes}, {"reason", orNull(of.reason)}};
}

Json bounce(const Bounce &of)
{
    Json result = verdict(of);
    result["original_message_id"] = orNull(of.originalMessageId);
    result["recipients"] = Json::array();
    for (const auto &one : of.recipients)
        result["recipients"].push_back({{"address", one.recipient},
                                        {"action", one.action},
                                        {"status", orNull(one.status)},
                                        {"diagnostic", orNull(one.diagnostic)}});
    return result;
}

Json attachments(const std::vector<Attachment> &list)
{
    Json result = Json::array();
    for (const auto &one : list)
        result.push_back({{"name", orNull(one.name)},
                          {"type", one.type},
                          {"size", one.bytes.size()},
                          {"sha256", one.sha256},
                          {"content_id", orNull(one.contentId)},
                          {"inline", one.isInline}});
    return result;
}

std::string joined(const std::vector<std::string> &ids)
{
    std::string result;
    for (const auto &id : ids)
        result += (result.empty() ? "" : " ") + id;
    return result;
}

} // namespace

Json toJson(const Mail &mail)
{
    return {{"subject", mail.subject},
            {"message_id", orNull(mail.messageId)},
            {"in_reply_to", orNull(joined(mail.inReplyTo))},
            {"references", mail.references},
            {"date", orNull(mail.date)},
            {"from", addresses(mail.from)},
            {"reply_to", addresses(mail.replyTo)},
            {"to", addresses(mail.to)},
            {"cc", addresses(mail.cc)},
            {"text", mail.text},
            {"html", mail.html ? Json(*mail.html) : Json(nullptr)},
            {"remote_images", mail.remoteImages},
            {"reply", mail.reply},
            {"attachments", attachments(mail.attachments)},
            {"bounce", bounce(mail.bounce)},
            {"auto_reply", verdict(mail.autoReply)},
            {"bulk", verdict(mail.bulk)},
            {"loop", verdict(mail.loop)},
            {"defects", mail.defects}};
}

} // namespace server::channels::email
