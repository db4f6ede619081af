#pragma once

#include "client/sync/connection_state.h"

#include <QObject>
#include <QString>

class QTimer;

namespace client::sync {
class Session;
}

namespace client::accounts {

/// Tells the state of the connection in words: sidebar footer, composer strip, banner, first sync (ux: never
/// a dialog, never blocks typing, nothing flickers: "catching up" shows after 1 s, "reconnecting" after 5 s).
class ConnectionPresenter : public QObject {
    Q_OBJECT

public:
    enum class Tone { Good, Warn, Bad };
    struct State {
        Tone tone = Tone::Warn;
        QString footer;         ///< "Online · synced", "Syncing 120…", "Offline · 3 queued"
        QString strip;          ///< above the composer while offline; empty: hidden
        QString banner;         ///< full width: signed out, replaced, too old; empty: hidden
        QString bannerAction;   ///< "Sign in", "Use here"; empty: no button
        QString age;            ///< "as of 10:42" when older than five minutes; else empty
        bool firstSync = false; ///< show progress instead of an empty list
        qint64 done = 0;
        qint64 total = 0;
        qint64 queued = 0;
        qint64 problems = 0; ///< what waits for me, held replies of my other devices included
        bool operator==(const State &) const = default;
    };

    explicit ConnectionPresenter(sync::Session &session, QObject *parent = nullptr);

    [[nodiscard]] const State &state() const { return m_state; }

Q_SIGNALS:
    void stateChanged(const client::accounts::ConnectionPresenter::State &state);

private:
    void update();
    void look();
    QString footer(const sync::ConnectionState &now, sync::ConnectionState::Kind shown) const;

    sync::Session &m_session;
    qint64 m_heldElsewhere = 0; ///< replies the server keeps back that no intent here is about
    QTimer *m_later;
    sync::ConnectionState::Kind m_shown = sync::ConnectionState::Kind::Connecting;
    State m_state;
};

} // namespace client::accounts
