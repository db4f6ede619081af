#include "client/features/accounts/logic/devices_presenter.h"

#include "client/features/accounts/logic/access_failures.h"
#include "client/sync/own_access.h"
#include "client/sync/session.h"

#include <QDateTime>
#include <QLocale>
#include <QPointer>

#include <algorithm>

namespace client::accounts {

namespace {

using Kind = sync::ConnectionState::Kind;

} // namespace

QString lastSeenText(base::Timestamp at, base::Timestamp now)
{
    // A device is heard of when it renews its access, every quarter of an hour.
    constexpr std::chrono::minutes recent{20};
    const auto age = now - at;
    if (age < recent)
        return DevicesPresenter::tr("Active recently");
    const auto minutes = static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(age).count());
    if (minutes < 60)
        return DevicesPresenter::tr("Last seen %n minute(s) ago", nullptr, minutes);
    constexpr int day = 24 * 60;
    if (minutes < day)
        return DevicesPresenter::tr("Last seen %n hour(s) ago", nullptr, minutes / 60);
    const auto date = QDateTime::fromMSecsSinceEpoch(base::toMs(at)).date();
    return DevicesPresenter::tr("Last seen on %1").arg(QLocale{}.toString(date, QLocale::ShortFormat));
}

DevicesPresenter::DevicesPresenter(sync::Session &session, sync::OwnAccess &access, QObject *parent)
    : QObject{parent}
    , m_session{session}
    , m_access{access}
{
    connect(&session, &sync::Session::connectionChanged, this, &DevicesPresenter::connectionChanged);
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        const bool ours = std::any_of(changes->begin(), changes->end(), [](const auto &change) {
            return change.type == protocol::EntityType::Device;
        });
        if (ours)
            refresh();
    });
    m_state.offline = !isUp();
}

bool DevicesPresenter::isUp() const
{
    const auto kind = m_session.connection().kind;
    return kind == Kind::Live || kind == Kind::CatchingUp;
}

void DevicesPresenter::connectionChanged()
{
    const bool offline = !isUp();
    if (offline == m_state.offline)
        return;
    m_state.offline = offline;
    if (!offline)
        refresh();
    Q_EMIT stateChanged();
}

void DevicesPresenter::refresh()
{
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = true;
    m_state.loading = m_state.devices.empty();
    m_state.error.clear();
    Q_EMIT stateChanged();
    m_access.devices([self = QPointer{this}](const std::vector<sync::DeviceInfo> *found,
                                             const sync::AuthFailure *failure) {
        if (!self)
            return;
        self->m_asking = false;
        self->m_state.loading = false;
        if (found)
            self->took(*found);
        else
            self->failed(*failure);
        if (std::exchange(self->m_again, false))
            self->refresh();
    });
}

void DevicesPresenter::took(const std::vector<sync::DeviceInfo> &devices)
{
    std::set<base::Uuid> leaving;
    for (const auto &device : m_state.devices)
        if (device.leaving)
            leaving.insert(device.info.id);
    m_state.devices.clear();
    for (const auto &info : devices)
        m_state.devices.push_back({info, leaving.contains(info.id)});
    std::stable_sort(m_state.devices.begin(), m_state.devices.end(), [](const auto &a, const auto &b) {
        return a.info.current != b.info.current ? a.info.current : a.info.lastSeenAt > b.info.lastSeenAt;
    });
    m_state.asOf = m_session.clock().now();
    m_state.offline = false;
    Q_EMIT stateChanged();
}

void DevicesPresenter::failed(const sync::AuthFailure &failure)
{
    if (failure.kind == sync::AuthFailure::Kind::Unreachable && !isUp())
        m_state.offline = true; // said once, above the list
    else
        m_state.error = accessSentence(failure);
    Q_EMIT stateChanged();
}

void DevicesPresenter::signOut(const base::Uuid &device)
{
    const auto found = std::find_if(m_state.devices.begin(), m_state.devices.end(),
                                    [&device](const auto &one) { return one.info.id == device; });
    if (found == m_state.devices.end() || found->leaving)
        return;
    found->leaving = true;
    m_state.error.clear();
    const auto name = QString::fromStdString(found->info.name);
    Q_EMIT stateChanged();
    m_access.revokeDevice(device, [self = QPointer{this}, device, name](const std::int64_t *,
                                                                        const sync::AuthFailure *failure) {
        if (!self)
            return;
        auto &all = self->m_state.devices;
        // No such device: somebody was faster, or it left by itself.
        const bool gone = !failure || failure->kind == sync::AuthFailure::Kind::NotDeskbell;
        if (gone) {
            std::erase_if(all, [&device](const auto &one) { return one.info.id == device; });
            Q_EMIT self->stateChanged();
            Q_EMIT self->said(tr("%1 is signed out.").arg(name));
            return self->refresh();
        }
        for (auto &one : all)
            if (one.info.id == device)
                one.leaving = false;
        self->failed(*failure);
    });
}

void DevicesPresenter::signOutOthers()
{
    if (m_state.leavingAll)
        return;
    m_state.leavingAll = true;
    m_state.error.clear();
    Q_EMIT stateChanged();
    m_access.revokeDevice(
        {}, [self = QPointer{this}](const std::int64_t *count, const sync::AuthFailure *failure) {
            if (!self)
                return;
            self->m_state.leavingAll = false;
            if (failure)
                return self->failed(*failure);
            std::erase_if(self->m_state.devices, [](const auto &one) { return !one.info.current; });
            Q_EMIT self->stateChanged();
            Q_EMIT self->said(tr("%n device(s) are signed out.", nullptr, static_cast<int>(*count)));
            self->refresh();
        });
}

} // namespace client::accounts
