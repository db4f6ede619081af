#include "client/features/accounts/logic/password_presenter.h"

#include "client/features/accounts/logic/access_failures.h"
#include "client/sync/own_access.h"

#include <QPointer>

namespace client::accounts {

PasswordPresenter::PasswordPresenter(sync::OwnAccess &access, QObject *parent)
    : QObject{parent}
    , m_access{access}
{
}

void PasswordPresenter::show(State state)
{
    if (state == m_state)
        return;
    m_state = std::move(state);
    Q_EMIT stateChanged(m_state);
}

void PasswordPresenter::refuse(const QString &sentence, Field at)
{
    auto state = m_state;
    state.busy = false;
    state.error = sentence;
    state.at = at;
    show(state);
}

void PasswordPresenter::edit(const QString &current, const QString &fresh, const QString &again)
{
    auto state = m_state;
    state.canSubmit = !current.isEmpty() && !fresh.isEmpty() && !again.isEmpty();
    if (!state.busy) {
        state.error.clear();
        state.at = Field::None;
    }
    show(state);
}

void PasswordPresenter::submit(const QString &current, const QString &fresh, const QString &again)
{
    if (m_state.busy || !m_state.canSubmit)
        return;
    const auto length = fresh.toUcs4().size(); // as the server counts
    if (length < shortest || length > longest)
        return refuse(tr("The new password must have %1 to %2 characters.").arg(shortest).arg(longest),
                      Field::Fresh);
    if (fresh == current)
        return refuse(tr("The new password is the old one."), Field::Fresh);
    if (fresh != again)
        return refuse(tr("The two new passwords differ."), Field::Again);
    auto state = m_state;
    state.busy = true;
    state.error.clear();
    state.at = Field::None;
    show(state);
    m_access.changePassword(
        current, fresh,
        [self = QPointer{this}](const std::int64_t *others, const sync::AuthFailure *failure) {
            if (!self)
                return;
            using Kind = sync::AuthFailure::Kind;
            if (others) {
                auto done = self->m_state;
                done.busy = false;
                self->show(done);
                Q_EMIT self->changed(static_cast<int>(*others));
            } else if (failure->kind == Kind::Credentials) {
                self->refuse(tr("The current password is wrong."), Field::Current);
            } else if (failure->kind == Kind::Invalid) {
                self->refuse(tr("The server does not accept this password. Choose another one."),
                             Field::Fresh);
            } else {
                self->refuse(accessSentence(*failure), Field::None);
            }
        });
}

} // namespace client::accounts
