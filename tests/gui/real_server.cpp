#include "tests/gui/real_server.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace tests {

namespace {

constexpr int patience = 60'000;

QString program()
{
    return qEnvironmentVariable("DESKBELL_BIN") + QStringLiteral("/deskbelld");
}

} // namespace

bool RealServer::run(const QStringList &arguments, const QByteArray &input, QByteArray *output)
{
    QProcess process;
    process.start(program(), arguments);
    if (!process.waitForStarted()) {
        m_why = program() + QStringLiteral(": ") + process.errorString();
        return false;
    }
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(4 * patience) || process.exitCode() != 0) {
        m_why = QString::fromUtf8(process.readAllStandardError());
        return false;
    }
    *output = process.readAllStandardOutput();
    return true;
}

bool RealServer::start(int conversations)
{
    QByteArray printed;
    const QStringList data{QStringLiteral("--data"), m_data.path()};
    if (!run(QStringList{QStringLiteral("init")} + data +
                 QStringList{QStringLiteral("--account"), QStringLiteral("Northwind Support"),
                             QStringLiteral("--name"), QStringLiteral("Sara Lind"), QStringLiteral("--email"),
                             email},
             password.toUtf8() + '\n', &printed))
        return false;
    for (const auto &line : printed.split('\n'))
        if (line.startsWith('{')) {
            const auto made = QJsonDocument::fromJson(line).object();
            m_account = QString::number(made.value(QStringLiteral("account_id")).toInteger());
            m_accessToken = made.value(QStringLiteral("access_token")).toString();
        }
    if (conversations > 0 &&
        !run(QStringList{QStringLiteral("seed")} + data +
                 QStringList{QStringLiteral("--conversations"), QString::number(conversations),
                             QStringLiteral("--messages"), QString::number(conversations * 9),
                             QStringLiteral("--seed"), QStringLiteral("7")},
             {}, &printed))
        return false;
    if (!serve(QStringLiteral("127.0.0.1:0")))
        return false;
    call("PATCH", {}, R"({"undo_send_s":0})"); // what is sent is there
    if (conversations > 0)
        return true;
    const auto inbox =
        post(QStringLiteral("/inboxes"),
             {{QStringLiteral("name"), QStringLiteral("Website")},
              {QStringLiteral("channel"),
               QJsonObject{{QStringLiteral("type"), QStringLiteral("web_widget")},
                           {QStringLiteral("website_url"), QStringLiteral("https://shop.example")}}}});
    m_websiteToken = inbox.value(QStringLiteral("website_token")).toString();
    if (m_websiteToken.isEmpty())
        m_why = QStringLiteral("no website token: ") + QString::fromUtf8(QJsonDocument{inbox}.toJson());
    return !m_websiteToken.isEmpty();
}

bool RealServer::serve(const QString &address)
{
    m_process.start(program(), {QStringLiteral("serve"), QStringLiteral("--data"), m_data.path(),
                                QStringLiteral("--listen"), address});
    while (m_process.waitForReadyRead(patience)) {
        while (m_process.canReadLine()) {
            const auto line = QString::fromUtf8(m_process.readLine()).trimmed();
            if (!line.startsWith(QStringLiteral("listening on ")))
                continue;
            m_url = line.mid(13);
            return true;
        }
    }
    m_why = QString::fromUtf8(m_process.readAllStandardError());
    return false;
}

void RealServer::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(patience);
}

bool RealServer::restart()
{
    const QUrl url{m_url};
    return serve(QStringLiteral("127.0.0.1:%1").arg(url.port()));
}

QJsonObject RealServer::call(const QByteArray &method, const QString &path, const QByteArray &body)
{
    QNetworkAccessManager network;
    QNetworkRequest request{QUrl{m_url + QStringLiteral("/api/v1/accounts/") + m_account + path}};
    request.setRawHeader("api_access_token", m_accessToken.toUtf8());
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setTransferTimeout(patience);
    auto *reply = network.sendCustomRequest(request, method, body);
    QEventLoop loop;
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    const auto answer = QJsonDocument::fromJson(reply->readAll()).object();
    reply->deleteLater();
    return answer;
}

QJsonObject RealServer::get(const QString &path)
{
    return call("GET", path, {});
}

QJsonObject RealServer::post(const QString &path, const QJsonObject &body)
{
    return call("POST", path, QJsonDocument{body}.toJson(QJsonDocument::Compact));
}

QStringList RealServer::texts(qint64 conversationNumber)
{
    QStringList all;
    const auto answer = get(QStringLiteral("/conversations/%1/messages").arg(conversationNumber));
    for (const auto &value : answer.value(QStringLiteral("payload")).toArray()) {
        const auto message = value.toObject();
        if (message.value(QStringLiteral("message_type")).toInt() <= 1 &&
            !message.value(QStringLiteral("private")).toBool())
            all << message.value(QStringLiteral("content")).toString();
    }
    return all;
}

} // namespace tests
