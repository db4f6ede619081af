#pragma once

#include "client/features/conversations/logic/problems_model.h"

#include <QWidget>

class QVBoxLayout;

namespace client::conversations {

/// The Problems panel: what was refused or is held, each with its sentence, its text, what is so on the
/// server, and what can be done; and what still waits to be sent.
class OutboxView : public QWidget {
    Q_OBJECT

public:
    explicit OutboxView(ProblemsModel &problems, QWidget *parent = nullptr);

    /// What waits, one line each ("Reply to Mara Lindqvist: Of course…").
    void setQueued(const QStringList &lines);

Q_SIGNALS:
    void conversationChosen(const domain::ConversationId &id);
    /// Back into the reply box of its conversation.
    void editRequested(const domain::ConversationId &id, const domain::MessageId &message);
    void said(const QString &sentence);

private:
    void refresh();
    QWidget *heading();
    QWidget *card(const Problem &problem);
    void act(const Problem &problem, Problem::Action action);
    void exportAll();

    ProblemsModel &m_problems;
    QStringList m_queued;
    QVBoxLayout *m_column;
};

} // namespace client::conversations
