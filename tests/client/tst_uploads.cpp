#include "client/sync/http_auth.h"
#include "client/sync/upload_queue.h"
#include "shared/protocol/limits.h"
#include "tests/client/cutting_proxy.h"
#include "tests/gui/real_server.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>
#include <QTimer>

#include <random>

namespace tests {

using client::storage::OutboxStore;
using client::storage::Upload;
using client::sync::UploadProgress;
using client::sync::UploadQueue;

/// Waits for nobody: what should happen later happens in the next round of the loop.
class HastyScheduler : public base::Scheduler {
public:
    void post(std::function<void()> work) override { after({}, std::move(work)); }
    base::TimerId after(base::Duration, std::function<void()> work) override
    {
        const auto id = ++m_last;
        m_waiting.insert(id);
        QTimer::singleShot(1, &m_context, [this, id, work = std::move(work)] {
            if (m_waiting.erase(id) > 0)
                work();
        });
        return id;
    }
    void cancel(base::TimerId id) override { m_waiting.erase(id); }

private:
    QObject m_context;
    std::set<base::TimerId> m_waiting;
    base::TimerId m_last = 0;
};

/// Files on their way from the program to a real server, through a network that breaks at any byte.
class UploadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { close(); }
    void filesArriveOnceWhateverBreaks();
    void aPausedUploadWaits();
    void onlyOneIsUnderWay();
    void progressOnlyGoesOnWithoutCuts();
    void whatIsTakenBackIsGone();
    void aDamagedSpoolIsRefusedNotSent();
    void anExpiredUploadBeginsAgain();
    void programsAreRefused();
    void emptyAndTooLargeFilesAreNotTaken();

private:
    void open();
    void close();
    QString makeFile(const QString &name, const QByteArray &bytes);
    base::Uuid add(const QByteArray &bytes);
    [[nodiscard]] Upload::State stateOf(const base::Uuid &id) const
    {
        return m_outbox->uploads().at(id).state;
    }
    QByteArray stored(const base::Uuid &id);
    int storedFiles() const;
    QByteArray noise(std::size_t size);
    std::size_t below(std::size_t most)
    {
        return std::uniform_int_distribution<std::size_t>{0, most - 1}(m_chance);
    }

    RealServer m_server;
    std::string m_access;
    QTemporaryDir m_folder;
    std::unique_ptr<CuttingProxy> m_proxy;
    QNetworkAccessManager m_network;
    HastyScheduler m_scheduler;
    FakeClock m_clock;
    SeededRandom m_random{5};
    base::UuidMaker m_ids{m_clock, m_random};
    std::unique_ptr<OutboxStore> m_outbox;
    std::unique_ptr<UploadQueue> m_queue;
    std::mt19937 m_chance;
    bool m_breaks = false;
    qint64 m_pieceSize = 1 << 20;
    qint64 m_cutWithin = 1;
    std::vector<UploadProgress> m_progress;
};

void UploadsTest::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    client::sync::HttpAuth auth;
    QString why = QStringLiteral("no answer");
    auth.signIn(m_server.url(), {m_ids.next()}, RealServer::email, RealServer::password,
                [&](const client::sync::SignedIn *in, const client::sync::AuthFailure *failure) {
                    m_access = in ? in->access : std::string{};
                    why = failure ? failure->sentence : QString{};
                });
    QTRY_VERIFY2_WITH_TIMEOUT(!m_access.empty(), qPrintable(why), 20000);
    m_proxy = std::make_unique<CuttingProxy>(static_cast<quint16>(QUrl{m_server.url()}.port()), [this] {
        return m_breaks ? static_cast<qint64>(1 + below(static_cast<std::size_t>(m_cutWithin)))
                        : std::numeric_limits<qint64>::max();
    });
}

void UploadsTest::init()
{
    m_breaks = false;
    m_pieceSize = 1 << 20;
    m_chance.seed(11);
    open();
    while (!m_outbox->uploads().empty())
        m_queue->remove(m_outbox->uploads().begin()->first);
    m_progress.clear();
}

void UploadsTest::open()
{
    const auto spool = m_folder.filePath(QStringLiteral("spool"));
    QDir{}.mkpath(spool);
    m_outbox = std::make_unique<OutboxStore>(m_folder.filePath(QStringLiteral("outbox.db")));
    m_queue = std::make_unique<UploadQueue>(
        QUrl{m_proxy->url()}, spool,
        UploadQueue::Ports{*m_outbox, m_scheduler, m_network, [this] { return m_access; }});
    m_queue->setPieceSize(m_pieceSize);
    m_queue->sweepSpool();
    connect(m_queue.get(), &UploadQueue::progressed, this,
            [this](const UploadProgress &progress) { m_progress.push_back(progress); });
    m_progress.clear();
    m_queue->pump();
}

