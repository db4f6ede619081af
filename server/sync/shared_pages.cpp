#include "server/sync/shared_pages.h"

#include "server/sync/session_frames.h"

#include <algorithm>

namespace server::sync {

namespace {

bool isPersonal(const std::string &scope)
{
    return scope.starts_with("u:");
}

} // namespace

std::shared_ptr<const SharedPage> SharedPages::fresh(const std::vector<std::string> &scopes,
                                                     const Cursor &cursor, std::int64_t upTo)
{
    auto shared = std::make_shared<SharedPage>();
    shared->page = m_reader.read(m_tx, m_account, scopes, cursor, upTo);
    if (shared->page.reset == ResetReason::None && shared->page.to != cursor.q)
        shared->frame = frames::delta(cursor.q, shared->page);
    return shared;
}

std::shared_ptr<const SharedPage> SharedPages::read(const std::vector<std::string> &scopes,
                                                    const Cursor &cursor, std::int64_t upTo)
{
    // Two people of equal rights differ only in the name of their own scope, in which little happens.
    auto common = scopes;
    const auto own = std::find_if(common.begin(), common.end(), isPersonal);
    const std::string mine = own == common.end() ? std::string{} : std::exchange(*own, "u:");
    const auto place = m_entries.try_emplace(View{cursor.epoch, cursor.q, upTo, std::move(common)}).first;
    auto &entry = place->second;
    if (entry.page && !entry.personal)
        entry.personal = m_reader.personalScopes(m_tx, m_account, cursor.q, entry.page->page.to);
    // A page with rows of one's own is nobody else's, and nobody with rows of their own takes another's.
    const bool isMine = entry.personal && entry.personal->contains(mine);
    if (entry.page && !isMine && !entry.personal->contains(entry.reader))
        return entry.page;
    auto page = fresh(scopes, cursor, upTo);
    const bool isWhole = !page->page.more && page->page.reset == ResetReason::None;
    if (isWhole && !isMine) {
        entry.page = page;
        entry.reader = mine;
    }
    return page;
}

} // namespace server::sync
