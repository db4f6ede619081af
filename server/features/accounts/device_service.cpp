#include "server/features/accounts/device_service.h"

#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::accounts {

namespace {

constexpr const char *refreshPurpose = "device-refresh";
constexpr const char *wipePurpose = "device-wipe";
constexpr const char *outboxPurpose = "device-outbox";
constexpr std::size_t refreshRandom = 32;
constexpr std::size_t maxLabel = 100;
constexpr std::size_t maxToken = 256;
constexpr std::size_t maxRid = 64;

base::Error unauthorized()
{
    return {base::ErrorCode::Unauthorized, {}};
}

void recordDevice(sync::WriteContext &ctx, const DeviceRow &row)
{
    ctx.record(protocol::EntityType::Device, row.device.id.value, sync::scope::user(row.user));
}

std::string label(const std::string &text)
{
    return base::preview(base::isUtf8(text) ? base::cleaned(text) : std::string{}, maxLabel);
}

} // namespace

DeviceService::DeviceService(storage::Database &database, sync::Executor &executor,
                             const ports::Crypto &crypto, const base::Clock &clock)
    : m_database{database}
    , m_executor{executor}
    , m_crypto{crypto}
    , m_clock{clock}
{
}

// Random bytes and a mark of ours over them: an old token that was forgotten is still told from noise, so
// that noise cannot revoke anybody's device.
std::string DeviceService::newRefreshToken(const base::Uuid &device) const
{
    const auto random = base::fromBase64Url(m_crypto.randomToken(refreshRandom));
    return base::toBase64Url(random + m_crypto.sign(refreshPurpose, device.bytes() + random));
}

bool DeviceService::isGenuine(const base::Uuid &device, std::string_view token) const
{
    const auto bytes = base::fromBase64Url(token);
    if (bytes.size() <= refreshRandom)
        return false;
    return m_crypto.isSigned(refreshPurpose, device.bytes() + bytes.substr(0, refreshRandom),
                             bytes.substr(refreshRandom));
}

base::Result<SignedIn> DeviceService::signIn(const SignIn &request)
{
    if (request.device.isNull())
        return base::Error{base::ErrorCode::Invalid, "device"};
    std::optional<Credentials> credentials;
    std::vector<AccountRow> accounts;
    m_database.read([&](storage::Transaction &tx) {
        const UserStore store{tx};
        credentials = store.credentials(base::lowered(base::trimmed(request.email)));
        if (credentials)
            accounts = store.accountsOf(credentials->userNumber);
    });

    // An unknown address takes as long as a wrong password.
    const bool usable = credentials && !credentials->passwordHash.empty();
    if (!usable)
        (void)m_crypto.hashPassword(request.password);
    if (!usable || !m_crypto.verifyPassword(request.password, credentials->passwordHash))
        return unauthorized();
    const auto account = std::find_if(accounts.begin(), accounts.end(), [&](const AccountRow &row) {
        return !request.account || row.account.number == *request.account;
    });
    if (account == accounts.end())
        return base::Error{base::ErrorCode::UserDisabled, {}};
    std::string betterHash;
    if (m_crypto.isOutdated(credentials->passwordHash))
        betterHash = m_crypto.hashPassword(request.password);

    SignedIn result;
    result.account = *account;
    result.device = request.device;
    const auto done =
        m_executor.run(account->account.number, {}, [&](sync::WriteContext &ctx) -> base::Status {
            UserStore users{ctx.tx()};
            const auto member = users.member(ctx.account(), credentials->userNumber);
            if (!member || !member->user.active)
                return base::Error{base::ErrorCode::UserDisabled, {}};
            if (!betterHash.empty())
                users.setPasswordHash(credentials->userNumber, betterHash, ctx.now());

            DeviceStore store{ctx.tx()};
            const auto known = store.find(request.device);
            if (known && (known->account != ctx.account() || known->userNumber != credentials->userNumber))
                return base::Error{base::ErrorCode::Invalid, "device"};
            DeviceRow row;
            row.device = {{request.device},   label(request.name), label(request.os),
                          label(request.app), ctx.now(),           ctx.now()};
            row.account = ctx.account();
            row.userNumber = credentials->userNumber;
            row.user = member->user.id.value;
            const auto number = store.put(row);
            recordDevice(ctx, row);

            const auto refresh = newRefreshToken(request.device);
            store.insertRefresh(number, m_crypto.sha256(refresh));
            result.member = *member;
            result.at = ctx.now();
            result.tokens = issue(ctx, number, refresh);
            return base::Done{};
        });
    if (!done)
        return done.error();
    const auto outbox = m_crypto.boxKeys(outboxPurpose, result.member.user.id.value.bytes());
    result.keys = {m_crypto.signingKey(wipePurpose), outbox.publicKey, outbox.secretKey};
    return result;
}

