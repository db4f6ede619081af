#pragma once

#include <QObject>
#include <QString>

namespace client::sync {
class OwnAccess;
}

namespace client::accounts {

/// Everything the form for a new password decides. Knows no widget; keeps no password.
class PasswordPresenter : public QObject {
    Q_OBJECT

public:
    /// The server's own limits, told before it is asked.
    static constexpr int shortest = 8;
    static constexpr int longest = 128;

    enum class Field { None, Current, Fresh, Again };
    struct State {
        bool busy = false;
        bool canSubmit = false;
        QString error; ///< a sentence; empty for none
        Field at = Field::None;
        bool operator==(const State &) const = default;
    };

    explicit PasswordPresenter(sync::OwnAccess &access, QObject *parent = nullptr);

    [[nodiscard]] const State &state() const { return m_state; }
    void edit(const QString &current, const QString &fresh, const QString &again);
    void submit(const QString &current, const QString &fresh, const QString &again);

Q_SIGNALS:
    void stateChanged(const client::accounts::PasswordPresenter::State &state);
    /// Done; so many other devices were signed out.
    void changed(int others);

private:
    void show(State state);
    void refuse(const QString &sentence, Field at);

    sync::OwnAccess &m_access;
    State m_state;
};

} // namespace client::accounts
