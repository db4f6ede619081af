#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/webwidget/visitor_view.h"
#include "server/features/webwidget/widget_config.h"
#include "server/ports/assets.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"

#include <functional>
#include <string>
#include <string_view>

namespace server::webwidget {

/// What the widget's HTTP side stands on. All of it outlives the router.
struct WidgetParts {
    storage::Database &database;
    sync::Executor &executor;
    sync::Ephemera &ephemera;
    contacts::ContactService &contacts;
    conversations::ConversationService &conversations;
    const inboxes::InboxService &inboxes;
    const ports::Crypto &crypto;
    attachments::AttachmentService &attachments;
    const VisitorSeal &seal;
    const VisitorLinks &links;
    ports::RateLimiter &limiter;
    base::UuidMaker &ids;
    const base::Clock &clock;
    const ports::TimeZones &zones;
    std::function<const ports::Asset *(std::string_view path)> findAsset;
    std::string publicUrl; ///< as ApiGate's
    CampaignSource campaigns = {};
};

} // namespace server::webwidget
