#include "client/widgets/list/row_roles.h"

#include "client/widgets/basic/avatar.h"

#include <QCoreApplication>
#include <QModelIndex>
#include <QStringList>

namespace {

QString say(const char *sentence)
{
    return QCoreApplication::translate("client::widgets::RowDelegate", sentence);
}

} // namespace

namespace client::widgets {

QString rowAccessibleText(const QModelIndex &index)
{
    QStringList parts;
    const auto add = [&](const QString &text) {
        if (!text.isEmpty())
            parts << text;
    };
    const auto text = [&](int role) { return index.data(role).toString(); };
    add(text(RowNameRole));
    if (const auto presence = static_cast<Presence>(index.data(RowPresenceRole).toInt());
        presence == Presence::Online)
        add(say("online"));
    else if (presence == Presence::Busy)
        add(say("busy"));
    if (const int unread = index.data(RowUnreadRole).toInt(); unread > 0)
        add(say("unread %1").arg(unread));
    add(text(RowTitleRole));
    add(text(RowChannelTextRole));
    if (const auto due = text(RowDueRole); !due.isEmpty())
        add(say("reply due in %1").arg(due));
    for (const auto &label : index.data(RowLabelsRole).toStringList())
        add(say("label %1").arg(label));
    if (const auto typing = text(RowTypingRole); !typing.isEmpty())
        add(typing);
    else if (const auto draft = text(RowDraftRole); !draft.isEmpty())
        add(say("draft: %1").arg(draft));
    else
        add((text(RowPreviewPrefixRole) + QLatin1Char(' ') + text(RowPreviewRole)).trimmed());
    switch (static_cast<RowSendState>(index.data(RowSendStateRole).toInt())) {
    case RowSendState::None:
        break;
    case RowSendState::Pending:
        add(say("waiting to be sent"));
        break;
    case RowSendState::Failed:
        add(say("sending failed"));
        break;
    }
    if (const auto snoozed = text(RowSnoozedRole); !snoozed.isEmpty())
        add(say("snoozed %1").arg(snoozed));
    if (const auto assignee = text(RowAssigneeRole); !assignee.isEmpty())
        add(say("assigned to %1").arg(assignee));
    if (index.data(RowMutedRole).toBool())
        add(say("muted"));
    add(text(RowTimeRole));
    return parts.join(QStringLiteral(", "));
}

} // namespace client::widgets
