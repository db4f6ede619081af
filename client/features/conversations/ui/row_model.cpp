#include "client/features/conversations/ui/row_model.h"

#include "client/features/inboxes/logic/inbox_store.h"
#include "client/widgets/basic/avatar.h"
#include "client/widgets/list/row_roles.h"

namespace client::conversations {

QString channelIcon(const std::string &channel)
{
    if (channel == "web_widget")
        return QStringLiteral("message-circle");
    if (channel == "email")
        return QStringLiteral("mail");
    if (channel == "whatsapp" || channel == "sms")
        return QStringLiteral("phone");
    if (channel == "telegram")
        return QStringLiteral("send");
    return QStringLiteral("inbox");
}

RowModel::RowModel(ConversationListModel &model, const inboxes::InboxStore &inboxes, QObject *parent)
    : QIdentityProxyModel{parent}
    , m_model{model}
    , m_inboxes{inboxes}
{
    setSourceModel(&model);
}

QStringList RowModel::labels(const ConversationRow &row) const
{
    const auto &conversation = row.view.conversation;
    QStringList all;
    if (conversation.priority == domain::Priority::Urgent || conversation.priority == domain::Priority::High)
        all << ConversationStore::priorityText(conversation.priority);
    if (!m_model.query().status && conversation.status != domain::ConversationStatus::Open)
        all << ConversationStore::statusText(conversation.status);
    for (const auto &title : conversation.labels)
        all << QString::fromStdString(title);
    return all;
}

QVariant RowModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::AccessibleTextRole || role == Qt::DisplayRole)
        return widgets::rowAccessibleText(index);
    if (role <= Qt::UserRole)
        return {};
    const auto &row = m_model.row(index.row());
    const auto &conversation = row.view.conversation;
    switch (role) {
    case widgets::RowIdRole:
        return QString::fromStdString(conversation.id.text());
    case widgets::RowNameRole:
        return row.contactName;
    case widgets::RowTitleRole:
        return row.previewPrefix.isEmpty() ? row.preview : row.previewPrefix + QLatin1Char{' '} + row.preview;
    case widgets::RowPreviewRole:
        return conversation.number ? tr("#%1 · %2").arg(conversation.number).arg(row.inboxName)
                                   : row.inboxName;
    case widgets::RowMarksRole:
        return row.marks;
    case widgets::RowDraftRole:
        return row.draft;
    case widgets::RowTimeRole:
        return row.time;
    case widgets::RowUnreadRole:
        return static_cast<int>(row.view.unread);
    case widgets::RowChannelIconRole: {
        const auto *inbox = m_inboxes.find(conversation.inbox);
        return channelIcon(inbox ? inbox->channel : std::string{});
    }
    case widgets::RowChannelTextRole:
        return row.channelText;
    case widgets::RowLabelsRole:
        return labels(row);
    case widgets::RowPresenceRole:
        return static_cast<int>(row.contactOnline ? widgets::Presence::Online : widgets::Presence::None);
    case widgets::RowTypingRole:
        return row.typing;
    case widgets::RowSendStateRole:
        return static_cast<int>(row.failed    ? widgets::RowSendState::Failed
                                : row.sending ? widgets::RowSendState::Pending
                                              : widgets::RowSendState::None);
    case widgets::RowSnoozedRole:
        return row.snoozed;
    case widgets::RowAssigneeRole:
        return row.assignee;
    default:
        return {};
    }
}

} // namespace client::conversations
