#pragma once

#include "client/features/accounts/logic/sign_in_presenter.h"
#include "client/widgets/basic/text_label.h"

class QLineEdit;

namespace client::widgets {
class Banner;
class Button;
} // namespace client::widgets

namespace client::accounts {

/// The first page: where the server is and who I am. Errors stand at their field, in a sentence.
class SignInView : public widgets::Surface {
    Q_OBJECT

public:
    explicit SignInView(SignInPresenter &presenter, QWidget *parent = nullptr);

    void setServer(const QString &server);
    void setEmail(const QString &email);
    /// A sentence above the form ("You were signed out"); empty for none.
    void setNotice(const QString &text);
    /// One account more, not the first one.
    void setAdding();
    /// A way back to another account of this name; empty for none.
    void setBack(const QString &account);
    /// Offers to take the account off this computer.
    void setRemovable(bool removable);
    /// Puts the focus where something is missing.
    void focusFirstEmpty();
    [[nodiscard]] QString server() const;
    [[nodiscard]] QString email() const;

Q_SIGNALS:
    void backRequested();
    void removeRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QLineEdit *addField(const QString &label, const QString &name);
    void connectForm();
    void render(const SignInPresenter::State &state);

    SignInPresenter &m_presenter;
    QWidget *m_card;
    widgets::TextLabel *m_title;
    widgets::Banner *m_notice;
    QLineEdit *m_server;
    QLineEdit *m_email;
    QLineEdit *m_password;
    widgets::TextLabel *m_error;
    widgets::TextLabel *m_detail;
    widgets::Button *m_submit;
    widgets::Button *m_back;
    widgets::Button *m_remove;
    SignInPresenter::Field m_at = SignInPresenter::Field::None;
};

} // namespace client::accounts
