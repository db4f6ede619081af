#pragma once

#include "client/shell/notify/notice.h"
#include "shared/base/clock.h"

#include <QHash>
#include <QSet>

#include <deque>

namespace client::shell {

/// Decides which notices are shown: one a conversation, updated while it stands; more than five in thirty
/// seconds become one digest. Nothing is shown for the conversation in view, nor while paused.
class NotificationCenter : public QObject {
    Q_OBJECT

public:
    static inline const QString digestKey = QStringLiteral("digest");

    /// Both must outlive this.
    NotificationCenter(NoticeChannel &channel, const base::Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] bool isPaused() const { return m_paused; }
    void setPaused(bool paused);
    /// Without it a notice only says that there is a new message.
    void setPreview(bool preview) { m_preview = preview; }
    /// The conversation the person is looking at; empty when the window is not in front.
    void setInView(const QString &key);
    /// A message came. `count` is how many are unread in that conversation.
    void post(const Notice &notice, int count);
    /// Whether it stands there, alone or counted in a digest.
    [[nodiscard]] bool isShown(const QString &key) const
    {
        return m_standing.contains(key) || m_inDigest.contains(key);
    }
    /// It was read or answered elsewhere.
    void withdraw(const QString &key);

Q_SIGNALS:
    void openRequested(const QString &key);
    void replyRequested(const QString &key);

private:
    void showDigest();

    NoticeChannel &m_channel;
    const base::Clock &m_clock;
    QSet<QString> m_standing;       ///< keys that are shown
    QHash<QString, int> m_inDigest; ///< conversation -> unread, while a digest stands
    std::deque<base::Duration> m_recent;
    QString m_inView;
    bool m_paused = false;
    bool m_preview = true;
};

} // namespace client::shell
