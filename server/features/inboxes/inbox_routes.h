#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/media.h"
#include "server/ports/multipart.h"
#include "server/ports/time_zones.h"

namespace server::inboxes {

/// REST: inboxes, their pictures and their members; `GET /avatar/{inbox}/{name}` for everybody.
class InboxRoutes {
public:
    struct Parts {
        accounts::ApiGate &gate;
        InboxService &service;
        const ports::TimeZones &zones;
        const ports::Multipart &multipart;
        const ports::Media &media;
        const ports::Crypto &crypto;
    };
    explicit InboxRoutes(Parts parts)
        : m_gate{parts.gate}
        , m_service{parts.service}
        , m_zones{parts.zones}
        , m_parts{parts}
    {
    }
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;
    enum class Members { Add, Set, Remove };

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer removeAvatar(accounts::ApiCall &call);
    ports::HttpResponse avatar(const ports::HttpRequest &request);
    Answer members(accounts::ApiCall &call);
    Answer changeMembers(accounts::ApiCall &call, Members how);
    base::Result<std::optional<InboxAvatar>> readBody(accounts::ApiCall &call) const;
    base::Status readSettings(const base::Json &body, WebsiteSettings &settings) const;
    [[nodiscard]] base::Json jsonOf(const accounts::ApiCall &call, const InboxRow &inbox) const;
    Answer membersAnswer(const accounts::ApiCall &call, std::int64_t inbox);

    accounts::ApiGate &m_gate;
    InboxService &m_service;
    const ports::TimeZones &m_zones;
    Parts m_parts;
};

} // namespace server::inboxes
