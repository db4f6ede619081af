#include "server/features/inboxes/inbox_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::inboxes {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

template <class T>
void take(std::optional<T> value, T &into)
{
    if (value)
        into = std::move(*value);
}

// "acme.com, *.acme.org": one host pattern each, as given.
std::vector<std::string> domainList(std::string_view text)
{
    std::vector<std::string> domains;
    while (!text.empty()) {
        const auto end = text.find_first_of(",; \n");
        const auto item = base::trimmed(text.substr(0, end));
        if (!item.empty())
            domains.emplace_back(item);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return domains;
}

void readFlags(ApiFields &channel, WebsiteSettings &settings)
{
    if (!channel.has("selected_feature_flags"))
        return;
    const auto flags = channel.texts("selected_feature_flags");
    const auto isOn = [&](const char *name) {
        return std::find(flags.begin(), flags.end(), name) != flags.end();
    };
    settings.attachments = isOn("attachments");
    settings.emojiPicker = isOn("emoji_picker");
    settings.endConversation = isOn("end_conversation");
    settings.useInboxAvatarForBot = isOn("use_inbox_avatar_for_bot");
    settings.allowMobileWebview = isOn("allow_mobile_webview");
    settings.emailTranscript = isOn("email_transcript");
}

base::Status readChannel(const base::Json &given, WebsiteSettings &settings)
{
    ApiFields channel{given};
    take(channel.text("website_url"), settings.websiteUrl);
    take(channel.text("welcome_title"), settings.welcomeTitle);
    take(channel.text("welcome_tagline"), settings.welcomeTagline);
    take(channel.text("widget_color"), settings.widgetColor);
    take(channel.text("reply_time"), settings.replyTime);
    take(channel.flag("hmac_mandatory"), settings.hmacMandatory);
    take(channel.flag("continuity_via_email"), settings.continuityViaEmail);
    take(channel.flag("pre_chat_form_enabled"), settings.preChatFormEnabled);
    take(channel.objectText("pre_chat_form_options"), settings.preChatForm);
    take(channel.flag("consent_required"), settings.consentRequired);
    take(channel.text("consent_text"), settings.consentText);
    take(channel.text("consent_url"), settings.consentUrl);
    take(channel.flag("link_previews"), settings.linkPreviews);
    take(channel.text("webhook_url"), settings.webhookUrl);
    take(channel.objectText("additional_attributes"), settings.channelAttributes);
    if (base::member(given, "allowed_domains").is_array()) // as this server tells them
        settings.allowedDomains = channel.texts("allowed_domains");
    else if (const auto domains = channel.text("allowed_domains"))
        settings.allowedDomains = domainList(*domains);
    readFlags(channel, settings);
    return channel.status();
}

} // namespace

void InboxRoutes::add(ports::Router &router)
{
    using Who = accounts::ApiGate::Who;
    m_gate.inAccount(router, "GET", "/inboxes", [this](ApiCall &call) { return list(call); });
    m_gate.inAccount(
        router, "POST", "/inboxes", [this](ApiCall &call) { return create(call); }, Who::Administrator);
    m_gate.inAccount(router, "GET", "/inboxes/{id}", [this](ApiCall &call) { return show(call); });
    m_gate.inAccount(
        router, "PATCH", "/inboxes/{id}", [this](ApiCall &call) { return change(call); }, Who::Administrator);
    m_gate.inAccount(router, "GET", "/inbox_members/{inbox_id}",
                     [this](ApiCall &call) { return members(call); });
    m_gate.inAccount(
        router, "POST", "/inbox_members", [this](ApiCall &call) { return changeMembers(call, Members::Add); },
        Who::Administrator);
    m_gate.inAccount(
        router, "PATCH", "/inbox_members",
        [this](ApiCall &call) { return changeMembers(call, Members::Set); }, Who::Administrator);
    m_gate.inAccount(
        router, "DELETE", "/inbox_members",
        [this](ApiCall &call) { return changeMembers(call, Members::Remove); }, Who::Administrator);
}

base::Status InboxRoutes::readSettings(const base::Json &body, WebsiteSettings &settings) const
{
    ApiFields fields{body};
    take(fields.flag("greeting_enabled"), settings.greetingEnabled);
    take(fields.text("greeting_message"), settings.greetingMessage);
    take(fields.flag("lock_to_single_conversation"), settings.lockToSingleConversation);
    take(fields.flag("enable_email_collect"), settings.enableEmailCollect);
    take(fields.flag("csat_survey_enabled"), settings.csatSurveyEnabled);
    take(fields.flag("enable_auto_assignment"), settings.enableAutoAssignment);
    take(fields.flag("allow_messages_after_resolved"), settings.allowMessagesAfterResolved);
    take(fields.flag("working_hours_enabled"), settings.workingHoursEnabled);
    take(fields.text("out_of_office_message"), settings.outOfOfficeMessage);
    take(fields.text("sender_name_type"), settings.senderNameType);
    take(fields.objectText("csat_config"), settings.csatConfig);
    if (const auto zone = fields.text("timezone")) {
        if (!m_zones.offset(m_gate.clock().now(), *zone))
            return base::Error{ErrorCode::Invalid, "timezone"};
        settings.timezone = *zone;
    }
    take(fields.text("business_name"), settings.businessName);
    const auto channel = fields.object("channel");
    if (const auto status = fields.status(); !status)
        return status;
    if (const auto read = readWorkingHours(base::member(body, "working_hours"), settings.workingHours); !read)
        return read;
    return channel.is_null() ? base::Status{base::Done{}} : readChannel(channel, settings);
}

