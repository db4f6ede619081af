#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace server::inboxes {

/// One weekday's opening, in the inbox's zone. Closing is later than opening: no shift crosses midnight.
struct WorkingDay {
    bool closedAllDay = false;
    bool openAllDay = false;
    int openMinute = 9 * 60; ///< of the day, 0–1439
    int closeMinute = 17 * 60;

    bool operator==(const WorkingDay &) const = default;
};

/// Sunday first. Monday to Friday nine to five, as long as nobody says otherwise.
using WorkingWeek = std::array<WorkingDay, 7>;
WorkingWeek usualWeek();

/// What an administrator sets for an inbox: a website chat, or the door of an outside program ("api").
struct WebsiteSettings {
    std::string websiteUrl;
    std::string welcomeTitle;
    std::string welcomeTagline;
    std::string widgetColor = "#5157E6";
    std::vector<std::string> allowedDomains;    ///< empty: every site may embed it
    std::string replyTime = "in_a_few_minutes"; ///< in_a_few_minutes, in_a_few_hours, in_a_day
    bool lockToSingleConversation =
        false; ///< a resolved conversation is reopened instead of making a new one
    bool greetingEnabled = false;
    std::string greetingMessage;
    bool hmacMandatory = false;
    bool attachments = true;
    bool emojiPicker = true;
    bool endConversation = true;
    bool useInboxAvatarForBot = false;
    bool allowMobileWebview = false;
    bool emailTranscript = false;
    bool enableEmailCollect = true;
    bool csatSurveyEnabled = false;
    std::string csatConfig = "{}"; ///< JSON object, see checkSettings()
    bool enableAutoAssignment = false;
    bool allowMessagesAfterResolved = true;
    bool continuityViaEmail = true;
    std::string senderNameType = "friendly"; ///< friendly, professional
    std::string timezone = "UTC";
    std::string businessName;
    bool preChatFormEnabled = false;
    std::string preChatForm = "{}"; ///< JSON object, see pre_chat_form.h
    bool workingHoursEnabled = false;
    WorkingWeek workingHours = usualWeek();
    std::string outOfOfficeMessage;
    bool consentRequired = false; ///< visitors agree before the first message
    std::string consentText;
    std::string consentUrl;
    bool linkPreviews = false;
    std::string webhookUrl;               ///< api: where events go
    std::string channelAttributes = "{}"; ///< api: JSON object

    bool operator==(const WebsiteSettings &) const = default;
};

/// For storage.
std::string encodedSettings(const WebsiteSettings &settings);
/// What is missing or broken is as by default.
WebsiteSettings decodedSettings(const std::string &text);

/// Invalid and the field's name for what an inbox cannot be.
base::Status checkSettings(const WebsiteSettings &settings);

/// The days as the REST API has them, Sunday first.
base::Json workingHoursJson(const WorkingWeek &week);
/// Changes the days that are given. Fails with Invalid ("working_hours").
base::Status readWorkingHours(const base::Json &days, WorkingWeek &week);

/// api: for how long after the customer's last message a reply may be written, in hours; 0: for ever.
std::int64_t replyWindowHours(const WebsiteSettings &settings);

} // namespace server::inboxes
