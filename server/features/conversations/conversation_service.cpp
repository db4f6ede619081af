#include "server/features/conversations/conversation_service.h"

#include "server/features/accounts/user_store.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/delivery_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/teams/team_store.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/domain/conversations/conversation_rules.h"

#include <algorithm>

namespace server::conversations {

namespace {

constexpr std::size_t maxAttributes = 64 << 10;
constexpr std::size_t maxEcho = 255;

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

bool isObject(const std::string &text)
{
    const auto json = base::parseJson(text, {maxAttributes, 16});
    return json && json->is_object();
}

/// An active user of the account who sees the inbox.
std::optional<accounts::MemberRow> agentOf(sync::WriteContext &ctx, std::int64_t inbox,
                                           const std::optional<accounts::MemberRow> &member)
{
    if (!member || !member->user.active)
        return std::nullopt;
    sync::Actor agent;
    agent.kind = sync::Actor::Kind::User;
    agent.number = member->user.number;
    return inboxes::InboxService::sees(ctx.tx(), ctx.account(), agent, inbox) ? member : std::nullopt;
}

bool isReply(const domain::Message &message)
{
    return message.kind == domain::MessageKind::Public &&
           message.direction == domain::MessageDirection::Outgoing;
}

std::string assigneeDetail(sync::WriteContext &ctx, const domain::Conversation &conversation)
{
    base::Json detail{{"assignee", nullptr}};
    if (conversation.assignee) {
        detail["assignee"] = conversation.assignee->text();
        if (const auto who =
                accounts::UserStore{ctx.tx()}.member(ctx.account(), conversation.assignee->value))
            detail["name"] = who->user.name;
    }
    return base::toText(detail);
}

} // namespace

base::Result<ConversationRow> ConversationService::visible(storage::Transaction &tx,
                                                           sync::AccountNumber account,
                                                           const sync::Actor &actor, const base::Uuid &id)
{
    const base::Error hidden{base::ErrorCode::NotVisible, {}};
    auto row = ConversationStore{tx}.find(account, id);
    if (!row)
        return hidden;
    const bool theirs =
        actor.kind == sync::Actor::Kind::Contact && row->conversation.contact.value == actor.id;
    if (!theirs && !inboxes::InboxService::sees(tx, account, actor, row->inbox))
        return hidden;
    return *row;
}

base::Result<ConversationRow> ConversationService::visible(storage::Transaction &tx,
                                                           sync::AccountNumber account,
                                                           const sync::Actor &actor, std::int64_t display)
{
    const auto row = ConversationStore{tx}.byDisplay(account, display);
    if (!row)
        return base::Error{base::ErrorCode::NotVisible, {}};
    return visible(tx, account, actor, row->conversation.id.value);
}

base::Result<ConversationRow> ConversationService::create(sync::WriteContext &ctx,
                                                          const NewConversation &request)
{
    const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ctx.account(), request.inbox);
    if (!inbox || !inboxes::InboxService::sees(ctx.tx(), ctx.account(), ctx.actor(), request.inbox))
        return base::Error{base::ErrorCode::NotVisible, "inbox"};
    contacts::ContactStore contacts{ctx.tx()};
    const auto contact = contacts.find(ctx.account(), request.contact);
    if (!contact)
        return base::Error{base::ErrorCode::NotFound, "contact"};
    if (!isObject(request.additionalAttributes) || !isObject(request.customAttributes))
        return invalid("attributes");

