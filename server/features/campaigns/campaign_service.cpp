#include "server/features/campaigns/campaign_service.h"

#include "server/features/inboxes/opening_hours.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::campaigns {

namespace {

constexpr std::size_t mostCampaigns = 200; // of an account
constexpr std::size_t mostShown = 20;      // of an inbox: a page does not look for more
constexpr std::size_t maxTitle = 255;
constexpr std::size_t maxDescription = 2000;
constexpr std::size_t maxMessage = 2000;
constexpr std::size_t maxUrl = 400;
constexpr std::int64_t maxSeconds = 24 * 60 * 60;

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

bool setText(const std::optional<std::string> &given, std::string &into, std::size_t most, bool isNeeded)
{
    if (given)
        into = base::isUtf8(*given) ? std::string{base::trimmed(base::cleaned(*given))} : std::string{};
    return base::length(into) <= most && !(isNeeded && into.empty());
}

// "https://shop.example/*", as the field's product asks for it.
bool isPagePattern(const std::string &url)
{
    const auto start = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
    return start > 0 && url.size() > start && url.size() <= maxUrl &&
           std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

base::Result<CampaignRow> applied(sync::WriteContext &ctx, CampaignRow row, const CampaignChanges &changes)
{
    if (!setText(changes.title, row.title, maxTitle, true))
        return invalid("title");
    if (!setText(changes.description, row.description, maxDescription, false))
        return invalid("description");
    if (!setText(changes.message, row.message, maxMessage, true))
        return invalid("message");
    row.url = changes.url.value_or(row.url);
    if (!isPagePattern(row.url))
        return invalid("trigger_rules.url");
    row.secondsOnPage = changes.secondsOnPage.value_or(row.secondsOnPage);
    if (row.secondsOnPage < 0 || row.secondsOnPage > maxSeconds)
        return invalid("trigger_rules.time_on_page");
    row.inOpeningHours = changes.inOpeningHours.value_or(row.inOpeningHours);
    row.enabled = changes.enabled.value_or(row.enabled);
    row.inbox = changes.inbox.value_or(row.inbox);
    const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ctx.account(), row.inbox);
    if (!inbox || inbox->inbox.channel != "web_widget")
        return invalid("inbox_id");
    if (changes.sender)
        row.sender = *changes.sender > 0 ? changes.sender : std::nullopt;
    const auto sender =
        row.sender ? accounts::UserStore{ctx.tx()}.member(ctx.account(), *row.sender) : std::nullopt;
    if (changes.sender && row.sender && !(sender && sender->user.active))
        return invalid("sender_id");
    row.updatedAt = ctx.now();
    return row;
}

} // namespace

base::Result<CampaignRow> CampaignService::create(sync::WriteContext &ctx, const CampaignChanges &changes)
{
    CampaignStore store{ctx.tx()};
    if (store.all(ctx.account()).size() >= mostCampaigns)
        return base::Error{base::ErrorCode::TooLarge, "campaigns"};
    CampaignRow fresh;
    fresh.account = ctx.account();
    fresh.createdAt = ctx.now();
    auto row = applied(ctx, std::move(fresh), changes);
    if (row)
        row->number = store.insert(*row);
    return row;
}

base::Result<CampaignRow> CampaignService::change(sync::WriteContext &ctx, std::int64_t campaign,
                                                  const CampaignChanges &changes)
{
    CampaignStore store{ctx.tx()};
    auto known = store.find(ctx.account(), campaign);
    if (!known)
        return base::Error{base::ErrorCode::NotFound, "campaign"};
    auto row = applied(ctx, std::move(*known), changes);
    if (row)
        store.update(*row);
    return row;
}

base::Status CampaignService::remove(sync::WriteContext &ctx, std::int64_t campaign)
{
    if (!CampaignStore{ctx.tx()}.remove(ctx.account(), campaign))
        return base::Error{base::ErrorCode::NotFound, "campaign"};
    return base::Done{};
}

std::vector<Ongoing> CampaignService::ongoing(storage::Transaction &tx, const inboxes::InboxRow &inbox,
                                              const ports::TimeZones &zones, base::Timestamp now)
{
    const bool isOpen = inboxes::openingHours(inbox.settings, zones, now).open;
    std::vector<Ongoing> all;
    for (auto &row : CampaignStore{tx}.enabledIn(inbox.inbox.number)) {
        if ((row.inOpeningHours && !isOpen) || all.size() == mostShown)
            continue;
        auto sender = row.sender ? accounts::UserStore{tx}.member(inbox.account, *row.sender) : std::nullopt;
        if (sender && !sender->user.active)
            sender.reset();
        all.push_back({std::move(row), std::move(sender)});
    }
    return all;
}

} // namespace server::campaigns
