#pragma once

#include "server/features/labels/label_store.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace server::labels {

/// Fields to change; what is absent stays.
struct LabelChanges {
    std::optional<std::string> title;
    std::optional<std::string> description;
    std::optional<std::string> color;
    std::optional<bool> showOnSidebar;
};

/// The labels an account defined. Methods run inside executor jobs; doors ask for an administrator.
class LabelService {
public:
    /// `to` is the new title; nothing when the label was deleted.
    using Renamed = std::function<void(sync::WriteContext &, const std::string &from,
                                       const std::optional<std::string> &to)>;

    /// Fails with Invalid and the field, AlreadyExists ("title"), or TooLarge when there are too many.
    base::Result<LabelRow> create(sync::WriteContext &ctx, const LabelChanges &fields);
    /// Fails as create() does, and with NotFound. What carries the old title gets the new one.
    base::Result<LabelRow> change(sync::WriteContext &ctx, std::int64_t number, const LabelChanges &changes);
    /// What carries it loses it. Fails with NotFound.
    base::Status remove(sync::WriteContext &ctx, std::int64_t number);

    /// What else must happen when a title changes or goes, in the same transaction. Register before the
    /// server starts.
    void onRenamed(Renamed listener) { m_renamed.push_back(std::move(listener)); }

private:
    std::vector<Renamed> m_renamed;
};

} // namespace server::labels
