#include "client/shell/notify/notification_center.h"

#include <chrono>
#include <numeric>
#include <utility>

namespace client::shell {

namespace {

constexpr std::size_t mostAtOnce = 5;
constexpr auto window = std::chrono::seconds{30};

} // namespace

NotificationCenter::NotificationCenter(NoticeChannel &channel, const base::Clock &clock, QObject *parent)
    : QObject{parent}
    , m_channel{channel}
    , m_clock{clock}
{
    connect(&channel, &NoticeChannel::opened, this, [this](const QString &key) {
        withdraw(key);
        Q_EMIT openRequested(key);
    });
    connect(&channel, &NoticeChannel::replyRequested, this, [this](const QString &key) {
        withdraw(key);
        Q_EMIT replyRequested(key);
    });
    connect(&channel, &NoticeChannel::closed, this, [this](const QString &key) {
        m_standing.remove(key);
        if (key == digestKey)
            m_inDigest.clear();
    });
}

void NotificationCenter::setPaused(bool paused)
{
    m_paused = paused;
    if (!paused)
        return;
    for (const auto &key : std::exchange(m_standing, {}))
        m_channel.withdraw(key);
    m_inDigest.clear();
}

void NotificationCenter::setInView(const QString &key)
{
    m_inView = key;
    if (!key.isEmpty())
        withdraw(key);
}

void NotificationCenter::post(const Notice &notice, int count)
{
    if (m_paused || notice.key == m_inView)
        return;
    const auto now = m_clock.monotonic();
    while (!m_recent.empty() && m_recent.front() + window < now)
        m_recent.pop_front();
    m_recent.push_back(now);

    if (!m_inDigest.isEmpty() || (m_recent.size() > mostAtOnce && !m_standing.contains(notice.key))) {
        m_inDigest[notice.key] = count;
        showDigest();
        return;
    }
    auto shown = notice;
    if (!m_preview) {
        shown.title = tr("Deskbell");
        shown.text = tr("%n new message(s)", nullptr, count);
    } else if (count > 1) {
        shown.title = tr("%1 · %n unread", nullptr, count).arg(notice.title);
    }
    m_standing.insert(notice.key);
    m_channel.show(shown);
}

void NotificationCenter::showDigest()
{
    const int messages = std::accumulate(m_inDigest.cbegin(), m_inDigest.cend(), 0);
    const Notice digest{
        .key = digestKey,
        .title = tr("%n new message(s)", nullptr, messages),
        .text = tr("in %n conversation(s)", nullptr, static_cast<int>(m_inDigest.size())),
        .canReply = false,
    };
    m_standing.insert(digestKey);
    m_channel.show(digest);
}

void NotificationCenter::withdraw(const QString &key)
{
    if (m_standing.remove(key))
        m_channel.withdraw(key);
    if (key == digestKey)
        m_inDigest.clear();
    else if (m_inDigest.remove(key) && m_inDigest.isEmpty())
        withdraw(digestKey);
}

} // namespace client::shell
