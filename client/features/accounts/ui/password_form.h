#pragma once

#include "client/features/accounts/logic/password_presenter.h"

#include <QWidget>

class QLineEdit;

namespace client::widgets {
class Button;
class TextLabel;
} // namespace client::widgets

namespace client::accounts {

/// The old password once, the new one twice. Errors stand below, the focus goes to their field.
class PasswordForm : public QWidget {
    Q_OBJECT

public:
    explicit PasswordForm(PasswordPresenter &presenter, QWidget *parent = nullptr);

    [[nodiscard]] QWidget *firstField() const;

Q_SIGNALS:
    void cancelled();
    /// It needs more or less room than before.
    void grown();

private:
    QLineEdit *addField(const QString &label, const QString &name);
    void submit();
    void render(const PasswordPresenter::State &state);

    PasswordPresenter &m_presenter;
    QLineEdit *m_current;
    QLineEdit *m_fresh;
    QLineEdit *m_again;
    widgets::TextLabel *m_error;
    widgets::Button *m_submit;
    PasswordPresenter::State m_shown;
};

} // namespace client::accounts