    ConversationRow row;
    auto &conversation = row.conversation;
    if (request.assignee) {
        const auto agent = agentOf(ctx, request.inbox,
                                   accounts::UserStore{ctx.tx()}.member(ctx.account(), *request.assignee));
        if (!agent)
            return invalid("assignee_id");
        row.assignee = agent->user.number;
        conversation.assignee = agent->user.id;
    }
    if (request.team) {
        const auto team = teams::TeamStore{ctx.tx()}.find(ctx.account(), *request.team);
        if (!team)
            return invalid("team_id");
        row.team = team->team.number;
        conversation.team = team->team.id;
    }
    const auto places = contacts.inboxesOf(request.contact);
    const auto known =
        std::find_if(places.begin(), places.end(), [&](const contacts::ContactInboxRow &place) {
            return place.inbox == request.inbox &&
                   (request.sourceId.empty() || place.sourceId == request.sourceId);
        });
    if (known != places.end()) {
        row.contactInbox = known->number;
    } else {
        const auto place = m_contacts.addToInbox(ctx, request.contact, request.inbox, request.sourceId);
        if (!place)
            return place.error();
        row.contactInbox = place->number;
    }
    conversation.id = {ctx.newId()};
    conversation.inbox = inbox->inbox.id;
    conversation.contact = contact->contact.id;
    conversation.status = contact->contact.blocked ? domain::ConversationStatus::Resolved : request.status;
    conversation.createdAt = conversation.lastActivityAt = row.updatedAt = ctx.now();
    row.account = ctx.account();
    row.inbox = request.inbox;
    row.contact = request.contact;
    row.additionalAttributes = request.additionalAttributes;
    row.customAttributes = request.customAttributes;
    ConversationStore{ctx.tx()}.insert(row);
    recordConversation(ctx, row);
    return row;
}

base::Result<Posted> ConversationService::post(sync::WriteContext &ctx, const base::Uuid &conversation,
                                               const NewMessage &message)
{
    const auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    return row ? write(ctx, *row, message) : row.error();
}

base::Result<Posted> ConversationService::leaveNote(sync::WriteContext &ctx, const base::Uuid &conversation,
                                                    const NewMessage &note)
{
    const auto row = ConversationStore{ctx.tx()}.find(ctx.account(), conversation);
    return row ? write(ctx, *row, note) : base::Error{base::ErrorCode::Gone, {}};
}

base::Result<Posted> ConversationService::write(sync::WriteContext &ctx, const ConversationRow &row,
                                                const NewMessage &message)
{
    if (!message.id.isNull())
        if (auto known = MessageStore{ctx.tx()}.find(ctx.account(), message.id)) {
            if (known->message.conversation != row.conversation.id)
                return base::Error{base::ErrorCode::Conflict, "id"};
            return Posted{row, std::move(*known), true};
        }
    if (message.kind == domain::MessageKind::Activity)
        return invalid("kind");
    if (message.echoId.size() > maxEcho || !base::isUtf8(message.echoId))
        return invalid("echo_id");
    if (!isObject(message.contentAttributes))
        return invalid("content_attributes");
    const auto body = domain::messageBody(message.body, !message.uploads.empty());
    if (!body)
        return body.error();

    MessageRow fresh;
    fresh.message.id = {message.id.isNull() ? ctx.newId() : message.id};
    fresh.message.kind = message.kind;
    fresh.message.direction =
        message.kind == domain::MessageKind::Note ? domain::MessageDirection::Outgoing : message.direction;
    fresh.message.body = *body;
    fresh.echoId = message.echoId;
    fresh.contentType = message.contentType;
    fresh.contentAttributes = message.contentAttributes;
    if (fresh.message.direction == domain::MessageDirection::Incoming) {
        fresh.message.author.contact = row.conversation.contact;
        fresh.contactNumber = row.contact;
    } else {
        setAuthor(fresh, ctx.actor());
    }
    auto posted = append(ctx, row, std::move(fresh), message.uploads);
    if (posted && isReply(posted->message.message))
        DeliveryService::accept(ctx, row, posted->message, message.undoFor);
    return posted;
}

