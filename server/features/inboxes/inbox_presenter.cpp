#include "server/features/inboxes/inbox_presenter.h"

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

base::Json inboxJson(const InboxRow &inbox, const std::string &origin)
{
    const auto &settings = inbox.settings;
    auto features = base::Json::array();
    if (settings.attachments)
        features.push_back("attachments");
    if (settings.emojiPicker)
        features.push_back("emoji_picker");
    return {{"id", inbox.inbox.number},
            {"name", inbox.inbox.name},
            {"channel_id", inbox.inbox.number},
            {"channel_type", channelType(inbox)},
            {"avatar_url", ""},
            {"website_url", settings.websiteUrl},
            {"website_token", inbox.websiteToken},
            {"web_widget_script", widgetScript(inbox, origin)},
            {"welcome_title", settings.welcomeTitle},
            {"welcome_tagline", settings.welcomeTagline},
            {"widget_color", settings.widgetColor},
            {"allowed_domains", settings.allowedDomains},
            {"reply_time", settings.replyTime},
            {"selected_feature_flags", std::move(features)},
            {"greeting_enabled", settings.greetingEnabled},
            {"greeting_message", settings.greetingMessage},
            {"hmac_mandatory", settings.hmacMandatory},
            {"enable_auto_assignment", settings.enableAutoAssignment},
            {"auto_assignment_config", base::Json::object()},
            {"enable_email_collect", settings.enableEmailCollect},
            {"csat_survey_enabled", settings.csatSurveyEnabled},
            {"allow_messages_after_resolved", settings.allowMessagesAfterResolved},
            {"lock_to_single_conversation", settings.lockToSingleConversation},
            {"sender_name_type", "friendly"},
            {"business_name", settings.businessName},
            {"timezone", settings.timezone},
            {"working_hours_enabled", false},
            {"working_hours", base::Json::array()},
            {"out_of_office_message", nullptr},
            {"callback_webhook_url", nullptr},
            {"phone_number", nullptr},
            {"provider", nullptr},
            {"messaging_service_sid", nullptr}};
}

base::Json inboxReference(const InboxRow &inbox)
{
    return {{"id", inbox.inbox.number}, {"name", inbox.inbox.name},
            {"avatar_url", ""},         {"channel_id", inbox.inbox.number},
            {"provider", ""},           {"channel_type", channelType(inbox)}};
}

} // namespace server::inboxes
