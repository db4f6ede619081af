#pragma once

#include "client/features/conversations/logic/problems_model.h"

#include <QWidget>

class QVBoxLayout;

namespace client::conversations {

/// What was refused, each with its sentence, its text and what can be done; and how much still waits to be
/// sent.
class OutboxView : public QWidget {
    Q_OBJECT

public:
    explicit OutboxView(ProblemsModel &problems, QWidget *parent = nullptr);

    /// What waits, one line each ("Reply to Mara Lindqvist: Of course…").
    void setQueued(const QStringList &lines);

Q_SIGNALS:
    void conversationChosen(const domain::ConversationId &id);
    void said(const QString &sentence);

private:
    void refresh();
    QWidget *card(const ProblemsModel::Entry &entry);

    ProblemsModel &m_problems;
    QStringList m_queued;
    QVBoxLayout *m_column;
};

} // namespace client::conversations
