#include "server/features/inboxes/inbox_presenter.h"

#include "server/features/inboxes/inbox_avatar.h"
#include "shared/base/json.h"

namespace server::inboxes {

std::string channelType(const InboxRow &inbox)
{
    return inbox.inbox.channel == "api" ? "Channel::Api" : "Channel::WebWidget";
}

std::string widgetScript(const InboxRow &inbox, const std::string &origin)
{
    return "<script async src=\"" + origin + "/w.js\" data-website-token=\"" + inbox.websiteToken +
           "\"></script>";
}

namespace {

base::Json objectOf(const std::string &text)
{
    auto parsed = base::parseJson(text);
    return parsed && parsed->is_object() ? std::move(*parsed) : base::Json::object();
}

base::Json textOrNull(const std::string &text)
{
    return text.empty() ? base::Json() : base::Json(text);
}

base::Json flagsOf(const WebsiteSettings &settings)
{
    auto features = base::Json::array();
    for (const auto &[isOn, name] :
         {std::pair{settings.attachments, "attachments"}, std::pair{settings.emojiPicker, "emoji_picker"},
          std::pair{settings.endConversation, "end_conversation"},
          std::pair{settings.useInboxAvatarForBot, "use_inbox_avatar_for_bot"},
          std::pair{settings.allowMobileWebview, "allow_mobile_webview"},
          std::pair{settings.emailTranscript, "email_transcript"}})
        if (isOn)
            features.push_back(name);
    return features;
}

std::string avatarUrl(const InboxRow &inbox, const std::string &origin)
{
    return inbox.avatar.empty() ? std::string{} : origin + avatarPath(inbox);
}

base::Json channelJson(const InboxRow &inbox, const std::string &origin)
{
    const auto &settings = inbox.settings;
    if (inbox.inbox.channel == "api")
        return {{"inbox_identifier", inbox.websiteToken},
                {"webhook_url", textOrNull(settings.webhookUrl)},
                {"callback_webhook_url", textOrNull(settings.webhookUrl)},
                {"additional_attributes", objectOf(settings.channelAttributes)}};
    return {{"website_url", settings.websiteUrl},
            {"website_token", inbox.websiteToken},
            {"web_widget_script", widgetScript(inbox, origin)},
            {"welcome_title", settings.welcomeTitle},
            {"welcome_tagline", settings.welcomeTagline},
            {"widget_color", settings.widgetColor},
            {"allowed_domains", settings.allowedDomains},
            {"reply_time", settings.replyTime},
            {"selected_feature_flags", flagsOf(settings)},
            {"pre_chat_form_enabled", settings.preChatFormEnabled},
            {"pre_chat_form_options", objectOf(settings.preChatForm)},
            {"continuity_via_email", settings.continuityViaEmail},
            {"consent_required", settings.consentRequired},
            {"consent_text", settings.consentText},
            {"consent_url", settings.consentUrl},
            {"link_previews", settings.linkPreviews},
            {"callback_webhook_url", nullptr}};
}

} // namespace

base::Json inboxJson(const InboxRow &inbox, const std::string &origin)
{
    const auto &settings = inbox.settings;
    auto json = channelJson(inbox, origin);
    json.update({{"id", inbox.inbox.number},
                 {"name", inbox.inbox.name},
                 {"channel_id", inbox.inbox.number},
                 {"channel_type", channelType(inbox)},
                 {"avatar_url", avatarUrl(inbox, origin)},
                 {"greeting_enabled", settings.greetingEnabled},
                 {"greeting_message", settings.greetingMessage},
                 {"hmac_mandatory", settings.hmacMandatory},
                 {"enable_auto_assignment", settings.enableAutoAssignment},
                 {"auto_assignment_config", base::Json::object()},
                 {"enable_email_collect", settings.enableEmailCollect},
                 {"csat_survey_enabled", settings.csatSurveyEnabled},
                 {"csat_config", objectOf(settings.csatConfig)},
                 {"allow_messages_after_resolved", settings.allowMessagesAfterResolved},
                 {"lock_to_single_conversation", settings.lockToSingleConversation},
                 {"sender_name_type", settings.senderNameType},
                 {"business_name", settings.businessName},
                 {"timezone", settings.timezone},
                 {"working_hours_enabled", settings.workingHoursEnabled},
                 {"working_hours", workingHoursJson(settings.workingHours)},
                 {"out_of_office_message", textOrNull(settings.outOfOfficeMessage)},
                 {"phone_number", nullptr},
                 {"provider", nullptr},
                 {"messaging_service_sid", nullptr}});
    return json;
}

base::Json inboxReference(const InboxRow &inbox, const std::string &origin)
{
    return {{"id", inbox.inbox.number},
            {"name", inbox.inbox.name},
            {"avatar_url", avatarUrl(inbox, origin)},
            {"channel_id", inbox.inbox.number},
            {"provider", ""},
            {"channel_type", channelType(inbox)}};
}

} // namespace server::inboxes
