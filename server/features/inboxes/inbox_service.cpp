#include "server/features/inboxes/inbox_service.h"

#include "server/features/accounts/user_store.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::inboxes {

namespace {

constexpr const char *secretPurpose = "inbox-hmac";
constexpr const char *webhookPurpose = "inbox-webhook";
constexpr std::size_t maxName = 255;
constexpr std::size_t tokenBytes = 18; // 24 characters

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

base::Result<std::string> checkedName(const std::string &name)
{
    std::string cleaned{base::trimmed(base::cleaned(base::isUtf8(name) ? name : std::string{}))};
    if (cleaned.empty() || base::length(cleaned) > maxName)
        return invalid("name");
    return cleaned;
}

void recordInbox(sync::WriteContext &ctx, const InboxRow &row)
{
    ctx.record(protocol::EntityType::Inbox, row.inbox.id.value, sync::scope::account);
}

/// Users of the numbers, or Invalid when one is no active user of the account.
base::Result<std::vector<accounts::MemberRow>> usersOf(sync::WriteContext &ctx,
                                                       const std::vector<std::int64_t> &numbers)
{
    const accounts::UserStore store{ctx.tx()};
    std::vector<accounts::MemberRow> users;
    for (const auto number : numbers) {
        auto member = store.member(ctx.account(), number);
        if (!member || !member->user.active)
            return invalid("user_ids");
        users.push_back(std::move(*member));
    }
    return users;
}

} // namespace

base::Result<InboxRow> InboxService::createWebsite(sync::WriteContext &ctx, const std::string &name,
                                                   const WebsiteSettings &settings)
{
    return create(ctx, "web_widget", name, settings);
}

base::Result<InboxRow> InboxService::createApi(sync::WriteContext &ctx, const std::string &name,
                                               const WebsiteSettings &settings)
{
    return create(ctx, "api", name, settings);
}

base::Result<InboxRow> InboxService::create(sync::WriteContext &ctx, const std::string &channel,
                                            const std::string &name, const WebsiteSettings &settings)
{
    const auto checked = checkedName(name);
    if (!checked)
        return checked.error();
    if (const auto fine = checkSettings(settings); !fine)
        return fine.error();
    InboxRow row;
    row.inbox.id = {ctx.newId()};
    row.inbox.name = *checked;
    row.inbox.channel = channel;
    row.account = ctx.account();
    row.websiteToken = m_crypto.randomToken(tokenBytes);
    row.settings = settings;
    row.inbox.replyWindowHours = replyWindowHours(settings);
    row.sealedHmacSecret = m_crypto.seal(secretPurpose, m_crypto.randomToken(), row.inbox.id.bytes());
    row.createdAt = row.updatedAt = ctx.now();
    row.inbox.number = InboxStore{ctx.tx()}.insert(row);
    recordInbox(ctx, row);
    for (const auto &member : accounts::UserStore{ctx.tx()}.members(ctx.account()))
        if (member.user.active && member.user.role == domain::Role::Administrator)
            accounts::recordAccess(ctx, member.user.id.value);
    return row;
}

base::Result<InboxRow> InboxService::change(sync::WriteContext &ctx, std::int64_t inbox,
                                            const InboxChanges &changes)
{
    InboxStore store{ctx.tx()};
    auto row = store.find(ctx.account(), inbox);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "inbox"};
    if (changes.name) {
        const auto checked = checkedName(*changes.name);
        if (!checked)
            return checked.error();
        row->inbox.name = *checked;
    }
    if (changes.settings) {
        if (const auto fine = checkSettings(*changes.settings); !fine)
            return fine.error();
        row->settings = *changes.settings;
        row->inbox.replyWindowHours = replyWindowHours(row->settings);
    }
    if (changes.avatar) {
        InboxAvatarStore avatars{ctx.tx()};
        if (changes.avatar->bytes.empty())
            avatars.remove(inbox);
        else
            avatars.put(inbox, *changes.avatar);
        row->avatar = changes.avatar->bytes.empty() ? std::string{} : changes.avatar->name;
    }
    row->updatedAt = ctx.now();
    store.update(*row);
    recordInbox(ctx, *row);
    return *row;
}

