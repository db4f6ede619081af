#include "client/features/accounts/ui/sign_in_view.h"

#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>

namespace client::accounts {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::Theme;
using widgets::Tokens;
using Field = SignInPresenter::Field;

SignInView::SignInView(SignInPresenter &presenter, QWidget *parent)
    : Surface{&Tokens::app, parent}
    , m_presenter{presenter}
    , m_card{new QWidget{this}}
    , m_title{new TextLabel{TextRole::PaneTitle, &Tokens::text1, m_card}}
    , m_notice{new widgets::Banner{widgets::Tone::Warn, m_card}}
{
    setObjectName(QStringLiteral("signInPage"));
    setAccessibleName(tr("Sign in"));
    auto *across = new QHBoxLayout{this};
    auto *down = new QVBoxLayout;
    across->addStretch(1);
    across->addLayout(down);
    across->addStretch(1);
    down->addStretch(2);
    down->addWidget(m_card);
    down->addStretch(3);
    auto *column = new QVBoxLayout{m_card};
    column->setContentsMargins(36, 32, 36, 32);
    column->setSpacing(6);

    m_title->setText(tr("Sign in to Deskbell"));
    auto *intro = new TextLabel{TextRole::Panel, &Tokens::text2, m_card};
    intro->setText(tr("Use the address and the account that your administrator gave you."));
    intro->setWrapping(true);
    column->addSpacing(52);
    column->addWidget(m_title);
    column->addWidget(intro);
    column->addSpacing(10);
    column->addWidget(m_notice);
    m_notice->hide();

    m_server = addField(tr("Server address"), QStringLiteral("serverField"));
    m_server->setPlaceholderText(QStringLiteral("desk.example.com"));
    m_server->setInputMethodHints(Qt::ImhUrlCharactersOnly | Qt::ImhNoPredictiveText);
    m_email = addField(tr("Email"), QStringLiteral("emailField"));
    m_email->setInputMethodHints(Qt::ImhEmailCharactersOnly | Qt::ImhNoPredictiveText);
    m_password = addField(tr("Password"), QStringLiteral("passwordField"));
    m_password->setEchoMode(QLineEdit::Password);

    m_error = new TextLabel{TextRole::Panel, &Tokens::bad, m_card};
    m_error->setObjectName(QStringLiteral("signInError"));
    m_error->setIconName(QStringLiteral("circle-alert"));
    m_error->setWrapping(true);
    m_detail = new TextLabel{TextRole::Meta, &Tokens::text3, m_card};
    m_detail->setWrapping(true);
    column->addSpacing(6);
    column->addWidget(m_error);
    column->addWidget(m_detail);
    column->addSpacing(10);
    m_submit = new widgets::Button{widgets::ButtonKind::Primary, tr("Sign in"), m_card};
    m_submit->setObjectName(QStringLiteral("signInButton"));
    column->addWidget(m_submit);
    m_back = new widgets::Button{widgets::ButtonKind::Quiet, QString{}, m_card};
    m_back->setObjectName(QStringLiteral("backButton"));
    m_back->setIconName(QStringLiteral("chevron-left"));
    m_back->hide();
    m_remove = new widgets::Button{widgets::ButtonKind::Quiet, tr("Remove from this computer…"), m_card};
    m_remove->setObjectName(QStringLiteral("removeButton"));
    m_remove->setIconName(QStringLiteral("trash-2"));
    m_remove->hide();
    column->addSpacing(2);
    column->addWidget(m_back, 0, Qt::AlignLeading);
    column->addWidget(m_remove, 0, Qt::AlignLeading);
    Theme::current().follow(this, [this] { m_card->setFixedWidth(Theme::current().px(420)); });
    connectForm();
    render(presenter.state());
}

QLineEdit *SignInView::addField(const QString &label, const QString &name)
{
    auto *column = static_cast<QVBoxLayout *>(m_card->layout());
    auto *text = new TextLabel{TextRole::Chip, &Tokens::text2, m_card};
    text->setText(label);
    auto *field = new QLineEdit{m_card};
    field->setObjectName(name);
    field->setAccessibleName(label);
    column->addSpacing(8);
    column->addWidget(text);
    column->addWidget(field);
    return field;
}

void SignInView::connectForm()
{
    const auto edit = [this] { m_presenter.edit(m_server->text(), m_email->text(), m_password->text()); };
    for (auto *field : {m_server, m_email, m_password}) {
        connect(field, &QLineEdit::textChanged, this, edit);
        connect(field, &QLineEdit::returnPressed, this, [this, field] {
            auto *next = field == m_server ? m_email : field == m_email ? m_password : nullptr;
            if (next && next->text().isEmpty())
                next->setFocus(Qt::TabFocusReason);
            else
                m_presenter.submit();
        });
    }
    connect(m_back, &QAbstractButton::clicked, this, &SignInView::backRequested);
    connect(m_remove, &QAbstractButton::clicked, this, &SignInView::removeRequested);
    connect(m_submit, &QAbstractButton::clicked, &m_presenter, &SignInPresenter::submit);
    connect(&m_presenter, &SignInPresenter::stateChanged, this, &SignInView::render);
}

void SignInView::setServer(const QString &server)
{
    m_server->setText(server);
}

void SignInView::setEmail(const QString &email)
{
    m_email->setText(email);
}

void SignInView::setNotice(const QString &text)
{
    m_notice->setVisible(!text.isEmpty());
    if (!text.isEmpty())
        m_notice->setMessage(QStringLiteral("info"), text);
}

void SignInView::setAdding()
{
    m_title->setText(tr("Add an account"));
    setAccessibleName(m_title->text());
}

void SignInView::setBack(const QString &account)
{
    m_back->setText(tr("Back to %1").arg(account));
    m_back->setVisible(!account.isEmpty());
}

void SignInView::setRemovable(bool removable)
{
    m_remove->setVisible(removable);
}

void SignInView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_back->isVisible()) {
        Q_EMIT backRequested();
        return;
    }
    Surface::keyPressEvent(event);
}

