#pragma once

#include "client/features/conversations/logic/conversation_actions.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <vector>

namespace client::conversations {

/// Everything the reply box decides: texts and drafts per conversation and mode, attachments, when Send is
/// allowed, what is told to the others while typing. Knows no widget.
class ComposerPresenter : public QObject {
    Q_OBJECT

public:
    enum class Mode { Reply, Note };
    struct Attachment {
        QString id;
        QString name;
        QString detail;    ///< "1.8 MB", or why it failed
        int progress = -1; ///< 0-100 while it travels; -1: done, or waiting for a connection
        bool failed = false;
        bool operator==(const Attachment &) const = default;
    };
    struct State {
        bool enabled = false; ///< a conversation is open
        Mode mode = Mode::Reply;
        std::array<QString, 2> text; ///< by Mode
        QString recipient;
        std::vector<Attachment> attachments;
        bool canSend = false;
        QString error; ///< a refusal, in a sentence; goes with the next edit
        bool operator==(const State &) const = default;
    };

    ComposerPresenter(Stores stores, ConversationStore &conversations, ConversationActions &actions,
                      QObject *parent = nullptr);
    ~ComposerPresenter() override;

    [[nodiscard]] const State &state() const { return m_state; }
    /// Saves the draft of the one before, brings back this one's. A null id: none.
    void open(const domain::ConversationId &id);
    void setMode(Mode mode);
    /// The person changed the text of the current mode.
    void edit(const QString &text);
    void attach(const QString &path);
    void detach(const QString &id);
    void send();
    /// Sends, then resolves; the second is refused when the first is.
    void sendAndResolve();
    /// Takes a message of mine that was not sent, or was refused, back into the box.
    void takeBack(const domain::MessageId &id);

Q_SIGNALS:
    /// `textReplaced`: the text was set from here, not by the person.
    void stateChanged(const client::conversations::ComposerPresenter::State &state, bool textReplaced);
    void sent(const domain::MessageId &id);

private:
    void show(State state, bool textReplaced = false);
    void saveDraft();
    void loadDraft();
    void tellComposing();
    void stopComposing();
    bool sendNow(std::function<void()> then);
    QString key(Mode mode) const;

    Stores m_stores;
    ConversationStore &m_conversations;
    ConversationActions &m_actions;
    domain::ConversationId m_id;
    State m_state;
    QTimer m_save;
    QTimer m_quiet;
    qint64 m_toldAt = 0;
    bool m_told = false;
};

} // namespace client::conversations
