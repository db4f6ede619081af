#pragma once

#include "client/storage/connection.h"
#include "shared/base/result.h"
#include "shared/protocol/wipe_order.h"

#include <QString>

#include <string>

namespace client::sync {

/// What lies in a profile and may have to go. Nothing of it is open while a wipe runs, but readers of the
/// outbox.
struct WipedFiles {
    QString directory; ///< of the profile
    QString cacheFile;
    QString outboxFile;
    QString blobDirectory;
    QString spoolDirectory;
};

/// Removes the files that were fetched.
bool removeBlobs(const WipedFiles &files);
/// Removes the cache with everything set aside of it, and blobs. What cannot be removed is left empty, and
/// told by false.
bool removeSyncedButSpool(const WipedFiles &files);
/// The same and the files that were on their way.
bool removeSynced(const WipedFiles &files);

/// All of it and the outbox: the account is to be forgotten. What an earlier wipe sealed stays.
void destroyAccount(const WipedFiles &files);

/// Takes the words out of the outbox. With Wipe::Cache they are sealed first with `sealKey`, for the next
/// sign-in of `user`. Throws storage::StorageError when that or the emptying fails; then they are still
/// there.
void emptyOutbox(const WipedFiles &files, protocol::Wipe wipe, const std::string &sealKey,
                 const std::string &user);

/// What an earlier wipe of this user sealed becomes the outbox again. Nothing to open is success. Fails with
/// Invalid when the keys do not fit, Storage.
base::Status reopenOutbox(const QString &outboxFile, const std::string &user, const std::string &publicKey,
                          const std::string &secretKey);

} // namespace client::sync