void UploadsTest::close()
{
    m_queue.reset();
    m_outbox.reset();
}

QString UploadsTest::makeFile(const QString &name, const QByteArray &bytes)
{
    const auto path = m_folder.filePath(name);
    QFile file{path};
    if (file.open(QIODevice::WriteOnly))
        file.write(bytes);
    return path;
}

base::Uuid UploadsTest::add(const QByteArray &bytes)
{
    const auto id = m_ids.next();
    const auto path = makeFile(QStringLiteral("plan.bin"), bytes);
    const bool added{m_queue->add(id, path)};
    QFile::remove(path); // the spool has a copy
    return added ? id : base::Uuid{};
}

QByteArray UploadsTest::stored(const base::Uuid &id)
{
    QNetworkRequest request{
        QUrl{m_server.url() + QStringLiteral("/blob/") + QString::fromStdString(id.text())}};
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_access));
    auto *reply = m_network.get(request);
    QEventLoop loop;
    connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    reply->deleteLater();
    return reply->error() == QNetworkReply::NoError ? reply->readAll() : QByteArray{};
}

int UploadsTest::storedFiles() const
{
    int count = 0;
    QDirIterator all{m_server.dataPath() + QStringLiteral("/blobs"), QDir::Files,
                     QDirIterator::Subdirectories};
    for (; all.hasNext(); ++count)
        all.next();
    return count;
}

QByteArray UploadsTest::noise(std::size_t size)
{
    QByteArray bytes(static_cast<qsizetype>(size), '\0');
    for (auto &byte : bytes)
        byte = static_cast<char>(m_chance());
    return bytes;
}

void UploadsTest::filesArriveOnceWhateverBreaks()
{
    const auto fresh = qEnvironmentVariableIntValue("TEST_SEED");
    const auto seed = static_cast<unsigned>(fresh > 0 ? fresh : 2026);
    qInfo("seed %u", seed);
    m_chance.seed(seed);
    m_breaks = true;
    const auto cutsBefore = m_proxy->cuts;
    for (int run = 0; run < 4; ++run) {
        const auto bytes = noise(1 + below(600000));
        m_pieceSize = static_cast<qint64>(10000 + below(60000));
        m_cutWithin = m_pieceSize * 3;
        m_queue->setPieceSize(m_pieceSize);
        const auto before = storedFiles();
        const auto id = add(bytes);
        QVERIFY(!id.isNull());
        int steps = 0;
        while (stateOf(id) != Upload::State::Sent) {
            QVERIFY2(++steps < 600, qPrintable(QStringLiteral("run %1 does not end").arg(run)));
            QVERIFY2(stateOf(id) == Upload::State::Waiting, m_outbox->uploads().at(id).code.c_str());
            const auto heard = m_progress.size() + 1 + below(8);
            QTRY_VERIFY_WITH_TIMEOUT(m_progress.size() >= heard || stateOf(id) != Upload::State::Waiting,
                                     20000);
            switch (below(6)) {
            case 0: // the program dies
                close();
                open();
                break;
            case 1: // the server dies
                m_server.kill();
                QVERIFY2(m_server.restart(), qPrintable(m_server.why()));
                break;
            case 2:
                m_queue->setPaused(id, true);
                m_queue->setPaused(id, false);
                break;
            default:
                break;
            }
        }
        const auto got = stored(id);
        const auto hash = [](const QByteArray &of) {
            return QCryptographicHash::hash(of, QCryptographicHash::Sha256).toHex();
        };
        QCOMPARE(hash(got), hash(bytes));
        QCOMPARE(storedFiles(), before + 1);
        m_queue->remove(id);
    }
    QVERIFY(m_proxy->cuts > cutsBefore);
}

void UploadsTest::aPausedUploadWaits()
{
    m_pieceSize = 1000;
    m_queue->setPieceSize(m_pieceSize);
    const auto bytes = noise(200000);
    const auto id = add(bytes);
    QTRY_VERIFY(m_outbox->uploads().at(id).offset > 0);
    m_queue->setPaused(id, true);
    close();
    open();
    const auto offset = m_outbox->uploads().at(id).offset;
    QVERIFY(stateOf(id) == Upload::State::Paused);
    const auto other = add(noise(5000)); // the next one is not held up
    QTRY_VERIFY(stateOf(other) == Upload::State::Sent);
    QCOMPARE(m_outbox->uploads().at(id).offset, offset);
    QVERIFY(stateOf(id) == Upload::State::Paused);
    m_queue->setPieceSize(50000);
    m_queue->setPaused(id, false);
    QTRY_VERIFY(stateOf(id) == Upload::State::Sent);
    QVERIFY(stored(id) == bytes);
}

