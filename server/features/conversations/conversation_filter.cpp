#include "server/features/conversations/conversation_filter.h"

#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/filters/filter_codec.h"

#include <algorithm>
#include <tuple>

namespace server::conversations {

namespace {

using domain::ConversationStatus;

constexpr std::size_t mostCandidates = 50'000;
constexpr std::size_t fewestAtOnce = 100; // rows read of one inbox and status before the next has its turn
constexpr ConversationStatus allStatuses[] = {ConversationStatus::Open, ConversationStatus::Pending,
                                              ConversationStatus::Snoozed, ConversationStatus::Resolved};

domain::FilterValue numberValue(const std::optional<std::int64_t> &number)
{
    return number ? domain::FilterValue{{std::to_string(*number)}, {}} : domain::FilterValue{};
}

// The account's own field, or what the system found out, of the conversation itself or of the browser.
domain::FilterValue attributeValue(const ConversationRow &row, std::string_view key)
{
    for (const auto *object : {&row.customAttributes, &row.additionalAttributes}) {
        const auto parsed = base::parseJson(*object);
        if (!parsed)
            continue;
        for (const auto *place : {&*parsed, &base::member(*parsed, "browser")})
            if (auto found = protocol::fieldValue(*place, key); !found.texts.empty())
                return found;
    }
    return {};
}

/// What matched, as little of it as sorting needs.
struct Match {
    base::Timestamp at;
    std::int64_t number = 0;
    base::Uuid id;
};

class Search {
public:
    Search(storage::Transaction &tx, const domain::Filter &filter, const MatchesWanted &wanted)
        : m_store{tx}
        , m_filter{filter}
        , m_wanted{wanted}
    {
    }

    ConversationMatches run()
    {
        if (const auto contacts = required(m_filter, "contact_id"))
            ofContacts(*contacts);
        else
            ofInboxes();
        return result();
    }

private:
    void take(const ConversationRow &row)
    {
        const auto fields = [&](std::string_view attribute) { return filterValue(row, attribute); };
        if (!domain::matches(m_filter, fields, m_wanted.now))
            return;
        m_matches.push_back({row.conversation.lastActivityAt, row.number, row.conversation.id.value});
        ++m_counts.all;
        ++(row.assignee ? m_counts.assigned : m_counts.unassigned);
        m_counts.mine += row.assignee == m_wanted.caller ? 1 : 0;
    }

    void ofContacts(std::vector<std::string> contacts)
    {
        std::sort(contacts.begin(), contacts.end());
        contacts.erase(std::unique(contacts.begin(), contacts.end()), contacts.end());
        for (const auto &contact : contacts) {
            const auto number = base::wholeNumber(contact).value_or(0);
            for (const auto &row : m_store.ofContact(m_wanted.account, number, m_left)) {
                --m_left;
                if (std::find(m_wanted.inboxes.begin(), m_wanted.inboxes.end(), row.inbox) !=
                    m_wanted.inboxes.end())
                    take(row);
            }
        }
        m_isComplete = m_left > 0;
    }

    struct Place {
        std::int64_t inbox;
        ConversationPlace at;
    };

    [[nodiscard]] std::vector<Place> places() const
    {
        const auto allows = [](const auto &values, const std::string &value) {
            return !values || std::find(values->begin(), values->end(), value) != values->end();
        };
        const auto statuses = required(m_filter, "status");
        const auto inboxes = required(m_filter, "inbox_id");
        std::vector<Place> places;
        for (const auto inbox : m_wanted.inboxes)
            for (const auto status : allStatuses)
                if (allows(statuses, std::string{toText(status)}) && allows(inboxes, std::to_string(inbox)))
                    places.push_back({inbox, {.status = static_cast<int>(status)}});
        return places;
    }

    void ofInboxes()
    {
        auto open = places();
        while (!open.empty() && m_left > 0) {
            const auto share = std::max(fewestAtOnce, m_left / open.size());
            std::vector<Place> further;
            for (auto &place : open) {
                const auto most = std::min(share, m_left);
                const auto rows = m_store.newestOf(place.inbox, place.at, most);
                std::for_each(rows.begin(), rows.end(), [this](const auto &row) { take(row); });
                m_left -= rows.size();
                if (rows.size() == most)
                    further.push_back(place);
            }
            open = std::move(further);
        }
        m_isComplete = open.empty();
    }

    ConversationMatches result()
    {
        std::sort(m_matches.begin(), m_matches.end(), [](const Match &a, const Match &b) {
            return std::tuple{a.at, a.number} > std::tuple{b.at, b.number};
        });
        ConversationMatches found{{}, m_counts, m_isComplete};
        for (auto i = m_wanted.offset; i < m_matches.size() && found.rows.size() < m_wanted.limit; ++i)
            if (auto row = m_store.find(m_wanted.account, m_matches[i].id))
                found.rows.push_back(*std::move(row));
        return found;
    }

    const ConversationStore m_store;
    const domain::Filter &m_filter;
    const MatchesWanted &m_wanted;
    std::vector<Match> m_matches;
    ConversationCounts m_counts;
    std::size_t m_left = mostCandidates;
    bool m_isComplete = true;
};

} // namespace

domain::FilterValue filterValue(const ConversationRow &row, std::string_view attribute)
{
    const auto &c = row.conversation;
    if (attribute == "status")
        return {{std::string{toText(c.status)}}, {}};
    if (attribute == "priority")
        return {{c.priority == domain::Priority::None ? "none" : std::string{toText(c.priority)}}, {}};
    if (attribute == "labels")
        return {c.labels, {}};
    if (attribute == "created_at")
        return {{}, c.createdAt};
    if (attribute == "last_activity_at")
        return {{}, c.lastActivityAt};
    const std::pair<std::string_view, std::optional<std::int64_t>> numbers[] = {{"assignee_id", row.assignee},
                                                                                {"team_id", row.team},
                                                                                {"inbox_id", row.inbox},
                                                                                {"contact_id", row.contact},
                                                                                {"display_id", c.number}};
    for (const auto &[name, number] : numbers)
        if (name == attribute)
            return numberValue(number);
    return attributeValue(row, attribute);
}

ConversationMatches matching(storage::Transaction &tx, const domain::Filter &filter,
                             const MatchesWanted &wanted)
{
    return Search{tx, filter, wanted}.run();
}

} // namespace server::conversations
