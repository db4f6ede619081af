#include "server/features/webhooks/webhook_recorder.h"

#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/features/webhooks/event_targets.h"
#include "server/features/webhooks/webhook_rules.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::webhooks {

namespace {

using contacts::ContactRow;
using contacts::ContactStore;
using conversations::ConversationRow;
using conversations::ConversationStore;
using conversations::MessageRow;
using conversations::MessageStore;
using domain::Delivery;
using protocol::EntityType;

/// A message with how far it got.
struct MessageSeen {
    MessageRow row;
    std::optional<Delivery> delivery; ///< nothing: nobody keeps account of it
    std::string code;

    /// Its author may still take it back, or it is on its way: nobody outside knows of it.
    [[nodiscard]] bool isWaiting() const
    {
        return delivery == Delivery::Pending || delivery == Delivery::Dispatching;
    }
    [[nodiscard]] bool isReply() const
    {
        return row.message.kind == domain::MessageKind::Public &&
               row.message.direction == domain::MessageDirection::Outgoing;
    }
};

std::optional<MessageSeen> messageOf(storage::Transaction &tx, sync::AccountNumber account,
                                     const base::Uuid &id)
{
    const MessageStore store{tx};
    auto row = store.find(account, id);
    if (!row)
        return std::nullopt;
    MessageSeen seen{*std::move(row), std::nullopt, {}};
    if (const auto state = store.state(id)) {
        seen.delivery = domain::deliveryFromText(state->state);
        seen.code = state->code;
    }
    return seen;
}

bool isWorthTelling(const std::optional<Delivery> &before, const std::optional<Delivery> &now)
{
    return before != now && (now == Delivery::Delivered || now == Delivery::Read || now == Delivery::Failed);
}

void addOnce(std::vector<base::Uuid> &ids, const base::Uuid &id)
{
    if (std::find(ids.begin(), ids.end(), id) == ids.end())
        ids.push_back(id);
}

} // namespace

struct WebhookRecorder::Seen {
    std::map<base::Uuid, std::optional<ContactRow>> contacts;
    std::map<base::Uuid, std::optional<ConversationRow>> conversations;
    std::map<base::Uuid, std::optional<MessageSeen>> messages;
};

/// What a job changed, in the order of its changes.
struct WebhookRecorder::Touched {
    std::vector<base::Uuid> contacts;
    std::vector<base::Uuid> conversations;
    std::vector<base::Uuid> messages;

    explicit Touched(const std::vector<sync::Change> &changes)
    {
        for (const auto &change : changes) {
            if (change.kind != sync::ChangeKind::Upsert)
                continue;
            if (change.type == EntityType::Contact)
                addOnce(contacts, change.id);
            else if (change.type == EntityType::Conversation)
                addOnce(conversations, change.id);
            else if (change.type == EntityType::Message || change.type == EntityType::MessageState)
                addOnce(messages, change.id);
        }
    }
    [[nodiscard]] bool isEmpty() const
    {
        return contacts.empty() && conversations.empty() && messages.empty();
    }
};

/// The work of one job.
class WebhookRecorder::Round {
public:
    Round(WebhookRecorder &recorder, sync::WriteContext &ctx)
        : m_recorder{recorder}
        , m_ctx{ctx}
        , m_targets{ctx.tx(), ctx.account()}
        , m_payload{recorder.partsFor(ctx), ctx.account()}
    {
    }

    void tell(const Touched &touched);
    [[nodiscard]] bool hasStored() const { return m_hasStored; }

private:
    /// A touched record that exists, before and now.
    template <class Row>
    struct Step {
        const std::optional<Row> *before;
        Row now;
    };

    void contact(const Step<ContactRow> &step);
    void created(const Step<ConversationRow> &step);
    void updated(const Step<ConversationRow> &step);
    void message(const Step<MessageSeen> &step);
    void wentOut(const MessageSeen &now, const ConversationRow &conversation);
    const std::optional<ConversationRow> &conversationOf(const MessageSeen &seen);
    template <class Body>
    void emit(std::string_view event, const EventTargets::Subject &subject, const Body &body);
    static EventTargets::Subject subjectOf(const ConversationRow &row)
    {
        return {{row.inbox}, row.number, row.conversation.number, std::nullopt};
    }

    WebhookRecorder &m_recorder;
    sync::WriteContext &m_ctx;
    EventTargets m_targets;
    WebhookPayload m_payload;
    std::map<base::Uuid, std::optional<ConversationRow>> m_parents;
    bool m_hasStored = false;
};

