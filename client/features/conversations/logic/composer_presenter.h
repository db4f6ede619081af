#pragma once

#include "client/features/conversations/logic/conversation_actions.h"

#include <QObject>
#include <QTimer>

#include <array>
#include <map>
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
        /// Why no reply is taken now, in a sentence: the inbox's reply window has closed. Drafts and notes go
        /// on.
        QString closed;
        QString error; ///< a refusal, in a sentence; goes with the next edit
        /// Sending stopped because something came that was not seen: what, in a sentence. Empty: nothing to
        /// ask.
        QString question;
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
    /// Stops and asks (State::question) when somebody wrote while this was typed and it was not noticed.
    void send();
    /// Sends, then resolves; the second is refused when the first is.
    void sendAndResolve();
    /// The two answers to State::question.
    void sendAnyway();
    void keepEditing();
    /// Messages up to this number are on screen, before somebody's eyes. Counts as noticed after a moment.
    void noteSeen(std::int64_t n);
    /// Takes a message of mine that was not sent, was refused, or is held back into the box. A refused or
    /// held one stays among the problems until what is sent in its place is accepted. A reply that was sent a
    /// moment ago is undone, and so is the resolving that went with it.
    void takeBack(const domain::MessageId &id);

Q_SIGNALS:
    /// `textReplaced`: the text was set from here, not by the person.
    void stateChanged(const client::conversations::ComposerPresenter::State &state, bool textReplaced);
    void sent(const domain::MessageId &id);
    /// A question is asked: show what came.
    void stopped();

private:
    /// What the text in the box stands in for; kept with the draft.
    struct Replaced {
        std::optional<base::Uuid> fixes; ///< the refused order or decision
        std::optional<base::Uuid> held;
    };
    [[nodiscard]] Replaced replaced(const domain::ConversationId &id) const;
    void setReplaced(const domain::ConversationId &id, const Replaced &replaced);
    void show(State state, bool textReplaced = false);
    [[nodiscard]] QString closedNow();
    void lookAtWindow();
    void saveDraft();
    void loadDraft();
    [[nodiscard]] QString newestDraft(Mode mode) const;
    void shareDraft();
    void adoptDraft();
    void tellComposing();
    void stopComposing();
    enum class After { Stay, Resolve };
    bool sendNow(After after, bool anyway = false);
    [[nodiscard]] std::int64_t noticedN() const;
    [[nodiscard]] QString unseen() const;
    void beganTyping(std::int64_t n);
    void openAgain(const domain::MessageId &id);
    [[nodiscard]] bool takeBackProblem(const domain::MessageId &id);
    void takeBackWaiting(const storage::Intent &intent);
    void undo(const domain::MessageId &id, Mode mode, const QString &text,
              const std::vector<base::Uuid> &uploads);
    void restore(Mode mode, const QString &text, const std::vector<Attachment> &attachments);
    [[nodiscard]] Attachment attachmentOf(const base::Uuid &upload, const QString &name) const;
    QString key(Mode mode) const;

    Stores m_stores;
    ConversationStore &m_conversations;
    ConversationActions &m_actions;
    domain::ConversationId m_id;
    State m_state;
    QTimer m_save;
    QTimer m_share;
    std::array<QString, 2> m_shared; ///< by Mode: what my other devices know of
    base::Timestamp m_editedAt{};    ///< the box, since the conversation was opened
    QTimer m_quiet;
    QTimer m_window; ///< until the reply window closes
    qint64 m_toldAt = 0;
    bool m_told = false;
    std::int64_t m_noticedN = 0; ///< noticed for sure: it was there when the text was begun
    std::vector<std::pair<std::int64_t, qint64>> m_onScreen; ///< number, since when
    After m_afterQuestion = After::Stay;
    std::map<domain::ConversationId, Replaced> m_replaces; ///< those that were touched since the start
    std::map<domain::MessageId, domain::ConversationStatus>
        m_resolvedWith; ///< status before Send and resolve
};

} // namespace client::conversations
