#pragma once

#include "client/features/conversations/logic/attention.h"

#include <QAbstractListModel>

#include <vector>

namespace client::conversations {

class ConversationActions;

/// What the server refused or keeps back, with its full content; entries leave only by the person's hand, or
/// when what was made in their place is accepted.
class ProblemsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { MidRole = Qt::UserRole + 1, TitleRole, ReasonRole, ContentRole, AtRole };

    ProblemsModel(Stores stores, ConversationStore &conversations, ConversationActions &actions,
                  QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] const Problem &entry(int index) const { return m_entries[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const std::vector<Problem> &entries() const { return m_entries; }

    /// What the server does by itself: everything but showing, copying and editing.
    void act(const base::Uuid &mid, Problem::Action action);

Q_SIGNALS:
    /// It could not even be queued; a sentence.
    void refused(const QString &sentence);

private:
    void refresh();

    Stores m_stores;
    ConversationActions &m_actions;
    std::vector<Problem> m_entries;
};

} // namespace client::conversations
