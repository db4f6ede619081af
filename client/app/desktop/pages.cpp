#include "client/app/desktop/pages.h"

#include "client/app/desktop/storage_settings.h"
#include "client/features/accounts/logic/devices_presenter.h"
#include "client/features/accounts/logic/password_presenter.h"
#include "client/features/accounts/ui/devices_view.h"
#include "client/features/accounts/ui/password_form.h"
#include "client/features/conversations/ui/outbox_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/frame/confirmation.h"
#include "client/shell/frame/overlay.h"
#include "client/shell/frame/workspace.h"
#include "client/shell/pages/page_frame.h"
#include "client/shell/pages/settings_page.h"
#include "client/shell/pages/shortcut_sheet.h"
#include "client/shell/settings.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace client::desktop {

namespace {

/// "conversation.status" and friends, told to a person.
QString orderText(const storage::Intent &intent, const QString &who)
{
    const auto op = QString::fromStdString(intent.op);
    if (op == QStringLiteral("message.create"))
        return Pages::tr("Message to %1").arg(who);
    if (op == QStringLiteral("conversation.status"))
        return Pages::tr("Status of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.snooze"))
        return Pages::tr("Snooze of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.assign"))
        return Pages::tr("Assignee of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.priority"))
        return Pages::tr("Priority of the conversation with %1").arg(who);
    if (op == QStringLiteral("macro.run"))
        return Pages::tr("Macro on the conversation with %1").arg(who);
    return Pages::tr("A change");
}

} // namespace

Pages::Pages(Parts parts, QObject *parent) : QObject{parent}, m_parts{parts}
{
    connect(&parts.stores.session, &sync::Session::intentsChanged, this, &Pages::listQueued);
}

Pages::~Pages() = default;

void Pages::openSettings()
{
    if (!m_settingsPage) {
        m_settingsPage = new shell::SettingsPage{m_parts.settings, &m_parts.workspace};
        connect(m_settingsPage, &shell::PageFrame::closed, this, &Pages::closed);
        connect(m_settingsPage, &shell::SettingsPage::shortcutsRequested, this, &Pages::openShortcuts);
        connect(m_settingsPage, &shell::SettingsPage::devicesRequested, this, &Pages::openDevices);
        connect(m_settingsPage, &shell::SettingsPage::signOutRequested, this, &Pages::askSignOut);
        addStorage(*m_settingsPage, m_parts.stores.session);
    }
    showStorage(*m_settingsPage, m_parts.stores.session);
    const auto &identity = m_parts.stores.session.identity();
    m_settingsPage->setFacts(
        {{tr("Signed in as"), QString::fromStdString(identity.user.email)},
         {tr("Server"), QString::fromStdString(identity.server)},
         {tr("Your sign-in is kept in"),
          m_secretsInFile ? tr("a file that only you can read, because this system offers no keychain")
                          : tr("the keychain of this system")},
         {tr("Version"), QStringLiteral(DESKBELL_VERSION)}});
    m_parts.workspace.showPage(m_settingsPage);
}

void Pages::openOutbox()
{
    if (!m_outboxPage) {
        auto &stores = m_parts.stores;
        m_outboxPage = new shell::PageFrame{tr("Outbox"), &m_parts.workspace};
        m_outbox = new conversations::OutboxView{stores.problems, m_outboxPage};
        m_outboxPage->column()->addWidget(m_outbox);
        m_outboxPage->column()->addStretch(1);
        connect(m_outboxPage, &shell::PageFrame::closed, this, &Pages::closed);
        connect(m_outbox, &conversations::OutboxView::said, this, &Pages::said);
        connect(m_outbox, &conversations::OutboxView::conversationChosen, this, [this](const auto &id) {
            Q_EMIT closed();
            Q_EMIT conversationChosen(id, false);
        });
        connect(m_outbox, &conversations::OutboxView::editRequested, this,
                [this](const auto &id, const auto &message) {
                    Q_EMIT closed();
                    Q_EMIT conversationChosen(id, true);
                    m_parts.stores.composer.takeBack(message);
                });
    }
    listQueued();
    m_parts.workspace.showPage(m_outboxPage);
}

void Pages::reviewProblem(const domain::MessageId &id)
{
    using Action = conversations::Problem::Action;
    const auto &all = m_parts.stores.problems.entries();
    const auto found =
        std::find_if(all.begin(), all.end(), [&id](const auto &one) { return one.mid == id.value; });
    if (found != all.end() && found->can(Action::TryAgain))
        m_parts.stores.problems.act(id.value, Action::TryAgain);
    else
        openOutbox();
}

void Pages::listQueued()
{
    if (!m_outbox)
        return;
    QStringList lines;
    const auto &stores = m_parts.stores;
    for (const auto &intent : stores.session.reader().intents()) {
        if (intent.op == "cread.set" || intent.op == "draft.set" || needsAuthor(intent))
            continue; // a read mark is nothing to wait for; the others are listed apart
        QString who;
        if (const auto at = intent.lane.find(':'); at != std::string::npos)
            if (const auto id = base::Uuid::parse(std::string_view{intent.lane}.substr(at + 1)))
                if (const auto view = stores.conversations.find(domain::ConversationId{*id}))
                    who = stores.contacts.nameOf(view->conversation.contact);
        lines << orderText(intent, who);
    }
    m_outbox->setQueued(lines);
}

