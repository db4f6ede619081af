#pragma once

#include "server/ports/crypto.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server::webwidget {

/// Who a visitor is, as their token says; nothing of it is stored before the first message.
struct Ticket {
    base::Uuid visitor;
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0; ///< inboxes.id
    base::Timestamp issuedAt{};
    std::string page; ///< where the widget was opened last, without query
    std::string language;
    std::string origin; ///< stands for the address the session was asked from
};

/// How far a widget has read the journal.
struct VisitorCursor {
    std::int64_t epoch = 0;
    std::int64_t seq = 0;
};

/// Tokens and cursors of visitors: sealed, so they tell their holder nothing and cannot be made by others.
/// Any thread.
class VisitorSeal {
public:
    static constexpr std::chrono::days tokenLife{180};

    VisitorSeal(const ports::Crypto &crypto, const base::Clock &clock) : m_crypto{crypto}, m_clock{clock} {}

    /// "vt1.…", issued now.
    [[nodiscard]] std::string token(const Ticket &ticket) const;
    /// Fails with Unauthorized for what is forged, broken or expired.
    [[nodiscard]] base::Result<Ticket> readToken(std::string_view token) const;

    /// Valid for this visitor only.
    [[nodiscard]] std::string cursor(const base::Uuid &visitor, const VisitorCursor &cursor) const;
    [[nodiscard]] std::optional<VisitorCursor> readCursor(const base::Uuid &visitor,
                                                          std::string_view cursor) const;

private:
    const ports::Crypto &m_crypto;
    const base::Clock &m_clock;
};

} // namespace server::webwidget
