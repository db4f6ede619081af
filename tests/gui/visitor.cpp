#include "tests/gui/visitor.h"

#include "client/platform/system_clock.h"
#include "client/platform/system_random.h"
#include "shared/base/uuid.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

namespace tests {

namespace {

constexpr int patience = 20'000;

QString frame(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument{object}.toJson(QJsonDocument::Compact));
}

} // namespace

Visitor::Visitor(const QString &server, const QString &websiteToken) : m_server{server}, m_site{websiteToken}
{
    QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket,
                     [this](const QString &text) { take(text); });
    QObject::connect(&m_socket, &QWebSocket::disconnected, &m_socket, [this] { m_welcome = false; });
}

bool Visitor::connectNow()
{
    if (m_welcome)
        return true;
    if (m_token.isEmpty()) {
        QNetworkAccessManager network;
        QNetworkRequest request{QUrl{m_server + QStringLiteral("/w/v1/session")}};
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        const QJsonObject page{{QStringLiteral("url"), QStringLiteral("https://shop.example/orders/4821")},
                               {QStringLiteral("title"), QStringLiteral("Order")},
                               {QStringLiteral("locale"), QStringLiteral("en")}};
        auto *reply = network.post(
            request, frame({{QStringLiteral("site"), m_site}, {QStringLiteral("page"), page}}).toUtf8());
        QEventLoop loop;
        QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        const auto body = reply->readAll();
        m_token = QJsonDocument::fromJson(body).object().value(QStringLiteral("token")).toString();
        if (m_token.isEmpty())
            m_why = reply->errorString() + QLatin1Char{' '} + QString::fromUtf8(body);
        reply->deleteLater();
    }
    QUrl url{m_server + QStringLiteral("/w/v1/ws")};
    url.setScheme(QStringLiteral("ws"));
    QNetworkRequest request{url};
    request.setRawHeader("Sec-WebSocket-Protocol", "deskbell-widget.v1");
    m_socket.open(request);
    if (!QTest::qWaitFor([this] { return m_socket.isValid(); }, patience)) {
        m_why += m_socket.errorString();
        return false;
    }
    m_socket.sendTextMessage(frame({{QStringLiteral("k"), QStringLiteral("hello")},
                                    {QStringLiteral("token"), m_token},
                                    {QStringLiteral("cur"), QString{}}}));
    return QTest::qWaitFor([this] { return m_welcome; }, patience);
}

bool Visitor::write(const QString &text)
{
    if (!connectNow())
        return false;
    client::platform::SystemClock clock;
    client::platform::SystemRandom random;
    base::UuidMaker maker{clock, random};
    const auto mid = QString::fromStdString(maker.next().text());
    m_socket.sendTextMessage(frame({{QStringLiteral("k"), QStringLiteral("send")},
                                    {QStringLiteral("mid"), mid},
                                    {QStringLiteral("body"), text},
                                    {QStringLiteral("up"), QJsonArray{}},
                                    {QStringLiteral("at"), static_cast<double>(base::toMs(clock.now()))}}));
    return QTest::qWaitFor([&] { return m_accepted.contains(mid); }, patience);
}

void Visitor::setTyping(bool on)
{
    if (connectNow())
        m_socket.sendTextMessage(
            frame({{QStringLiteral("k"), QStringLiteral("typing")}, {QStringLiteral("on"), on}}));
}

void Visitor::take(const QString &text)
{
    const auto object = QJsonDocument::fromJson(text.toUtf8()).object();
    const auto kind = object.value(QStringLiteral("k")).toString();
    if (kind == QStringLiteral("welcome"))
        m_welcome = true;
    else if (kind == QStringLiteral("ok"))
        m_accepted << object.value(QStringLiteral("mid")).toString();
    for (const auto &value : object.value(QStringLiteral("rows")).toArray()) {
        const auto row = value.toObject();
        if (row.value(QStringLiteral("t")).toString() == QStringLiteral("message") &&
            row.value(QStringLiteral("dir")).toString() == QStringLiteral("out"))
            m_received << row.value(QStringLiteral("body")).toString();
    }
}

} // namespace tests
