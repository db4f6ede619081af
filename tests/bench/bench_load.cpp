// Loads a running deskbelld over its real wire.
//
//   bench_load write --url URL --account N --token TOKEN --email ADDR --password-env NAME --agents A
//   --in-flight F --seconds S bench_load idle  --url URL --site WEBSITE_TOKEN --connections N     opens
//   visitors' sockets, prints "open", waits for a line
//
// Prints one JSON object. The server's own cost is read by the caller from /proc.
#include "shared/base/json.h"
#include "tests/bench/agent_load.h"
#include "tests/support/fakes.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <random>

namespace {

class RealClock : public base::Clock {
public:
    base::Timestamp now() const override
    {
        return std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
    }
    base::Duration monotonic() const override
    {
        return std::chrono::duration_cast<base::Duration>(
            std::chrono::steady_clock::now().time_since_epoch());
    }
};

base::Json call(QNetworkAccessManager &http, const QByteArray &method, const QString &url,
                const base::Json &body, const QList<QPair<QByteArray, QByteArray>> &headers)
{
    QNetworkRequest request{QUrl{url}};
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    for (const auto &[name, value] : headers)
        request.setRawHeader(name, value);
    auto *reply = http.sendCustomRequest(
        request, method, body.is_null() ? QByteArray{} : QByteArray::fromStdString(base::toText(body)));
    QEventLoop loop;
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    const auto text = reply->readAll();
    const auto status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    reply->deleteLater();
    if (status < 200 || status >= 300) {
        std::fprintf(stderr, "%s %s: %d %s\n", method.constData(), url.toUtf8().constData(), status,
                     text.constData());
        std::exit(1);
    }
    return base::Json::parse(text.begin(), text.end(), nullptr, false);
}

QString socketUrl(QString url, const char *path)
{
    return url.replace(0, 4, QStringLiteral("ws")) + QString::fromLatin1(path);
}

// Conversations made through the API inbox of REST: the numbers come back, the sync ids are in `uuid`.
std::vector<std::string> conversations(const base::Json &list)
{
    std::vector<std::string> ids;
    for (const auto &item : base::member(base::member(list, "data"), "payload"))
        if (const auto id = base::textField(item, "uuid"))
            ids.push_back(*id);
    return ids;
}

int writeLoad(const QCommandLineParser &options)
{
    RealClock clock;
    tests::SeededRandom random{std::random_device{}()};
    base::UuidMaker ids{clock, random};
    QNetworkAccessManager http;
    const auto url = options.value(QStringLiteral("url"));
    const auto token = options.value(QStringLiteral("token")).toUtf8();
    const auto list = call(http, "GET",
                           url + QStringLiteral("/api/v1/accounts/%1/conversations?status=all")
                                     .arg(options.value(QStringLiteral("account"))),
                           nullptr, {{"api_access_token", token}});
    const auto targets = conversations(list);
    if (targets.empty()) {
        std::fputs("no conversations to write into\n", stderr);
        return 1;
    }

    const int agents = options.value(QStringLiteral("agents")).toInt();
    std::vector<std::unique_ptr<AgentLoad>> sessions;
    int live = 0;
    QEventLoop ready;
    std::vector<double> delays;
    long deliveries = 0;
    for (int i = 0; i <= agents; ++i) { // the last one only listens
        const auto device = ids.next();
        const auto session =
            call(http, "POST", url + QStringLiteral("/auth/device"),
                 {{"device", device.text()},
                  {"name", "bench"},
                  {"os", "linux"},
                  {"app", "bench"},
                  {"email", options.value(QStringLiteral("email")).toStdString()},
                  {"password",
                   qEnvironmentVariable(options.value(QStringLiteral("password-env")).toUtf8().constData())
                       .toStdString()}},
                 {});
        AgentLoad::Settings settings{
            socketUrl(url, "/sync/v1/ws"), base::textField(session, "access").value_or(""), device, {}, 0};
        if (i < agents) {
            settings.inFlight = options.value(QStringLiteral("in-flight")).toInt();
            for (std::size_t at = static_cast<std::size_t>(i); at < targets.size();
                 at += static_cast<std::size_t>(agents))
                settings.conversations.push_back(targets[at]);
        }
        sessions.push_back(std::make_unique<AgentLoad>(settings, ids));
        QObject::connect(sessions.back().get(), &AgentLoad::live, &ready, [&] {
            if (++live == agents + 1)
                ready.quit();
        });
        sessions.back()->open();
    }
    QTimer::singleShot(20'000, &ready, [] {
        std::fputs("sessions did not become live\n", stderr);
        std::exit(1);
    });
    ready.exec();

