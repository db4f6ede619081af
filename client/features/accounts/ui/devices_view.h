#pragma once

#include "client/features/accounts/logic/devices_presenter.h"
#include "shared/base/clock.h"

#include <QWidget>

class QVBoxLayout;

namespace client::widgets {
class Banner;
class Button;
class TextLabel;
} // namespace client::widgets

namespace client::accounts {

/// My devices, each with what it is, when it was last seen, and a way to sign it out; and the password.
class DevicesView : public QWidget {
    Q_OBJECT

public:
    /// Both must outlive it.
    DevicesView(DevicesPresenter &presenter, const base::Clock &clock, QWidget *parent = nullptr);

Q_SIGNALS:
    /// To be confirmed first.
    void signOutRequested(const base::Uuid &device, const QString &name);
    void signOutOthersRequested(int count);
    void passwordRequested();

private:
    void render();
    void addCard(const DevicesPresenter::Device &device);
    void addPassword(QVBoxLayout &column);

    DevicesPresenter &m_presenter;
    const base::Clock &m_clock;
    widgets::Banner *m_offline;
    widgets::TextLabel *m_error;
    widgets::TextLabel *m_loading;
    QVBoxLayout *m_cards;
    widgets::Button *m_others;
};

} // namespace client::accounts
