#pragma once

#include "server/sync/page_reader.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace server::sync {

/// A page with the frame that carries it.
struct SharedPage {
    Page page;
    std::string frame;
};

/// The pages of one snapshot for many clients: who stands at the same place and sees the same is given the
/// very same page, read and written as text once. Lives as long as the transaction. One thread.
class SharedPages {
public:
    SharedPages(PageReader &reader, storage::Transaction &tx, AccountNumber account)
        : m_reader{reader}
        , m_tx{tx}
        , m_account{account}
    {
    }

    /// As PageReader::read().
    std::shared_ptr<const SharedPage> read(const std::vector<std::string> &scopes, const Cursor &cursor,
                                           std::int64_t upTo);

private:
    using View = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::vector<std::string>>;
    struct Entry {
        std::shared_ptr<const SharedPage> page;
        std::string reader;                            ///< own scope of who it was read for
        std::optional<std::set<std::string>> personal; ///< whose own rows lie in the range; asked when shared
    };

    std::shared_ptr<const SharedPage> fresh(const std::vector<std::string> &scopes, const Cursor &cursor,
                                            std::int64_t upTo);

    PageReader &m_reader;
    storage::Transaction &m_tx;
    const AccountNumber m_account;
    std::map<View, Entry> m_entries;
};

} // namespace server::sync
