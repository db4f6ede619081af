#pragma once

#include "client/storage/connection.h"
#include "client/storage/identity.h"
#include "shared/base/clock.h"
#include "shared/base/error_code.h"
#include "shared/protocol/mutation.h"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace client::storage {

/// Where an intent is on its way (docs/protocol.md A.6). A Problem was refused, a Held one is kept back by
/// the server: both wait for their author. Stored by number.
enum class IntentState { Queued, Attempted, Accepted, Problem, Held };

/// Something the user did, as kept until the server's change has come back.
struct Intent {
    std::int64_t n = 0;
    base::Uuid mid;
    std::string lane;
    std::string op;
    std::string args; ///< JSON object; never changes once attempted
    IntentState state = IntentState::Queued;
    std::int64_t dep = 0;
    base::Timestamp madeAt{};
    base::Duration madeMonotonic{};
    std::string boot; ///< of the machine, for madeMonotonic
    std::optional<protocol::Seen> seen;
    std::vector<base::Uuid> uploads;                  ///< sent only when all of them are
    base::ErrorCode code = base::ErrorCode::Internal; ///< of a Problem or a Held one
    std::string detail;
    std::int64_t seq = 0;            ///< of an Accepted or a Held one
    int tries = 0;                   ///< times the server gave no verdict
    std::optional<base::Uuid> fixes; ///< made in place of this problem or held reply
    std::string subject;             ///< what it was about, to be read when the cache has lost it
    bool recovered = false; ///< was over once; the server may have lost it when it was put back from a backup
};

/// Refused or kept back: its author has to decide.
inline bool needsAuthor(const Intent &intent)
{
    return intent.state == IntentState::Problem || intent.state == IntentState::Held;
}

/// A file on its way to the server; its bytes lie in the spool.
struct Upload {
    enum class State { Waiting, Sent, Refused, Paused };
    base::Uuid id;
    std::string path;
    std::string name;
    std::string mime;
    std::int64_t size = 0;
    State state = State::Waiting;
    std::string code;        ///< why it was refused
    std::int64_t offset = 0; ///< bytes the server has, as it last said
    std::string sha256;      ///< 32 raw bytes; empty until it was computed
};

struct LocalDraft {
    std::string body;
    base::Timestamp at{};
};

/// For so long what is over is remembered.
inline constexpr std::chrono::days retiredLife{7};

/// The columns of the intent table in the order intentOf() reads them.
inline constexpr const char *intentColumns =
    "n, mid, lane, op, args, state, dep, made_at, made_mono, seen_n, seen_q,"
    " uploads, code, detail, seq, tries, fixes, subject, recovered, boot";
Intent intentOf(const RowView &row);
/// The same of the upload table and uploadOf().
inline constexpr const char *uploadColumns = "id, path, name, mime, size, state, code, offset, sha256";
Upload uploadOf(const RowView &row);

/// outbox.db: what the user made. Durable before anything of it is shown; never deleted, never rebuilt. One
/// thread. Throws StorageError. Intents are held in memory as well: queries are cheap.
class OutboxStore {
public:
    /// Opens or makes the file. Throws; a file of a newer version is opened as well (changes are additive).
    explicit OutboxStore(const QString &file);

    // Who and on which device.
    [[nodiscard]] std::optional<Identity> identity();
    void setIdentity(const Identity &identity);
    [[nodiscard]] std::optional<std::string> setting(const std::string &key);
    void setSetting(const std::string &key, const std::string &value);

    // Intents, by number.
    [[nodiscard]] const std::map<std::int64_t, Intent> &intents() const { return m_intents; }
    [[nodiscard]] const Intent *find(const base::Uuid &mid) const;
    /// Every verdict up to this number is stored.
    [[nodiscard]] std::int64_t decidedUpTo() const;
    /// Intents without a verdict.
    [[nodiscard]] std::int64_t undecided() const;
    /// The server does not take one of its files, so it cannot go out.
    [[nodiscard]] bool hasRefusedFile(const Intent &intent) const;
    /// Refused and held ones that nothing was made in place of, and those with a refused file.
    [[nodiscard]] std::int64_t problems() const;
    /// Stores it durably and gives it the next number.
    std::int64_t add(Intent intent);
    void markAttempted(const std::vector<std::int64_t> &numbers);
    /// Stores verdicts; unknown numbers are ignored. An accepted one ends the problems it fixes.
    void decide(const std::vector<protocol::Receipt> &receipts);
    /// An intent that was decided is asked for again: the server's number space was rewound.
    void undecideAll();
    void remove(const std::vector<std::int64_t> &numbers);
    /// They are over. `worthKeeping` of them are remembered for a week.
    void retire(const std::vector<std::int64_t> &over, const std::vector<std::int64_t> &worthKeeping,
                base::Timestamp now);
    /// What was over in the last week is undecided again, under its old number; which numbers.
    std::vector<std::int64_t> recoverRetired(base::Timestamp now);
    /// Gives new numbers, from 1, to all intents and to what is remembered: this is another device now. Mids
    /// stay.
    void renumber();
    /// The problem and those it was made in place of, in turn; what is held is not among them.
    [[nodiscard]] std::vector<std::int64_t> problemAndOlder(const base::Uuid &mid) const;

    // Files.
    [[nodiscard]] const std::map<base::Uuid, Upload> &uploads() const { return m_uploads; }
    void putUpload(const Upload &upload);
    void removeUpload(const base::Uuid &id);
    /// Whether all of them are on the server.
    [[nodiscard]] bool haveArrived(const std::vector<base::Uuid> &uploads) const;

    // Drafts of this machine.
    [[nodiscard]] std::optional<LocalDraft> draft(const std::string &key);
    [[nodiscard]] std::vector<std::string> draftKeys();
    /// An empty body removes.
    void putDraft(const std::string &key, const LocalDraft &draft);

private:
    void load();
    void insert(const Intent &intent);

    Connection m_connection;
    std::map<std::int64_t, Intent> m_intents;
    std::map<base::Uuid, Upload> m_uploads;
    std::int64_t m_next = 1;
};

} // namespace client::storage
