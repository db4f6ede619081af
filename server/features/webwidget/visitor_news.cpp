#include "server/features/webwidget/visitor_news.h"

#include "server/features/accounts/user_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/webwidget/widget_config.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::webwidget {

namespace {

constexpr std::size_t maxRowBytes = 200 * 1024;

} // namespace

std::vector<Touched> touchedBy(const sync::Committed &committed)
{
    std::vector<Touched> all;
    for (const auto &change : committed.changes) {
        if (change.kind != sync::ChangeKind::Upsert)
            continue;
        if (change.type == protocol::EntityType::Message && change.parent)
            all.push_back({change.type, change.id, *change.parent});
        else if (change.type == protocol::EntityType::Conversation)
            all.push_back({change.type, change.id, change.id});
    }
    return all;
}

VisitorNews::VisitorNews(const VisitorParts &parts, VisitorRoster &roster) : m_parts{parts}, m_roster{roster}
{
}

void VisitorNews::own(Connected &visitor, const base::Uuid &conversation)
{
    m_roster.own(visitor, conversation);
    m_sought.clear(); // more may be theirs than the newest
}

void VisitorNews::committed(sync::AccountNumber account, std::int64_t head,
                            const std::vector<Touched> &touched)
{
    if (m_roster.isEmpty())
        return;
    std::map<Connected *, std::vector<Touched>> byVisitor;
    m_parts.database.read([&](storage::Transaction &tx) {
        for (const auto &item : touched) {
            findOwners(tx, account, item.conversation);
            for (auto *visitor : m_roster.ownersOf(item.conversation))
                byVisitor[visitor].push_back(item);
        }
        for (const auto &[visitor, items] : byVisitor)
            push(tx, *visitor, head, items);
    });
}

// Visitors who connect tell what is theirs; a conversation that began since is looked up once.
void VisitorNews::findOwners(storage::Transaction &tx, sync::AccountNumber account,
                             const base::Uuid &conversation)
{
    if (m_sought.contains(conversation))
        return;
    if (m_sought.size() >= 10'000)
        m_sought.clear();
    m_sought.insert(conversation);
    const auto row = conversations::ConversationStore{tx}.find(account, conversation);
    const auto place = row ? contacts::ContactStore{tx}.contactInbox(row->contactInbox) : std::nullopt;
    if (!place)
        return;
    m_roster.each([&](Connected &visitor) {
        if (visitor.ticket.inbox != row->inbox || visitor.ticket.account != account)
            return;
        const bool isProven = place->verified && visitor.verified && visitor.contactNumber == place->contact;
        if (isProven || visitor.ticket.visitor.text() == place->sourceId)
            m_roster.own(visitor, conversation);
    });
}

void VisitorNews::push(storage::Transaction &tx, Connected &visitor, std::int64_t head,
                       const std::vector<Touched> &touched)
{
    VisitorView view{tx, m_parts.links, visitor.ticket};
    const auto rows = rowsOf(tx, view, visitor, touched);
    const auto epoch = view.head().epoch;
    const auto seq = epoch == visitor.cursor.epoch ? std::max(head, visitor.cursor.seq) : head;
    if (!rows.empty())
        sendRows(visitor, rows, {epoch, seq});
}

base::Json VisitorNews::rowsOf(storage::Transaction &tx, VisitorView &view, Connected &visitor,
                               const std::vector<Touched> &touched)
{
    auto rows = base::Json::array();
    std::vector<conversations::MessageRow> messages;
    for (const auto &item : touched)
        if (item.type == protocol::EntityType::Message)
            if (auto row = conversations::MessageStore{tx}.find(visitor.ticket.account, item.id))
                messages.push_back(std::move(*row));
    std::sort(messages.begin(), messages.end(),
              [](const auto &a, const auto &b) { return a.number < b.number; });
    for (const auto &row : messages)
        if (auto json = view.message(row))
            rows.push_back(std::move(*json));
    for (const auto &row : view.conversations()) {
        const auto &id = row.conversation.id.value;
        const bool isTouched = std::any_of(touched.begin(), touched.end(),
                                           [&](const auto &item) { return item.conversation == id; });
        auto json = isTouched ? view.conversation(row) : base::Json();
        // A note changes the conversation for agents, not for the visitor: silence tells nothing.
        if (isTouched && visitor.told[id] != base::toText(json)) {
            visitor.told[id] = base::toText(json);
            rows.push_back(std::move(json));
        }
    }
    return rows;
}

// Cut into frames of a bearable size; only the last moves the cursor.
void VisitorNews::sendRows(Connected &visitor, const base::Json &rows, const VisitorCursor &cursor)
{
    const auto before = m_parts.seal.cursor(visitor.ticket.visitor, visitor.cursor);
    visitor.cursor = cursor;
    auto part = base::Json::array();
    std::size_t bytes = 0;
    for (const auto &row : rows) {
        const auto size = base::toText(row).size();
        if (!part.empty() && bytes + size > maxRowBytes) {
            tell(m_parts.sink, visitor, {{"k", "m"}, {"cur", before}, {"rows", std::move(part)}});
            part = base::Json::array();
            bytes = 0;
        }
        part.push_back(row);
        bytes += size;
    }
    tell(m_parts.sink, visitor,
         {{"k", "m"},
          {"cur", m_parts.seal.cursor(visitor.ticket.visitor, cursor)},
          {"rows", std::move(part)}});
}

void VisitorNews::ephemeral(const sync::EphemeralEvent &event)
{
    if (event.kind == sync::EphemeralEvent::Kind::UserPresence) {
        tellPresence(event.account);
        return;
    }
    const auto owners = m_roster.ownersOf(event.conversation);
    if (owners.empty() || event.isPrivate)
        return;
    std::string name;
    m_parts.database.read([&](storage::Transaction &tx) {
        if (const auto member = accounts::UserStore{tx}.member(event.account, event.who))
            name = member->displayName.empty() ? member->user.name : member->displayName;
    });
    for (const auto *visitor : owners)
        if (visitor->ticket.account == event.account)
            tell(m_parts.sink, *visitor,
                 {{"k", "typing"}, {"who", name}, {"on", event.on}, {"conv", event.conversation.text()}});
}

void VisitorNews::tellPresence(sync::AccountNumber account)
{
    std::map<std::int64_t, bool> byInbox;
    std::map<std::int64_t, base::Json> teams;
    m_parts.database.read([&](storage::Transaction &tx) {
        m_roster.each([&](Connected &visitor) {
            if (visitor.ticket.account != account)
                return;
            const auto inbox = visitor.ticket.inbox;
            if (!byInbox.contains(inbox))
                byInbox[inbox] = agentsOnline(tx, m_parts.ephemera, account, inbox);
            if (visitor.agentsOnline == byInbox[inbox])
                return;
            visitor.agentsOnline = byInbox[inbox];
            const auto row = inboxes::InboxStore{tx}.find(account, inbox);
            if (!teams.contains(inbox))
                teams[inbox] = row ? teamJson(tx, m_parts.ephemera, *row) : base::Json::array();
            tell(m_parts.sink, visitor,
                 {{"k", "presence"}, {"agents_online", visitor.agentsOnline}, {"team", teams[inbox]}});
        });
    });
}

} // namespace server::webwidget
