#include "client/sync/poll_wire.h"

#include "client/sync/http_bulk.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace client::sync {

namespace {

constexpr int transferLimitMs = 40000; // the server answers after 25 s
constexpr std::size_t maxAnswer = 2 * protocol::maxFrameBytes;

} // namespace

PollWire::PollWire(const QUrl &server, QNetworkAccessManager &network, base::Scheduler &scheduler,
                   QObject *parent)
    : QObject{parent}
    , m_url{server.toString(QUrl::StripTrailingSlash) + QStringLiteral("/sync/v1/poll")}
    , m_network{network}
    , m_scheduler{scheduler}
{
}

PollWire::~PollWire()
{
    drop();
}

void PollWire::open(WireEvents events)
{
    drop();
    m_events = std::move(events);
    // The first request carries the hello, so the wire counts as open before anything was asked.
    m_opening = m_scheduler.after({}, [this, life = m_life] {
        m_opening = 0;
        const auto opened = m_events.opened;
        if (life == m_life && opened)
            opened();
    });
}

void PollWire::send(const std::string &text)
{
    m_up.push_back(text);
    if (m_pause == 0)
        m_pause = m_scheduler.after({}, [this] { // what is said in one go goes in one request
            m_pause = 0;
            request();
        });
}

void PollWire::close()
{
    if (m_events.closed && !m_name.empty() && !m_up.empty() && !m_sending) { // a goodbye
        auto *reply = post();
        connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
    }
    drop();
}

void PollWire::drop()
{
    ++m_life;
    m_events = {};
    for (auto *reply : std::exchange(m_replies, {})) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
    for (auto *timer : {&m_pause, &m_opening})
        m_scheduler.cancel(std::exchange(*timer, 0));
    m_name.clear();
    m_up.clear();
    m_early.clear();
    m_sending = false;
    m_batch = 0;
}

// Everything that is to be sent, in a request of its own.
QNetworkReply *PollWire::post()
{
    base::Json body = base::Json::object();
    if (!m_name.empty())
        body["cid"] = m_name;
    for (const auto &text : std::exchange(m_up, {}))
        if (auto frame = base::parseJson(text))
            body["up"].push_back(*std::move(frame));
    QNetworkRequest asked{m_url};
    asked.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    asked.setTransferTimeout(transferLimitMs);
    return m_network.post(asked, QByteArray::fromStdString(base::toText(body)));
}

void PollWire::request()
{
    const bool nothing = m_up.empty() && !m_replies.empty(); // one waits already
    if (!m_events.closed || m_sending || nothing || (m_name.empty() && !m_replies.empty()))
        return;
    const bool sends = !m_up.empty();
    auto *reply = post();
    m_replies.insert(reply);
    // Sent bytes are in order only within one request: the next one with frames waits until this one is out.
    m_sending = sends;
    connect(reply, &QNetworkReply::finished, this, [this, reply, sends] {
        m_replies.erase(reply);
        reply->deleteLater();
        if (sends)
            m_sending = false;
        answered(*reply);
    });
}

void PollWire::answered(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (reply.error() != QNetworkReply::NoError || status != 200)
        return ended(0, "poll: " + std::to_string(status) + ' ' + reply.errorString().toStdString(),
                     retryAfterOf(reply));
    const auto json = base::parseJson(reply.readAll().toStdString(), {maxAnswer, 40});
    if (!json)
        return ended(0, "poll: unreadable answer", {});
    if (m_name.empty())
        m_name = base::textField(*json, "cid").value_or("");
    const auto life = m_life;
    if (const auto batch = base::integerField(*json, "b"))
        m_early[*batch] = *json;
    while (life == m_life && !m_early.empty() && m_early.begin()->first == m_batch + 1) {
        ++m_batch;
        const auto next = m_early.extract(m_early.begin()).mapped();
        take(next);
    }
    if (life != m_life)
        return;
    const auto wait = std::clamp<std::int64_t>(base::integerField(*json, "wait_ms").value_or(0), 0, 60000);
    if (!m_up.empty() || wait == 0)
        return request();
    if (m_pause == 0)
        m_pause = m_scheduler.after(base::Duration{wait}, [this] {
            m_pause = 0;
            request();
        });
}

void PollWire::take(const base::Json &json)
{
    const auto life = m_life;
    for (const auto &frame : base::member(json, "down")) {
        const auto events = m_events.frame;
        if (frame.is_string() && events)
            events(frame.get<std::string>());
        if (life != m_life)
            return;
    }
    if (const auto &close = base::member(json, "close"); close.is_object())
        ended(static_cast<int>(base::integerField(close, "code").value_or(0)),
              base::textField(close, "reason").value_or(""), {});
}

void PollWire::ended(int code, const std::string &why, base::Duration retryAfter)
{
    const auto closed = m_events.closed;
    drop();
    if (closed)
        closed(code, why, retryAfter);
}

} // namespace client::sync
