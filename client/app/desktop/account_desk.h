#pragma once

#include "client/app/desktop/account_list.h"
#include "client/app/desktop/account_notices.h"
#include "client/app/desktop/account_session.h"
#include "client/app/desktop/attention_watch.h"
#include "client/app/desktop/desk_stores.h"
#include "client/shell/frame/account_switcher.h"
#include "client/sync/http_auth.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>

namespace client::accounts {
class SignInPresenter;
class SignInView;
} // namespace client::accounts

namespace client::desktop {

class Workbench;

/// One account of the program: its session, what is told of it while another one is on screen, and its page,
/// which is made when it is first looked at: workbench, sign-in form, or why there is neither.
class AccountDesk : public QObject {
    Q_OBJECT

public:
    struct Parts {
        shell::Settings &settings;
        shell::NotificationCenter &notifications;
        QString firstServer; ///< for the sign-in form of an account that knows none
        /// Whether another account here is this person's at this server already.
        std::function<bool(const AccountDesk &, const storage::Identity &)> isTaken;
    };

    /// `isNew`: not in the list until somebody signs in.
    AccountDesk(AccountList::Entry entry, std::unique_ptr<AccountSession> session, Parts parts, bool isNew);
    ~AccountDesk() override;

    [[nodiscard]] const AccountList::Entry &entry() const { return m_entry; }
    [[nodiscard]] AccountSession::State state() const { return m_session->state(); }
    [[nodiscard]] bool isSettled() const { return m_session->isSettled(); }
    [[nodiscard]] bool isNew() const { return m_isNew; }
    /// Files and connection; no screen.
    void open() { m_session->open(); }
    /// Everything of it on this computer goes.
    void destroy() { m_session->destroy(); }

    /// Made now when there is none; this object's own. Opens nothing.
    [[nodiscard]] QWidget &page();
    /// Its texts were made in another language, or nobody looks any more.
    void dropPage();
    /// Null while the page is another one or was not made.
    [[nodiscard]] Workbench *workbench() const { return m_workbench; }
    void focusPage();
    /// The window is in front and shows this account.
    void setInFront(bool inFront);
    /// All accounts, for the switcher; `back` names the one to go back to from the sign-in form.
    void setAccounts(const std::vector<shell::AccountEntry> &accounts, const QString &back);

    [[nodiscard]] shell::AccountEntry summary() const;
    [[nodiscard]] int unread() const { return m_watch ? m_watch->unread() : 0; }
    [[nodiscard]] QString title() const;
    [[nodiscard]] std::optional<domain::ConversationId> byNumber(std::int64_t number) const;

Q_SIGNALS:
    /// What page() gave is gone.
    void pageChanged();
    void titleChanged();
    /// Name, connection or count changed.
    void summaryChanged();
    /// What the list keeps changed; a new account is one from now on.
    void entryChanged();
    void chosen(int index);
    void addRequested();
    void backRequested();
    void removeRequested();
    void quitRequested();

private:
    void sessionChanged();
    void readNames();
    void makeWorkbench();
    void makeWaiting();
    void makeSignIn();
    void makeFailure(const QString &sentence);
    void signedIn(const sync::SignedIn &result);
    void adoptFailed(const base::Status &status);

    AccountList::Entry m_entry;
    Parts m_parts;
    bool m_isNew;
    AccountNotices m_notices;
    std::unique_ptr<AccountSession> m_session;
    std::unique_ptr<AccountStores> m_stores;
    std::unique_ptr<AttentionWatch> m_watch;
    std::unique_ptr<sync::HttpAuth> m_auth;
    std::unique_ptr<accounts::SignInPresenter> m_signIn;
    QPointer<QWidget> m_page;
    QPointer<accounts::SignInView> m_signInView;
    QPointer<Workbench> m_workbench;
    std::vector<shell::AccountEntry> m_accounts;
    QString m_back;
    QString m_notice; ///< above the sign-in form
    bool m_secretsInFile = false;
    bool m_inFront = false;
};

} // namespace client::desktop
