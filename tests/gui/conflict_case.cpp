#include "tests/gui/conflict_case.h"

#include "client/app/desktop/main_window.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/theme/theme.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace tests {

namespace {

const auto omar = QStringLiteral("omar@example.com");

} // namespace

bool anyContains(const QStringList &texts, const QString &wanted)
{
    return !texts.filter(wanted).isEmpty();
}

void ConflictCase::initTestCase()
{
    tests::theme();
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    const auto agent =
        m_server.post(QStringLiteral("/agents"), {{QStringLiteral("name"), QStringLiteral("Omar")},
                                                  {QStringLiteral("email"), omar},
                                                  {QStringLiteral("role"), QStringLiteral("agent")},
                                                  {QStringLiteral("password"), RealServer::password}});
    m_omar = agent.value(QStringLiteral("id")).toInteger();
    QVERIFY2(m_omar > 0, QJsonDocument{agent}.toJson().constData());
    member("POST");
    m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
    QVERIFY(m_desk.open(m_server.url()));
    QVERIFY(m_desk.signIn(omar, RealServer::password));
}

void ConflictCase::init()
{
    const auto text = QStringLiteral("Question %1").arg(++m_case);
    QVERIFY2(customerWrites(text), qPrintable(m_visitor->why()));
    m_server.post(path(QStringLiteral("/assignments")), {{QStringLiteral("assignee_id"), QJsonValue{}}});
    QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
    QTRY_VERIFY_WITH_TIMEOUT(view().conversation.status == domain::ConversationStatus::Open &&
                                 !view().conversation.assignee,
                             patience);
    QTRY_VERIFY_WITH_TIMEOUT(holds(text), patience);
    set("stale_after", 0);
    set("undo_send_s", 0);
}

void ConflictCase::cleanup()
{
    for (const auto &problem : problems())
        stores().problems.act(problem.mid, problem.can(Action::Discard)   ? Action::Discard
                                           : problem.can(Action::Dismiss) ? Action::Dismiss
                                                                          : Action::Keep);
    QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
    // A resolved one is not taken up again by the widget: it would begin another.
    m_server.post(path(QStringLiteral("/toggle_status")),
                  {{QStringLiteral("status"), QStringLiteral("open")}});
}

void ConflictCase::oneProblem(const QString &sentence, const std::vector<Action> &actions)
{
    QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
    showPanel();
    QVERIFY(card());
    QCOMPARE(card()->findChild<client::widgets::TextLabel *>(QStringLiteral("reason"))->text(), sentence);
    QVERIFY(problems().front().actions == actions);
    for (const auto action : actions)
        QVERIFY2(button(action), actionName(action).c_str());
}

QWidget *ConflictCase::card(std::size_t at)
{
    return m_desk.find(QStringLiteral("problem:") + QString::fromStdString(problems()[at].mid.text()));
}

QAbstractButton *ConflictCase::button(Action action, std::size_t at)
{
    return card(at)->findChild<QAbstractButton *>(QString::fromStdString(actionName(action)));
}

void ConflictCase::showPanel()
{
    desk().commands().run(QStringLiteral("go.outbox"));
}

void ConflictCase::openIt()
{
    desk().commands().run(QStringLiteral("go.inbox"));
    desk().openConversation(*stores().conversations.byNumber(m_number), false);
    m_desk.find(QStringLiteral("messages"))->setFocus();
}

void ConflictCase::goOffline()
{
    QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
    m_desk.close();
    QVERIFY(m_desk.open({}, true));
    openIt();
}

void ConflictCase::comeBack()
{
    m_desk.close();
    QVERIFY(m_desk.open({}));
    QTRY_VERIFY_WITH_TIMEOUT(stores().session.connection().kind == client::sync::ConnectionState::Kind::Live,
                             patience);
    QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
}

void ConflictCase::reply(const QString &text)
{
    m_desk.press(Qt::Key_R);
    QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
    m_desk.type(text);
    m_desk.press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY(anyContains(m_desk.messages(), text));
}

bool ConflictCase::holds(const QString &text)
{
    const auto all = stores().session.reader().messages(*stores().conversations.byNumber(m_number));
    return std::any_of(all.begin(), all.end(),
                       [&text](const auto &one) { return QString::fromStdString(one.message.body) == text; });
}

bool ConflictCase::customerWrites(const QString &text)
{
    if (m_sinceWrite.isValid() && m_sinceWrite.elapsed() < 1200)
        QTest::qWait(1200 - static_cast<int>(m_sinceWrite.elapsed()));
    m_sinceWrite.start();
    return m_visitor->write(text);
}

client::storage::ConversationView ConflictCase::view()
{
    return *stores().conversations.find(*stores().conversations.byNumber(m_number));
}

QString ConflictCase::path(const QString &tail) const
{
    return QStringLiteral("/conversations/%1").arg(m_number) + tail;
}

void ConflictCase::say(const QString &text)
{
    m_server.post(path(QStringLiteral("/messages")), {{QStringLiteral("content"), text}});
}
qint64 ConflictCase::assigneeOnServer()
{
    const auto meta = onServer().value(QStringLiteral("meta")).toObject();
    return meta.value(QStringLiteral("assignee")).toObject().value(QStringLiteral("id")).toInteger();
}

QStringList ConflictCase::notes()
{
    QStringList all;
    const auto answer = m_server.get(path(QStringLiteral("/messages")));
    for (const auto &value : answer.value(QStringLiteral("payload")).toArray())
        if (value.toObject().value(QStringLiteral("private")).toBool())
            all << value.toObject().value(QStringLiteral("content")).toString();
    return all;
}

void ConflictCase::set(const QByteArray &setting, int value)
{
    m_server.call("PATCH", {}, "{\"" + setting + "\":" + QByteArray::number(value) + '}');
}

void ConflictCase::member(const char *method)
{
    const auto inboxes = m_server.get(QStringLiteral("/inboxes")).value(QStringLiteral("payload")).toArray();
    const QJsonObject body{{QStringLiteral("inbox_id"), inboxes[0].toObject().value(QStringLiteral("id"))},
                           {QStringLiteral("user_ids"), QJsonArray{m_omar}}};
    m_server.call(method, QStringLiteral("/inbox_members"),
                  QJsonDocument{body}.toJson(QJsonDocument::Compact));
}

} // namespace tests
