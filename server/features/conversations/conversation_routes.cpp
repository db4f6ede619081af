#include "server/features/conversations/conversation_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/conversations/conversation_filter.h"
#include "server/features/conversations/reply_window.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/protocol/filters/filter_codec.h"

#include <algorithm>

namespace server::conversations {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using domain::ConversationStatus;
using ports::HttpResponse;

constexpr std::int64_t pageSize = 25;
constexpr std::int64_t lastPage = 1'000'000;

base::Error invalid(const char *field)
{
    return {ErrorCode::Invalid, field};
}

std::int64_t pageOf(const ApiCall &call)
{
    return std::clamp<std::int64_t>(call.queryNumber("page", 1), 1, lastPage);
}

ConversationOrder orderOf(std::string_view name)
{
    using enum ConversationOrder;
    static constexpr std::pair<std::string_view, ConversationOrder> names[] = {
        {"last_activity_at_asc", LastActivityAscending}, {"created_at_asc", CreatedAscending},
        {"created_at_desc", CreatedDescending},          {"priority_asc", PriorityAscending},
        {"priority_desc", PriorityDescending},           {"waiting_since_asc", WaitingSinceAscending},
        {"waiting_since_desc", WaitingSinceDescending}};
    for (const auto &[key, order] : names)
        if (key == name)
            return order;
    return LastActivityDescending;
}

base::Result<ConversationFilter> filterOf(storage::Transaction &tx, const ApiCall &call)
{
    ConversationFilter filter;
    filter.assigneeNumber = call.actor.number;
    filter.text = call.request.queryValue("q");
    const auto status = call.request.queryValue("status");
    if (status != "all") {
        filter.status =
            status.empty() ? ConversationStatus::Open : domain::conversationStatusFromText(status);
        if (!filter.status)
            return invalid("status");
    }
    if (!call.request.queryValue("team_id").empty())
        filter.team = call.queryNumber("team_id", 0);
    for (const auto &[name, value] : call.request.query)
        if (!value.empty() && (name == "labels" || name == "labels[]"))
            filter.labels.push_back(base::lowered(value));
    const bool anyInbox = call.request.queryValue("inbox_id").empty();
    const auto only = call.queryNumber("inbox_id", 0);
    for (const auto &inbox : inboxes::InboxService::visible(tx, call.account, call.actor))
        if (anyInbox || only == inbox.inbox.number)
            filter.inboxes.push_back(inbox.inbox.number);
    return filter;
}

base::Status applyAssignee(std::string_view type, ConversationFilter &filter)
{
    using Assignee = ConversationFilter::Assignee;
    if (type.empty() || type == "all")
        filter.assignee = Assignee::Any;
    else if (type == "me")
        filter.assignee = Assignee::Of;
    else if (type == "unassigned")
        filter.assignee = Assignee::Nobody;
    else if (type == "assigned")
        filter.assignee = Assignee::Somebody;
    else
        return invalid("assignee_type");
    return base::Done{};
}

base::Json countsJson(const ConversationCounts &counts)
{
    return {{"mine_count", counts.mine},
            {"assigned_count", counts.assigned},
            {"unassigned_count", counts.unassigned},
            {"all_count", counts.all}};
}

struct Creation {
    NewConversation conversation;
    std::optional<std::int64_t> contact;
    std::optional<base::Timestamp> snoozedUntil;
    std::string message;
};

base::Result<Creation> readCreation(const base::Json &body)
{
    ApiFields fields{body};
    Creation creation;
    auto &conversation = creation.conversation;
    conversation.inbox = fields.integer("inbox_id").value_or(0);
    conversation.sourceId = fields.text("source_id").value_or("");
    conversation.assignee = fields.integer("assignee_id");
    conversation.team = fields.integer("team_id");
    conversation.additionalAttributes = fields.objectText("additional_attributes").value_or("{}");
    conversation.customAttributes = fields.objectText("custom_attributes").value_or("{}");
    creation.contact = fields.integer("contact_id");
    const auto message = fields.object("message");
    creation.message = base::textField(message, "content").value_or("");
    if (const auto until = fields.text("snoozed_until")) {
        creation.snoozedUntil = base::timeFromText(*until);
        if (!creation.snoozedUntil)
            return invalid("snoozed_until");
    }
    if (const auto text = fields.text("status")) {
        const auto status = domain::conversationStatusFromText(*text);
        if (!status)
            return invalid("status");
        conversation.status = *status;
    }
    if (const auto status = fields.status(); !status)
        return status.error();
    return creation;
}

// Either names the contact; the source id wins, as a contact may be known by several.
base::Status resolveContact(storage::Transaction &tx, Creation &creation)
{
    auto &conversation = creation.conversation;
    if (!conversation.sourceId.empty())
        if (const auto place =
                contacts::ContactStore{tx}.inboxBySource(conversation.inbox, conversation.sourceId)) {
            conversation.contact = place->contact;
            return base::Done{};
        }
    if (!creation.contact)
        return base::Error{ErrorCode::NotFound, "contact"};
    conversation.contact = *creation.contact;
    return base::Done{};
}

} // namespace