Tokens DeviceService::issue(sync::WriteContext &ctx, std::int64_t device, std::string refresh)
{
    Tokens tokens;
    tokens.access = m_crypto.randomToken();
    tokens.expiresIn = protocol::accessTokenLife;
    tokens.refresh = std::move(refresh);
    DeviceStore{ctx.tx()}.insertAccess(device, m_crypto.sha256(tokens.access), ctx.now() + tokens.expiresIn);
    return tokens;
}

base::Result<Tokens> DeviceService::refresh(const base::Uuid &device, std::string_view token,
                                            std::string_view rid)
{
    if (token.empty() || token.size() > maxToken || rid.size() > maxRid)
        return unauthorized();
    sync::AccountNumber account = 0;
    m_database.read([&](storage::Transaction &tx) {
        if (const auto row = DeviceStore{tx}.find(device))
            account = row->account;
    });
    if (account == 0)
        return unauthorized();

    base::Result<Tokens> result = unauthorized();
    const auto done = m_executor.run(account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        bool revoked = false;
        result = rotate(ctx, device, std::string{token}, std::string{rid}, revoked);
        if (!result && !revoked)
            return result.error();
        return base::Done{}; // a revocation is an effect to keep
    });
    if (!done)
        return done.error();
    return result;
}

base::Result<Tokens> DeviceService::rotate(sync::WriteContext &ctx, const base::Uuid &device,
                                           const std::string &token, const std::string &rid, bool &revoked)
{
    DeviceStore store{ctx.tx()};
    const auto row = store.find(device);
    if (!row)
        return unauthorized();
    const auto generation = store.refresh(m_crypto.sha256(token));
    const bool ours = generation && generation->device == row->number;
    if (!ours && !isGenuine(device, token))
        return unauthorized();
    if (row->revokedAt)
        return base::Error{base::ErrorCode::DeviceRevoked, {}};
    const auto member = UserStore{ctx.tx()}.member(ctx.account(), row->userNumber);
    if (!member || !member->user.active)
        return base::Error{base::ErrorCode::UserDisabled, {}};

    if (ours && !generation->rotatedAt) {
        if (row->device.lastSeenAt + idleLimit < ctx.now())
            return unauthorized();
        auto successor = newRefreshToken(device);
        const auto hash = m_crypto.sha256(successor);
        store.insertRefresh(row->number, hash);
        store.rotate({generation->hash, row->number, ctx.now(), rid, hash,
                      m_crypto.seal(refreshPurpose, successor, device.bytes())});
        store.forgetRefresh(row->number, ctx.now() - grace);
        store.touch(row->number, ctx.now());
        recordDevice(ctx, *row);
        return issue(ctx, row->number, std::move(successor));
    }

    if (ours) {
        const auto successor = store.refresh(generation->successorHash);
        const bool unused = successor && !successor->rotatedAt;
        if (unused || ctx.now() <= *generation->rotatedAt + grace) {
            auto again = m_crypto.open(refreshPurpose, generation->sealedSuccessor, device.bytes());
            if (!again)
                return again.error();
            return issue(ctx, row->number, std::move(*again));
        }
    }
    // Stolen or restored from a backup: signed out, but nothing is destroyed on a suspicion.
    store.revoke(row->number, ctx.now(), protocol::Wipe::None);
    ctx.record(
        {sync::ChangeKind::Delete, protocol::EntityType::Device, device, sync::scope::user(row->user), {}});
    revoked = true;
    return base::Error{base::ErrorCode::DeviceRevoked, {}};
}

