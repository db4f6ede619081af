#pragma once

#include "client/storage/reader.h"

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace client::conversations {

/// What lists and counts need of every cached conversation, in memory: with a hundred thousand of them a
/// question to the database takes longer than a frame. Read once, then kept true row by row. GUI thread.
class ConversationIndex {
public:
    explicit ConversationIndex(storage::Reader &reader) : m_reader{reader} {}

    /// Reads these again; they may be new or gone. Nothing when nobody has asked anything yet.
    void update(const std::set<domain::ConversationId> &ids);
    /// The whole cache was replaced.
    void forget();

    [[nodiscard]] bool matches(const domain::ConversationId &id, const storage::ListQuery &query);
    /// Whether `a` stands before `b` in that order. Both are known.
    [[nodiscard]] bool isBefore(const domain::ConversationId &a, const domain::ConversationId &b,
                                storage::ListQuery::Order order);
    /// As Reader::conversations(), without the contact of the query.
    [[nodiscard]] std::vector<domain::ConversationId> list(const storage::ListQuery &query);
    [[nodiscard]] int count(const storage::ListQuery &query);
    /// Of the query's, those with customer messages that I have not read.
    [[nodiscard]] int unread(const storage::ListQuery &query);

private:
    using Facts = storage::ConversationFacts;
    /// Conversations that every query takes or leaves together.
    struct Group {
        domain::ConversationStatus status;
        domain::InboxId inbox;
        std::optional<domain::UserId> assignee;
        std::optional<domain::TeamId> team;

        friend auto operator<=>(const Group &, const Group &) = default;
    };
    struct Tally {
        int all = 0;
        int unread = 0;
    };
    using Tallies = std::map<Group, Tally>; ///< a few hundred where m_facts has 100,000

    void load();
    void put(const Facts &facts);
    void remove(const domain::ConversationId &id);
    [[nodiscard]] const Facts *find(const domain::ConversationId &id) const;
    void tally(const Facts &facts, int by);
    static void tally(Tallies &tallies, const Facts &facts, int by);
    [[nodiscard]] Tally tallied(const storage::ListQuery &query);
    static Group groupOf(const Facts &facts);
    static bool fits(const Group &group, const storage::ListQuery &query);
    static bool fits(const Facts &facts, const storage::ListQuery &query);
    static bool isBefore(const Facts &a, const Facts &b, storage::ListQuery::Order order);

    storage::Reader &m_reader;
    bool m_loaded = false;
    std::vector<Facts> m_facts;
    std::unordered_map<base::Uuid, std::size_t> m_places; ///< in m_facts
    Tallies m_tallies;
    std::map<std::string, Tallies> m_labelled; ///< by title, of those with the label
};

} // namespace client::conversations
