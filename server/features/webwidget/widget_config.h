#pragma once

#include "server/features/contacts/contact_service.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/webwidget/visitor_seal.h"
#include "server/ports/time_zones.h"
#include "server/storage/transaction.h"
#include "server/sync/ephemera.h"
#include "shared/base/json_fwd.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// What a widget is told about its inbox and about its visitor (docs/protocol.md B.2).
namespace server::webwidget {

/// A teaser that a page may show.
struct CampaignTeaser {
    std::int64_t number = 0;
    std::string message;
    std::optional<sync::Actor> sender; ///< nobody: the inbox itself
    std::string senderName;
    std::string senderAvatar; ///< a path of this server, or empty
    std::string url;          ///< pages on which it is shown; '*' stands for anything
    std::int64_t secondsOnPage = 0;
};

/// The ongoing campaigns of an inbox; the place at which the feature that runs campaigns joins on.
using CampaignSource =
    std::function<std::vector<CampaignTeaser>(storage::Transaction &, const inboxes::InboxRow &)>;

base::Json configJson(storage::Transaction &tx, const inboxes::InboxRow &inbox,
                      const CampaignSource &campaigns);

/// Names for display of at most four people who may answer, those who are there first.
base::Json teamJson(storage::Transaction &tx, const sync::Ephemera &ephemera, const inboxes::InboxRow &inbox);

/// The visitor as their own widget sees them.
base::Json visitorJson(const Ticket &ticket, const inboxes::InboxRow &inbox,
                       const std::optional<contacts::ContactRow> &contact, bool isVerified);

/// A page's address as we keep it: without query and fragment; empty for what is no web page or too long.
std::string pageAddress(std::string url);

/// Names of pre-chat fields that need no answer from this contact.
std::vector<std::string> knownFields(const inboxes::InboxRow &inbox,
                                     const std::optional<contacts::ContactRow> &contact);

} // namespace server::webwidget
