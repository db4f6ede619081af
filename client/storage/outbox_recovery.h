#pragma once

#include <QString>

#include <optional>

namespace client::storage {

/// What a recovery found.
struct Recovered {
    int intents = 0; ///< each waits as a Problem now
    int drafts = 0;
    QString aside; ///< where the damaged file lies
};

/// Looks whether the outbox can be read to its last page. A damaged one is set aside, and everything that can
/// be read of it goes into a new one: sign-in, drafts, files, and each intent as a Problem, since nobody
/// knows any more whether it was sent. Nothing when the file is whole or missing. Call before anything opens
/// it. Throws StorageError when even a new file cannot be written.
std::optional<Recovered> recoverOutbox(const QString &file);

} // namespace client::storage
