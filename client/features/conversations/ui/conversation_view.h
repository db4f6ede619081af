#pragma once

#include "client/features/conversations/logic/timeline_model.h"
#include "client/features/conversations/ui/conversation_header_view.h"
#include "client/features/conversations/ui/file_access.h"

#include <QSet>

class QMenu;
class QStackedWidget;
class QTemporaryDir;

namespace client::widgets {
class EmptyState;
class ThreadView;
} // namespace client::widgets

namespace client::conversations {

class ComposerPresenter;
class ComposerView;
class ConversationActions;
class PresenceStore;
class TimelineThreadModel;

/// The thread pane: head, messages, reply box. Marks as read what was on screen while the window was in
/// front.
class ConversationView : public widgets::Surface {
    Q_OBJECT

public:
    /// All must outlive the view.
    struct Parts {
        Stores stores;
        ConversationStore &conversations;
        TimelineModel &timeline;
        ComposerPresenter &composer;
        PresenceStore &presence;
        ConversationActions &actions;
        const base::Clock &clock;
        FileAccess files;
    };

    explicit ConversationView(Parts parts, QWidget *parent = nullptr);
    ~ConversationView() override;

    [[nodiscard]] ConversationHeaderView *header() const { return m_header; }
    [[nodiscard]] widgets::ThreadView *thread() const { return m_thread; }
    [[nodiscard]] ComposerView *composer() const { return m_composer; }
    [[nodiscard]] std::optional<domain::ConversationId> current() const { return m_current; }

    /// Nothing: says what to do instead.
    void open(std::optional<domain::ConversationId> id);
    void focusThread();
    /// The file of an attachment is here, or will not come.
    void fileArrived(const QString &id, bool thumbnail, const QString &path);
    void fileFailed(const QString &id, bool thumbnail);
    /// While false nothing is marked as read.
    void setLookedAt(bool lookedAt);
    /// Brings the newest reply that can still be taken back into the box; false when there is none.
    bool undoLastReply();

Q_SIGNALS:
    /// A message of mine that failed or is held: try again, or look at it.
    void retryRequested(const domain::MessageId &id);
    /// A sentence for the person, to be shown in passing.
    void said(const QString &sentence);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void connectThread();
    void act(const QString &itemId);
    void addProblemActions(QMenu &menu, const base::Uuid &id);
    void refreshHeader();
    void refreshTyping();
    void markSeen();
    void openFile(const QString &attachment, bool save);
    bool copyFile(const QString &path, const QString &target) const;
    void deliver(const QString &attachment, const QString &path, bool save);

    Parts m_parts;
    std::optional<domain::ConversationId> m_current;
    TimelineThreadModel *m_messages;
    ConversationHeaderView *m_header;
    widgets::ThreadView *m_thread;
    ComposerView *m_composer;
    QStackedWidget *m_stack;
    widgets::EmptyState *m_empty;
    std::unique_ptr<QTemporaryDir> m_opened; ///< copies handed to other programs
    QHash<QString, bool> m_wanted;           ///< attachment -> save (else open) once it is here
    std::int64_t m_seenN = 0;
    bool m_lookedAt = false;
};

} // namespace client::conversations
