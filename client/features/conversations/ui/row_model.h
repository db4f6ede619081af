#pragma once

#include "client/features/conversations/logic/conversation_list_model.h"

#include <QIdentityProxyModel>

namespace client::conversations {

/// Icon of a channel by its wire name ("web_widget" -> "message-circle").
QString channelIcon(const std::string &channel);

/// ConversationListModel in the words of widgets::RowDelegate: a row's second line is the newest message, its
/// third the inbox, a draft, or who is typing.
class RowModel : public QIdentityProxyModel {
    Q_OBJECT

public:
    RowModel(ConversationListModel &model, const inboxes::InboxStore &inboxes, QObject *parent = nullptr);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    [[nodiscard]] QStringList labels(const ConversationRow &row) const;

    ConversationListModel &m_model;
    const inboxes::InboxStore &m_inboxes;
};

} // namespace client::conversations
