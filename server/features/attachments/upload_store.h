#pragma once

#include "server/storage/database.h"
#include "server/sync/write_context.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::attachments {

/// A file of an agent that is on its way, in pieces.
struct PartialUpload {
    base::Uuid id;
    sync::AccountNumber account = 0;
    base::Uuid owner;
    std::optional<base::Uuid> device;
    std::string name; ///< as given
    std::int64_t size = 0;
    std::string sha256;      ///< 32 raw bytes, as announced
    std::string fileName;    ///< of its bytes in the blob folder
    std::int64_t offset = 0; ///< bytes that are here and durable
    base::Timestamp touchedAt{};
};

/// The only code that names the uploads table. Lives as long as one transaction.
class UploadStore {
public:
    explicit UploadStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<PartialUpload> find(const base::Uuid &id) const;
    [[nodiscard]] std::int64_t countOf(sync::AccountNumber account, const base::Uuid &owner) const;
    void insert(const PartialUpload &upload);
    void setOffset(const base::Uuid &id, std::int64_t offset, base::Timestamp now);
    void remove(const base::Uuid &id);
    [[nodiscard]] bool namesFile(const std::string &fileName) const;
    /// Untouched since `before`, with an id above `after`; at most `limit`.
    [[nodiscard]] std::vector<PartialUpload> idle(base::Timestamp before, const base::Uuid &after,
                                                  int limit) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::attachments
