#include "server/features/inboxes/inbox_settings.h"

#include "server/features/inboxes/pre_chat_form.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::inboxes {

namespace {

constexpr std::size_t maxName = 255;
constexpr std::size_t maxText = 1000;
constexpr std::size_t maxUrl = 2048;
constexpr std::size_t maxLongText = 10'000;
constexpr std::size_t maxDomains = 100;
constexpr std::size_t maxJson = 16 << 10;
constexpr int minutesPerDay = 24 * 60;

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

bool isText(const std::string &text, std::size_t most)
{
    return base::isUtf8(text) && base::length(text) <= most;
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

bool isColor(const std::string &text)
{
    return text.size() == 7 && text.front() == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

/// "example.com", "*.example.com", or either with a port; nothing that could end the header it goes into.
bool isDomain(const std::string &text)
{
    return !text.empty() && text.size() <= 255 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*:/_[]") ==
               std::string::npos;
}

bool isWebUrl(const std::string &text)
{
    return text.empty() ||
           ((text.starts_with("https://") || text.starts_with("http://")) && text.size() <= maxUrl &&
            base::isUtf8(text) && text.find_first_of(" \t\r\n\"<>\\") == std::string::npos);
}

base::Result<base::Json> objectOf(const std::string &text, const char *field)
{
    auto json = base::parseJson(text, {maxJson, 8});
    if (!json || !json->is_object())
        return invalid(field);
    return json;
}

base::Status checkCsat(const std::string &text)
{
    const auto json = objectOf(text, "csat_config");
    if (!json)
        return json.error();
    const auto display = base::textField(*json, "display_type").value_or("emoji");
    const auto message = base::textField(*json, "message").value_or("");
    if (!isOneOf(display, {"emoji", "star"}) || !isText(message, maxText))
        return invalid("csat_config");
    const auto &rules = base::member(*json, "survey_rules");
    const auto rule = base::textField(rules, "operator").value_or("contains");
    if (!isOneOf(rule, {"contains", "does_not_contain"}))
        return invalid("csat_config");
    return base::Done{};
}

bool isDay(const WorkingDay &day)
{
    const auto isMinute = [](int minute) { return minute >= 0 && minute < minutesPerDay; };
    return isMinute(day.openMinute) && isMinute(day.closeMinute) &&
           (day.closedAllDay || day.openAllDay || day.openMinute < day.closeMinute);
}

/// The one list of settings' keys, walked by reading and writing.
template <class Settings, class Visit>
void walk(Settings &settings, Visit &&visit)
{
    visit("website_url", settings.websiteUrl);
    visit("welcome_title", settings.welcomeTitle);
    visit("welcome_tagline", settings.welcomeTagline);
    visit("widget_color", settings.widgetColor);
    visit("allowed_domains", settings.allowedDomains);
    visit("reply_time", settings.replyTime);
    visit("lock_to_single_conversation", settings.lockToSingleConversation);
    visit("greeting_enabled", settings.greetingEnabled);
    visit("greeting_message", settings.greetingMessage);
    visit("hmac_mandatory", settings.hmacMandatory);
    visit("attachments", settings.attachments);
    visit("emoji_picker", settings.emojiPicker);
    visit("end_conversation", settings.endConversation);
    visit("use_inbox_avatar_for_bot", settings.useInboxAvatarForBot);
    visit("allow_mobile_webview", settings.allowMobileWebview);
    visit("email_transcript", settings.emailTranscript);
    visit("enable_email_collect", settings.enableEmailCollect);
    visit("csat_survey_enabled", settings.csatSurveyEnabled);
    visit("csat_config", settings.csatConfig);
    visit("enable_auto_assignment", settings.enableAutoAssignment);
    visit("allow_messages_after_resolved", settings.allowMessagesAfterResolved);
    visit("continuity_via_email", settings.continuityViaEmail);
    visit("sender_name_type", settings.senderNameType);
    visit("timezone", settings.timezone);
    visit("business_name", settings.businessName);
    visit("pre_chat_form_enabled", settings.preChatFormEnabled);
    visit("pre_chat_form_options", settings.preChatForm);
    visit("working_hours_enabled", settings.workingHoursEnabled);
    visit("working_hours", settings.workingHours);
    visit("out_of_office_message", settings.outOfOfficeMessage);
    visit("consent_required", settings.consentRequired);
    visit("consent_text", settings.consentText);
    visit("consent_url", settings.consentUrl);
    visit("link_previews", settings.linkPreviews);
    visit("webhook_url", settings.webhookUrl);
    visit("additional_attributes", settings.channelAttributes);
}

struct Encode {
    base::Json &json;

    template <class Value>
    void operator()(const char *key, const Value &value) const
    {
        json[key] = value;
    }
    void operator()(const char *key, const WorkingWeek &week) const { json[key] = workingHoursJson(week); }
};

struct Decode {
    const base::Json &json;

    void operator()(const char *key, std::string &value) const
    {
        value = base::textField(json, key).value_or(value);
    }
    void operator()(const char *key, bool &value) const
    {
        value = base::flagField(json, key).value_or(value);
    }
    void operator()(const char *key, std::vector<std::string> &value) const
    {
        for (const auto &item : base::member(json, key))
            if (item.is_string())
                value.push_back(item.get<std::string>());
    }
    void operator()(const char *key, WorkingWeek &week) const
    {
        (void)readWorkingHours(base::member(json, key), week);
    }
};

} // namespace

WorkingWeek usualWeek()
{
    WorkingWeek week;
    week.front().closedAllDay = week.back().closedAllDay = true;
    return week;
}

std::string encodedSettings(const WebsiteSettings &settings)
{
    auto json = base::Json::object();
    walk(settings, Encode{json});
    return base::toText(json);
}

WebsiteSettings decodedSettings(const std::string &text)
{
    WebsiteSettings settings;
    if (const auto json = base::parseJson(text); json && json->is_object())
        walk(settings, Decode{*json});
    return settings;
}

base::Status checkSettings(const WebsiteSettings &settings)
{
    struct Text {
        const std::string &text;
        const char *field;
        std::size_t most;
    };
    for (const auto &[text, field, most] :
         {Text{settings.websiteUrl, "website_url", maxText},
          Text{settings.welcomeTitle, "welcome_title", maxText},
          Text{settings.welcomeTagline, "welcome_tagline", maxText},
          Text{settings.greetingMessage, "greeting_message", maxLongText},
          Text{settings.outOfOfficeMessage, "out_of_office_message", maxLongText},
          Text{settings.businessName, "business_name", maxName},
          Text{settings.consentText, "consent_text", maxText}, Text{settings.timezone, "timezone", 64}})
        if (!isText(text, most))
            return invalid(field);
    if (!isColor(settings.widgetColor))
        return invalid("widget_color");
    if (!isOneOf(settings.replyTime, {"in_a_few_minutes", "in_a_few_hours", "in_a_day"}))
        return invalid("reply_time");
    if (!isOneOf(settings.senderNameType, {"friendly", "professional"}))
        return invalid("sender_name_type");
    if (settings.allowedDomains.size() > maxDomains ||
        !std::all_of(settings.allowedDomains.begin(), settings.allowedDomains.end(), isDomain))
        return invalid("allowed_domains");
    if (!isWebUrl(settings.consentUrl))
        return invalid("consent_url");
    if (!isWebUrl(settings.webhookUrl))
        return invalid("webhook_url");
    if (!std::all_of(settings.workingHours.begin(), settings.workingHours.end(), isDay))
        return invalid("working_hours");
    if (const auto fine = objectOf(settings.channelAttributes, "additional_attributes"); !fine)
        return fine.error();
    if (const auto fine = checkCsat(settings.csatConfig); !fine)
        return fine;
    const auto form = PreChatForm::fromText(settings.preChatForm);
    return form ? base::Status{base::Done{}} : base::Status{form.error()};
}

base::Json workingHoursJson(const WorkingWeek &week)
{
    auto days = base::Json::array();
    for (std::size_t i = 0; i < week.size(); ++i) {
        const auto &day = week[i];
        const auto shown = [&](int value) { return day.closedAllDay ? base::Json() : base::Json(value); };
        days.push_back({{"day_of_week", i},
                        {"closed_all_day", day.closedAllDay},
                        {"open_all_day", day.openAllDay},
                        {"open_hour", shown(day.openMinute / 60)},
                        {"open_minutes", shown(day.openMinute % 60)},
                        {"close_hour", shown(day.closeMinute / 60)},
                        {"close_minutes", shown(day.closeMinute % 60)}});
    }
    return days;
}

base::Status readWorkingHours(const base::Json &days, WorkingWeek &week)
{
    if (days.is_null())
        return base::Done{};
    if (!days.is_array() || days.size() > week.size())
        return invalid("working_hours");
    for (const auto &item : days) {
        const auto number = base::integerField(item, "day_of_week").value_or(-1);
        if (number < 0 || number > 6)
            return invalid("working_hours");
        WorkingDay day;
        day.closedAllDay = base::flagField(item, "closed_all_day").value_or(false);
        day.openAllDay = base::flagField(item, "open_all_day").value_or(false);
        const auto minute = [&](const char *hour, const char *minutes, int otherwise) {
            const auto h = base::integerField(item, hour);
            const auto m = base::integerField(item, minutes).value_or(0);
            if (!h)
                return otherwise;
            const bool fits = *h >= 0 && *h < 24 && m >= 0 && m < 60;
            return fits ? static_cast<int>(*h * 60 + m) : -1;
        };
        day.openMinute = minute("open_hour", "open_minutes", day.openMinute);
        day.closeMinute = minute("close_hour", "close_minutes", day.closeMinute);
        if (!isDay(day))
            return invalid("working_hours");
        week[static_cast<std::size_t>(number)] = day;
    }
    return base::Done{};
}

std::int64_t replyWindowHours(const WebsiteSettings &settings)
{
    const auto json = base::parseJson(settings.channelAttributes);
    if (!json)
        return 0;
    const auto &value = base::member(*json, "agent_reply_time_window");
    const auto hours = value.is_string() ? base::wholeNumber(value.get_ref<const std::string &>())
                                         : base::integerField(*json, "agent_reply_time_window");
    return std::clamp<std::int64_t>(hours.value_or(0), 0, 24 * 365);
}

} // namespace server::inboxes