void UploadsTest::onlyOneIsUnderWay()
{
    m_queue->setPieceSize(20000);
    std::vector<base::Uuid> ids;
    for (int i = 0; i < 3; ++i)
        ids.push_back(add(noise(100000)));
    QTRY_VERIFY(std::all_of(ids.begin(), ids.end(),
                            [this](const auto &id) { return stateOf(id) == Upload::State::Sent; }));
    // One after the other: whoever began is sent before another moves.
    base::Uuid current;
    for (const auto &progress : m_progress) {
        if (progress.sent == 0)
            continue;
        if (current.isNull())
            current = progress.upload.id;
        QVERIFY(progress.upload.id == current);
        if (progress.upload.state == Upload::State::Sent)
            current = {};
    }
}

void UploadsTest::progressOnlyGoesOnWithoutCuts()
{
    m_queue->setPieceSize(20000);
    const auto id = add(noise(100000));
    QTRY_VERIFY(stateOf(id) == Upload::State::Sent);
    qint64 last = 0;
    for (const auto &progress : m_progress) {
        QVERIFY2(progress.sent >= last,
                 qPrintable(QStringLiteral("%1 after %2").arg(progress.sent).arg(last)));
        last = progress.sent;
    }
    QCOMPARE(last, 100000);
}

void UploadsTest::whatIsTakenBackIsGone()
{
    m_queue->setPieceSize(1000);
    const auto id = add(noise(100000));
    QTRY_VERIFY(m_outbox->uploads().at(id).offset > 0);
    const auto path = QString::fromStdString(m_outbox->uploads().at(id).path);
    m_queue->remove(id);
    QVERIFY(!QFile::exists(path));
    const auto next = add(noise(10));
    QTRY_VERIFY(stateOf(next) == Upload::State::Sent);
    QVERIFY(!m_outbox->uploads().contains(id));
    QVERIFY(stored(id).isEmpty());
}

void UploadsTest::aDamagedSpoolIsRefusedNotSent()
{
    m_queue->setPieceSize(1000);
    const auto id = add(noise(50000));
    QTRY_VERIFY(m_outbox->uploads().at(id).offset > 0);
    QFile spooled{QString::fromStdString(m_outbox->uploads().at(id).path)};
    QVERIFY(spooled.open(QIODevice::ReadWrite));
    spooled.seek(49990);
    spooled.write("damaged");
    spooled.close();
    QTRY_VERIFY(stateOf(id) == Upload::State::Refused);
    QCOMPARE(m_outbox->uploads().at(id).code, std::string{"storage"});
    QVERIFY(stored(id).isEmpty());
}

void UploadsTest::anExpiredUploadBeginsAgain()
{
    const auto bytes = noise(5000);
    const auto id = add(bytes);
    m_queue->setPaused(id, true);
    close();
    open();
    auto upload = m_outbox->uploads().at(id);
    upload.offset = 1234; // the server had that much and forgot it
    m_outbox->putUpload(upload);
    m_queue->setPaused(id, false);
    QTRY_VERIFY(stateOf(id) == Upload::State::Sent);
    QVERIFY(stored(id) == bytes);
}

void UploadsTest::programsAreRefused()
{
    QFile self{QCoreApplication::applicationFilePath()};
    QVERIFY(self.open(QIODevice::ReadOnly));
    const auto id = add(self.read(64 * 1024));
    QTRY_VERIFY(stateOf(id) == Upload::State::Refused);
    QCOMPARE(m_outbox->uploads().at(id).code, std::string{"type_refused"});
}

void UploadsTest::emptyAndTooLargeFilesAreNotTaken()
{
    QVERIFY(add({}).isNull());
    const auto huge = makeFile(QStringLiteral("huge.bin"), {});
    QVERIFY(QFile::resize(huge, protocol::maxUploadBytes + 1));
    const auto refused = m_queue->add(m_ids.next(), huge);
    QVERIFY(!refused && refused.error().code == base::ErrorCode::TooLarge);
    QVERIFY(QFile::remove(huge));
}

} // namespace tests

using tests::UploadsTest;
REGISTER_TEST(UploadsTest);
#include "tst_uploads.moc"