base::Result<sync::Principal> DeviceService::principalOf(std::string_view accessToken)
{
    base::Result<sync::Principal> principal = unauthorized();
    m_database.read([&](storage::Transaction &tx) { principal = authenticate(tx, accessToken); });
    return principal;
}

std::vector<DeviceRow> DeviceService::devicesOf(const sync::Principal &principal)
{
    std::vector<DeviceRow> found;
    m_database.read(
        [&](storage::Transaction &tx) { found = devices(tx, principal.account, principal.actor.number); });
    return found;
}

base::Status DeviceService::signOut(std::string_view accessToken)
{
    const auto principal = principalOf(accessToken);
    return principal ? revokeOne(*principal, *principal->actor.device) : base::Status{principal.error()};
}

base::Status DeviceService::revokeOne(const sync::Principal &principal, const base::Uuid &device)
{
    const auto wipe = device == principal.actor.device ? protocol::Wipe::None : protocol::Wipe::Cache;
    const auto done = m_executor.run(principal.account, principal.actor, [&](sync::WriteContext &ctx) {
        return revoke(ctx, principal.actor.number, device, wipe);
    });
    return done ? base::Status{base::Done{}} : base::Status{done.error()};
}

base::Result<int> DeviceService::signOutOthers(const sync::Principal &principal)
{
    int count = 0;
    const auto done =
        m_executor.run(principal.account, principal.actor, [&](sync::WriteContext &ctx) -> base::Status {
            count = revokeOthers(ctx, principal.actor.number, *principal.actor.device);
            return base::Done{};
        });
    return done ? base::Result<int>{count} : base::Result<int>{done.error()};
}

// Argon2id takes its time, so both hashes are made before the job, which looks again whether the old one
// still counts.
base::Result<int> DeviceService::changePassword(const sync::Principal &principal, const std::string &current,
                                                const std::string &fresh, const base::Uuid &kept)
{
    const auto user = principal.actor.number;
    const auto storedNow = [user](storage::Transaction &tx, sync::AccountNumber account) {
        const UserStore users{tx};
        const auto member = users.member(account, user);
        const auto credentials = member ? users.credentials(member->user.email) : std::nullopt;
        return credentials ? credentials->passwordHash : std::string{};
    };
    std::string known;
    std::vector<AccountRow> accounts;
    m_database.read([&](storage::Transaction &tx) {
        known = storedNow(tx, principal.account);
        accounts = UserStore{tx}.accountsOf(user);
    });
    if (known.empty() || !m_crypto.verifyPassword(current, known))
        return base::Error{base::ErrorCode::Forbidden, "current"};
    const auto hash = AccountService{m_crypto}.passwordHash(fresh);
    if (!hash)
        return hash.error();

    int count = 0;
    const auto changed =
        m_executor.run(principal.account, principal.actor, [&](sync::WriteContext &ctx) -> base::Status {
            if (storedNow(ctx.tx(), ctx.account()) != known)
                return base::Error{base::ErrorCode::Forbidden, "current"};
            UserStore{ctx.tx()}.setPasswordHash(user, *hash, ctx.now());
            count = revokeOthers(ctx, user, kept);
            return base::Done{};
        });
    if (!changed)
        return changed.error();
    for (const auto &account : accounts) {
        if (account.account.number == principal.account)
            continue;
        int there = 0;
        const auto done =
            m_executor.run(account.account.number, {}, [&](sync::WriteContext &ctx) -> base::Status {
                there = revokeOthers(ctx, user, kept);
                return base::Done{};
            });
        if (!done)
            return done.error();
        count += there;
    }
    return count;
}

