#include "server/app/foundation.h"

#include "server/app/exit_code.h"

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
    connect(services(), entities, mutations);
}

} // namespace server::app
