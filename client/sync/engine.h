#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/sync/bulk_loader.h"
#include "client/sync/clock_offset.h"
#include "client/sync/connection_state.h"
#include "client/sync/outbound.h"
#include "client/sync/overlay_merger.h"
#include "client/sync/replica.h"
#include "client/sync/session.h"
#include "client/sync/wire.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace client::sync {

/// The client's whole side of the sync session (docs/protocol.md, part A) as a state machine: connect, hello,
/// catch up, apply, write, retire, back off. It has no thread, socket, clock or chance of its own; everything
/// happens in calls on one thread and in callbacks of its ports, so the simulator can drive it step by step.
///
/// What the user does is in the outbox, durably, before it is shown, and shown before it is sent. Nothing the
/// server or the network does removes an intent, except its verdict.
class Engine {
public:
    struct Ports {
        base::Scheduler &scheduler;
        base::Clock &clock;
        base::Random &random;
        Wire &wire;
        Bulk &bulk;
        TokenSource &tokens;
        storage::OutboxStore &outbox;
        storage::CacheStore &cache;
        const OverlayRegistry &overlays;
    };

    struct Settings {
        std::string app; ///< "deskbell/0.1.0 linux"
        domain::DeviceId device;
        domain::UserId me;
        bool offline = false; ///< never connects
        int keepDays = 0;     ///< resolved conversations quiet for longer keep no messages; 0: all do
    };

    /// Called on the engine's thread, outside of any transaction. All may be empty.
    struct Events {
        /// At most every 50 ms, and at once for what the user did.
        std::function<void(const Changes &)> changed;
        std::function<void(const ConnectionState &)> connection;
        std::function<void(const storage::Intent &)> problem;
        std::function<void(const storage::Intent &)> warned; ///< accepted, with a warning in its detail
        std::function<void()> intents;
        std::function<void(const Ephemeral &)> ephemeral;
        std::function<void(const std::vector<base::Uuid> &)> uploadsMissing;
        std::function<void()> revoked; ///< the device may not be here any more: wipe
        std::function<void(bool damage, const std::string &what)> storageFailed; ///< the engine has stopped
    };

    Engine(Ports ports, Settings settings, Events events);
    ~Engine();

    /// Brings what is shown in line with the outbox and begins to connect.
    void start();
    /// Says goodbye. start() may follow.
    void stop();

    [[nodiscard]] const ConnectionState &state() const { return m_state; }
    [[nodiscard]] const Replica &replica() const { return m_replica; }
    /// Connected, everything applied, no snapshot or window outstanding, nothing undecided.
    [[nodiscard]] bool isSettled() const;
    /// The newest token, for other requests to the server; empty before the first.
    [[nodiscard]] const std::string &access() const { return m_access; }

    /// A request was refused for its token: gets another one.
    void accessRefused() { renewToken(); }

    base::Status submit(const Order &order);
    /// False when it is too late.
    bool cancel(const base::Uuid &mid);
    void retryProblem(const base::Uuid &mid, const base::Uuid &freshMid,
                      const std::optional<std::string> &args);
    void discardProblem(const base::Uuid &mid);
    /// An upload arrived: lanes that waited for it go on.
    void uploadsChanged();

    /// From now on so many days are kept; when that is more than before, the rest is fetched.
    void setKeepDays(int days);
    /// Work on the cache beside the frames, in one transaction with everything that follows from it. False
    /// when it failed: nothing was done.
    bool apply(const std::function<base::Status(Replica &)> &work);
    /// Runs work that only reads the files. False when they failed: the engine has stopped and said so.
    bool guarded(const std::function<void()> &work);
    /// The conversations on screen.
    [[nodiscard]] const std::vector<domain::ConversationId> &focused() const { return m_focus; }

    void focus(const std::vector<domain::ConversationId> &conversations);
    void loadOlder(const domain::ConversationId &conversation);
    void composing(const domain::ConversationId &conversation, bool on, bool isPrivate);
    void viewing(const domain::ConversationId &conversation, bool on);
    /// Looks at once whether the connection lives, or tries at once to get one. Ends Replaced and SignedOut.
    void wake();

private:
    enum class Link { Off, Waiting, Token, Opening, Hello, Up, Parked };

    // Connection, in engine.cpp.
    void connect();
    void gotToken(const base::Result<std::string> &access);
    void sendHello();
    void drop(base::Duration wait, const std::string &why);
    void wireClosed(int code, const std::string &why, base::Duration retryAfter);
    void waitThenConnect(base::Duration wait);
    base::Duration backOff();
    void park(ConnectionState::Kind kind, const std::string &why);
    void linkDown();
    void renewToken();
    void watch();
    void startWatching();
    void send(const std::string &text);

    // Frames, in engine_frames.cpp.
    void frame(std::string_view text);
    void dispatch(const std::string &kind, const base::Json &json);
    void welcome(const base::Json &json);
    bool agreeOnCodec(const base::Json &welcome);
    void reset(const base::Json &json);
    void receipts(const base::Json &json);
    void delta(const base::Json &json);
    void ephemeral(const base::Json &json);
    void bye(const base::Json &json);
    void acknowledge(bool now);

    // Intents and commits, in engine_intents.cpp.
    bool commit(const std::function<base::Status()> &work);
    void storageFailed(const storage::StorageError &error);
    std::vector<std::int64_t> retirable() const;
    void retire();
    [[nodiscard]] bool isTrifle(const storage::Intent &intent) const;
    [[nodiscard]] std::vector<std::int64_t> trifles(const std::vector<std::int64_t> &numbers) const;
    [[nodiscard]] std::int64_t waitingTrifles() const;
    void pumpOutbound();
    void noteChanges();
    void flushChanges();
    void updateState();
    void rememberLive(ConnectionState &state);
    void setKind(ConnectionState::Kind kind, const std::string &why = {});
    void computeKeeping();
    // The offline lease, in offline_lease.cpp.
    void noteContact();
    void watchLease();
    [[nodiscard]] std::int64_t leaseDays() const;

    Ports m_ports;
    Settings m_settings;
    Events m_events;
    Replica m_replica;
    OverlayMerger m_merger;
    Outbound m_outbound;
    std::unique_ptr<BulkLoader> m_loader;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); ///< callbacks check it

    Link m_link = Link::Off;
    std::uint64_t m_attempt = 0; ///< names the current link: older callbacks are ignored
    std::string m_access;
    bool m_renew = false;
    int m_failures = 0;
    std::int64_t m_spreadMs = 1000;
    base::Duration m_upSince{};
    base::Duration m_heardAt{};
    base::Duration m_pingedAt{};
    base::Duration m_probeUntil{};
    base::Duration m_helloAt{};
    base::TimerId m_retryTimer = 0;
    base::TimerId m_watchTimer = 0;
    base::TimerId m_ackTimer = 0;
    base::TimerId m_byeTimer = 0;
    base::TimerId m_flushTimer = 0;
    base::TimerId m_laneTimer = 0;
    base::TimerId m_leaseTimer = 0;
    int m_unacked = 0;
    bool m_scopesSeen = false;
    bool m_caughtUp = false;
    std::int64_t m_left = 0;
    std::int64_t m_badFrames = 0;
    base::Duration m_badFrameAt{};
    bool m_resetMe = false;
    bool m_offersDictionary = true; ///< until a server names another one than ours
    ClockOffset m_offset;
    std::vector<domain::ConversationId> m_focus;
    std::vector<storage::Changed> m_pendingChanges;
    ConnectionState m_state;
    ConnectionState m_told; // what events.connection has heard
};

} // namespace client::sync
