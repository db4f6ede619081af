#include "tests/sim/world/sim_client.h"

#include "client/storage/outbox_recovery.h"
#include "client/sync/cache_keeper.h"
#include "shared/base/failpoint.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <map>
#include <string_view>
#include <utility>

namespace tests {

namespace {

constexpr base::Duration storagePause{10'000};       // as the desk waits
constexpr base::Duration auditPatience{15 * 60'000}; // as the housekeeper has it
constexpr qint64 pageSize = 4096;

// Memory instead of a disk where there is one: the files are real, their speed is not what is tested.
QString folderTemplate()
{
    const QFileInfo memory{QStringLiteral("/dev/shm")};
    return (memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath()) +
           QStringLiteral("/deskbell-sim-XXXXXX");
}

QByteArray bytesOf(const QString &path)
{
    QFile file{path};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file{path};
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        file.write(bytes);
}

// Making all tables takes as long as hundreds of events: they are made once, and each program begins with a
// copy. What begins anew after damage still makes its own.
const std::map<QString, QByteArray> &emptyFiles()
{
    static const auto files = [] {
        const QTemporaryDir folder{folderTemplate()};
        const auto outbox = folder.filePath(QStringLiteral("outbox.db"));
        const auto cache = folder.filePath(QStringLiteral("cache.db"));
        (void)client::storage::OutboxStore{outbox};
        (void)client::storage::CacheStore{cache};
        return std::map<QString, QByteArray>{{QStringLiteral("outbox.db"), bytesOf(outbox)},
                                             {QStringLiteral("cache.db"), bytesOf(cache)}};
    }();
    return files;
}

bool isDamaged(const QString &database)
{
    try {
        client::storage::Connection connection{database, client::storage::Connection::Mode::Relaxed};
        return connection.text("PRAGMA quick_check(1)") != "ok";
    } catch (const client::storage::StorageError &) {
        return true;
    }
}

void copyFiles(const QString &from, const QString &to)
{
    for (const auto &name : QDir{to}.entryList(QDir::Files))
        QFile::remove(to + QLatin1Char{'/'} + name);
    for (const auto &name : QDir{from}.entryList(QDir::Files))
        if (!name.endsWith(QLatin1String{"-shm"}))
            QFile::copy(from + QLatin1Char{'/'} + name, to + QLatin1Char{'/'} + name);
}

} // namespace

/// Everything a process does passes through here, so that a crash inside of it stays inside.
class SimClient::GuardedScheduler : public base::Scheduler {
public:
    GuardedScheduler(SimLoop &loop, SimClient &owner) : m_node{loop}, m_owner{owner} {}
    void post(std::function<void()> work) override { after(base::Duration{0}, std::move(work)); }
    base::TimerId after(base::Duration delay, std::function<void()> work) override
    {
        return m_node.after(delay, [this, work = std::move(work)] { m_owner.run(work); });
    }
    void cancel(base::TimerId timer) override { m_node.cancel(timer); }
    void kill() { m_node.kill(); }

private:
    NodeScheduler m_node;
    SimClient &m_owner;
};

class SimClient::Tokens : public client::sync::TokenSource {
public:
    explicit Tokens(SimClient &owner) : m_owner{owner} {}
    void get(bool renew, Answer answer) override
    {
        auto &loop = m_owner.m_loop;
        const bool answers = m_owner.m_reachable && m_owner.m_server.isUp() && !loop.chance(3);
        if (answers && (renew || !m_owner.m_server.directory.knows(m_owner.m_token)))
            m_owner.renewToken();
        m_owner.m_scheduler->after(base::Duration{loop.below(30)},
                                   [answer = std::move(answer), answers, renew, token = m_owner.m_token] {
                                       if (answers || !renew)
                                           answer(token);
                                       else
                                           answer(base::Error{base::ErrorCode::Network, "no answer"});
                                   });
    }

private:
    SimClient &m_owner;
};

SimClient::SimClient(SimLoop &loop, SimServer &server, Setup setup)
    : clock{loop}
    , m_loop{loop}
    , m_server{server}
    , m_setup{std::move(setup)}
    , m_folder{folderTemplate()}
    , m_watch{*this}
{
    for (const auto &[name, bytes] : emptyFiles())
        write(m_folder.filePath(name), bytes);
    renewToken();
}

SimClient::~SimClient()
{
    crash();
}

void SimClient::renewToken()
{
    m_token = "token:" + device().text() + ":" + name() + ":" + std::to_string(++m_tokenSerial);
    m_server.directory.add(m_token, m_setup.who);
}

void SimClient::start()
{
    if (m_scheduler)
        crash(); // what is dying is gone first
    m_dying = false;
    m_scheduler = std::make_unique<GuardedScheduler>(m_loop, *this);
    m_net = std::make_unique<SimNet>(*this);
    m_tokens = std::make_unique<Tokens>(*this);
    m_loop.tell(name(), m_older ? "starts, an older app" : "starts");
    run([this] {
        openFiles();
        makeEngine();
        m_watch.started();
        m_engine->start();
    });
}

void SimClient::openFiles()
{
    if (!m_outbox) {
        (void)client::storage::recoverOutbox(file("outbox.db"));
        m_outbox = std::make_unique<client::storage::OutboxStore>(file("outbox.db"));
        if (m_outbox->setting("cloned") == "1")
            becomeAnotherDevice();
    }
    m_cache = client::storage::CacheStore::openOrRebuild(file("cache.db"));
}

// What signing in again does.
void SimClient::becomeAnotherDevice()
{
    m_outbox->renumber();
    m_outbox->setSetting("cloned", "0");
    m_setup.who.device = m_server.ids.next();
    ++renewals;
    m_loop.tell(name(), "is another device now");
    renewToken();
}

void SimClient::makeEngine()
{
    client::sync::Engine::Settings settings;
    settings.app = "sim";
    settings.device = {device()};
    settings.me = {m_setup.who.id};
    client::sync::Engine::Events events;
    events.problem = [this](const auto &) { ++problemsTold; };
    events.storageFailed = [this](bool damage, const std::string &what) {
        m_loop.tell(name(), "storage failed: " + what);
        m_watch.stopped();
        m_scheduler->after(damage ? base::Duration{0} : storagePause,
                           [this, damage] { storageFailed(damage); });
    };
    events.connection = [this](const client::sync::ConnectionState &state) {
        if (m_loop.isTold())
            m_loop.tell(name(), "state " + std::to_string(static_cast<int>(state.kind)) + " " + state.reason);
        using Kind = client::sync::ConnectionState::Kind;
        if (state.kind == Kind::SignedOut && state.reason == "n_conflict")
            m_scheduler->after(storagePause, [this] { // the person signs in again
                die();
                m_loop.at(base::Duration{1}, [this] {
                    if (!m_engine)
                        start();
                });
            });
    };
    m_engine = std::make_unique<client::sync::Engine>(
        client::sync::Engine::Ports{*m_scheduler, clock, m_loop.random, *m_net, *m_net, *m_tokens, *m_outbox,
                                    *m_cache, overlays()},
        std::move(settings), std::move(events));
}

void SimClient::storageFailed(bool damage)
{
    m_auditor.reset();
    m_engine.reset();
    m_cache.reset();
    if (damage)
        QFile::rename(file("cache.db"), file("cache.db.damaged"));
    openFiles();
    makeEngine();
    m_watch.started();
    m_engine->start();
}

void SimClient::failCommits(int n, int code)
{
    m_failures = n;
    m_failureCode = code;
}

void SimClient::run(const std::function<void()> &work)
{
    if (m_dying)
        return;
    const base::FailpointScope scope{[this](const char *point) {
        if (m_crashIn > 0 && --m_crashIn == 0) {
            m_loop.tell(name(), std::string{"crashes at "} + point);
            throw SimCrash{};
        }
        const auto where = std::string_view{point};
        if (m_failures > 0 && m_engine && where.ends_with(".commit.before")) {
            --m_failures;
            throw client::storage::StorageError{m_failureCode, point};
        }
    }};
    try {
        work();
        m_watch.look();
    } catch (const SimCrash &) {
        die();
    } catch (const client::storage::StorageError &error) {
        m_loop.fail(name() + ": a failing disk reached the loop: " + error.what());
        die();
    }
}

// Its objects may still be on the stack: they go with the next event.
void SimClient::die()
{
    m_dying = true;
    m_scheduler->kill();
    m_loop.at(base::Duration{0}, [this] {
        if (m_dying)
            crash();
    });
}

void SimClient::crash()
{
    m_dying = false;
    m_crashIn = 0;
    m_failures = 0;
    if (m_engine)
        m_loop.tell(name(), "is gone");
    if (m_scheduler)
        m_scheduler->kill();
    if (m_net)
        m_net->drop();
    m_auditor.reset();
    m_engine.reset(); // says goodbye into a dropped net: nobody hears
    m_cache.reset();
    m_outbox.reset();
    m_tokens.reset();
    m_net.reset();
    m_scheduler.reset();
    m_watch.stopped();
}

void SimClient::cut(bool silently)
{
    if (m_net)
        m_net->cut(silently);
}

void SimClient::makeRoom()
{
    constexpr client::storage::CachePolicy noRoom{0, 1, 1};
    client::sync::CacheKeeper{*m_engine, *m_cache, *m_outbox, m_loop.clock}.step(noRoom);
}

void SimClient::audit(bool repair, const client::sync::Auditor::Answer &answer)
{
    m_auditor = std::make_unique<client::sync::Auditor>(
        client::sync::Auditor::Ports{*m_engine, *m_cache, *m_net, *m_scheduler, m_loop.clock});
    m_auditor->start(repair, auditPatience, [this, answer](const auto &result) {
        audits += result ? 1 : 0;
        answer(result);
    });
}

void SimClient::setReachable(bool reachable)
{
    m_reachable = reachable;
    if (!reachable)
        cut(m_loop.chance(50));
}

void SimClient::stall(SimNet::Way way)
{
    if (m_net)
        m_net->stall(way);
}

void SimClient::disturb(SimNet::Mischief what)
{
    if (m_net)
        m_net->disturb(what);
}

void SimClient::heal()
{
    m_slowBulk = {};
    if (m_net)
        m_net->heal();
}

base::Scheduler &SimClient::scheduler()
{
    return *m_scheduler;
}

// A page that was lost by its disk, or the end of the file. What SQLite cannot notice (the inside of a long
// row) no program can repair: such a loss is taken back.
void SimClient::tearCache()
{
    m_lostCommits = true;
    const auto path = file("cache.db");
    if (!QFile::exists(path) || isDamaged(path))
        return;
    { // its program did not come to an end
        client::storage::Connection connection{path, client::storage::Connection::Mode::Relaxed};
        if (connection.number("PRAGMA user_version").value_or(0) == 0)
            return; // not even begun
        connection.script("UPDATE sync SET v = 1 WHERE k = 'open';\n");
    }
    QFile cache{path};
    if (!cache.open(QIODevice::ReadWrite) || cache.size() < 2 * pageSize)
        return;
    if (m_loop.chance(30)) {
        cache.resize(cache.size() - 1 - m_loop.below(pageSize - 1)); // the program looks at the length
        return;
    }
    const auto at = m_loop.below(cache.size() / pageSize) * pageSize;
    const auto put = [&cache, at](const QByteArray &page) {
        cache.seek(at);
        cache.write(page);
        cache.flush();
    };
    cache.seek(at);
    const auto whole = cache.read(pageSize);
    put(QByteArray(pageSize, '\0'));
    if (!isDamaged(path))
        put(whole);
}

void SimClient::losePower()
{
    m_lostCommits = true;
    // As the files lie there: closing them in order would bring the log home.
    const auto pages = bytesOf(file("cache.db"));
    auto log = bytesOf(file("cache.db-wal"));
    crash();
    if (!log.isEmpty())
        log.resize(m_loop.below(log.size()));
    write(file("cache.db"), pages);
    write(file("cache.db-wal"), log);
    QFile::remove(file("cache.db-shm"));
}

// The person signs in once more: for the server it is another device.
void SimClient::signInAgain()
{
    crash();
    client::storage::OutboxStore{file("outbox.db")}.setSetting("cloned", "1");
    start();
}

void SimClient::saveHome()
{
    m_savedHome = std::make_unique<QTemporaryDir>(folderTemplate());
    copyFiles(m_folder.path(), m_savedHome->path());
    m_savedWho = m_setup.who;
}

void SimClient::restoreHome()
{
    copyFiles(m_savedHome->path(), m_folder.path());
    m_setup.who = m_savedWho;
    m_rewound = true;
    m_lostCommits = true;
    renewToken();
    m_watch.rewound();
}

void SimClient::copyHomeOf(const SimClient &other)
{
    copyFiles(other.m_folder.path(), m_folder.path());
    m_setup.who = other.m_setup.who;
    renewToken();
}

// A newer app wrote the files, this one comes after it.
void SimClient::setOlder(bool older)
{
    if (older && !m_older)
        for (const auto *name : {"cache.db", "outbox.db"})
            if (QFile::exists(file(name))) {
                client::storage::Connection connection{file(name),
                                                       client::storage::Connection::Mode::Durable};
                connection.script("PRAGMA user_version = 1000;\n");
            }
    m_older = older;
}

} // namespace tests
