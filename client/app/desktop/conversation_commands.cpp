#include "client/app/desktop/conversation_commands.h"

#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/conversation_view.h"
#include "client/features/conversations/ui/snooze_choices.h"
#include "client/features/conversations/ui/snooze_popover.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/widgets/palette/palette_source.h"
#include "client/widgets/thread/thread_view.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QMenu>

namespace client::desktop {

using conversations::ConversationActions;
using domain::ConversationStatus;
using domain::Priority;
using shell::Command;
using shell::KeyScope;

ConversationCommands::ConversationCommands(Parts parts, QObject *parent)
    : QObject{parent}
    , m_parts{parts}
    , m_snoozePopover{new conversations::SnoozePopover{&parts.window}}
    , m_assigneeMenu{new QMenu{&parts.thread}}
    , m_snoozeMenu{new QMenu{&parts.thread}}
{
    addWriting();
    addFinishing();
    addSnoozing();
    addAssigning();
    addPriorities();
    addMoving();
    makeMenus();
    connect(m_snoozePopover, &conversations::SnoozePopover::chosen, this, &ConversationCommands::snooze);
}

std::optional<domain::Conversation> ConversationCommands::current() const
{
    const auto id = m_parts.list.open();
    const auto view = id ? m_parts.stores.conversations.find(*id) : std::nullopt;
    return view ? std::optional{view->conversation} : std::nullopt;
}

QDateTime ConversationCommands::now() const
{
    return QDateTime::fromMSecsSinceEpoch(base::toMs(m_parts.stores.session.clock().now()));
}

void ConversationCommands::refused(const base::Status &status)
{
    if (!status)
        Q_EMIT done(ConversationActions::explain(status.error().code), false);
}

void ConversationCommands::change(const QString &sentence,
                                  const std::function<void(const Id &, ConversationActions::Answer)> &work,
                                  bool moveOn)
{
    const auto before = current();
    if (!before)
        return;
    const auto next = moveOn ? m_parts.list.neighbourOf(before->id) : std::nullopt;
    work(before->id, [this, before, sentence](const base::Status &status) {
        if (!status) {
            refused(status);
            return;
        }
        Q_EMIT done(sentence, true); // first: the toast that goes takes the older way back with it
        m_undo = [this, before] { restore(*before); };
    });
    if (next)
        m_parts.list.select(*next);
}

void ConversationCommands::restore(const domain::Conversation &before)
{
    const auto view = m_parts.stores.conversations.find(before.id);
    if (!view)
        return;
    auto &actions = m_parts.stores.actions;
    const auto &now = view->conversation;
    const auto answer = [this](const base::Status &status) { refused(status); };
    if (now.status != before.status || now.snoozedUntil != before.snoozedUntil) {
        if (before.status == ConversationStatus::Snoozed && before.snoozedUntil)
            actions.snooze(before.id, *before.snoozedUntil, answer);
        else
            actions.setStatus(before.id, before.status, answer);
    }
    if (now.assignee != before.assignee)
        actions.assign(before.id, before.assignee, answer);
    if (now.priority != before.priority)
        actions.setPriority(before.id, before.priority, answer);
    m_parts.list.select(before.id);
}

void ConversationCommands::undo()
{
    if (auto work = std::exchange(m_undo, nullptr)) {
        work();
        Q_EMIT done(tr("Taken back"), false);
    } else {
        m_parts.thread.undoLastReply();
    }
}

void ConversationCommands::setStatus(ConversationStatus to, const QString &sentence, bool moveOn)
{
    change(
        sentence,
        [this, to](const Id &id, ConversationActions::Answer answer) {
            m_parts.stores.actions.setStatus(id, to, std::move(answer));
        },
        moveOn);
}

void ConversationCommands::snooze(const QDateTime &until)
{
    if (!until.isValid()) {
        setStatus(ConversationStatus::Snoozed, tr("Snoozed until the customer replies"), true);
        return;
    }
    const auto text = QLocale{}.toString(until, QLocale::ShortFormat);
    change(
        tr("Snoozed until %1").arg(text),
        [this, until](const Id &id, ConversationActions::Answer answer) {
            m_parts.stores.actions.snooze(id, base::fromMs(until.toMSecsSinceEpoch()), std::move(answer));
        },
        true);
}

void ConversationCommands::assign(std::optional<domain::UserId> to)
{
    const auto &users = m_parts.stores.users;
    const auto sentence = !to                 ? tr("Assigned to nobody")
                          : *to == users.me() ? tr("Assigned to you")
                                              : tr("Assigned to %1").arg(users.nameOf(*to));
    change(sentence, [this, to](const Id &id, ConversationActions::Answer answer) {
        m_parts.stores.actions.assign(id, to, std::move(answer));
    });
}

void ConversationCommands::setPriority(Priority to)
{
    change(tr("Priority: %1").arg(conversations::ConversationStore::priorityText(to)),
           [this, to](const Id &id, ConversationActions::Answer answer) {
               m_parts.stores.actions.setPriority(id, to, std::move(answer));
           });
}

void ConversationCommands::takeOldest()
{
    auto query = m_parts.stores.list.query();
    query.owner = storage::ListQuery::Owner::Unassigned;
    query.order = storage::ListQuery::Order::OldestActivity;
    const auto waiting = m_parts.stores.session.reader().conversations(query);
    if (waiting.empty())
        return;
    m_parts.list.select(waiting.front());
    assign(m_parts.stores.users.me());
}

void ConversationCommands::addWriting()
{
    const auto group = tr("This conversation");
    const auto isOpen = [this] { return current().has_value(); };
    auto &commands = m_parts.commands;
    auto &composer = *m_parts.thread.composer();
    auto &presenter = m_parts.stores.composer;
    commands.add({QStringLiteral("composer.reply"),
                  group,
                  tr("Reply"),
                  QStringLiteral("reply"),
                  {QStringLiteral("R")},
                  KeyScope::Panes,
                  [&composer] { composer.focusReply(); },
                  isOpen});
    commands.add({QStringLiteral("composer.note"),
                  group,
                  tr("Write a private note"),
                  QStringLiteral("lock"),
                  {QStringLiteral("N")},
                  KeyScope::Panes,
                  [&composer] { composer.focusNote(); },
                  isOpen});
    commands.add({QStringLiteral("composer.switch"),
                  group,
                  tr("Switch between reply and note"),
                  QStringLiteral("refresh-cw"),
                  {QStringLiteral("Ctrl+Shift+N")},
                  KeyScope::Anywhere,
                  [&composer, &presenter] {
                      if (presenter.state().mode == conversations::ComposerPresenter::Mode::Note)
                          composer.focusReply();
                      else
                          composer.focusNote();
                  },
                  isOpen});
    commands.add({QStringLiteral("composer.attach"),
                  group,
                  tr("Attach files…"),
                  QStringLiteral("paperclip"),
                  {QStringLiteral("Ctrl+Shift+A")},
                  KeyScope::Anywhere,
                  [&composer] { composer.chooseFiles(); },
                  isOpen});
    const auto canSend = [&presenter] { return presenter.state().canSend; };
    commands.add({QStringLiteral("composer.send"),
                  group,
                  tr("Send"),
                  QStringLiteral("send"),
                  {},
                  KeyScope::Anywhere,
                  [&presenter] { presenter.send(); },
                  canSend});
    commands.add({QStringLiteral("composer.sendAndResolve"),
                  group,
                  tr("Send and resolve"),
                  QStringLiteral("check-check"),
                  {QStringLiteral("Ctrl+Shift+Return")},
                  KeyScope::Anywhere,
                  [&presenter] { presenter.sendAndResolve(); },
                  [&presenter] {
                      return presenter.state().canSend &&
                             presenter.state().mode == conversations::ComposerPresenter::Mode::Reply;
                  }});
}

void ConversationCommands::addFinishing()
{
    const auto group = tr("This conversation");
    auto &commands = m_parts.commands;
    const auto isOpen = [this] { return current().has_value(); };
    const auto unless = [this](ConversationStatus status) {
        return [this, status] {
            const auto now = current();
            return now && now->status != status;
        };
    };
    commands.add({QStringLiteral("conversation.resolve"),
                  group,
                  tr("Resolve"),
                  QStringLiteral("check"),
                  {},
                  KeyScope::Panes,
                  [this] { setStatus(ConversationStatus::Resolved, tr("Resolved")); },
                  unless(ConversationStatus::Resolved)});
    commands.add({QStringLiteral("conversation.resolveAndNext"),
                  group,
                  tr("Resolve and open the next"),
                  QStringLiteral("circle-check"),
                  {QStringLiteral("E")},
                  KeyScope::Panes,
                  [this] { setStatus(ConversationStatus::Resolved, tr("Resolved"), true); },
                  unless(ConversationStatus::Resolved)});
    commands.add({QStringLiteral("conversation.reopen"),
                  group,
                  tr("Reopen"),
                  QStringLiteral("rotate-ccw"),
                  {QStringLiteral("Shift+E")},
                  KeyScope::Panes,
                  [this] { setStatus(ConversationStatus::Open, tr("Reopened")); },
                  unless(ConversationStatus::Open)});
    commands.add({QStringLiteral("conversation.pending"),
                  group,
                  tr("Mark as pending"),
                  QStringLiteral("hourglass"),
                  {},
                  KeyScope::Panes,
                  [this] { setStatus(ConversationStatus::Pending, tr("Pending")); },
                  unless(ConversationStatus::Pending)});
    commands.add({QStringLiteral("conversation.markRead"),
                  group,
                  tr("Mark as read"),
                  QStringLiteral("check-check"),
                  {QStringLiteral("Shift+U")},
                  KeyScope::Panes,
                  [this] {
                      if (const auto now = current())
                          m_parts.stores.actions.markRead(now->id, now->lastN);
                  },
                  isOpen});
    commands.add({QStringLiteral("conversation.copyNumber"),
                  group,
                  tr("Copy the number"),
                  QStringLiteral("copy"),
                  {},
                  KeyScope::Panes,
                  [this] {
                      if (const auto now = current(); now && now->number) {
                          QGuiApplication::clipboard()->setText(QStringLiteral("#%1").arg(now->number));
                          Q_EMIT done(tr("Copied"), false);
                      }
                  },
                  isOpen});
    commands.add({QStringLiteral("edit.undo"),
                  group,
                  tr("Take the last change back"),
                  QStringLiteral("undo-2"),
                  {QStringLiteral("Ctrl+Z")},
                  KeyScope::Panes,
                  [this] { undo(); },
                  isOpen});
}

void ConversationCommands::addSnoozing()
{
    auto &commands = m_parts.commands;
    const auto id = QStringLiteral("conversation.snooze");
    commands.add({.id = id,
                  .group = tr("This conversation"),
                  .title = tr("Snooze…"),
                  .icon = QStringLiteral("alarm-clock"),
                  .keys = {QStringLiteral("S")},
                  .scope = KeyScope::Panes,
                  .run = [this] { m_parts.thread.header()->openSnoozeMenu(); },
                  .isAvailable = [this] { return current().has_value(); },
                  .drills = true});
    const auto custom = QStringLiteral("custom");
    m_parts.palette.addLevel(
        id, tr("Snooze"),
        [this, custom](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            for (const auto &choice : conversations::snoozeChoices(now()))
                entries.push_back(
                    {.id = QString::number(choice.until.isValid() ? choice.until.toMSecsSinceEpoch() : 0),
                     .group = tr("Snooze until"),
                     .title = choice.text,
                     .subtitle = choice.detail,
                     .icon = QStringLiteral("alarm-clock")});
            entries.push_back({.id = custom,
                               .group = tr("Snooze until"),
                               .title = tr("Choose a day and a time…"),
                               .icon = QStringLiteral("calendar")});
            return entries;
        },
        [this, custom](const QString &chosen) {
            if (chosen == custom)
                m_snoozePopover->ask(m_parts.thread.header()->snoozeButton(), now());
            else if (const auto ms = chosen.toLongLong())
                snooze(QDateTime::fromMSecsSinceEpoch(ms));
            else
                snooze({});
        });
}

void ConversationCommands::addAssigning()
{
    auto &commands = m_parts.commands;
    const auto group = tr("This conversation");
    const auto isOpen = [this] { return current().has_value(); };
    const auto id = QStringLiteral("conversation.assign");
    commands.add({.id = id,
                  .group = group,
                  .title = tr("Assign to…"),
                  .icon = QStringLiteral("user-plus"),
                  .keys = {QStringLiteral("A")},
                  .scope = KeyScope::Panes,
                  .run = [this, id] { m_parts.palette.openLevel(id); },
                  .isAvailable = isOpen,
                  .drills = true});
    commands.add({QStringLiteral("conversation.assignToMe"),
                  group,
                  tr("Assign to me"),
                  QStringLiteral("user-check"),
                  {QStringLiteral("Shift+A")},
                  KeyScope::Panes,
                  [this] { assign(m_parts.stores.users.me()); },
                  [this] {
                      const auto now = current();
                      return now && now->assignee != m_parts.stores.users.me();
                  }});
    commands.add({QStringLiteral("conversation.unassign"),
                  group,
                  tr("Assign to nobody"),
                  QStringLiteral("user-x"),
                  {},
                  KeyScope::Panes,
                  [this] { assign(std::nullopt); },
                  [this] {
                      const auto now = current();
                      return now && now->assignee;
                  }});
    m_parts.palette.addLevel(
        id, tr("Assign to"),
        [this](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            const auto &users = m_parts.stores.users;
            for (const auto &agent : users.agents())
                entries.push_back(
                    {.id = QString::fromStdString(agent.id.text()),
                     .group = tr("People"),
                     .title = agent.id == users.me() ? tr("%1 (you)").arg(QString::fromStdString(agent.name))
                                                     : QString::fromStdString(agent.name),
                     .subtitle =
                         users.isOnline(agent.id) || agent.id == users.me() ? tr("online") : QString{},
                     .icon = QStringLiteral("user-round")});
            entries.push_back({.id = QString{},
                               .group = tr("People"),
                               .title = tr("Nobody"),
                               .icon = QStringLiteral("user-x")});
            return entries;
        },
        [this](const QString &chosen) {
            if (chosen.isEmpty())
                assign(std::nullopt);
            else if (const auto uuid = base::Uuid::parse(chosen.toStdString()))
                assign(domain::UserId{*uuid});
        });
}

void ConversationCommands::addPriorities()
{
    const std::pair<Priority, QString> all[]{{Priority::None, QStringLiteral("none")},
                                             {Priority::Low, QStringLiteral("low")},
                                             {Priority::Medium, QStringLiteral("medium")},
                                             {Priority::High, QStringLiteral("high")},
                                             {Priority::Urgent, QStringLiteral("urgent")}};
    int key = 0;
    for (const auto &[priority, name] : all) {
        m_parts.commands.add(
            {.id = QStringLiteral("conversation.priority.") + name,
             .group = tr("Priority"),
             .title = tr("Priority: %1").arg(conversations::ConversationStore::priorityText(priority)),
             .icon = priority == Priority::Urgent ? QStringLiteral("flame") : QStringLiteral("gauge"),
             .keys = {QStringLiteral("P, %1").arg(key++)},
             .scope = KeyScope::Panes,
             .run = [this, priority = priority] { setPriority(priority); },
             .isAvailable = [this] { return current().has_value(); }});
    }
}

void ConversationCommands::addMoving()
{
    const auto group = tr("Move");
    auto &commands = m_parts.commands;
    auto &list = m_parts.list;
    commands.add({QStringLiteral("list.next"),
                  group,
                  tr("Next conversation"),
                  QStringLiteral("arrow-down"),
                  {QStringLiteral("J"), QStringLiteral("]")},
                  KeyScope::Panes,
                  [&list] { list.step(1); }});
    commands.add({QStringLiteral("list.previous"),
                  group,
                  tr("Previous conversation"),
                  QStringLiteral("arrow-up"),
                  {QStringLiteral("K"), QStringLiteral("[")},
                  KeyScope::Panes,
                  [&list] { list.step(-1); }});
    commands.add({QStringLiteral("list.find"),
                  group,
                  tr("Find a conversation"),
                  QStringLiteral("search"),
                  {QStringLiteral("Ctrl+F"), QStringLiteral("Ctrl+Shift+F")},
                  KeyScope::Anywhere,
                  [&list] { list.openSearch(); }});
    commands.add({QStringLiteral("thread.latest"),
                  group,
                  tr("Jump to the newest message"),
                  QStringLiteral("arrow-down"),
                  {QStringLiteral("Ctrl+End")},
                  KeyScope::Panes,
                  [this] { m_parts.thread.thread()->scrollToEnd(); },
                  [this] { return current().has_value(); }});
}

} // namespace client::desktop
