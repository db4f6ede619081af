#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::conversations {

/// How a customer rated a conversation.
struct RatingRow {
    sync::AccountNumber account = 0;
    std::int64_t conversation = 0; ///< conversations.id
    std::int64_t message = 0;      ///< messages.id of the question
    std::int64_t contact = 0;
    std::optional<std::int64_t> agent; ///< whose conversation it was
    int stars = 0;                     ///< 1 to 5
    std::string feedback;
    base::Timestamp at{};
};

/// Somebody wants a conversation by mail. The mail channel takes these, oldest first.
struct TranscriptRequest {
    std::int64_t number = 0;
    sync::AccountNumber account = 0;
    std::int64_t conversation = 0;
    std::string email;
    base::Timestamp at{};
};

/// The only code that names the tables csat_survey_responses and transcript_requests. Rows go with their
/// conversation. Lives as long as one transaction.
class RatingStore {
public:
    explicit RatingStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    /// A later rating takes the place of an earlier one.
    void put(const RatingRow &row);
    [[nodiscard]] std::optional<RatingRow> find(std::int64_t conversation) const;

    /// One open request per conversation and address.
    void request(const TranscriptRequest &request);
    [[nodiscard]] std::vector<TranscriptRequest> requested(std::size_t limit) const;
    void remove(std::int64_t request);

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
