#include "client/features/accounts/logic/connection_presenter.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <QDateTime>
#include <QLocale>
#include <QTimer>

#include <algorithm>
#include <set>

namespace client::accounts {

namespace {

using Kind = sync::ConnectionState::Kind;

constexpr base::Duration catchingUpShowsAfter{1000};
constexpr base::Duration reconnectingShowsAfter{5000};
constexpr base::Duration ageShowsAfter{5 * 60'000};
constexpr int refreshEveryMs = 500;

base::Duration patienceFor(Kind kind)
{
    switch (kind) {
    case Kind::CatchingUp:
        return catchingUpShowsAfter;
    case Kind::Connecting:
    case Kind::Reconnecting:
        return reconnectingShowsAfter;
    case Kind::Offline:
    case Kind::Live:
    case Kind::SignedOut:
    case Kind::Replaced:
    case Kind::UpgradeRequired:
    case Kind::Revoked:
        break;
    }
    return base::Duration{0};
}

} // namespace

ConnectionPresenter::ConnectionPresenter(sync::Session &session, QObject *parent)
    : QObject{parent}
    , m_session{session}
    , m_later{new QTimer{this}}
{
    m_later->setInterval(refreshEveryMs);
    connect(m_later, &QTimer::timeout, this, &ConnectionPresenter::update);
    connect(&session, &sync::Session::connectionChanged, this, &ConnectionPresenter::update);
    const auto again = [this] {
        look();
        update();
    };
    connect(&session, &sync::Session::intentsChanged, this, again);
    connect(&session, &sync::Session::reset, this, again);
    connect(&session, &sync::Session::changed, this, [again](const sync::Changes &changes) {
        const bool held = std::any_of(changes->begin(), changes->end(), [](const auto &change) {
            return change.type == protocol::EntityType::HeldReply;
        });
        if (held)
            again();
    });
    again();
}

void ConnectionPresenter::look()
{
    std::set<base::Uuid> here;
    for (const auto &intent : m_session.reader().intents()) {
        here.insert(intent.mid);
        if (intent.fixes)
            here.insert(*intent.fixes);
    }
    const auto held = m_session.reader().heldReplies();
    m_heldElsewhere = std::count_if(
        held.begin(), held.end(), [&here](const auto &reply) { return !here.contains(reply.message.value); });
}

QString ConnectionPresenter::footer(const sync::ConnectionState &now, Kind shown) const
{
    switch (shown) {
    case Kind::Live:
        return now.problems + m_heldElsewhere > 0
                   ? tr("%n need attention", nullptr, static_cast<int>(now.problems + m_heldElsewhere))
                   : tr("Online · synced");
    case Kind::CatchingUp:
        return now.left > 0 ? tr("Syncing %L1…").arg(now.left) : tr("Syncing…");
    case Kind::Connecting:
        return tr("Connecting");
    case Kind::Reconnecting:
        return tr("Reconnecting");
    case Kind::Offline:
        return now.queued > 0 ? tr("Offline · %n queued", nullptr, static_cast<int>(now.queued))
                              : tr("Offline");
    case Kind::SignedOut:
    case Kind::Revoked:
        return tr("Signed out");
    case Kind::Replaced:
        return tr("In use elsewhere");
    case Kind::UpgradeRequired:
        return tr("Update needed");
    }
    return {};
}

void ConnectionPresenter::update()
{
    const auto &now = m_session.connection();
    const auto sinceMs = m_session.clock().now() - now.since;
    if (sinceMs >= patienceFor(now.kind) || (!now.everLive && now.kind == Kind::CatchingUp))
        m_shown = now.kind;
    const bool waiting = m_shown != now.kind;
    const bool up = now.kind == Kind::Live || now.kind == Kind::CatchingUp;

    State state;
    state.footer = footer(now, m_shown);
    state.queued = now.queued;
    state.problems = now.problems + m_heldElsewhere;
    state.tone = m_shown == Kind::Live && state.problems == 0 ? Tone::Good : Tone::Warn;
    state.firstSync = !now.everLive;
    state.done = now.done;
    state.total = now.total;
    if (m_shown == Kind::Offline)
        state.strip = state.queued > 0
                          ? tr("Offline. You can keep working; %n change(s) will be sent when you're back.",
                               nullptr, static_cast<int>(state.queued))
                          : tr("Offline. You can keep working; everything will be sent when you're back.");
    if (m_shown == Kind::SignedOut) {
        state.tone = Tone::Bad;
        state.banner = tr("You are signed out. You can read what is here; sign in to send and receive.");
        state.bannerAction = tr("Sign in");
    } else if (m_shown == Kind::Revoked) {
        state.tone = Tone::Bad;
        state.banner =
            tr("This device was signed out by an administrator. What was synced has been removed from it.");
        state.bannerAction = tr("Sign in");
    } else if (m_shown == Kind::Replaced) {
        state.banner = tr("Deskbell was opened with this profile elsewhere and is paused here.");
        state.bannerAction = tr("Use here");
    } else if (m_shown == Kind::UpgradeRequired) {
        state.banner =
            tr("This version is too old for the server. You can read what is here; update to go on.");
    }
    if (now.leaseOver && state.banner.isEmpty())
        state.banner =
            tr("This device has not reached the server for more than %n day(s). Until it does, you "
               "see only what you wrote yourself; nothing is lost.",
               nullptr, static_cast<int>(now.leaseDays));
    if (!up && now.lastLive != base::Timestamp{} && m_session.clock().now() - now.lastLive > ageShowsAfter)
        state.age =
            tr("as of %1")
                .arg(QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(base::toMs(now.lastLive)).time(),
                                        QLocale::ShortFormat));

    // Figures move at most twice a second; the age of old data moves by itself.
    if (waiting || now.kind == Kind::CatchingUp || !up)
        m_later->start();
    else
        m_later->stop();
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(m_state);
}

} // namespace client::accounts
