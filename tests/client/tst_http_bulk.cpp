#include "client/sync/http_bulk.h"
#include "shared/protocol/container.h"
#include "tests/support/register_test.h"

#include <QNetworkAccessManager>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// Bulk answers over a real socket.
class BulkAnswers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void othersAreHeardBetweenTheParts();
    void partsComeInOrderAndThenTheEnd();
    void anAnswerCutInAnEnvelopeIsNoAnswer();
    void aPartMayCancelItsRequest();
    void anErrorHasNoParts();

private:
    std::unique_ptr<QTcpServer> m_server;
    std::unique_ptr<QNetworkAccessManager> m_network;
    std::unique_ptr<client::sync::HttpBulk> m_bulk;
    QByteArray m_answer;
    std::vector<std::string> m_parts;
    std::optional<client::sync::BulkEnd> m_end;

    static std::string envelopes(int count)
    {
        std::string body;
        for (int i = 0; i < count; ++i)
            protocol::appendEnvelope(body, protocol::pack("part " + std::to_string(i), protocol::Codec::Raw));
        return body;
    }
    void answerWith(int status, const std::string &body, std::size_t announced)
    {
        m_answer = QByteArray::fromStdString(
            "HTTP/1.1 " + std::to_string(status) +
            " X\r\nConnection: close\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n" + body);
    }
    client::sync::BulkId ask(const std::function<void()> &onPart = {})
    {
        return m_bulk->get("/sync/v1/snap", "access", false,
                           {[this, onPart](const std::string &text) {
                                m_parts.push_back(text);
                                if (onPart)
                                    onPart();
                            },
                            [this](const client::sync::BulkEnd &end) { m_end = end; }});
    }
};

void BulkAnswers::init()
{
    m_parts.clear();
    m_end.reset();
    m_server = std::make_unique<QTcpServer>();
    QVERIFY(m_server->listen(QHostAddress::LocalHost));
    connect(m_server.get(), &QTcpServer::newConnection, this, [this] {
        auto *socket = m_server->nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            if (!socket->readAll().contains("\r\n\r\n"))
                return;
            socket->write(m_answer);
            socket->disconnectFromHost();
        });
    });
    m_network = std::make_unique<QNetworkAccessManager>();
    m_bulk = std::make_unique<client::sync::HttpBulk>(
        QUrl{QStringLiteral("http://127.0.0.1:%1").arg(m_server->serverPort())}, *m_network);
}

// A snapshot may be here as a whole long before it is stored: a ping, a mutation or a timer must not wait for
// that.
void BulkAnswers::othersAreHeardBetweenTheParts()
{
    const auto body = envelopes(20);
    answerWith(200, body, body.size());
    QTimer other;
    int heard = 0;
    std::vector<int> heardAt;
    connect(&other, &QTimer::timeout, this, [&heard] { ++heard; });
    other.start(1);
    ask([&] {
        heardAt.push_back(heard);
        QTest::qSleep(5); // it is stored
    });
    QTRY_VERIFY(m_end.has_value());
    QCOMPARE(m_parts.size(), std::size_t{20});
    for (std::size_t i = 1; i < heardAt.size(); ++i)
        QVERIFY2(heardAt[i] > heardAt[i - 1], std::to_string(i).c_str());
}

void BulkAnswers::partsComeInOrderAndThenTheEnd()
{
    const auto body = envelopes(3);
    answerWith(200, body, body.size());
    ask([this] { QVERIFY(!m_end); });
    QTRY_VERIFY(m_end.has_value());
    QCOMPARE(m_end->status, 200);
    QVERIFY((m_parts == std::vector<std::string>{"part 0", "part 1", "part 2"}));
}

void BulkAnswers::anAnswerCutInAnEnvelopeIsNoAnswer()
{
    const auto body = envelopes(3);
    answerWith(200, body.substr(0, body.size() - 2), body.size() - 2);
    ask();
    QTRY_VERIFY(m_end.has_value());
    QCOMPARE(m_end->status, 0);
    QCOMPARE(m_parts.size(), std::size_t{2}); // what was whole is kept
}

void BulkAnswers::aPartMayCancelItsRequest()
{
    const auto body = envelopes(3);
    answerWith(200, body, body.size());
    client::sync::BulkId id = 0;
    id = ask([this, &id] { m_bulk->cancel(id); });
    QTRY_COMPARE(m_parts.size(), std::size_t{1});
    QTest::qWait(50);
    QCOMPARE(m_parts.size(), std::size_t{1});
    QVERIFY(!m_end);
}

void BulkAnswers::anErrorHasNoParts()
{
    const auto body = envelopes(1);
    answerWith(503, body, body.size());
    ask();
    QTRY_VERIFY(m_end.has_value());
    QCOMPARE(m_end->status, 503);
    QVERIFY(m_parts.empty());
}

} // namespace tests

using tests::BulkAnswers;
REGISTER_TEST(BulkAnswers);
#include "tst_http_bulk.moc"
