#include "server/features/webhooks/webhook_service.h"

#include "server/features/inboxes/inbox_store.h"
#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_rules.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::webhooks {

namespace {

constexpr const char *secretPurpose = "webhook-secret";
constexpr std::size_t mostWebhooks = 100; // of an account
constexpr std::size_t mostUrl = 2048;
constexpr std::size_t mostName = 255;
constexpr std::size_t mostRemoved = 5000;

bool isAddress(const std::string &url)
{
    const auto host = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
    return host > 0 && url.size() > host && url[host] != '/' && url.size() <= mostUrl && base::isUtf8(url) &&
           std::none_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c == 0x7f; }) &&
           url.find_first_of("\"<>\\") == std::string::npos;
}

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

} // namespace

base::Status WebhookService::check(storage::Transaction &tx, sync::AccountNumber account,
                                   const WebhookFields &fields, std::int64_t self)
{
    if (!isAddress(fields.url))
        return invalid("url");
    if (fields.name.size() > mostName || base::cleaned(fields.name) != fields.name)
        return invalid("name");
    const auto &names = fields.subscriptions;
    if (names.empty() ||
        !std::all_of(names.begin(), names.end(), [](const auto &name) { return isEvent(name); }))
        return invalid("subscriptions");
    if (fields.inbox && !inboxes::InboxStore{tx}.exists(account, *fields.inbox))
        return invalid("inbox_id");
    const auto others = WebhookStore{tx}.all(account);
    if (self == 0 && others.size() >= mostWebhooks)
        return base::Error{base::ErrorCode::TooLarge, "webhooks"};
    const bool isTaken = std::any_of(others.begin(), others.end(), [&](const WebhookRow &other) {
        return other.number != self && other.url == fields.url && other.inbox == fields.inbox;
    });
    return isTaken ? base::Status{base::Error{base::ErrorCode::AlreadyExists, "url"}}
                   : base::Status{base::Done{}};
}

std::string WebhookService::freshSecret(const WebhookRow &row) const
{
    return m_crypto.seal(secretPurpose, m_crypto.randomToken(24), row.id.bytes());
}

base::Result<WebhookRow> WebhookService::create(sync::WriteContext &ctx, const WebhookFields &fields) const
{
    if (const auto fine = check(ctx.tx(), ctx.account(), fields, 0); !fine)
        return fine.error();
    WebhookRow row{
        0,  ctx.newId(), ctx.account(), fields.name, fields.url, fields.subscriptions, fields.inbox,
        {}, ctx.now(),   ctx.now()};
    row.sealedSecret = freshSecret(row);
    row.number = WebhookStore{ctx.tx()}.insert(row);
    return row;
}

base::Result<WebhookRow> WebhookService::change(sync::WriteContext &ctx, std::int64_t number,
                                                const WebhookFields &fields) const
{
    auto row = find(ctx.tx(), ctx.account(), number);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, {}};
    if (const auto fine = check(ctx.tx(), ctx.account(), fields, number); !fine)
        return fine.error();
    row->name = fields.name;
    row->url = fields.url;
    row->subscriptions = fields.subscriptions;
    row->inbox = fields.inbox;
    row->updatedAt = ctx.now();
    WebhookStore{ctx.tx()}.update(*row);
    return *row;
}

base::Result<WebhookRow> WebhookService::renewSecret(sync::WriteContext &ctx, std::int64_t number) const
{
    auto row = find(ctx.tx(), ctx.account(), number);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, {}};
    row->sealedSecret = freshSecret(*row);
    row->updatedAt = ctx.now();
    WebhookStore{ctx.tx()}.update(*row);
    return *row;
}

base::Status WebhookService::remove(sync::WriteContext &ctx, std::int64_t number)
{
    if (!find(ctx.tx(), ctx.account(), number))
        return base::Error{base::ErrorCode::NotFound, {}};
    WebhookStore{ctx.tx()}.remove(number);
    // What is beyond has no address any more, and is forgotten when it is old.
    DeliveryStore{ctx.tx()}.remove(number, mostRemoved);
    return base::Done{};
}

std::optional<WebhookRow> WebhookService::find(storage::Transaction &tx, sync::AccountNumber account,
                                               std::int64_t number)
{
    auto row = WebhookStore{tx}.find(number);
    return row && row->account == account ? row : std::nullopt;
}

std::string WebhookService::secret(const WebhookRow &row) const
{
    auto opened = m_crypto.open(secretPurpose, row.sealedSecret, row.id.bytes());
    return opened ? std::move(*opened) : std::string{};
}

} // namespace server::webhooks
