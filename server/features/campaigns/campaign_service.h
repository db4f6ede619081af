#pragma once

#include "server/features/accounts/user_store.h"
#include "server/features/campaigns/campaign_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/ports/time_zones.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace server::campaigns {

/// Fields to set; what is absent stays.
struct CampaignChanges {
    std::optional<std::string> title;
    std::optional<std::string> description;
    std::optional<std::string> message;
    std::optional<std::string> url;
    std::optional<std::int64_t> secondsOnPage;
    std::optional<bool> inOpeningHours;
    std::optional<bool> enabled;
    std::optional<std::int64_t> inbox;
    std::optional<std::int64_t> sender; ///< 0: the inbox itself
};

/// A campaign that may be shown now, with who speaks in it; nobody: the inbox itself.
struct Ongoing {
    CampaignRow campaign;
    std::optional<accounts::MemberRow> sender;
};

/// Campaigns of websites. Methods with a WriteContext run inside executor jobs and fail with Invalid and the
/// field's name of the REST API, NotFound, or Limit when an account has too many.
class CampaignService {
public:
    static base::Result<CampaignRow> create(sync::WriteContext &ctx, const CampaignChanges &changes);
    static base::Result<CampaignRow> change(sync::WriteContext &ctx, std::int64_t campaign,
                                            const CampaignChanges &changes);
    static base::Status remove(sync::WriteContext &ctx, std::int64_t campaign);

    /// What a website's visitors may be shown at this moment.
    [[nodiscard]] static std::vector<Ongoing> ongoing(storage::Transaction &tx,
                                                      const inboxes::InboxRow &inbox,
                                                      const ports::TimeZones &zones, base::Timestamp now);
};

} // namespace server::campaigns