void WebhookRecorder::Round::tell(const Touched &touched)
{
    if (m_targets.isNobody())
        return; // most accounts: every job comes by here
    auto &tx = m_ctx.tx();
    const auto account = m_ctx.account();
    std::vector<Step<ConversationRow>> conversations;
    std::vector<Step<MessageSeen>> messages;
    std::vector<std::int64_t> inboxes;
    for (const auto &id : touched.conversations)
        if (const auto row = ConversationStore{tx}.find(account, id)) {
            inboxes.push_back(row->inbox);
            conversations.push_back({nullptr, *row});
        }
    for (const auto &id : touched.messages)
        if (const auto seen = messageOf(tx, account, id)) {
            inboxes.push_back(seen->row.inbox);
            messages.push_back({nullptr, *seen});
        }
    if (m_targets.isEmpty(inboxes))
        return;
    m_recorder.lookBack(account, touched);
    auto &seen = *m_recorder.m_seen;
    for (const auto &id : touched.contacts)
        if (const auto row = ContactStore{tx}.find(account, id))
            contact({&seen.contacts[id], *row});
    for (auto &step : conversations) {
        step.before = &seen.conversations[step.now.conversation.id.value];
        created(step);
    }
    std::stable_sort(messages.begin(), messages.end(), [](const auto &a, const auto &b) {
        return a.now.row.conversation == b.now.row.conversation && a.now.row.message.n < b.now.row.message.n;
    });
    for (auto &step : messages) {
        step.before = &seen.messages[step.now.row.message.id.value];
        message(step);
    }
    for (const auto &step : conversations)
        updated(step);
    // What the next job of this transaction finds before itself.
    for (const auto &id : touched.contacts)
        seen.contacts[id] = ContactStore{tx}.find(account, id);
    for (auto &step : conversations)
        seen.conversations[step.now.conversation.id.value] = std::move(step.now);
    for (auto &step : messages)
        seen.messages[step.now.row.message.id.value] = std::move(step.now);
}

template <class Body>
void WebhookRecorder::Round::emit(std::string_view event, const EventTargets::Subject &subject,
                                  const Body &body)
{
    const auto targets = m_targets.of(event, subject);
    if (targets.empty())
        return;
    EventTargets::store(m_ctx, event, subject, targets, body());
    m_hasStored = true;
}

void WebhookRecorder::Round::contact(const Step<ContactRow> &step)
{
    const auto &row = step.now;
    EventTargets::Subject subject;
    for (const auto &place : ContactStore{m_ctx.tx()}.inboxesOf(row.contact.number))
        subject.inboxes.push_back(place.inbox);
    subject.lane = -row.contact.number;
    if (!*step.before)
        return emit("contact_created", subject, [&] { return m_payload.contact(row); });
    const auto changes = changesBetween(attributesOf(**step.before), attributesOf(row));
    if (!changes.empty())
        emit("contact_updated", subject, [&] {
            auto body = m_payload.contact(row);
            body["changed_attributes"] = changes;
            return body;
        });
}

void WebhookRecorder::Round::created(const Step<ConversationRow> &step)
{
    if (!*step.before)
        emit("conversation_created", subjectOf(step.now), [&] { return m_payload.conversation(step.now); });
}

void WebhookRecorder::Round::updated(const Step<ConversationRow> &step)
{
    if (!*step.before)
        return;
    const auto changes = changesBetween(attributesOf(**step.before), attributesOf(step.now));
    if (changes.empty())
        return;
    const auto body = [&] {
        auto json = m_payload.conversation(step.now);
        json["changed_attributes"] = changes;
        return json;
    };
    if ((*step.before)->conversation.status != step.now.conversation.status)
        emit("conversation_status_changed", subjectOf(step.now), body);
    emit("conversation_updated", subjectOf(step.now), body);
}

const std::optional<ConversationRow> &WebhookRecorder::Round::conversationOf(const MessageSeen &seen)
{
    const auto &id = seen.row.message.conversation.value;
    const auto known = m_parents.find(id);
    return known != m_parents.end()
               ? known->second
               : m_parents.emplace(id, ConversationStore{m_ctx.tx()}.find(m_ctx.account(), id)).first->second;
}

// Activities are not told, nor replies that nobody outside knows of yet, nor what was said before a restore:
// it was told then.
void WebhookRecorder::Round::message(const Step<MessageSeen> &step)
{
    const auto &now = step.now;
    const auto &before = *step.before;
    if (now.row.message.kind == domain::MessageKind::Activity || now.isWaiting() ||
        now.delivery == Delivery::SentBeforeRestore)
        return;
    const auto &conversation = conversationOf(now);
    if (!conversation)
        return;
    if (before && before->isWaiting() && now.delivery == Delivery::Sent)
        return wentOut(now, *conversation);
    const bool isKnown = before && !before->isWaiting();
    const bool isChanged = before && (before->row.message.body != now.row.message.body ||
                                      before->row.contentType != now.row.contentType ||
                                      before->row.contentAttributes != now.row.contentAttributes ||
                                      isWorthTelling(before->delivery, now.delivery));
    if (isKnown && !isChanged)
        return;
    auto subject = subjectOf(*conversation);
    if (!isKnown && now.isReply())
        subject.message = now.row.message.id.value;
    emit(isKnown ? "message_updated" : "message_created", subject,
         [&] { return m_payload.message(now.row, *conversation); });
}