    QObject::connect(sessions.back().get(), &AgentLoad::delivered, sessions.back().get(), [&](qint64 sent) {
        ++deliveries;
        delays.push_back(
            static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count() - sent) / 1e6);
    });
    std::puts("begin");
    std::fflush(stdout);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < agents; ++i)
        sessions[static_cast<std::size_t>(i)]->write();
    QEventLoop loop;
    QTimer::singleShot(static_cast<int>(options.value(QStringLiteral("seconds")).toDouble() * 1000), &loop,
                       [&] {
                           for (auto &session : sessions)
                               session->stop();
                       });
    QTimer idle;
    QObject::connect(&idle, &QTimer::timeout, &loop, [&] {
        long accepted = 0;
        bool waiting = std::chrono::steady_clock::now() - begin <
                       std::chrono::duration<double>(options.value(QStringLiteral("seconds")).toDouble());
        for (auto &session : sessions) {
            accepted += session->accepted();
            waiting = waiting || session->waiting() > 0;
        }
        if (!waiting && deliveries >= accepted)
            loop.quit();
    });
    idle.start(2);
    QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
    loop.exec();
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    long accepted = 0;
    long refused = 0;
    for (auto &session : sessions) {
        accepted += session->accepted();
        refused += session->refused();
    }
    std::sort(delays.begin(), delays.end());
    const auto at = [&](double part) {
        return delays.empty()
                   ? 0.0
                   : delays[static_cast<std::size_t>(part * static_cast<double>(delays.size() - 1))];
    };
    std::printf("{\"accepted\":%ld,\"refused\":%ld,\"delivered\":%ld,\"per_s\":%.0f,\"p50_ms\":%.3f,\"p99_"
                "ms\":%.3f,\"seconds\":%.3f}\n",
                accepted, refused, deliveries, static_cast<double>(accepted) / took, at(0.5), at(0.99), took);
    return 0;
}

int idleLoad(const QCommandLineParser &options)
{
    QNetworkAccessManager http;
    const auto url = options.value(QStringLiteral("url"));
    const int wanted = options.value(QStringLiteral("connections")).toInt();
    std::vector<std::unique_ptr<QWebSocket>> sockets;
    int welcomed = 0;
    QEventLoop ready;
    for (int i = 0; i < wanted; ++i) {
        const auto address =
            QStringLiteral("10.%1.%2.%3").arg(i / 65536).arg(i / 256 % 256).arg(i % 256).toLatin1();
        const auto session = call(http, "POST", url + QStringLiteral("/w/v1/session"),
                                  {{"site", options.value(QStringLiteral("site")).toStdString()}},
                                  {{"X-Forwarded-For", address}});
        auto socket = std::make_unique<QWebSocket>();
        auto *raw = socket.get();
        const auto hello = QString::fromStdString(base::toText({{"k", "hello"},
                                                                {"token", base::member(session, "token")},
                                                                {"cur", base::member(session, "cur")}}));
        QObject::connect(raw, &QWebSocket::connected, raw, [raw, hello] { raw->sendTextMessage(hello); });
        QObject::connect(raw, &QWebSocket::textMessageReceived, raw, [&](const QString &text) {
            if (text.contains(QStringLiteral("\"welcome\"")) && ++welcomed == wanted)
                ready.quit();
        });
        QNetworkRequest request{QUrl{socketUrl(url, "/w/v1/ws")}};
        request.setRawHeader("X-Forwarded-For", address);
        request.setRawHeader("Sec-WebSocket-Protocol", "deskbell-widget.v1");
        raw->open(request);
        sockets.push_back(std::move(socket));
        if (i % 50 == 49)
            QCoreApplication::processEvents();
    }
    QTimer::singleShot(60'000, &ready, [] {
        std::fputs("sockets did not open\n", stderr);
        std::exit(1);
    });
    if (welcomed < wanted)
        ready.exec();
    std::puts("open");
    std::fflush(stdout);
    std::string line;
    std::getline(std::cin, line);
    std::printf("{\"connections\":%d}\n", welcomed);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application{argc, argv};
    QCommandLineParser options;
    for (const auto *name : {"url", "account", "token", "email", "password-env", "agents", "in-flight",
                             "seconds", "site", "connections"})
        options.addOption({QString::fromLatin1(name), QString{}, QStringLiteral("value")});
    options.process(application);
    const auto mode = options.positionalArguments().value(0);
    if (mode == QStringLiteral("write"))
        return writeLoad(options);
    if (mode == QStringLiteral("idle"))
        return idleLoad(options);
    std::fputs("bench_load write|idle …\n", stderr);
    return 2;
}