base::Result<Posted> ConversationService::append(sync::WriteContext &ctx, ConversationRow row,
                                                 MessageRow message,
                                                 const std::vector<domain::AttachmentId> &uploads)
{
    message.account = row.account;
    message.inbox = row.inbox;
    message.conversation = row.number;
    message.message.conversation = row.conversation.id;
    message.message.n = row.conversation.lastN + 1;
    message.message.at = message.updatedAt = ctx.now();
    if (!uploads.empty()) {
        auto files = attachments::AttachmentStore{ctx.tx()}.claim(
            ctx.account(), ctx.actor(), uploads,
            {message.message.id.value, row.conversation.id.value, row.conversation.inbox.value});
        if (!files)
            return files.error();
        message.message.attachments = std::move(*files);
    }

    const auto before = row.conversation.status;
    row.conversation = domain::afterMessage(row.conversation, message.message);
    row.updatedAt = ctx.now();
    MessageStore{ctx.tx()}.insert(message);
    recordMessage(ctx, row, message);

    const bool byAgent = ctx.actor().kind == sync::Actor::Kind::User;
    if (byAgent && isReply(message.message) && !row.firstReplyAt)
        row.firstReplyAt = ctx.now();
    if (before != row.conversation.status)
        addActivity(ctx, row, "reopened", true);
    ConversationStore store{ctx.tx()};
    store.update(row);
    recordConversation(ctx, row);
    // Who had read everything before their own words has read those as well.
    if (byAgent && store.readN(row.number, ctx.actor().number) + 1 == message.message.n)
        setRead(ctx, row, ctx.actor(), message.message.n);
    return Posted{std::move(row), std::move(message), false};
}

base::Result<ConversationRow> ConversationService::change(sync::WriteContext &ctx, const base::Uuid &id,
                                                          const Rule &rule, const Line &line)
{
    auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), id);
    if (!row)
        return row;
    const auto before = row->conversation;
    if (const auto allowed = rule(*row); !allowed)
        return allowed.error();
    if (row->conversation == before)
        return row;
    addActivity(ctx, *row, line(*row));
    row->updatedAt = ctx.now();
    ConversationStore{ctx.tx()}.update(*row);
    recordConversation(ctx, *row);
    return row;
}

base::Result<ConversationRow> ConversationService::setStatus(sync::WriteContext &ctx,
                                                             const base::Uuid &conversation,
                                                             domain::ConversationStatus to,
                                                             std::optional<std::int64_t> seenN)
{
    const auto before = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    auto done = change(
        ctx, conversation,
        [&](ConversationRow &row) -> base::Status {
            const auto changed = domain::setStatus(row.conversation, to, seenN);
            if (!changed)
                return base::Error{changed.error().code,
                                   base::toText(base::Json{{"cust_n", row.conversation.customerN}})};
            row.conversation = *changed;
            return base::Done{};
        },
        [&](const ConversationRow &) { return "status:" + std::string{toText(to)}; });
    const bool isOver = done && to == domain::ConversationStatus::Resolved &&
                        before->conversation.status != domain::ConversationStatus::Resolved;
    if (isOver)
        askForRating(ctx, *done);
    return done;
}

base::Result<ConversationRow>
ConversationService::snooze(sync::WriteContext &ctx, const base::Uuid &conversation, base::Timestamp until)
{
    return change(
        ctx, conversation,
        [&](ConversationRow &row) -> base::Status {
            const auto changed = domain::snooze(row.conversation, until, ctx.now());
            if (!changed)
                return changed.error();
            row.conversation = *changed;
            return base::Done{};
        },
        [&](const ConversationRow &row) {
            return row.conversation.snoozedUntil ? "snooze:" + std::to_string(base::toMs(until))
                                                 : "status:open";
        });
}

base::Result<ConversationRow>
ConversationService::assign(sync::WriteContext &ctx, const base::Uuid &conversation,
                            const std::optional<domain::UserId> &to,
                            const std::optional<std::optional<domain::UserId>> &expected)
{
    return change(
        ctx, conversation,
        [&](ConversationRow &row) -> base::Status {
            std::optional<accounts::MemberRow> agent;
            if (to) {
                agent =
                    agentOf(ctx, row.inbox, accounts::UserStore{ctx.tx()}.member(ctx.account(), to->value));
                if (!agent)
                    return invalid("to");
            }
            const auto changed = domain::assign(row.conversation, to, expected);
            if (!changed)
                return base::Error{changed.error().code, assigneeDetail(ctx, row.conversation)};
            row.conversation = *changed;
            row.assignee = agent ? std::optional{agent->user.number} : std::nullopt;
            return base::Done{};
        },
        [&](const ConversationRow &) { return "assign:" + (to ? to->text() : std::string{"none"}); });
}

