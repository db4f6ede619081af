#include "server/sync/entity_registry.h"

#include "shared/base/json.h"

#include <stdexcept>

namespace server::sync {

void EntityRegistry::add(protocol::EntityType type, RowReader reader)
{
    if (!m_readers.emplace(type, std::move(reader)).second)
        throw std::logic_error{"entity registered twice: " + std::string{protocol::toText(type)}};
}

const RowReader *EntityRegistry::find(protocol::EntityType type) const
{
    const auto found = m_readers.find(type);
    return found == m_readers.end() ? nullptr : &found->second;
}

void EntityRegistry::setConversations(std::unique_ptr<ConversationSource> source)
{
    m_conversations = std::move(source);
}

} // namespace server::sync