InboxRoutes::Answer InboxRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &inbox : InboxService::visible(tx, call.account, call.actor))
            payload.push_back(jsonOf(call, inbox));
    });
    return ports::jsonAnswer({{"payload", std::move(payload)}});
}

InboxRoutes::Answer InboxRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    const auto number = call.number("id");
    m_gate.read([&](storage::Transaction &tx) {
        const auto inbox = number ? InboxStore{tx}.find(call.account, *number) : std::nullopt;
        if (!inbox)
            return;
        if (InboxService::sees(tx, call.account, call.actor, *number))
            answer = ports::jsonAnswer(jsonOf(call, *inbox));
        else
            answer = base::Error{ErrorCode::Forbidden, {}};
    });
    return answer;
}

InboxRoutes::Answer InboxRoutes::create(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto name = fields.text("name").value_or("");
    const auto type = base::textField(fields.object("channel"), "type").value_or("");
    if (type != "web_widget" && type != "api")
        return base::Error{ErrorCode::Invalid, "channel.type"};
    WebsiteSettings settings;
    if (const auto status = readSettings(call.body(), settings); !status)
        return status.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto inbox = type == "api" ? m_service.createApi(ctx, name, settings)
                                         : m_service.createWebsite(ctx, name, settings);
        if (!inbox)
            return inbox.error();
        return jsonOf(call, *inbox);
    });
}

InboxRoutes::Answer InboxRoutes::change(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    ApiFields fields{call.body()};
    InboxChanges changes{fields.text("name"), std::nullopt};
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto current = InboxStore{ctx.tx()}.find(ctx.account(), *number);
        if (!current)
            return base::Error{ErrorCode::NotFound, {}};
        changes.settings = current->settings;
        if (const auto read = readSettings(call.body(), *changes.settings); !read)
            return read.error();
        const auto inbox = m_service.change(ctx, *number, changes);
        if (!inbox)
            return inbox.error();
        return jsonOf(call, *inbox);
    });
}

// Secrets are the administrators' to see.
base::Json InboxRoutes::jsonOf(const ApiCall &call, const InboxRow &inbox) const
{
    auto json = inboxJson(inbox, m_gate.origin(call.request));
    if (!call.actor.administrator)
        return json;
    json["hmac_token"] = m_service.hmacSecret(inbox);
    if (inbox.inbox.channel == "api")
        json["secret"] = m_service.webhookSecret(inbox);
    return json;
}

InboxRoutes::Answer InboxRoutes::members(ApiCall &call)
{
    const auto number = call.number("inbox_id");
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    if (!number)
        return answer;
    bool exists = false;
    bool isSeen = false;
    m_gate.read([&](storage::Transaction &tx) {
        exists = InboxStore{tx}.find(call.account, *number).has_value();
        isSeen = exists && InboxService::sees(tx, call.account, call.actor, *number);
    });
    if (!isSeen)
        return exists ? base::Error{ErrorCode::Forbidden, {}} : answer.error();
    return membersAnswer(call, *number);
}

InboxRoutes::Answer InboxRoutes::changeMembers(ApiCall &call, Members how)
{
    ApiFields fields{call.body()};
    const auto inbox = fields.integer("inbox_id");
    const auto users = fields.integers("user_ids");
    if (const auto status = fields.status(); !status)
        return status.error();
    if (!inbox)
        return base::Error{ErrorCode::NotFound, {}};
    if (!fields.has("user_ids") || users.size() > 1000)
        return base::Error{ErrorCode::Invalid, "user_ids"};
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) {
        switch (how) {
        case Members::Add:
            return m_service.addMembers(ctx, *inbox, users);
        case Members::Set:
            return m_service.setMembers(ctx, *inbox, users);
        case Members::Remove:
            return m_service.removeMembers(ctx, *inbox, users);
        }
        return base::Status{base::Error{ErrorCode::Internal, {}}};
    });
    if (!status)
        return status.error();
    return how == Members::Remove ? Answer{HttpResponse{}} : membersAnswer(call, *inbox);
}

InboxRoutes::Answer InboxRoutes::membersAnswer(const ApiCall &call, std::int64_t inbox)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &member : m_service.members(tx, call.account, inbox))
            payload.push_back(accounts::agentJson(member, call.account, m_gate.ephemera()));
    });
    return ports::jsonAnswer({{"payload", std::move(payload)}});
}

} // namespace server::inboxes
