#include "server/features/webwidget/widget_config.h"

#include "server/features/accounts/user_store.h"
#include "server/features/inboxes/inbox_avatar.h"
#include "server/features/inboxes/pre_chat_form.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::webwidget {

namespace {

using Target = inboxes::PreChatForm::Target;

constexpr std::size_t mostShown = 4;
constexpr std::size_t mostLooked = 50; // members of large inboxes
constexpr std::int64_t bodyLimit = 2000;
constexpr std::size_t maxPageBytes = 400;

base::Json featuresOf(const inboxes::WebsiteSettings &settings)
{
    auto features = base::Json::array();
    for (const auto &[isOn, name] :
         {std::pair{settings.attachments, "attachments"}, std::pair{settings.emojiPicker, "emoji"},
          std::pair{settings.endConversation, "end_conversation"},
          std::pair{settings.csatSurveyEnabled, "csat"}, std::pair{settings.emailTranscript, "transcript"}})
        if (isOn)
            features.push_back(name);
    return features;
}

base::Json teasersJson(const std::vector<CampaignTeaser> &teasers)
{
    auto all = base::Json::array();
    for (const auto &teaser : teasers)
        all.push_back(
            {{"id", std::to_string(teaser.number)},
             {"message", teaser.message},
             {"sender",
              {{"name", teaser.senderName},
               {"avatar", teaser.senderAvatar.empty() ? base::Json() : base::Json(teaser.senderAvatar)}}},
             {"trigger_rules", {{"url", teaser.url}, {"time_on_page", teaser.secondsOnPage}}}});
    return all;
}

base::Json formOf(const inboxes::WebsiteSettings &settings)
{
    const auto form = inboxes::PreChatForm::fromText(settings.preChatForm);
    return form ? form->toJson() : base::Json::object();
}

bool isKnown(const inboxes::PreChatForm::Field &field, const contacts::ContactRow &row)
{
    switch (field.target) {
    case Target::Email:
        return !row.contact.email.empty();
    case Target::Phone:
        return !row.contact.phone.empty();
    case Target::Name:
        return row.contact.name != contacts::friendlyName(row.contact.id.value);
    case Target::Contact: {
        const auto own = base::parseJson(row.customAttributes);
        return own && own->contains(field.name);
    }
    case Target::Conversation:
        break;
    }
    return false;
}

} // namespace

base::Json configJson(storage::Transaction &tx, const inboxes::InboxRow &inbox,
                      const CampaignSource &campaigns)
{
    const auto &settings = inbox.settings;
    const auto account = accounts::UserStore{tx}.account(inbox.account);
    return {{"site", settings.businessName.empty() ? inbox.inbox.name : settings.businessName},
            {"website_token", inbox.websiteToken},
            {"avatar_url", inbox.avatar.empty() ? base::Json() : base::Json(inboxes::avatarPath(inbox))},
            {"welcome_title", settings.welcomeTitle},
            {"welcome_tagline", settings.welcomeTagline},
            {"widget_color", settings.widgetColor},
            {"color", settings.widgetColor},
            {"reply_time", settings.replyTime},
            {"greeting_enabled", settings.greetingEnabled},
            {"greeting_message", settings.greetingMessage},
            {"locale", account ? account->account.locale : std::string{"en"}},
            {"pre_chat_form_enabled", settings.preChatFormEnabled},
            {"pre_chat_form_options", formOf(settings)},
            {"features", featuresOf(settings)},
            {"consent",
             {{"required", settings.consentRequired},
              {"text", settings.consentText},
              {"url", settings.consentUrl}}},
            {"link_previews", settings.linkPreviews},
            {"campaigns", teasersJson(campaigns ? campaigns(tx, inbox) : std::vector<CampaignTeaser>{})},
            {"limits", {{"body", bodyLimit}, {"upload", protocol::maxUploadBytes}}}};
}

base::Json teamJson(storage::Transaction &tx, const sync::Ephemera &ephemera, const inboxes::InboxRow &inbox)
{
    const accounts::UserStore users{tx};
    std::vector<std::string> there;
    std::vector<std::string> others;
    auto numbers = inboxes::InboxStore{tx}.memberNumbers(inbox.inbox.number);
    numbers.resize(std::min(numbers.size(), mostLooked));
    for (const auto number : numbers) {
        const auto member = users.member(inbox.account, number);
        if (!member || !member->user.active)
            continue;
        const bool isThere = ephemera.isOnline(inbox.account, true, member->user.id.value) &&
                             member->availability == accounts::Availability::Online;
        (isThere ? there : others)
            .push_back(member->displayName.empty() ? member->user.name : member->displayName);
    }
    there.insert(there.end(), others.begin(), others.end());
    auto team = base::Json::array();
    for (std::size_t i = 0; i < std::min(there.size(), mostShown); ++i)
        team.push_back({{"name", there[i]}, {"avatar", nullptr}});
    return team;
}

base::Json visitorJson(const Ticket &ticket, const inboxes::InboxRow &inbox,
                       const std::optional<contacts::ContactRow> &contact, bool isVerified)
{
    const auto text = [](const std::string &value) {
        return value.empty() ? base::Json() : base::Json(value);
    };
    const auto known = contact ? contact->contact : domain::Contact{};
    return {{"id", ticket.visitor.text()},
            {"name", contact ? known.name : contacts::friendlyName(ticket.visitor)},
            {"email", text(known.email)},
            {"phone_number", text(known.phone)},
            {"identifier", text(known.identifier)},
            {"verified", isVerified},
            {"known", knownFields(inbox, contact)}};
}

std::string pageAddress(std::string url)
{
    url = base::cleaned(url.substr(0, url.find_first_of("?#")));
    const bool isWeb = url.starts_with("http://") || url.starts_with("https://");
    return isWeb && base::isUtf8(url) && url.size() <= maxPageBytes ? url : std::string{};
}

std::vector<std::string> knownFields(const inboxes::InboxRow &inbox,
                                     const std::optional<contacts::ContactRow> &contact)
{
    std::vector<std::string> known;
    const auto form = inboxes::PreChatForm::fromText(inbox.settings.preChatForm);
    if (!form || !contact)
        return known;
    for (const auto &field : form->fields())
        if (isKnown(field, *contact))
            known.push_back(field.name);
    return known;
}

} // namespace server::webwidget