ConversationPresenter ConversationDoors::presenter(storage::Transaction &tx, const ApiCall &call) const
{
    return ConversationPresenter{{tx, ephemera, links, gate.clock().now(), gate.origin(call.request)},
                                 call.account,
                                 call.actor.number};
}

base::Result<ConversationRow> ConversationDoors::find(storage::Transaction &tx, const ApiCall &call,
                                                      std::string_view param)
{
    const auto display = call.number(param);
    if (!display || !ConversationStore{tx}.byDisplay(call.account, *display))
        return base::Error{ErrorCode::NotFound, "conversation"};
    return ConversationService::visible(tx, call.account, call.actor, *display);
}

void ConversationRoutes::add(ports::Router &router)
{
    const auto route = [&](const char *method, const std::string &path,
                           Answer (ConversationRoutes::*handler)(ApiCall &)) {
        m_doors.gate.inAccount(router, method, "/conversations" + path,
                               [this, handler](ApiCall &call) { return (this->*handler)(call); });
    };
    route("GET", "", &ConversationRoutes::list);
    route("POST", "", &ConversationRoutes::create);
    route("GET", "/meta", &ConversationRoutes::meta);
    route("POST", "/filter", &ConversationRoutes::filter);
    route("GET", "/{conversation_id}", &ConversationRoutes::show);
    route("PATCH", "/{conversation_id}", &ConversationRoutes::update);
    route("POST", "/{conversation_id}/toggle_status", &ConversationRoutes::toggleStatus);
    route("POST", "/{conversation_id}/toggle_priority", &ConversationRoutes::togglePriority);
    route("POST", "/{conversation_id}/assignments", &ConversationRoutes::assign);
    route("GET", "/{conversation_id}/labels", &ConversationRoutes::labels);
    route("POST", "/{conversation_id}/labels", &ConversationRoutes::setLabels);
    route("POST", "/{conversation_id}/custom_attributes", &ConversationRoutes::setCustomAttributes);
    route("POST", "/{conversation_id}/toggle_typing_status", &ConversationRoutes::toggleTyping);
    route("POST", "/{conversation_id}/update_last_seen", &ConversationRoutes::markSeen);
}