void SignInView::focusFirstEmpty()
{
    for (auto *field : {m_server, m_email, m_password})
        if (field->text().isEmpty()) {
            field->setFocus(Qt::OtherFocusReason);
            return;
        }
    m_submit->setFocus(Qt::OtherFocusReason);
}

QString SignInView::server() const
{
    return m_server->text();
}

QString SignInView::email() const
{
    return m_email->text();
}

void SignInView::render(const SignInPresenter::State &state)
{
    m_submit->setText(state.busy ? tr("Signing in…") : tr("Sign in"));
    m_submit->setAccessibleName(m_submit->text());
    m_submit->setEnabled(state.canSubmit && !state.busy);
    for (auto *field : {m_server, m_email, m_password})
        field->setReadOnly(state.busy);
    m_error->setText(state.error);
    m_error->setVisible(!state.error.isEmpty());
    m_detail->setText(state.detail);
    m_detail->setVisible(!state.error.isEmpty() && !state.detail.isEmpty());
    if (state.at != m_at && !state.error.isEmpty()) {
        auto *field = state.at == Field::Server     ? m_server
                      : state.at == Field::Email    ? m_email
                      : state.at == Field::Password ? m_password
                                                    : nullptr;
        if (field) {
            field->setFocus(Qt::OtherFocusReason);
            field->selectAll();
            field->setAccessibleDescription(state.error);
        }
    }
    m_at = state.error.isEmpty() ? Field::None : state.at;
}

void SignInView::paintEvent(QPaintEvent *event)
{
    Surface::paintEvent(event);
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const auto card = m_card->geometry();
    widgets::paintShadow(painter, card, 14, widgets::ShadowKind::Composer);
    widgets::fillRounded(painter, card, 14, tokens.raised, tokens.borderSubtle);
    const int side = 40;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const QRect mark{mirrored ? card.right() - 36 - side : card.left() + 36, card.top() + 32, side, side};
    widgets::fillRounded(painter, mark, side * 0.26, tokens.accentFill);
    widgets::paintIcon(painter, mark, QStringLiteral("waves"), 24, tokens.onAccent);
}

} // namespace client::accounts
