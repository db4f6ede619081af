#pragma once

#include "server/features/webwidget/visitor_parts.h"

#include <unordered_set>
#include <vector>

namespace server::webwidget {

/// One change that may concern a visitor.
struct Touched {
    protocol::EntityType type;
    base::Uuid id;
    base::Uuid conversation;
};

std::vector<Touched> touchedBy(const sync::Committed &committed);

/// Brings visitors what others did. Part of VisitorCore.
class VisitorNews {
public:
    VisitorNews(const VisitorParts &parts, VisitorRoster &roster);

    /// The conversation belongs to this visitor, who may just have come.
    void own(Connected &visitor, const base::Uuid &conversation);
    void committed(sync::AccountNumber account, std::int64_t head, const std::vector<Touched> &touched);
    void ephemeral(const sync::EphemeralEvent &event);

private:
    void findOwners(storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &conversation);
    void push(storage::Transaction &tx, Connected &visitor, std::int64_t head,
              const std::vector<Touched> &touched);
    base::Json rowsOf(storage::Transaction &tx, VisitorView &view, Connected &visitor,
                      const std::vector<Touched> &touched);
    void sendRows(Connected &visitor, const base::Json &rows, const VisitorCursor &cursor);
    void tellPresence(sync::AccountNumber account);

    const VisitorParts &m_parts;
    VisitorRoster &m_roster;
    std::unordered_set<base::Uuid> m_sought; ///< conversations whose owners among the connected are known
};

} // namespace server::webwidget