ConversationRoutes::Answer ConversationRoutes::list(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::Internal, {}};
    m_doors.gate.read([&](storage::Transaction &tx) {
        auto filter = filterOf(tx, call);
        const auto assignee =
            filter ? applyAssignee(call.request.queryValue("assignee_type"), *filter) : base::Done{};
        if (!filter || !assignee) {
            answer = filter ? assignee.error() : filter.error();
            return;
        }
        const ConversationStore store{tx};
        auto presenter = m_doors.presenter(tx, call);
        auto payload = base::Json::array();
        const auto order = orderOf(call.request.queryValue("sort_by"));
        for (const auto &row :
             store.list(call.account, *filter, order, (pageOf(call) - 1) * pageSize, pageSize))
            payload.push_back(presenter.conversation(row));
        answer = ports::jsonAnswer(
            {{"data",
              {{"meta", countsJson(store.counts(call.account, *filter))}, {"payload", std::move(payload)}}}});
    });
    return answer;
}

ConversationRoutes::Answer ConversationRoutes::meta(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::Internal, {}};
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto filter = filterOf(tx, call);
        if (filter)
            answer = ports::jsonAnswer(
                {{"meta", countsJson(ConversationStore{tx}.counts(call.account, *filter))}});
        else
            answer = filter.error();
    });
    return answer;
}

ConversationRoutes::Answer ConversationRoutes::filter(ApiCall &call)
{
    const auto wanted =
        protocol::filterFromJson(base::member(call.body(), "payload"), domain::FilterSubject::Conversation);
    if (!wanted)
        return wanted.error();
    base::Json json;
    m_doors.gate.read([&](storage::Transaction &tx) {
        MatchesWanted page{call.account,
                           {},
                           call.actor.number,
                           m_doors.gate.clock().now(),
                           static_cast<std::size_t>((pageOf(call) - 1) * pageSize),
                           pageSize};
        for (const auto &inbox : inboxes::InboxService::visible(tx, call.account, call.actor))
            page.inboxes.push_back(inbox.inbox.number);
        const auto found = matching(tx, *wanted, page);
        auto presenter = m_doors.presenter(tx, call);
        auto payload = base::Json::array();
        for (const auto &row : found.rows)
            payload.push_back(presenter.conversation(row));
        auto meta = countsJson(found.counts);
        meta["is_complete"] = found.isComplete;
        json = {{"data", {{"meta", std::move(meta)}, {"payload", std::move(payload)}}}};
    });
    return ports::jsonAnswer(json);
}

ConversationRoutes::Answer ConversationRoutes::create(ApiCall &call)
{
    auto creation = readCreation(call.body());
    if (!creation)
        return creation.error();
    return m_doors.gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        if (!inboxes::InboxStore{ctx.tx()}.find(ctx.account(), creation->conversation.inbox))
            return base::Error{ErrorCode::NotFound, "inbox"};
        if (const auto resolved = resolveContact(ctx.tx(), *creation); !resolved)
            return resolved.error();
        auto row = m_doors.conversations.create(ctx, creation->conversation);
        if (!row)
            return row.error();
        const auto id = row->conversation.id.value;
        if (!creation->message.empty()) {
            if (const auto open = checkReplyWindow(ctx.tx(), *row, ctx.now()); !open)
                return open.error();
            NewMessage message;
            message.body = creation->message;
            const auto posted = m_doors.conversations.post(ctx, id, message);
            if (!posted)
                return posted.error();
            row = posted->conversation;
        }
        if (creation->snoozedUntil)
            row = m_doors.conversations.snooze(ctx, id, *creation->snoozedUntil);
        if (!row)
            return row.error();
        return m_doors.presenter(ctx.tx(), call).conversation(*row);
    });
}

ConversationRoutes::Answer ConversationRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto row = ConversationDoors::find(tx, call);
        if (row)
            answer = ports::jsonAnswer(m_doors.presenter(tx, call).conversation(*row));
        else
            answer = row.error();
    });
    return answer;
}

ConversationRoutes::Answer ConversationRoutes::update(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto name = fields.text("priority");
    const auto priority = name ? domain::priorityFromText(*name) : std::nullopt;
    if (name && !priority)
        return invalid("priority");
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) -> base::Result<ConversationRow> {
            if (!priority)
                return row;
            return m_doors.conversations.setPriority(ctx, row.conversation.id.value, *priority);
        },
        [](ConversationPresenter &presenter, const ConversationRow &row) {
            return presenter.conversation(row);
        });
}

