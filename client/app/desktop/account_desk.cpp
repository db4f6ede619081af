#include "client/app/desktop/account_desk.h"

#include "client/app/desktop/workbench.h"
#include "client/features/accounts/logic/sign_in_presenter.h"
#include "client/features/accounts/ui/sign_in_view.h"
#include "client/shell/settings.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/text_label.h"

#include <QTimer>
#include <QUrl>

namespace client::desktop {

namespace {

using State = AccountSession::State;
using Tone = accounts::ConnectionPresenter::Tone;

} // namespace

AccountDesk::AccountDesk(AccountList::Entry entry, std::unique_ptr<AccountSession> session, Parts parts,
                         bool isNew)
    : m_entry{std::move(entry)}
    , m_parts{std::move(parts)}
    , m_isNew{isNew}
    , m_notices{m_parts.notifications, m_entry.folder}
    , m_session{std::move(session)}
{
    connect(m_session.get(), &AccountSession::stateChanged, this, &AccountDesk::sessionChanged);
}

AccountDesk::~AccountDesk()
{
    m_session->disconnect(this);
    dropPage(); // views go before the stores they point into
}

void AccountDesk::sessionChanged()
{
    dropPage();
    m_watch.reset();
    m_stores.reset();
    if (auto *client = m_session->client()) {
        m_notice.clear();
        m_stores = std::make_unique<AccountStores>(*client);
        m_watch = std::make_unique<AttentionWatch>(*m_stores, m_parts.settings, m_notices);
        connect(m_watch.get(), &AttentionWatch::unreadChanged, this, &AccountDesk::summaryChanged);
        connect(&m_stores->connection, &accounts::ConnectionPresenter::stateChanged, this,
                &AccountDesk::summaryChanged);
        connect(&m_stores->users, &accounts::UserStore::changed, this, &AccountDesk::readNames);
        connect(client, &sync::Session::secretsInFile, this, [this] {
            m_secretsInFile = true;
            if (m_workbench)
                m_workbench->setSecretsInFile();
        });
        readNames();
    }
    Q_EMIT pageChanged();
    Q_EMIT summaryChanged();
}

void AccountDesk::readNames()
{
    const auto &identity = m_stores->session.identity();
    const AccountList::Entry now{m_entry.folder, m_stores->users.accountName(),
                                 QString::fromStdString(identity.server),
                                 QString::fromStdString(identity.user.email)};
    if (now == m_entry && !m_isNew)
        return;
    m_entry = now;
    m_isNew = false;
    Q_EMIT entryChanged();
    Q_EMIT summaryChanged();
}

QWidget &AccountDesk::page()
{
    if (m_page)
        return *m_page;
    switch (m_session->state()) {
    case State::Open:
        makeWorkbench();
        break;
    case State::NobodySignedIn:
        makeSignIn();
        break;
    case State::Failed:
        makeFailure(m_session->failure());
        break;
    case State::Closed:
    case State::Opening:
        makeWaiting();
        break;
    }
    return *m_page;
}

// Opening is quick, unless the system asks the person to unlock its keychain first.
void AccountDesk::makeWaiting()
{
    constexpr int quick = 1500;
    auto *page = new widgets::EmptyState;
    m_page = page;
    QTimer::singleShot(quick, page, [page] {
        page->setMessage(QStringLiteral("lock"), tr("Waiting for the keychain"),
                         tr("It holds the key to your conversations on this computer. Unlock it to go on."));
    });
}

void AccountDesk::dropPage()
{
    delete m_page; // a workbench saves the drafts
    m_signIn.reset();
}

void AccountDesk::makeWorkbench()
{
    m_workbench =
        new Workbench{{*m_stores, *m_session->client(), m_parts.settings, m_notices, m_entry.folder}};
    m_page = m_workbench;
    m_workbench->setAccounts(m_accounts);
    connect(m_workbench, &Workbench::titleChanged, this, &AccountDesk::titleChanged);
    connect(m_workbench, &Workbench::quitRequested, this, &AccountDesk::quitRequested);
    // Later: the page that asks goes with it.
    const auto later = Qt::QueuedConnection;
    connect(m_workbench, &Workbench::accountChosen, this, &AccountDesk::chosen, later);
    connect(m_workbench, &Workbench::addAccountRequested, this, &AccountDesk::addRequested, later);
    connect(
        m_workbench, &Workbench::signInRequested, this,
        [this] {
            m_notice = tr("Sign in again to go on. Your conversations are still on this computer.");
            m_session->leave();
        },
        later);
    connect(
        m_workbench, &Workbench::signOutConfirmed, this,
        [this](bool wipe) {
            m_notice = tr("You are signed out.");
            m_session->signOut(wipe);
        },
        later);
    m_workbench->setInFront(m_inFront);
    if (m_secretsInFile)
        m_workbench->setSecretsInFile();
}

void AccountDesk::makeSignIn()
{
    const auto device = m_session->device();
    if (!device)
        return makeFailure(QString::fromStdString(device.error().detail));
    if (!m_auth)
        m_auth = std::make_unique<sync::HttpAuth>();
    m_signIn = std::make_unique<accounts::SignInPresenter>(
        *m_auth, *device, [this](const sync::SignedIn &result) { signedIn(result); });
    m_signInView = new accounts::SignInView{*m_signIn};
    m_page = m_signInView;
    const auto &settings = m_parts.settings;
    const bool isKnown = !m_entry.server.isEmpty();
    const bool isFirst = m_entry.folder.isEmpty();
    m_signInView->setServer(!m_parts.firstServer.isEmpty() ? m_parts.firstServer
                            : isKnown                      ? m_entry.server
                            : isFirst                      ? settings.lastServer()
                                                           : QString{});
    m_signInView->setEmail(isKnown ? m_entry.email : isFirst ? settings.lastEmail() : QString{});
    m_signInView->setNotice(m_notice);
    if (m_isNew)
        m_signInView->setAdding();
    m_signInView->setBack(m_back);
    m_signInView->setRemovable(isKnown && !m_isNew);
    connect(m_signInView, &accounts::SignInView::backRequested, this, &AccountDesk::backRequested,
            Qt::QueuedConnection);
    connect(m_signInView, &accounts::SignInView::removeRequested, this, &AccountDesk::removeRequested,
            Qt::QueuedConnection);
}

void AccountDesk::makeFailure(const QString &sentence)
{
    auto *page = new widgets::EmptyState;
    m_page = page;
    const bool isAlone = m_back.isEmpty();
    page->setMessage(QStringLiteral("triangle-alert"), tr("Your local data cannot be opened"), sentence,
                     isAlone ? tr("Quit") : tr("Back to %1").arg(m_back));
    connect(page, &widgets::EmptyState::actionTriggered, this,
            isAlone ? &AccountDesk::quitRequested : &AccountDesk::backRequested, Qt::QueuedConnection);
}

void AccountDesk::signedIn(const sync::SignedIn &result)
{
    if (m_parts.isTaken(*this, result.identity)) {
        m_auth->signOut(result.identity.server, result.access, [] {});
        m_signInView->setNotice(tr("You are signed in to this account here already."));
        return;
    }
    m_parts.settings.rememberSignIn(m_signInView->server(), m_signInView->email());
    m_session->adopt(result, [this](const base::Status &status) { adoptFailed(status); });
}

void AccountDesk::adoptFailed(const base::Status &status)
{
    if (m_signInView)
        m_signInView->setNotice(status.error().code == base::ErrorCode::Conflict
                                    ? tr("Changes of the person who used this computer before have not been "
                                         "sent yet. That person "
                                         "must sign in first.")
                                    : tr("The sign-in could not be stored on this computer."));
}

void AccountDesk::focusPage()
{
    if (m_workbench)
        m_workbench->focusList();
    else if (m_signInView)
        m_signInView->focusFirstEmpty();
}

void AccountDesk::setInFront(bool inFront)
{
    m_inFront = inFront;
    if (m_workbench)
        m_workbench->setInFront(inFront);
}

void AccountDesk::setAccounts(const std::vector<shell::AccountEntry> &accounts, const QString &back)
{
    m_accounts = accounts;
    m_back = back;
    m_notices.setLabel(accounts.size() > 1 ? summary().name : QString{});
    if (m_workbench)
        m_workbench->setAccounts(accounts);
    if (m_signInView)
        m_signInView->setBack(back);
}

shell::AccountEntry AccountDesk::summary() const
{
    shell::AccountEntry entry;
    entry.name = !m_entry.name.isEmpty() ? m_entry.name : m_isNew ? tr("New account") : tr("Account");
    entry.detail = QUrl{m_entry.server}.authority();
    entry.unread = unread();
    QString state;
    if (m_stores) {
        const auto &now = m_stores->connection.state();
        if (now.tone != Tone::Good)
            state = now.footer;
        entry.presence = now.tone == Tone::Good   ? widgets::Presence::Online
                         : now.tone == Tone::Warn ? widgets::Presence::Busy
                                                  : widgets::Presence::Alert;
    } else if (m_session->state() == State::NobodySignedIn) {
        state = tr("Signed out");
        entry.presence = widgets::Presence::Alert;
    } else if (m_session->state() == State::Failed) {
        state = tr("Cannot be opened");
        entry.presence = widgets::Presence::Alert;
    }
    if (!state.isEmpty())
        entry.detail = entry.detail.isEmpty() ? state : tr("%1 · %2").arg(entry.detail, state);
    return entry;
}

QString AccountDesk::title() const
{
    return m_workbench ? m_workbench->title() : QString{};
}

std::optional<domain::ConversationId> AccountDesk::byNumber(std::int64_t number) const
{
    return m_stores ? m_stores->conversations.byNumber(number) : std::nullopt;
}

} // namespace client::desktop
