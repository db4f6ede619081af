#include "server/features/accounts/account_service.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::accounts {

namespace {

constexpr std::size_t maxName = 255;
constexpr std::size_t maxEmail = 254; // RFC 5321, 4.5.3.1.3
constexpr std::size_t minPassword = 8;
constexpr std::size_t maxPassword = 128;
constexpr const char *tokenPurpose = "access-token";

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

base::Result<std::string> checkedName(const std::string &name)
{
    if (!base::isUtf8(name))
        return invalid("name");
    std::string cleaned{base::trimmed(base::cleaned(name))};
    if (cleaned.empty() || base::length(cleaned) > maxName)
        return invalid("name");
    return cleaned;
}

bool looksLikeEmail(std::string_view email)
{
    const auto at = email.find('@');
    const bool shape = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                       email.find('@', at + 1) == std::string_view::npos;
    return shape && email.size() <= maxEmail && base::isUtf8(email) &&
           email.find_first_of(" \t\r\n<>(),;:\\\"[]") == std::string_view::npos;
}

bool isLastAdministrator(const UserStore &store, sync::AccountNumber account, const MemberRow &member)
{
    return member.user.active && member.user.role == domain::Role::Administrator &&
           store.activeAdministrators(account) == 1;
}

} // namespace

void recordUser(sync::WriteContext &ctx, const MemberRow &member)
{
    ctx.record(protocol::EntityType::User, member.user.id.value, sync::scope::account);
}

void recordAccess(sync::WriteContext &ctx, const base::Uuid &user)
{
    ctx.record(protocol::EntityType::Access, user, sync::scope::user(user));
}

base::Result<AccountRow> AccountService::create(sync::WriteContext &ctx, const std::string &name,
                                                const std::string &locale)
{
    const auto checked = checkedName(name);
    if (!checked)
        return checked.error();
    UserStore store{ctx.tx()};
    if (store.account(ctx.account()))
        return base::Error{base::ErrorCode::AlreadyExists, "account"};
    AccountRow row;
    row.account = {{ctx.newId()}, ctx.account(), *checked, locale};
    row.createdAt = ctx.now();
    store.insertAccount(row);
    ctx.record(protocol::EntityType::Account, row.account.id.value, sync::scope::account);
    return row;
}

base::Result<AccountRow> AccountService::change(sync::WriteContext &ctx, const AccountChanges &changes)
{
    UserStore store{ctx.tx()};
    auto row = store.account(ctx.account());
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "account"};
    if (changes.name) {
        const auto checked = checkedName(*changes.name);
        if (!checked)
            return checked.error();
        row->account.name = *checked;
    }
    if (changes.locale) {
        if (changes.locale->empty() || changes.locale->size() > 16)
            return invalid("locale");
        row->account.locale = *changes.locale;
    }
    if (changes.settings) {
        const auto json = base::parseJson(*changes.settings);
        if (!json || !json->is_object())
            return invalid("settings");
        row->settings = *changes.settings;
    }
    store.updateAccount(*row);
    ctx.record(protocol::EntityType::Account, row->account.id.value, sync::scope::account);
    return *row;
}

base::Status AccountService::checkEmail(storage::Transaction &tx, const std::string &email,
                                        std::int64_t except) const
{
    if (!looksLikeEmail(email))
        return invalid("email");
    const auto owner = UserStore{tx}.credentials(email);
    if (owner && owner->userNumber != except)
        return base::Error{base::ErrorCode::AlreadyExists, "email"};
    return base::Done{};
}

base::Result<MemberRow> AccountService::addUser(sync::WriteContext &ctx, const NewUser &user)
{
    const auto name = checkedName(user.name);
    if (!name)
        return name.error();
    const auto email = base::lowered(base::trimmed(user.email));
    if (!looksLikeEmail(email))
        return invalid("email");

    UserStore store{ctx.tx()};
    MemberRow member;
    const auto known = store.credentials(email);
    if (known) {
        if (const auto already = store.member(ctx.account(), known->userNumber);
            already && already->user.active)
            return base::Error{base::ErrorCode::AlreadyExists, "email"};
        member.user.number = known->userNumber;
        member.user.id = known->user;
    } else {
        member.user = {{ctx.newId()}, 0, *name, email};
        member.user.number = store.insertUser(member.user, {}, user.passwordHash, ctx.now());
    }
    member.user.role = user.role;
    member.user.active = true;
    member.availability = user.availability;
    member.autoOffline = user.autoOffline;
    store.putMember(ctx.account(), member, ctx.now());
    if (!store.sealedToken(member.user.number))
        issueToken(ctx, member.user.number);

    recordUser(ctx, member);
    recordAccess(ctx, member.user.id.value);
    return *store.member(ctx.account(), member.user.number);
}

