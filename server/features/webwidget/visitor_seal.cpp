#include "server/features/webwidget/visitor_seal.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::webwidget {

namespace {

constexpr std::string_view tokenPurpose = "visitor-token";
constexpr std::string_view cursorPurpose = "visitor-cursor";
constexpr std::string_view tokenPrefix = "vt1.";
constexpr std::size_t maxTokenBytes = 2048;
constexpr std::size_t maxCursorBytes = 256;

} // namespace

std::string VisitorSeal::token(const Ticket &ticket) const
{
    const base::Json plain{{"v", ticket.visitor.text()}, {"a", ticket.account},
                           {"i", ticket.inbox},          {"t", base::toMs(m_clock.now())},
                           {"p", ticket.page},           {"l", ticket.language},
                           {"o", ticket.origin}};
    return std::string{tokenPrefix} + base::toBase64Url(m_crypto.seal(tokenPurpose, base::toText(plain)));
}

base::Result<Ticket> VisitorSeal::readToken(std::string_view token) const
{
    const base::Error refused{base::ErrorCode::Unauthorized, "visitor token"};
    if (token.size() > maxTokenBytes || !token.starts_with(tokenPrefix))
        return refused;
    const auto plain = m_crypto.open(tokenPurpose, base::fromBase64Url(token.substr(tokenPrefix.size())));
    const auto json = plain ? base::parseJson(*plain) : base::Result<base::Json>{refused};
    if (!json)
        return refused;
    const auto visitor = base::uuidField(*json, "v");
    const auto issuedAt = base::integerField(*json, "t");
    if (!visitor || !issuedAt)
        return refused;
    const auto now = m_clock.now();
    const auto issued = base::fromMs(*issuedAt);
    if (issued + tokenLife < now)
        return refused;
    return Ticket{*visitor,
                  base::integerField(*json, "a").value_or(0),
                  base::integerField(*json, "i").value_or(0),
                  issued,
                  base::textField(*json, "p").value_or(""),
                  base::textField(*json, "l").value_or(""),
                  base::textField(*json, "o").value_or("")};
}

std::string VisitorSeal::cursor(const base::Uuid &visitor, const VisitorCursor &cursor) const
{
    const auto plain = std::to_string(cursor.epoch) + ":" + std::to_string(cursor.seq);
    return base::toBase64Url(m_crypto.seal(cursorPurpose, plain, visitor.bytes()));
}

std::optional<VisitorCursor> VisitorSeal::readCursor(const base::Uuid &visitor, std::string_view cursor) const
{
    if (cursor.empty() || cursor.size() > maxCursorBytes)
        return std::nullopt;
    const auto plain = m_crypto.open(cursorPurpose, base::fromBase64Url(cursor), visitor.bytes());
    if (!plain)
        return std::nullopt;
    const auto colon = plain->find(':');
    return VisitorCursor{std::stoll(plain->substr(0, colon)), std::stoll(plain->substr(colon + 1))};
}

} // namespace server::webwidget