void Pages::openDevices()
{
    if (!m_devicesPage) {
        m_devicesPage = new shell::PageFrame{tr("Devices"), &m_parts.workspace};
        m_devicesPage->setObjectName(QStringLiteral("devicesPage"));
        m_devices = new accounts::DevicesPresenter{m_parts.stores.session, m_parts.access, m_devicesPage};
        auto *view = new accounts::DevicesView{*m_devices, m_parts.stores.session.clock(), m_devicesPage};
        m_devicesPage->column()->addWidget(view);
        m_devicesPage->column()->addStretch(1);
        connect(m_devicesPage, &shell::PageFrame::closed, this, &Pages::closed);
        connect(m_devices, &accounts::DevicesPresenter::said, this, &Pages::said);
        connect(view, &accounts::DevicesView::passwordRequested, this, &Pages::askPassword);
        connect(
            view, &accounts::DevicesView::signOutRequested, this,
            [this](const base::Uuid &id, const QString &name) {
                shell::ask(
                    &m_parts.window,
                    {.title = tr("Sign out %1?").arg(name),
                     .text = tr("What was synced is removed from it when it next connects. What was written "
                                "there and not sent yet is kept for the next sign-in."),
                     .action = tr("Sign out"),
                     .name = QStringLiteral("revokeSheet")},
                    [this, id] { m_devices->signOut(id); });
            });
        connect(view, &accounts::DevicesView::signOutOthersRequested, this, [this](int count) {
            shell::ask(
                &m_parts.window,
                {.title = tr("Sign out %n other device(s)?", nullptr, count),
                 .text = tr("Only this device stays signed in. What was synced is removed from the others "
                            "when they next connect."),
                 .action = tr("Sign out the others"),
                 .name = QStringLiteral("revokeSheet")},
                [this] { m_devices->signOutOthers(); });
        });
    }
    m_devices->refresh();
    m_parts.workspace.showPage(m_devicesPage);
}

void Pages::askPassword()
{
    constexpr int width = 440;
    auto *sheet = new shell::Overlay{tr("Change password"), width, &m_parts.window};
    sheet->setObjectName(QStringLiteral("passwordSheet"));
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    auto *presenter = new accounts::PasswordPresenter{m_parts.access, sheet};
    auto *form = new accounts::PasswordForm{*presenter, sheet};
    sheet->content()->addWidget(form);
    connect(form, &accounts::PasswordForm::cancelled, sheet, &shell::Overlay::dismiss);
    connect(form, &accounts::PasswordForm::grown, sheet, &shell::Overlay::fit);
    connect(presenter, &accounts::PasswordPresenter::changed, this, [this, sheet](int others) {
        sheet->dismiss();
        Q_EMIT said(others > 0 ? tr("Password changed. %n other device(s) were signed out.", nullptr, others)
                               : tr("Password changed."));
        if (m_devices)
            m_devices->refresh();
    });
    sheet->open(form->firstField());
}

void Pages::openShortcuts()
{
    auto *sheet = new shell::ShortcutSheet{m_parts.commands, &m_parts.window};
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    sheet->open();
}

void Pages::setSecretsInFile(bool inFile)
{
    m_secretsInFile = inFile;
    const auto told = QStringLiteral("secretsTold");
    if (!inFile || !m_parts.settings.state(told).isEmpty())
        return;
    m_parts.settings.setState(told, "yes");
    Q_EMIT said(tr("This system has no keychain: your sign-in is kept in a file that only you can read."));
}

void Pages::askSignOut()
{
    constexpr int width = 460;
    auto *sheet = new shell::Overlay{tr("Sign out?"), width, &m_parts.window};
    sheet->setObjectName(QStringLiteral("signOutSheet"));
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    auto *text = new widgets::TextLabel{widgets::TextRole::Panel, &widgets::Tokens::text2, sheet};
    text->setWrapping(true);
    const auto queued = static_cast<int>(m_parts.stores.connection.state().queued);
    text->setText(
        queued > 0
            ? tr("%n change(s) have not been sent yet. They stay on this computer and are sent when you "
                 "sign in again.",
                 nullptr, queued)
            : tr("Conversations stay on this computer until you remove them."));
    sheet->content()->addWidget(text);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto add = [&](widgets::ButtonKind kind, const QString &title, auto action) {
        auto *button = new widgets::Button{kind, title, sheet};
        connect(button, &QAbstractButton::clicked, this, action);
        row->addWidget(button);
        return button;
    };
    row->addStretch(1);
    add(widgets::ButtonKind::Quiet, tr("Cancel"), [sheet] { sheet->dismiss(); });
    if (queued == 0)
        add(widgets::ButtonKind::Danger, tr("Sign out and remove data"),
            [this] { Q_EMIT signOutConfirmed(true); });
    auto *keep =
        add(widgets::ButtonKind::Primary, tr("Sign out"), [this] { Q_EMIT signOutConfirmed(false); });
    sheet->content()->addSpacing(8);
    sheet->content()->addLayout(row);
    sheet->open(keep);
}

} // namespace client::desktop
