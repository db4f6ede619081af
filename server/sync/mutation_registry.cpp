#include "server/sync/mutation_registry.h"

#include <stdexcept>

namespace server::sync {

void MutationRegistry::add(std::string name, MutationHandler handler)
{
    const auto [place, isNew] = m_handlers.emplace(std::move(name), std::move(handler));
    if (!isNew)
        throw std::logic_error{"mutation registered twice: " + place->first};
}

const MutationHandler *MutationRegistry::find(std::string_view name) const
{
    const auto found = m_handlers.find(name);
    return found == m_handlers.end() ? nullptr : &found->second;
}

std::vector<std::string> MutationRegistry::names() const
{
    std::vector<std::string> all;
    for (const auto &[name, handler] : m_handlers)
        all.push_back(name);
    return all;
}

} // namespace server::sync
