#pragma once

#include "client/storage/reader.h"
#include "client/sync/session.h"
#include "tests/support/fakes.h"

#include <QIODevice>
#include <QTemporaryDir>

#include <map>

namespace tests {

/// A cache without a sync: what the test writes is told as if a server had said it.
class CacheOnly : public client::sync::Session {
public:
    CacheOnly()
    {
        m_identity.user.id = {m_ids.next()};
        m_outbox.emplace(file(QStringLiteral("outbox.db")));
        cache.emplace(file(QStringLiteral("cache.db")));
        m_reader = readerMaker()();
    }

    const client::storage::Identity &identity() const override { return m_identity; }
    client::storage::Reader &reader() override { return *m_reader; }
    std::function<std::unique_ptr<client::storage::Reader>()> readerMaker() const override
    {
        return [outbox = file(QStringLiteral("outbox.db")), rows = file(QStringLiteral("cache.db"))] {
            return std::make_unique<client::storage::Reader>(outbox, rows);
        };
    }
    base::Clock &clock() override { return m_clock; }
    base::Uuid newId() override { return m_ids.next(); }
    const client::sync::ConnectionState &connection() const override { return m_connection; }
    void submit(client::sync::Order, std::function<void(const base::Status &)>) override {}
    void cancel(const base::Uuid &, std::function<void(bool)>) override {}
    void retryProblem(const base::Uuid &, std::optional<std::string>) override {}
    void discardProblem(const base::Uuid &) override {}
    void focus(const std::vector<domain::ConversationId> &) override {}
    void loadOlder(const domain::ConversationId &) override {}
    void composing(const domain::ConversationId &, bool, bool) override {}
    void viewing(const domain::ConversationId &, bool) override {}
    void putDraft(const QString &key, const QString &body) override { drafts[key] = body; }
    base::Uuid attach(const QString &, std::function<void(const base::Status &)>) override { return {}; }
    void detach(const base::Uuid &) override {}
    QString blob(const domain::AttachmentId &, bool) override { return {}; }
    std::unique_ptr<QIODevice> openBlob(const QString &) override { return nullptr; }
    void setCachePolicy(const client::storage::CachePolicy &) override {}
    void storageUse(std::function<void(const client::sync::StorageUse &)>) override {}
    void wake() override {}
    void signOut(bool) override {}

    /// Tells what was written since the last time; false when that was nothing.
    bool tell()
    {
        const auto rows = std::make_shared<const std::vector<client::storage::Changed>>(cache->takeChanged());
        if (!rows->empty())
            Q_EMIT changed(rows);
        return !rows->empty();
    }

    std::optional<client::storage::CacheStore> cache;
    std::map<QString, QString> drafts; ///< as last stored

private:
    QString file(const QString &name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    FakeClock m_clock;
    SeededRandom m_bits{1};
    base::UuidMaker m_ids{m_clock, m_bits};
    client::storage::Identity m_identity;
    client::sync::ConnectionState m_connection;
    std::optional<client::storage::OutboxStore> m_outbox;
    std::unique_ptr<client::storage::Reader> m_reader;
};

} // namespace tests
