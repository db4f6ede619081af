#include "server/sync/row_text.h"

#include "shared/base/json.h"

namespace server::sync {

namespace {

constexpr std::size_t maxCachedRows = 4096;
constexpr std::size_t maxCachedBytes = 16 << 20;

std::string head(const RowPlace &place)
{
    const auto id = wireId(place.type, place.id, place.parent).text();
    std::string text = R"("t":")";
    text += protocol::toText(place.type);
    text += R"(","id":")" + id + R"(","q":)" + std::to_string(place.seq);
    return text;
}

} // namespace

base::Uuid wireId(protocol::EntityType type, const base::Uuid &id, const std::optional<base::Uuid> &parent)
{
    const bool byConversation =
        type == protocol::EntityType::ReadState || type == protocol::EntityType::Draft;
    return byConversation && parent ? *parent : id;
}

std::optional<std::string> rowText(storage::Transaction &tx, const EntityRegistry &registry,
                                   AccountNumber account, const RowPlace &place)
{
    const auto *reader = registry.find(place.type);
    if (!reader)
        return std::nullopt;
    const auto row = (*reader)(tx, account, place.id);
    if (!row)
        return std::nullopt;
    auto text = head(place);
    if (place.parent)
        text += R"(,"p":")" + place.parent->text() + '"';
    if (place.type == protocol::EntityType::Conversation)
        text += R"(,"sv":)" + std::to_string(place.scopeVersion);
    text += R"(,"v":)" + base::toText(*row) + '}';
    return text;
}

std::string removalText(const RowPlace &place, const std::string &op)
{
    return head(place) + (op == "D" ? R"(,"o":"d"})" : R"(,"o":"x"})");
}

const std::string *RowCache::find(AccountNumber account, std::int64_t epoch, std::int64_t seq) const
{
    const auto found = m_texts.find({account, epoch, seq});
    return found == m_texts.end() ? nullptr : &found->second;
}

void RowCache::keep(AccountNumber account, std::int64_t epoch, std::int64_t seq, const std::string &text)
{
    const Key key{account, epoch, seq};
    if (!m_texts.emplace(key, text).second)
        return;
    m_order.push_back(key);
    m_bytes += text.size();
    while (m_order.size() > maxCachedRows || m_bytes > maxCachedBytes) {
        const auto oldest = m_texts.find(m_order.front());
        m_bytes -= oldest->second.size();
        m_texts.erase(oldest);
        m_order.pop_front();
    }
}

} // namespace server::sync
