#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/accounts/account.h"
#include "shared/domain/conversations/message.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace client::sync {

/// Rows as they look while an intent is being applied: the server's, with older pending intents on top.
class OverlayView {
public:
    virtual ~OverlayView() = default;
    /// Nothing when the entity is not here.
    [[nodiscard]] virtual const storage::StoredRow *row(const storage::EntityKey &key) = 0;
    /// Shows `json` for it. A row that is new needs `scope` and, below a conversation, `parent`.
    virtual void put(const storage::EntityKey &key, const base::Json &json, const std::string &scope,
                     const std::optional<base::Uuid> &parent) = 0;
    /// Shows it no more. Not for what has children.
    virtual void remove(const storage::EntityKey &key) = 0;
};

/// On whose behalf and from what an intent is applied.
struct OverlayContext {
    const storage::Intent &intent;
    domain::UserId me;
    /// What the outbox knows of a file, in the form that a message carries it.
    std::function<std::optional<domain::Attachment>(const base::Uuid &upload)> attachment;
};

/// How one kind of mutation looks before the server has answered: the shared domain rule, minus permissions
/// and side effects. Both functions are pure and total; the arguments may be of an older version.
struct Overlay {
    /// Every entity that apply() may read with effect or write.
    std::function<std::vector<storage::EntityKey>(const storage::Intent &)> targets;
    /// Refuses with the rule's error: then the view must be as before.
    std::function<base::Status(OverlayView &, const OverlayContext &, const base::Json &args)> apply;
    /// Nothing that its author would miss: when it is refused it ends, and nobody is asked.
    bool isTrifle = false;
};

/// All known mutations; filled by the features before the engine starts. Intents of unknown ones are kept,
/// sent, and show no effect of their own.
class OverlayRegistry {
public:
    void add(std::string_view op, Overlay overlay) { m_overlays.emplace(op, std::move(overlay)); }
    [[nodiscard]] const Overlay *find(std::string_view op) const
    {
        const auto found = m_overlays.find(op);
        return found == m_overlays.end() ? nullptr : &found->second;
    }
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> all;
        for (const auto &[name, overlay] : m_overlays)
            all.push_back(name);
        return all;
    }

private:
    std::map<std::string, Overlay, std::less<>> m_overlays;
};

} // namespace client::sync