ConversationRoutes::Answer ConversationRoutes::toggleStatus(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto name = fields.text("status");
    const auto wanted = name ? domain::conversationStatusFromText(*name) : std::nullopt;
    if (name && !wanted)
        return invalid("status");
    const auto untilText = fields.text("snoozed_until");
    const auto until = untilText ? base::timeFromText(*untilText) : std::nullopt;
    if ((untilText && !until) || !fields.status())
        return invalid("snoozed_until");
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) {
            const bool isOpen = row.conversation.status == ConversationStatus::Open;
            const auto to = wanted.value_or(isOpen ? ConversationStatus::Resolved : ConversationStatus::Open);
            const auto &id = row.conversation.id.value;
            return to == ConversationStatus::Snoozed && until ? m_doors.conversations.snooze(ctx, id, *until)
                                                              : m_doors.conversations.setStatus(ctx, id, to);
        },
        [](ConversationPresenter &, const ConversationRow &row) -> base::Json {
            const auto &c = row.conversation;
            return {{"meta", base::Json::object()},
                    {"payload",
                     {{"success", true},
                      {"conversation_id", c.number},
                      {"current_status", toText(c.status)},
                      {"snoozed_until",
                       c.snoozedUntil ? base::Json(accounts::unixTime(*c.snoozedUntil)) : base::Json()}}}};
        });
}

ConversationRoutes::Answer ConversationRoutes::setCustomAttributes(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto attributes = fields.object("custom_attributes");
    if (!attributes.is_object())
        return invalid("custom_attributes");
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) {
            return m_doors.conversations.setCustomAttributes(ctx, row.conversation.id.value,
                                                             base::toText(attributes));
        },
        [&](ConversationPresenter &, const ConversationRow &) -> base::Json {
            return {{"custom_attributes", attributes}};
        });
}

ConversationRoutes::Answer ConversationRoutes::toggleTyping(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto typing = fields.text("typing_status");
    const bool isPrivate = fields.flag("is_private").value_or(false);
    if (!fields.status() || (typing != "on" && typing != "off"))
        return invalid("typing_status");
    base::Result<ConversationRow> row = base::Error{ErrorCode::NotFound, {}};
    std::string name;
    m_doors.gate.read([&](storage::Transaction &tx) {
        row = ConversationDoors::find(tx, call);
        const auto member = accounts::UserStore{tx}.member(call.account, call.actor.number);
        name = member ? member->user.name : std::string{};
    });
    if (!row)
        return row.error();
    m_doors.ephemera.publish({sync::EphemeralEvent::Kind::Composing, call.account, row->conversation.id.value,
                              true, call.actor.id, name, typing == "on", isPrivate});
    return HttpResponse{};
}

ConversationRoutes::Answer ConversationRoutes::markSeen(ApiCall &call)
{
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) -> base::Result<ConversationRow> {
            const auto &c = row.conversation;
            if (const auto status = m_doors.conversations.markRead(ctx, c.id.value, c.lastN); !status)
                return status.error();
            return row;
        },
        [](ConversationPresenter &presenter, const ConversationRow &row) {
            return presenter.conversation(row);
        });
}

ConversationRoutes::Answer ConversationRoutes::change(ApiCall &call, const Change &change, const Shown &shown)
{
    base::Json json;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = ConversationDoors::find(ctx.tx(), call);
        if (!row)
            return row.error();
        const auto changed = change(ctx, *row);
        if (!changed)
            return changed.error();
        auto presenter = m_doors.presenter(ctx.tx(), call);
        if (shown)
            json = shown(presenter, *changed);
        return base::Done{};
    });
    if (!status)
        return status.error();
    return shown ? ports::jsonAnswer(json) : HttpResponse{};
}

} // namespace server::conversations
