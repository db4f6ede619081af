#pragma once

#include "client/app/desktop/workbench.h"
#include "client/features/conversations/logic/attention.h"
#include "client/widgets/composer/composer.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"

#include <QAbstractButton>
#include <QElapsedTimer>

namespace tests {

inline constexpr int patience = 15000; // ms

bool anyContains(const QStringList &texts, const QString &wanted);

/// What the tests of conflicts share: a real server where Omar works in the window, Sara by the HTTP API and
/// the customer in the widget, all on one conversation. Each case has words of its own and leaves nothing
/// behind.
class ConflictCase : public QObject {
    Q_OBJECT

protected:
    using Problem = client::conversations::Problem;
    using Action = Problem::Action;

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_desk.close(); }
    void init();
    void cleanup();

protected:
    /// The panel shows one problem, with this sentence and these buttons.
    void oneProblem(const QString &sentence, const std::vector<Action> &actions);
    void press(Action action, std::size_t at = 0) { button(action, at)->click(); }
    void showPanel();
    QAbstractButton *button(Action action, std::size_t at = 0);
    QWidget *card(std::size_t at = 0);

    void openIt();
    void goOffline();
    void comeBack();
    /// Omar writes and sends.
    void reply(const QString &text);
    /// Sara does.
    void say(const QString &text);
    /// The customer does, no faster than the server lets a visitor write.
    bool customerWrites(const QString &text);

    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }
    client::desktop::DeskStores &stores() { return desk().stores(); }
    const std::vector<Problem> &problems() { return stores().problems.entries(); }
    client::widgets::Composer *box()
    {
        return m_desk.find<client::widgets::Composer>(QStringLiteral("composer"));
    }
    client::storage::ConversationView view();
    domain::ConversationStatus status() { return view().conversation.status; }

    [[nodiscard]] QString mine() const { return QStringLiteral("Mine, late (%1)").arg(m_case); }
    [[nodiscard]] QString hers() const { return QStringLiteral("Hers, first (%1)").arg(m_case); }
    bool holds(const QString &text);

    [[nodiscard]] QString path(const QString &tail) const;
    QJsonObject onServer() { return m_server.get(path({})); }
    qint64 assigneeOnServer();
    QStringList notes();
    void set(const QByteArray &setting, int value);
    void member(const char *method);

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
    QElapsedTimer m_sinceWrite;
    qint64 m_omar = 0;
    qint64 m_sara = 1;
    qint64 m_case = 0;
    qint64 m_number = 1; // one conversation for all: visitors' sessions are limited by the minute
};

} // namespace tests
