#pragma once

#include "server/app/data_directory.h"
#include "server/app/features.h"
#include "server/features/attachments/attachment_service.h"
#include "server/features/inboxes/access_service.h"
#include "server/platform/config.h"
#include "server/platform/crypto.h"
#include "server/platform/image_tools.h"
#include "server/platform/system_clock.h"
#include "server/platform/system_random.h"
#include "server/platform/text_patterns.h"
#include "server/platform/time_zones.h"
#include "server/ports/log.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"
#include "server/sync/journal.h"

#include <map>
#include <memory>

namespace server::app {

/// What every verb that changes something stands on: the data directory with its lock, key and database, the
/// executor, and the services. No thread runs yet: Executor::run() drives itself until an ExecutorThread
/// exists.
class Foundation {
public:
    /// Throws Stop with a sentence for the operator.
    Foundation(const platform::Config &config, const ports::Log &log);

    platform::SystemClock clock;
    platform::SystemRandom random;
    platform::SystemTimeZones zones;
    platform::LinearPatterns patterns;
    base::UuidMaker ids{clock, random};
    DataDirectory directory;
    std::unique_ptr<storage::Database> database;
    std::unique_ptr<platform::SodiumCrypto> crypto;
    std::unique_ptr<platform::ImageTools> media;
    std::unique_ptr<sync::Executor> executor;

    server::accounts::AccountService accounts;
    server::accounts::DeviceService devices;
    server::inboxes::AccessService access;
    server::inboxes::InboxService inboxes;
    server::labels::LabelService labels;
    server::teams::TeamService teams;
    server::contacts::ContactService contacts;
    server::conversations::ConversationService conversations;
    server::attachments::BlobStore blobs;
    server::attachments::AttachmentService attachments;
    sync::EntityRegistry entities;
    sync::MutationRegistry mutations;

    /// How far each account's journal has come.
    [[nodiscard]] std::map<sync::AccountNumber, std::int64_t> heads() const
    {
        std::map<sync::AccountNumber, std::int64_t> all;
        database->read([&all](storage::Transaction &tx) { all = sync::readHeads(tx); });
        return all;
    }
    [[nodiscard]] Services services()
    {
        return {accounts, devices, inboxes, labels, teams, contacts, conversations, zones};
    }
};

} // namespace server::app
