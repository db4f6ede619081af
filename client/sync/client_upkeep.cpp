#include "client/sync/client.h"
#include "client/sync/desk.h"

// The part of Client that deals with devices and with what lies on this machine.
namespace client::sync {

namespace {

// From the sync thread to that of `client`.
template <class T>
void passOn(QObject *client, const HttpAuth::Answer<T> &answer, const T *value, const AuthFailure *failure)
{
    QMetaObject::invokeMethod(
        client,
        [answer, value = value ? std::optional<T>{*value} : std::nullopt,
         failure = failure ? std::optional<AuthFailure>{*failure} : std::nullopt] {
            answer(value ? &*value : nullptr, failure ? &*failure : nullptr);
        },
        Qt::QueuedConnection);
}

} // namespace

void Client::setCachePolicy(const storage::CachePolicy &policy)
{
    onDesk([policy](Desk &desk) { desk.setCachePolicy(policy); });
}

void Client::storageUse(std::function<void(const StorageUse &)> answer)
{
    onDesk([this, answer = std::move(answer)](Desk &desk) {
        QMetaObject::invokeMethod(
            this, [answer, use = desk.storageUse()] { answer(use); }, Qt::QueuedConnection);
    });
}

void Client::devices(HttpAuth::Answer<std::vector<DeviceInfo>> answer)
{
    onDesk([this, answer = std::move(answer)](Desk &desk) {
        desk.devices([this, answer](const std::vector<DeviceInfo> *found, const AuthFailure *failure) {
            passOn(this, answer, found, failure);
        });
    });
}

void Client::revokeDevice(const base::Uuid &device, HttpAuth::Answer<std::int64_t> answer)
{
    onDesk([this, device, answer = std::move(answer)](Desk &desk) {
        desk.revokeDevice(device, [this, answer](const std::int64_t *count, const AuthFailure *failure) {
            passOn(this, answer, count, failure);
        });
    });
}

void Client::changePassword(const QString &current, const QString &fresh,
                            HttpAuth::Answer<std::int64_t> answer)
{
    onDesk([this, current, fresh, answer = std::move(answer)](Desk &desk) {
        desk.changePassword(current, fresh,
                            [this, answer](const std::int64_t *count, const AuthFailure *failure) {
                                passOn(this, answer, count, failure);
                            });
    });
}

void Client::verify(base::Duration patience,
                    std::function<void(const base::Result<std::vector<std::string>> &)> answer)
{
    onDesk([this, patience, answer = std::move(answer)](Desk &desk) {
        desk.verify(patience, [this, answer](const base::Result<std::vector<std::string>> &result) {
            QMetaObject::invokeMethod(
                this, [answer, result] { answer(result); }, Qt::QueuedConnection);
        });
    });
}

void Client::audit(bool repair, base::Duration patience,
                   std::function<void(const base::Result<AuditResult> &)> answer)
{
    onDesk([this, repair, patience, answer = std::move(answer)](Desk &desk) {
        desk.audit(repair, patience, [this, answer](const base::Result<AuditResult> &result) {
            QMetaObject::invokeMethod(
                this, [answer, result] { answer(result); }, Qt::QueuedConnection);
        });
    });
}

} // namespace client::sync
