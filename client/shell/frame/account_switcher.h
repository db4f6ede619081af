#pragma once

#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/popover.h"

#include <vector>

namespace client::shell {

/// One account, as the switcher shows it.
struct AccountEntry {
    QString name;   ///< of the workspace
    QString detail; ///< "desk.example.com · Offline"
    int unread = 0;
    widgets::Presence presence = widgets::Presence::None; ///< of the connection
    bool isCurrent = false;
    bool operator==(const AccountEntry &) const = default;
};

/// The accounts of this program below the workspace button: who has news, which one is shown, one more.
/// Arrow keys walk, Enter chooses. Made anew for every opening.
class AccountSwitcher : public widgets::Popover {
    Q_OBJECT

public:
    AccountSwitcher(const std::vector<AccountEntry> &accounts, QWidget *window);

    void open(QWidget *anchor);

Q_SIGNALS:
    void chosen(int index);
    void addRequested();
    void signOutRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    std::vector<QWidget *> m_stops; ///< what the arrows walk along
    QWidget *m_current = nullptr;
};

} // namespace client::shell
