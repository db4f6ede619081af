#include "server/app/foundation.h"

#include "server/app/exit_code.h"
#include "server/features/accounts/accounts_module.h"
#include "server/features/contacts/contacts_module.h"
#include "server/features/conversations/conversations_module.h"
#include "server/features/inboxes/inboxes_module.h"
#include "server/sync/sync_migrations.h"

namespace server::app {

namespace {

std::unique_ptr<storage::Database> openDatabase(const std::string &directory)
{
    auto opened = storage::Database::open(directory, allMigrations());
    if (!opened)
        throw Stop{ExitCode::DataUnusable, opened.error().detail};
    return std::move(*opened);
}

std::unique_ptr<platform::SodiumCrypto> openCrypto(const std::string &file)
{
    const auto key = platform::loadOrCreateKey(file);
    if (!key)
        throw Stop{ExitCode::DataUnusable, key.error().detail};
    return std::make_unique<platform::SodiumCrypto>(*key);
}

} // namespace

std::vector<storage::Migration> allMigrations()
{
    auto all = sync::syncMigrations();
    for (const auto &more : {accounts::migrations(), inboxes::migrations(), contacts::migrations(),
                             attachments::AttachmentStore::migrations(), conversations::migrations()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back({900, "readiness", R"(
        CREATE TABLE readiness (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            at INTEGER NOT NULL
        ) STRICT;
    )"});
    return all;
}

Foundation::Foundation(const platform::Config &config, const ports::Log &log)
    : directory{config.dataDir}
    , database{openDatabase(config.dataDir)}
    , crypto{openCrypto(directory.file(DataDirectory::keyFile))}
    , media{std::make_unique<platform::ImageTools>()}
    , executor{sync::makeExecutor(*database, clock, random)}
    , accounts{*crypto}
    , devices{*database, *executor, *crypto, clock}
    , access{devices}
    , inboxes{*crypto}
    , conversations{contacts}
    , blobs{directory.file(DataDirectory::blobFolder), random}
    , attachments{
          {*database, *executor, blobs, *crypto, *media, clock, server::accounts::DeviceService::seenSince},
          log}
{
    accounts::connect(accounts, devices);
    inboxes::connect(accounts, inboxes);
    conversations::connect(accounts, conversations);

    accounts::registerRows(entities);
    inboxes::registerRows(entities);
    contacts::registerRows(entities);
    conversations::registerRows(entities);
    conversations::registerMutations(mutations, conversations);
}

} // namespace server::app
