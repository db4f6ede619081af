#include "client/features/accounts/ui/password_form.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace client::accounts {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;
using Field = PasswordPresenter::Field;

PasswordForm::PasswordForm(PasswordPresenter &presenter, QWidget *parent)
    : QWidget{parent}
    , m_presenter{presenter}
{
    setObjectName(QStringLiteral("passwordForm"));
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto *intro = new TextLabel{TextRole::Panel, &Tokens::text2, this};
    intro->setText(
        tr("All your other devices are signed out by this, and what was synced is removed from them."));
    intro->setWrapping(true);
    column->addWidget(intro);
    m_current = addField(tr("Current password"), QStringLiteral("currentPassword"));
    m_fresh = addField(tr("New password"), QStringLiteral("freshPassword"));
    m_again = addField(tr("New password again"), QStringLiteral("againPassword"));
    m_error = new TextLabel{TextRole::Panel, &Tokens::bad, this};
    m_error->setObjectName(QStringLiteral("passwordError"));
    m_error->setIconName(QStringLiteral("circle-alert"));
    m_error->setWrapping(true);
    m_error->hide();
    column->addSpacing(4);
    column->addWidget(m_error);
    column->addSpacing(8);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    auto *cancel = new widgets::Button{widgets::ButtonKind::Quiet, tr("Cancel"), this};
    m_submit = new widgets::Button{widgets::ButtonKind::Primary, tr("Change password"), this};
    m_submit->setObjectName(QStringLiteral("submitPassword"));
    row->addWidget(cancel);
    row->addWidget(m_submit);
    column->addLayout(row);
    connect(cancel, &QAbstractButton::clicked, this, &PasswordForm::cancelled);
    connect(m_submit, &QAbstractButton::clicked, this, &PasswordForm::submit);
    connect(&presenter, &PasswordPresenter::stateChanged, this, &PasswordForm::render);
    render(presenter.state());
}

QLineEdit *PasswordForm::addField(const QString &label, const QString &name)
{
    auto *column = static_cast<QVBoxLayout *>(layout());
    auto *text = new TextLabel{TextRole::Chip, &Tokens::text2, this};
    text->setText(label);
    auto *field = new QLineEdit{this};
    field->setObjectName(name);
    field->setAccessibleName(label);
    field->setEchoMode(QLineEdit::Password);
    field->setMaxLength(1024);
    column->addSpacing(6);
    column->addWidget(text);
    column->addWidget(field);
    connect(field, &QLineEdit::textChanged, this,
            [this] { m_presenter.edit(m_current->text(), m_fresh->text(), m_again->text()); });
    connect(field, &QLineEdit::returnPressed, this, [this, field] {
        auto *next = field == m_current ? m_fresh : field == m_fresh ? m_again : nullptr;
        if (next && next->text().isEmpty())
            next->setFocus(Qt::TabFocusReason);
        else
            submit();
    });
    return field;
}

QWidget *PasswordForm::firstField() const
{
    return m_current;
}

void PasswordForm::submit()
{
    m_presenter.submit(m_current->text(), m_fresh->text(), m_again->text());
}

void PasswordForm::render(const PasswordPresenter::State &state)
{
    m_submit->setText(state.busy ? tr("Changing…") : tr("Change password"));
    m_submit->setAccessibleName(m_submit->text());
    m_submit->setEnabled(state.canSubmit && !state.busy);
    for (auto *field : {m_current, m_fresh, m_again}) {
        field->setReadOnly(state.busy);
        field->setAccessibleDescription({});
    }
    m_error->setText(state.error);
    m_error->setVisible(!state.error.isEmpty());
    if (!state.error.isEmpty() && state.error != m_shown.error) {
        auto *field = state.at == Field::Current ? m_current
                      : state.at == Field::Fresh ? m_fresh
                      : state.at == Field::Again ? m_again
                                                 : nullptr;
        if (field) {
            field->setAccessibleDescription(state.error);
            field->setFocus(Qt::OtherFocusReason);
            field->selectAll();
        }
    }
    const bool grown = state.error != m_shown.error;
    m_shown = state;
    if (grown)
        Q_EMIT this->grown();
}

} // namespace client::accounts