base::Result<MemberRow> AccountService::changeUser(sync::WriteContext &ctx, std::int64_t userNumber,
                                                   const UserChanges &changes)
{
    UserStore store{ctx.tx()};
    auto member = store.member(ctx.account(), userNumber);
    if (!member || !member->user.active)
        return base::Error{base::ErrorCode::NotFound, "user"};
    if (changes.name) {
        const auto checked = checkedName(*changes.name);
        if (!checked)
            return checked.error();
        member->user.name = *checked;
    }
    if (changes.displayName) {
        if (!base::isUtf8(*changes.displayName) || base::length(*changes.displayName) > maxName)
            return invalid("display_name");
        member->displayName = base::trimmed(base::cleaned(*changes.displayName));
    }
    if (changes.email) {
        member->user.email = base::lowered(base::trimmed(*changes.email));
        if (const auto checked = checkEmail(ctx.tx(), member->user.email, userNumber); !checked)
            return checked.error();
    }
    const bool roleChanges = changes.role && *changes.role != member->user.role;
    if (roleChanges && isLastAdministrator(store, ctx.account(), *member))
        return base::Error{base::ErrorCode::Conflict, "last administrator"};
    member->user.role = changes.role.value_or(member->user.role);
    member->availability = changes.availability.value_or(member->availability);
    member->autoOffline = changes.autoOffline.value_or(member->autoOffline);

    store.updateUser(*member, ctx.now());
    store.putMember(ctx.account(), *member, ctx.now());
    recordUser(ctx, *member);
    if (roleChanges)
        recordAccess(ctx, member->user.id.value);
    return *member;
}

base::Status AccountService::removeUser(sync::WriteContext &ctx, std::int64_t userNumber)
{
    UserStore store{ctx.tx()};
    auto member = store.member(ctx.account(), userNumber);
    if (!member || !member->user.active)
        return base::Error{base::ErrorCode::NotFound, "user"};
    if (isLastAdministrator(store, ctx.account(), *member))
        return base::Error{base::ErrorCode::Conflict, "last administrator"};
    member->user.active = false;
    store.putMember(ctx.account(), *member, ctx.now());
    if (store.accountsOf(userNumber).empty())
        store.removeTokens(userNumber);
    for (const auto &listener : m_removed)
        listener(ctx, *member);
    recordUser(ctx, *member);
    recordAccess(ctx, member->user.id.value);
    return base::Done{};
}

void AccountService::onRemoved(std::function<void(sync::WriteContext &, const MemberRow &)> listener)
{
    m_removed.push_back(std::move(listener));
}

void AccountService::setPasswordHash(sync::WriteContext &ctx, std::int64_t userNumber,
                                     const std::string &hash)
{
    UserStore{ctx.tx()}.setPasswordHash(userNumber, hash, ctx.now());
}

base::Result<std::string> AccountService::passwordHash(std::string_view password) const
{
    const auto length = base::isUtf8(password) ? base::length(password) : 0;
    if (length < minPassword || length > maxPassword)
        return invalid("password");
    return m_crypto.hashPassword(password);
}

std::string AccountService::issueToken(sync::WriteContext &ctx, std::int64_t userNumber)
{
    auto token = m_crypto.randomToken();
    UserStore store{ctx.tx()};
    store.removeTokens(userNumber);
    store.insertToken(userNumber, m_crypto.sha256(token),
                      m_crypto.seal(tokenPurpose, token, std::to_string(userNumber)), ctx.now());
    return token;
}

std::string AccountService::token(storage::Transaction &tx, std::int64_t userNumber) const
{
    const auto sealed = UserStore{tx}.sealedToken(userNumber);
    if (!sealed)
        return {};
    auto opened = m_crypto.open(tokenPurpose, *sealed, std::to_string(userNumber));
    return opened ? std::move(*opened) : std::string{};
}

std::optional<std::int64_t> AccountService::tokenOwner(storage::Transaction &tx, std::string_view token) const
{
    // By hash: how long the look-up takes says nothing about the token.
    return UserStore{tx}.tokenOwner(m_crypto.sha256(token));
}

base::Result<sync::Actor> AccountService::actor(storage::Transaction &tx, sync::AccountNumber account,
                                                std::int64_t userNumber)
{
    const auto member = UserStore{tx}.member(account, userNumber);
    if (!member)
        return base::Error{base::ErrorCode::NotFound, "account"};
    if (!member->user.active)
        return base::Error{base::ErrorCode::UserDisabled, {}};
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::User;
    actor.id = member->user.id.value;
    actor.number = member->user.number;
    actor.administrator = member->user.role == domain::Role::Administrator;
    return actor;
}

base::Status AccountService::requireAdministrator(storage::Transaction &tx, sync::AccountNumber account,
                                                  const sync::Actor &actor)
{
    if (actor.kind == sync::Actor::Kind::System)
        return base::Done{};
    const auto member =
        actor.kind == sync::Actor::Kind::User ? UserStore{tx}.member(account, actor.number) : std::nullopt;
    if (!member || !member->user.active || member->user.role != domain::Role::Administrator)
        return base::Error{base::ErrorCode::Forbidden, "administrators only"};
    return base::Done{};
}

} // namespace server::accounts
