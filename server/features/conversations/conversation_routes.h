#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/attachments/attachment_service.h"
#include "server/features/attachments/blob_link.h"
#include "server/features/conversations/conversation_presenter.h"
#include "server/features/conversations/conversation_service.h"
#include "server/ports/multipart.h"

#include <functional>
#include <string_view>

namespace server::conversations {

/// What the doors of conversations, messages and contacts share.
struct ConversationDoors {
    accounts::ApiGate &gate;
    ConversationService &conversations;
    contacts::ContactService &contacts;
    attachments::AttachmentService &attachments;
    const attachments::BlobLink &links;
    const ports::Multipart &multipart;
    sync::Ephemera &ephemera;

    [[nodiscard]] ConversationPresenter presenter(storage::Transaction &tx,
                                                  const accounts::ApiCall &call) const;
    /// The conversation a path names. NotFound when there is none, Forbidden when the caller does not see it.
    [[nodiscard]] static base::Result<ConversationRow>
    find(storage::Transaction &tx, const accounts::ApiCall &call, std::string_view param = "conversation_id");
};

/// REST: conversations.
class ConversationRoutes {
public:
    explicit ConversationRoutes(const ConversationDoors &doors) : m_doors{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;
    using Change =
        std::function<base::Result<ConversationRow>(sync::WriteContext &, const ConversationRow &)>;
    using Shown = std::function<base::Json(ConversationPresenter &, const ConversationRow &)>;

    Answer list(accounts::ApiCall &call);
    Answer meta(accounts::ApiCall &call);
    Answer filter(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer update(accounts::ApiCall &call);
    Answer toggleStatus(accounts::ApiCall &call);
    Answer togglePriority(accounts::ApiCall &call);
    Answer assign(accounts::ApiCall &call);
    Answer assignTeam(accounts::ApiCall &call, std::int64_t number);
    Answer labels(accounts::ApiCall &call);
    Answer setLabels(accounts::ApiCall &call);
    Answer setCustomAttributes(accounts::ApiCall &call);
    Answer toggleTyping(accounts::ApiCall &call);
    Answer markSeen(accounts::ApiCall &call);
    /// Changes the conversation of the path in one job; what to answer, or nothing for an empty one.
    Answer change(accounts::ApiCall &call, const Change &change, const Shown &shown);

    ConversationDoors m_doors;
};

} // namespace server::conversations
