#include "client/app/deskbellctl/commands.h"
#include "client/app/deskbellctl/connected_desk.h"
#include "client/app/deskbellctl/printing.h"
#include "shared/base/json.h"

#include <QDateTime>
#include <QEventLoop>

namespace client::ctl {

namespace {

using base::Json;
using client::sync::AuthFailure;
using client::sync::DeviceInfo;

/// Gives the question, waits for its answer; nothing when the server refused, which is then said.
template <class T, class Ask>
std::optional<T> answerOf(Ask ask)
{
    std::optional<T> found;
    QEventLoop loop;
    ask([&](const T *value, const AuthFailure *failure) {
        if (value)
            found = *value;
        else
            complain(failure->sentence.toStdString());
        loop.quit();
    });
    loop.exec();
    return found;
}

std::unique_ptr<ConnectedDesk> liveDesk(const Options &options, int &code)
{
    auto desk = ConnectedDesk::open(options);
    if (!desk) {
        const bool nobody = desk.error().code == base::ErrorCode::Unauthorized;
        complain(nobody ? "nobody is signed in with this profile; use: deskbellctl login"
                        : desk.error().detail);
        code = nobody ? NotSignedIn : Failed;
        return nullptr;
    }
    if (options.offline || !(*desk)->waitUntilLive()) {
        complain("no connection to the server");
        code = NotConnected;
        return nullptr;
    }
    return *std::move(desk);
}

std::optional<std::vector<DeviceInfo>> devicesOf(ConnectedDesk &desk)
{
    return answerOf<std::vector<DeviceInfo>>([&desk](auto answer) { desk.client().devices(answer); });
}

std::string day(base::Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(base::toMs(at)).toString(Qt::ISODate).toStdString();
}

} // namespace

int devices(const Options &options)
{
    int code = Ok;
    const auto desk = liveDesk(options, code);
    if (!desk)
        return code;
    const auto found = devicesOf(*desk);
    if (!found)
        return NotConnected;
    auto all = Json::array();
    for (const auto &device : *found) {
        if (options.json)
            all.push_back({{"id", device.id.text()},
                           {"name", device.name},
                           {"os", device.os},
                           {"app", device.app},
                           {"created_at", base::toMs(device.createdAt)},
                           {"last_seen_at", base::toMs(device.lastSeenAt)},
                           {"current", device.current}});
        else
            print(device.id.text() + "  " + device.name + "  " + device.os + "  seen " +
                  day(device.lastSeenAt) + (device.current ? "  (this one)" : ""));
    }
    if (options.json)
        print(all);
    return Ok;
}

int revoke(const Options &options, const std::string &device)
{
    int code = Ok;
    const auto desk = liveDesk(options, code);
    if (!desk)
        return code;
    base::Uuid id; // null: all others
    if (device != "others") {
        const auto found = devicesOf(*desk);
        if (!found)
            return NotConnected;
        std::vector<DeviceInfo> fitting;
        for (const auto &known : *found)
            if (known.id.text().starts_with(device))
                fitting.push_back(known);
        if (fitting.size() != 1) {
            complain(fitting.empty() ? "there is no device " + device
                                     : "several devices begin with " + device);
            return Usage;
        }
        if (fitting[0].current) {
            complain("this is the device you are using");
            return Usage;
        }
        id = fitting[0].id;
    }
    const auto count =
        answerOf<std::int64_t>([&desk, &id](auto answer) { desk->client().revokeDevice(id, answer); });
    if (!count)
        return NotConnected;
    if (options.json)
        print(Json{{"revoked", *count}});
    else
        print(std::to_string(*count) + (*count == 1 ? " device was" : " devices were") + " signed out.");
    return Ok;
}

} // namespace client::ctl
