#include "tests/bench/agent_load.h"

#include "shared/base/json.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <QWebSocketHandshakeOptions>

#include <chrono>
#include <cstdio>

namespace {

std::int64_t nowNs()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

} // namespace

AgentLoad::AgentLoad(Settings settings, base::UuidMaker &ids, QObject *parent)
    : QObject{parent}
    , m_settings{std::move(settings)}
    , m_ids{ids}
    , m_lastOfLane(m_settings.conversations.size(), 0)
{
    connect(&m_socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray &bytes) {
        const auto text = protocol::unpack({bytes.constData(), static_cast<std::size_t>(bytes.size())},
                                           protocol::maxFrameBytes);
        if (text)
            take(QByteArray::fromStdString(*text));
    });
    connect(&m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString &text) { take(text.toUtf8()); });
    connect(&m_socket, &QWebSocket::connected, this, [this] {
        send({{"k", "hello"},
              {"proto", {1, 1}},
              {"shape", 1},
              {"app", "bench"},
              {"device", m_settings.device.text()},
              {"token", m_settings.accessToken},
              {"codecs", {0}},
              {"epoch", 0},
              {"q", 0},
              {"scopes", base::Json::array()},
              {"undecided", base::Json::array()}});
    });
    connect(&m_socket, &QWebSocket::disconnected, this, [this] {
        std::fprintf(stderr, "session closed: %d %s\n", static_cast<int>(m_socket.closeCode()),
                     m_socket.closeReason().toUtf8().constData());
    });
}

void AgentLoad::open()
{
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QStringLiteral("desk-sync.v1")});
    m_socket.open(QUrl{m_settings.url}, options);
}

void AgentLoad::send(const base::Json &frame)
{
    m_socket.sendTextMessage(QString::fromStdString(base::toText(frame)));
}

void AgentLoad::take(const QByteArray &bytes)
{
    const auto frame = base::Json::parse(bytes.begin(), bytes.end(), nullptr, false);
    const auto kind = base::textField(frame, "k").value_or("");
    if (kind == "d") {
        for (const auto &change : base::member(frame, "ch")) {
            if (base::textField(change, "t") != "message")
                continue;
            const auto body = base::textField(base::member(change, "v"), "body").value_or("");
            if (body.starts_with("bench "))
                Q_EMIT delivered(std::atoll(body.c_str() + 6));
        }
        send({{"k", "a"}, {"q", base::member(frame, "to")}});
        return;
    }
    if (kind == "scopes" &&
        !m_isLive) { // a first hello is answered by a reset to the head: nothing to catch up
        m_isLive = true;
        Q_EMIT live();
        return;
    }
    if (kind != "res")
        return;
    for (const auto &receipt : base::member(frame, "r")) {
        --m_waiting;
        const auto verdict = base::textField(receipt, "st").value_or("");
        if (verdict == "ok") {
            ++m_accepted;
        } else {
            ++m_refused;
            std::fprintf(stderr, "refused: %s\n", base::toText(receipt).c_str());
        }
    }
    fill();
}

void AgentLoad::write()
{
    m_writing = true;
    fill();
}

void AgentLoad::fill()
{
    auto list = base::Json::array();
    while (m_writing && m_waiting < m_settings.inFlight) {
        const auto lane = static_cast<std::size_t>(m_next) % m_settings.conversations.size();
        const auto &conversation = m_settings.conversations[lane];
        const auto n = m_next++;
        base::Json mutation{{"n", n},
                            {"mid", m_ids.next().text()},
                            {"lane", "cv:" + conversation},
                            {"at", 0},
                            {"q_age", 0},
                            {"op", "message.create"},
                            {"a",
                             {{"conv", conversation},
                              {"kind", "public"},
                              {"body", "bench " + std::to_string(nowNs()) + " " + std::string(100, 'x')}}}};
        if (m_lastOfLane[lane] != 0)
            mutation["after"] = m_lastOfLane[lane];
        m_lastOfLane[lane] = n;
        list.push_back(std::move(mutation));
        ++m_waiting;
    }
    if (!list.empty())
        send({{"k", "mut"}, {"i", std::move(list)}});
}
