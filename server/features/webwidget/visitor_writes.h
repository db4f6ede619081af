#pragma once

#include "server/features/webwidget/visitor_draft.h"
#include "server/features/webwidget/visitor_parts.h"
#include "server/sync/core_tasks.h"

#include <string_view>

namespace server::webwidget {

/// What visitors do: they send, type and read. Part of VisitorCore.
class VisitorWrites {
public:
    VisitorWrites(const VisitorParts &parts, const VisitorSettings &settings, const sync::CoreTasks &tasks,
                  VisitorRoster &roster);

    void send(ports::SocketId socket, Connected &visitor, const base::Json &frame);
    void typing(Connected &visitor, const base::Json &frame);
    void page(Connected &visitor, const base::Json &frame);
    void opened(const Connected &visitor, const base::Json &frame);
    void read(Connected &visitor, const base::Json &frame);

private:
    void submit(ports::SocketId socket, Connected &visitor, VisitorDraft draft);
    void answer(ports::SocketId socket, const base::Uuid &visitor, const base::Uuid &mid,
                const base::Result<conversations::Posted> &outcome);
    void refuse(ports::SocketId socket, const base::Uuid &mid, std::string_view code,
                base::Duration wait = {});

    const VisitorParts &m_parts;
    const VisitorSettings &m_settings;
    const sync::CoreTasks &m_tasks;
    VisitorRoster &m_roster;
};

} // namespace server::webwidget
