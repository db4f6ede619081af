#include "server/features/conversations/rating_store.h"

namespace server::conversations {

std::vector<storage::Migration> RatingStore::migrations()
{
    return {{64, "ratings", R"(
        CREATE TABLE csat_survey_responses (
            message_id      INTEGER PRIMARY KEY,
            account_id      INTEGER NOT NULL REFERENCES accounts (id),
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            contact_id      INTEGER NOT NULL,
            agent_id        INTEGER REFERENCES users (id),
            rating          INTEGER NOT NULL,
            feedback        TEXT NOT NULL,
            at              INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX csat_survey_responses_conversation ON csat_survey_responses (conversation_id);
        CREATE TABLE transcript_requests (
            id              INTEGER PRIMARY KEY AUTOINCREMENT,
            account_id      INTEGER NOT NULL REFERENCES accounts (id),
            conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            email           TEXT NOT NULL,
            at              INTEGER NOT NULL,
            UNIQUE (conversation_id, email)
        ) STRICT;
    )"}};
}

void RatingStore::put(const RatingRow &row)
{
    m_tx.run(R"(
        INSERT INTO csat_survey_responses (message_id, account_id, conversation_id, contact_id, agent_id, rating,
                                           feedback, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (message_id) DO UPDATE SET rating = excluded.rating, feedback = excluded.feedback,
                                               at = excluded.at)",
             {row.message, row.account, row.conversation, row.contact, row.agent, row.stars, row.feedback,
              row.at});
}

std::optional<RatingRow> RatingStore::find(std::int64_t conversation) const
{
    const auto row = m_tx.one(R"(
        SELECT account_id, conversation_id, message_id, contact_id, agent_id, rating, feedback, at
          FROM csat_survey_responses
         WHERE conversation_id = ?
         ORDER BY message_id DESC
         LIMIT 1)",
                              {conversation});
    if (!row)
        return std::nullopt;
    return RatingRow{row->integer(0), row->integer(1),      row->integer(2),
                     row->integer(3), row->maybeInteger(4), static_cast<int>(row->integer(5)),
                     row->text(6),    row->time(7)};
}

void RatingStore::request(const TranscriptRequest &request)
{
    m_tx.run(R"(
        INSERT INTO transcript_requests (account_id, conversation_id, email, at) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING)",
             {request.account, request.conversation, request.email, request.at});
}

std::vector<TranscriptRequest> RatingStore::requested(std::size_t limit) const
{
    std::vector<TranscriptRequest> all;
    for (const auto &row : m_tx.all(
             "SELECT id, account_id, conversation_id, email, at FROM transcript_requests ORDER BY id LIMIT ?",
             {static_cast<std::int64_t>(limit)}))
        all.push_back({row.integer(0), row.integer(1), row.integer(2), row.text(3), row.time(4)});
    return all;
}

void RatingStore::remove(std::int64_t request)
{
    m_tx.run("DELETE FROM transcript_requests WHERE id = ?", {request});
}

} // namespace server::conversations