base::Status InboxService::setMembers(sync::WriteContext &ctx, std::int64_t inbox,
                                      const std::vector<std::int64_t> &users)
{
    std::vector<std::int64_t> gone;
    for (const auto number : InboxStore{ctx.tx()}.memberNumbers(inbox))
        if (std::find(users.begin(), users.end(), number) == users.end())
            gone.push_back(number);
    if (const auto added = addMembers(ctx, inbox, users); !added)
        return added;
    return removeMembers(ctx, inbox, gone);
}

base::Status InboxService::addMembers(sync::WriteContext &ctx, std::int64_t inbox,
                                      const std::vector<std::int64_t> &users)
{
    InboxStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), inbox);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "inbox"};
    const auto members = usersOf(ctx, users);
    if (!members)
        return members.error();
    bool changed = false;
    for (const auto &member : *members) {
        if (!store.addMember(inbox, member.user.number, member.user.id.value, ctx.now()))
            continue;
        changed = true;
        accounts::recordAccess(ctx, member.user.id.value);
    }
    if (changed)
        recordInbox(ctx, *row);
    return base::Done{};
}

base::Status InboxService::removeMembers(sync::WriteContext &ctx, std::int64_t inbox,
                                         const std::vector<std::int64_t> &users)
{
    InboxStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), inbox);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "inbox"};
    bool changed = false;
    for (const auto number : users) {
        const auto member = accounts::UserStore{ctx.tx()}.member(ctx.account(), number);
        if (!member || !store.removeMember(inbox, number))
            continue;
        changed = true;
        accounts::recordAccess(ctx, member->user.id.value);
    }
    if (changed)
        recordInbox(ctx, *row);
    return base::Done{};
}

void InboxService::removeEverywhere(sync::WriteContext &ctx, const accounts::MemberRow &member)
{
    InboxStore store{ctx.tx()};
    for (const auto &row : store.ofUser(ctx.account(), member.user.number))
        if (store.removeMember(row.inbox.number, member.user.number))
            recordInbox(ctx, row);
}

std::vector<accounts::MemberRow> InboxService::members(storage::Transaction &tx, sync::AccountNumber account,
                                                       std::int64_t inbox) const
{
    const accounts::UserStore users{tx};
    std::vector<accounts::MemberRow> found;
    for (const auto number : InboxStore{tx}.memberNumbers(inbox))
        if (auto member = users.member(account, number); member && member->user.active)
            found.push_back(std::move(*member));
    return found;
}

std::vector<InboxRow> InboxService::visible(storage::Transaction &tx, sync::AccountNumber account,
                                            const sync::Actor &actor)
{
    const InboxStore store{tx};
    if (actor.kind == sync::Actor::Kind::System)
        return store.all(account);
    const auto member = actor.kind == sync::Actor::Kind::User
                            ? accounts::UserStore{tx}.member(account, actor.number)
                            : std::nullopt;
    if (!member || !member->user.active)
        return {};
    return member->user.role == domain::Role::Administrator ? store.all(account)
                                                            : store.ofUser(account, actor.number);
}

bool InboxService::sees(storage::Transaction &tx, sync::AccountNumber account, const sync::Actor &actor,
                        std::int64_t inbox)
{
    if (actor.kind != sync::Actor::Kind::User)
        return actor.kind == sync::Actor::Kind::System;
    const auto member = accounts::UserStore{tx}.member(account, actor.number);
    if (!member || !member->user.active)
        return false;
    const InboxStore store{tx};
    if (member->user.role == domain::Role::Administrator)
        return store.exists(account, inbox);
    return store.isMember(inbox, actor.number);
}

std::string InboxService::hmacSecret(const InboxRow &inbox) const
{
    auto opened = m_crypto.open(secretPurpose, inbox.sealedHmacSecret, inbox.inbox.id.bytes());
    return opened ? std::move(*opened) : std::string{};
}

std::string InboxService::webhookSecret(const InboxRow &inbox) const
{
    return base::toBase64Url(m_crypto.sign(webhookPurpose, inbox.inbox.id.bytes()));
}

bool InboxService::isIdentity(const InboxRow &inbox, std::string_view identifier,
                              std::string_view signature) const
{
    const auto secret = hmacSecret(inbox);
    return !secret.empty() &&
           m_crypto.equal(base::toHex(m_crypto.hmacSha256(secret, identifier)), base::lowered(signature));
}

} // namespace server::inboxes
