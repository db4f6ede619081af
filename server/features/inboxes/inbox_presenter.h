#pragma once

#include "server/features/inboxes/inbox_store.h"
#include "shared/base/json_fwd.h"

#include <string>

/// Inboxes as the REST API tells them.
namespace server::inboxes {

/// "Channel::WebWidget" for "web_widget".
std::string channelType(const InboxRow &inbox);
/// What a site puts into its pages; `origin` is this server's, "https://desk.example".
std::string widgetScript(const InboxRow &inbox, const std::string &origin);
base::Json inboxJson(const InboxRow &inbox, const std::string &origin);
/// The few fields that stand beside a contact's source id.
base::Json inboxReference(const InboxRow &inbox, const std::string &origin);

} // namespace server::inboxes