// Its first way out, or another after its author asked for it: then what was told already is not told again,
// and what its inbox could not be told goes once more under the same id.
void WebhookRecorder::Round::wentOut(const MessageSeen &now, const ConversationRow &conversation)
{
    const auto &id = now.row.message.id.value;
    auto subject = subjectOf(conversation);
    subject.message = id;
    DeliveryStore store{m_ctx.tx()};
    std::vector<Target> targets;
    for (const auto target : m_targets.of("message_created", subject)) {
        const auto known = store.ofMessage(target, id);
        if (!known) {
            targets.push_back(target);
        } else if (target < 0 && known->state == DeliveryRow::State::Dead) {
            store.replay(*known, m_ctx.now(), m_ctx.now() + effortFor("message_created", true).life);
            m_hasStored = true;
        }
    }
    if (targets.empty())
        return;
    EventTargets::store(m_ctx, "message_created", subject, targets, m_payload.message(now.row, conversation));
    m_hasStored = true;
}

WebhookRecorder::WebhookRecorder(Parts parts) : m_parts{std::move(parts)}, m_seen{std::make_unique<Seen>()} {}

WebhookRecorder::~WebhookRecorder() = default;

WebhookPayload::Parts WebhookRecorder::partsFor(sync::WriteContext &ctx) const
{
    return {ctx.tx(), m_parts.ephemera, m_parts.links, m_parts.origin, ctx.now()};
}

void WebhookRecorder::begins()
{
    *m_seen = {};
}

void WebhookRecorder::jobDone(sync::WriteContext &ctx, const std::vector<sync::Change> &changes)
{
    const Touched touched{changes};
    if (touched.isEmpty())
        return;
    Round round{*this, ctx};
    round.tell(touched);
    if (round.hasStored() && m_wake)
        ctx.afterCommit(m_wake);
}

// Readers do not see what this transaction wrote.
void WebhookRecorder::lookBack(sync::AccountNumber account, const Touched &touched)
{
    m_parts.database.read([&](storage::Transaction &tx) {
        for (const auto &id : touched.contacts)
            if (!m_seen->contacts.contains(id))
                m_seen->contacts[id] = ContactStore{tx}.find(account, id);
        for (const auto &id : touched.conversations)
            if (!m_seen->conversations.contains(id))
                m_seen->conversations[id] = ConversationStore{tx}.find(account, id);
        for (const auto &id : touched.messages)
            if (!m_seen->messages.contains(id))
                m_seen->messages[id] = messageOf(tx, account, id);
    });
}

void WebhookRecorder::note(const sync::EphemeralEvent &event)
{
    using Kind = sync::EphemeralEvent::Kind;
    const bool isTyping = event.kind == Kind::Composing;
    const std::string name = !isTyping  ? "webwidget_triggered"
                             : event.on ? "conversation_typing_on"
                                        : "conversation_typing_off";
    EventTargets::Subject subject;
    const auto wantedIn = [&](storage::Transaction &tx) {
        if (const auto row = ConversationStore{tx}.find(event.account, event.conversation))
            subject = {{row->inbox}, 0, row->conversation.number, std::nullopt};
        else if (isTyping)
            return std::vector<Target>{};
        else
            subject.inboxes = {event.inbox};
        return EventTargets{tx, event.account}.of(name, subject);
    };
    bool isWanted = false;
    m_parts.database.read([&](storage::Transaction &tx) { isWanted = !wantedIn(tx).empty(); });
    if (!isWanted)
        return;
    const auto done = m_parts.executor.run(event.account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        const auto targets = wantedIn(ctx.tx());
        WebhookPayload payload{partsFor(ctx), ctx.account()};
        const auto row = ConversationStore{ctx.tx()}.find(event.account, event.conversation);
        const auto inbox =
            isTyping ? std::nullopt : inboxes::InboxStore{ctx.tx()}.find(event.account, event.inbox);
        if (!targets.empty() && isTyping && row)
            EventTargets::store(ctx, name, subject, targets, payload.typing(event, *row));
        else if (!targets.empty() && inbox)
            EventTargets::store(ctx, name, subject, targets,
                                payload.triggered(*inbox, event.who.text(), {{"referer", event.page}}));
        return base::Done{};
    });
    if (!done)
        m_parts.log.warning("webhook_note_lost",
                            {{"account", event.account}, {"reason", done.error().detail}});
}

} // namespace server::webhooks
