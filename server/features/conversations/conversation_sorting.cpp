#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/teams/team_store.h"
#include "shared/domain/labels/label_rules.h"

#include <algorithm>

/// Teams and labels: what conversations are sorted by.
namespace server::conversations {

namespace {

constexpr std::size_t most = 500; // conversations at once, of those that lose a team or label

void storeLabels(sync::WriteContext &ctx, ConversationRow &row)
{
    row.updatedAt = ctx.now();
    ConversationStore{ctx.tx()}.setLabels(row);
    recordConversation(ctx, row);
}

// "label:+billing" and "label:-billing", one line each.
void addLines(sync::WriteContext &ctx, ConversationRow &row, const std::vector<std::string> &before)
{
    const auto after = row.conversation.labels; // addActivity() replaces the row
    const auto has = [](const std::vector<std::string> &titles, const std::string &title) {
        return std::binary_search(titles.begin(), titles.end(), title);
    };
    for (const auto &title : after)
        if (!has(before, title))
            addActivity(ctx, row, "label:+" + title);
    for (const auto &title : before)
        if (!has(after, title))
            addActivity(ctx, row, "label:-" + title);
}

} // namespace

base::Result<ConversationRow> ConversationService::setTeam(sync::WriteContext &ctx,
                                                           const base::Uuid &conversation,
                                                           const std::optional<domain::TeamId> &to)
{
    return change(
        ctx, conversation,
        [&](ConversationRow &row) -> base::Status {
            const auto team = to ? teams::TeamStore{ctx.tx()}.find(ctx.account(), to->value) : std::nullopt;
            if (to && !team)
                return base::Error{base::ErrorCode::Invalid, "to"};
            row.conversation.team = to;
            row.team = team ? std::optional{team->team.number} : std::nullopt;
            return base::Done{};
        },
        [&](const ConversationRow &) { return "team:" + (to ? to->text() : std::string{"none"}); });
}

base::Result<ConversationRow> ConversationService::label(sync::WriteContext &ctx,
                                                         const base::Uuid &conversation,
                                                         const std::vector<std::string> &add,
                                                         const std::vector<std::string> &remove)
{
    auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row;
    const auto before = row->conversation.labels;
    auto after = domain::relabelled(before, add, remove);
    if (!after)
        return after.error();
    if (*after == before)
        return row;
    row->conversation.labels = *std::move(after);
    addLines(ctx, *row, before);
    ConversationStore{ctx.tx()}.update(*row);
    storeLabels(ctx, *row);
    return row;
}

base::Result<ConversationRow> ConversationService::setLabels(sync::WriteContext &ctx,
                                                             const base::Uuid &conversation,
                                                             const std::vector<std::string> &titles)
{
    const auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row;
    const auto wanted = domain::relabelled({}, titles, {});
    if (!wanted)
        return wanted.error();
    std::vector<std::string> gone;
    for (const auto &title : row->conversation.labels)
        if (!std::binary_search(wanted->begin(), wanted->end(), title))
            gone.push_back(title);
    return label(ctx, conversation, *wanted, gone);
}

bool ConversationService::leaveTeam(sync::WriteContext &ctx, std::int64_t team)
{
    const auto theirs = ConversationStore{ctx.tx()}.ofTeam(ctx.account(), team, most);
    for (auto row : theirs) {
        row.conversation.team.reset();
        row.team.reset();
        row.updatedAt = ctx.now();
        addActivity(ctx, row, "team:none");
        ConversationStore{ctx.tx()}.update(row);
        recordConversation(ctx, row);
    }
    return theirs.size() == most;
}

bool ConversationService::relabelAll(sync::WriteContext &ctx, const std::string &from,
                                     const std::optional<std::string> &to)
{
    const auto labelled = ConversationStore{ctx.tx()}.labelled(ctx.account(), from, most);
    for (auto row : labelled) {
        const auto add = to ? std::vector{*to} : std::vector<std::string>{};
        row.conversation.labels = *domain::relabelled(row.conversation.labels, add, {from});
        storeLabels(ctx, row);
    }
    return labelled.size() == most;
}

} // namespace server::conversations
