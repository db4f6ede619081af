#pragma once

#include "client/features/conversations/logic/conversation_store.h"

#include <QAbstractListModel>

#include <vector>

namespace client::conversations {

/// What the server refused, with its full content; entries leave only by the person's hand.
class ProblemsModel : public QAbstractListModel {
    Q_OBJECT

public:
    struct Entry {
        base::Uuid mid;
        domain::ConversationId conversation;
        QString title;   ///< "Reply to Mara Lindqvist"
        QString reason;  ///< one sentence
        QString content; ///< the text that was written
        qint64 at = 0;
        bool canRetry = true;
        bool canBecomeNote = false;
    };
    enum Role { MidRole = Qt::UserRole + 1, TitleRole, ReasonRole, ContentRole, AtRole };

    ProblemsModel(Stores stores, ConversationStore &conversations, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] const Entry &entry(int index) const { return m_entries[static_cast<std::size_t>(index)]; }

    void retry(const base::Uuid &mid);
    void turnIntoNote(const base::Uuid &mid);
    void discard(const base::Uuid &mid);

private:
    void refresh();

    Stores m_stores;
    ConversationStore &m_conversations;
    std::vector<Entry> m_entries;
};

} // namespace client::conversations
