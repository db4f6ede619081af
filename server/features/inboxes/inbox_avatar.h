#pragma once

#include "server/features/inboxes/inbox_store.h"
#include "server/ports/crypto.h"
#include "server/ports/media.h"
#include "shared/base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace server::inboxes {

/// The picture by which an inbox is known.
struct InboxAvatar {
    std::string name; ///< by its content: another picture has another one
    std::string mime;
    std::string bytes;
};

/// Most bytes that are taken; what is large is kept small.
inline constexpr std::size_t maxAvatarBytes = 5 << 20;

/// Looks at what somebody sent. Fails with Unsupported unless it is a PNG, JPEG, GIF or WebP by its bytes.
/// Blocks while it is made small.
base::Result<InboxAvatar> readAvatar(const ports::Media &media, const ports::Crypto &crypto,
                                     std::string bytes);

/// "/avatar/<inbox>/<name>", for everybody; empty without one.
std::string avatarPath(const InboxRow &inbox);

/// The only code that names the table inbox_avatars; the inbox's row has the name of its picture.
class InboxAvatarStore {
public:
    explicit InboxAvatarStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<InboxAvatar> find(const base::Uuid &inbox, std::string_view name) const;
    void put(std::int64_t inbox, const InboxAvatar &avatar);
    void remove(std::int64_t inbox);

private:
    storage::Transaction &m_tx;
};

} // namespace server::inboxes