std::optional<protocol::WipeOrder> DeviceService::wipeOrder(const base::Uuid &device, std::string_view token)
{
    protocol::WipeOrder order;
    m_database.read([&](storage::Transaction &tx) {
        const DeviceStore store{tx};
        const auto row = store.find(device);
        if (!row || token.empty() || token.size() > maxToken)
            return;
        const auto generation = store.refresh(m_crypto.sha256(token));
        if (!(generation && generation->device == row->number) && !isGenuine(device, token))
            return;
        const auto member = UserStore{tx}.member(row->account, row->userNumber);
        order.wipe = !member || !member->user.active ? protocol::Wipe::All
                     : row->revokedAt                ? row->wipe
                                                     : protocol::Wipe::None;
    });
    if (order.wipe == protocol::Wipe::None)
        return std::nullopt;
    order.device = device;
    order.at = m_clock.now();
    order.nonce = m_crypto.randomToken(16);
    order.signature = m_crypto.signOpenly(wipePurpose, order.text());
    return order;
}

int DeviceService::revokeOthers(sync::WriteContext &ctx, std::int64_t userNumber, const base::Uuid &kept)
{
    int count = 0;
    for (const auto &row : DeviceStore{ctx.tx()}.ofUser(ctx.account(), userNumber))
        if (row.device.id.value != kept &&
            revoke(ctx, userNumber, row.device.id.value, protocol::Wipe::Cache))
            ++count;
    return count;
}

base::Status DeviceService::revoke(sync::WriteContext &ctx, std::int64_t userNumber, const base::Uuid &device,
                                   protocol::Wipe wipe)
{
    DeviceStore store{ctx.tx()};
    const auto row = store.find(device);
    if (!row || row->account != ctx.account() || row->userNumber != userNumber || row->revokedAt)
        return base::Error{base::ErrorCode::NotFound, "device"};
    store.revoke(row->number, ctx.now(), wipe);
    ctx.record(
        {sync::ChangeKind::Delete, protocol::EntityType::Device, device, sync::scope::user(row->user), {}});
    return base::Done{};
}

void DeviceService::revokeAll(sync::WriteContext &ctx, const MemberRow &member)
{
    DeviceStore store{ctx.tx()};
    for (const auto &row : store.ofUser(ctx.account(), member.user.number)) {
        store.revoke(row.number, ctx.now(), protocol::Wipe::All);
        ctx.record({sync::ChangeKind::Delete,
                    protocol::EntityType::Device,
                    row.device.id.value,
                    sync::scope::user(row.user),
                    {}});
    }
}

std::vector<DeviceRow> DeviceService::devices(storage::Transaction &tx, sync::AccountNumber account,
                                              std::int64_t userNumber) const
{
    return DeviceStore{tx}.ofUser(account, userNumber);
}

bool DeviceService::seenSince(storage::Transaction &tx, const base::Uuid &device, base::Timestamp at)
{
    const auto row = DeviceStore{tx}.find(device);
    return row && row->device.lastSeenAt > at;
}

base::Result<sync::Principal> DeviceService::authenticate(storage::Transaction &tx,
                                                          std::string_view accessToken) const
{
    if (accessToken.empty() || accessToken.size() > maxToken)
        return unauthorized();
    const auto access = DeviceStore{tx}.access(m_crypto.sha256(accessToken));
    if (!access)
        return unauthorized();
    const auto &device = access->device;
    auto actor = AccountService::actor(tx, device.account, device.userNumber);
    if (!actor)
        return base::Error{base::ErrorCode::UserDisabled, {}};
    if (device.revokedAt)
        return base::Error{base::ErrorCode::DeviceRevoked, {}};
    if (access->expiresAt <= m_clock.now())
        return unauthorized();
    sync::Principal principal;
    principal.account = device.account;
    principal.actor = std::move(*actor);
    principal.actor.device = device.device.id.value;
    principal.expiresAt = access->expiresAt;
    return principal;
}

} // namespace server::accounts