base::Result<ConversationRow>
ConversationService::setPriority(sync::WriteContext &ctx, const base::Uuid &conversation, domain::Priority to)
{
    return change(
        ctx, conversation,
        [&](ConversationRow &row) -> base::Status {
            row.conversation = domain::setPriority(row.conversation, to);
            return base::Done{};
        },
        [&](const ConversationRow &) { return "priority:" + std::string{toText(to)}; });
}

base::Status ConversationService::markRead(sync::WriteContext &ctx, const base::Uuid &conversation,
                                           std::int64_t readN)
{
    if (ctx.actor().kind != sync::Actor::Kind::User)
        return base::Error{base::ErrorCode::Forbidden, "users only"};
    const auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row.error();
    if (readN < 0)
        return invalid("read_n");
    ConversationStore store{ctx.tx()};
    store.noteSeen(row->number, row->assignee == ctx.actor().number, ctx.now());
    const domain::ReadState before{row->conversation.id, store.readN(row->number, ctx.actor().number)};
    const auto after = domain::markRead(before, std::min(readN, row->conversation.lastN));
    if (after != before)
        setRead(ctx, *row, ctx.actor(), after.readN);
    return base::Done{};
}

base::Result<ConversationRow> ConversationService::setCustomAttributes(sync::WriteContext &ctx,
                                                                       const base::Uuid &conversation,
                                                                       const std::string &json)
{
    auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row;
    if (!isObject(json))
        return invalid("custom_attributes");
    row->customAttributes = json;
    row->updatedAt = ctx.now();
    ConversationStore{ctx.tx()}.update(*row);
    recordConversation(ctx, *row);
    return row;
}

base::Status ConversationService::setDelivery(sync::WriteContext &ctx, const base::Uuid &message,
                                              const std::string &state, const std::string &code)
{
    MessageStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), message);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "message"};
    const auto to = domain::deliveryFromText(state);
    using domain::Delivery;
    if (!isReply(row->message) || !to || *to == Delivery::Pending || *to == Delivery::Dispatching ||
        *to == Delivery::Uncertain || *to == Delivery::SentBeforeRestore)
        return invalid("status");
    if (!store.moveState(row->conversation, message, *to, ctx.now(), code))
        return base::Done{};
    OutQueueStore{ctx.tx()}.remove(message); // what became of it is known: no further try
    const auto conversation =
        ConversationStore{ctx.tx()}.find(ctx.account(), row->message.conversation.value);
    recordState(ctx, *conversation, message);
    return base::Done{};
}

void ConversationService::noteRecovered(sync::WriteContext &ctx, const base::Uuid &message)
{
    MessageStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), message);
    if (!row)
        return;
    OutQueueStore{ctx.tx()}.remove(message);
    store.putState(row->conversation, message, domain::Delivery::SentBeforeRestore, ctx.now());
    recordState(ctx, *ConversationStore{ctx.tx()}.find(ctx.account(), row->message.conversation.value),
                message);
}

int ConversationService::openDue(sync::WriteContext &ctx)
{
    constexpr std::size_t most = 100;
    const auto due = ConversationStore{ctx.tx()}.dueSnoozes(ctx.account(), ctx.now(), most);
    for (auto row : due) {
        row.conversation.status = domain::ConversationStatus::Open;
        row.conversation.snoozedUntil.reset();
        row.updatedAt = ctx.now();
        addActivity(ctx, row, "status:open", true);
        ConversationStore{ctx.tx()}.update(row);
        recordConversation(ctx, row);
    }
    return static_cast<int>(due.size());
}

bool ConversationService::unassignAll(sync::WriteContext &ctx, std::int64_t user)
{
    constexpr std::size_t most = 500;
    const auto theirs = ConversationStore{ctx.tx()}.assignedTo(ctx.account(), user, most);
    for (auto row : theirs) {
        row.conversation.assignee.reset();
        row.assignee.reset();
        row.updatedAt = ctx.now();
        addActivity(ctx, row, "assign:none");
        ConversationStore{ctx.tx()}.update(row);
        recordConversation(ctx, row);
    }
    return theirs.size() == most;
}

} // namespace server::conversations
