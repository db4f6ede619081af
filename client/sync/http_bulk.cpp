#include "client/sync/http_bulk.h"

#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

#include <algorithm>

namespace client::sync {

namespace {

constexpr int transferLimitMs = 30'000; // without a byte
// Not zero: such a timer is a posted event, which is taken in the same turn.
constexpr std::chrono::milliseconds turnPause{1};
constexpr std::size_t maxEnvelope = protocol::maxFrameBytes + 64;

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace

base::Duration retryAfterOf(const QNetworkReply &reply)
{
    bool ok = false;
    const auto seconds = reply.rawHeader("Retry-After").toLongLong(&ok);
    return ok ? base::Duration{std::clamp<qlonglong>(seconds, 0, 3600) * 1000} : base::Duration{0};
}

HttpBulk::HttpBulk(QUrl server, QNetworkAccessManager &network, QObject *parent)
    : QObject{parent}
    , m_server{std::move(server)}
    , m_network{network}
{
}

HttpBulk::~HttpBulk()
{
    while (!m_requests.empty())
        cancel(m_requests.begin()->first);
}

BulkId HttpBulk::get(const std::string &target, const std::string &access, bool plain, BulkEvents events)
{
    const auto id = m_next++;
    QNetworkRequest request{
        QUrl{m_server.toString(QUrl::StripTrailingSlash) + QString::fromStdString(target)}};
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(access));
    request.setRawHeader("X-Codecs", "2,1,0");
    request.setTransferTimeout(transferLimitMs);
    auto *reply = m_network.get(request);
    m_requests[id] = {reply, std::make_shared<BulkEvents>(std::move(events)), {}, plain};
    connect(reply, &QNetworkReply::readyRead, this, [this, id] { readable(id); });
    connect(reply, &QNetworkReply::finished, this, [this, id] { finished(id); });
    return id;
}

void HttpBulk::cancel(BulkId id)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    auto *reply = found->second.reply;
    m_requests.erase(found);
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

void HttpBulk::readable(BulkId id)
{
    auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    auto &request = found->second;
    if (statusOf(*request.reply) != 200)
        return;
    request.buffer += request.reply->readAll();
    if (request.plain) {
        if (static_cast<std::size_t>(request.buffer.size()) > maxEnvelope)
            fail(id);
        return;
    }
    if (!request.turning)
        turn(id);
}

void HttpBulk::turn(BulkId id)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    auto &request = found->second;
    request.turning = false;
    std::string_view rest{request.buffer.constData(), static_cast<std::size_t>(request.buffer.size())};
    const auto whole = rest.size();
    const auto envelope = protocol::takeEnvelope(rest, maxEnvelope);
    if (!envelope)
        return fail(id);
    if (envelope->empty()) {
        if (request.ended)
            end(id);
        return;
    }
    auto text = protocol::unpack(*envelope, protocol::maxFrameBytes);
    if (!text)
        return fail(id);
    request.buffer.remove(0, static_cast<qsizetype>(whole - rest.size()));
    request.turning = true; // before the part is told: it may cancel this request
    QTimer::singleShot(turnPause, this, [this, id] { turn(id); });
    const auto events = request.events;
    events->part(*std::move(text));
}

void HttpBulk::finished(BulkId id)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    found->second.ended = true;
    const bool hasParts = statusOf(*found->second.reply) == 200 && !found->second.plain;
    readable(id);
    if (!hasParts) // else it ends with its last part
        end(id);
}

void HttpBulk::end(BulkId id)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    const auto request = found->second;
    m_requests.erase(found);
    request.reply->deleteLater();
    BulkEnd end;
    end.status = statusOf(*request.reply);
    end.retryAfter = retryAfterOf(*request.reply);
    const bool whole =
        request.reply->error() == QNetworkReply::NoError && (request.plain || request.buffer.isEmpty());
    if (end.status == 200 && !whole)
        end.status = 0; // cut off
    if (request.plain && end.status == 200)
        request.events->part(request.buffer.toStdString());
    request.events->done(end);
}

void HttpBulk::fail(BulkId id)
{
    const auto events = m_requests[id].events;
    cancel(id);
    events->done({});
}

} // namespace client::sync
