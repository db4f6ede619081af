#include "client/app/desktop/workbench.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QJsonArray>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTest>

using client::widgets::ThemeMode;
using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;

namespace {

constexpr int patience = 40'000;

} // namespace

/// Macros in the window, against the real server: made in the form, run by key, with the network cut in
/// between.
class GuiMacrosTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
        QVERIFY2(m_visitor->write(QStringLiteral("I want my money back.")), qPrintable(m_visitor->why()));
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.rows().isEmpty(), patience);
        m_desk.press(Qt::Key_Home);
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.messages().isEmpty(), patience);
    }

    void cleanupTestCase()
    {
        qApp->setLayoutDirection(Qt::LeftToRight);
        tests::theme().setMode(ThemeMode::Light);
        tests::theme().setTextScale(1);
        m_desk.close();
    }

    void theFormSaysWhatIsMissing()
    {
        QVERIFY(workbench().commands().run(QStringLiteral("account.macros")));
        QTRY_VERIFY(m_desk.find(QStringLiteral("macros")));
        look(QStringLiteral("macros-empty"));
        m_desk.find<QAbstractButton>(QStringLiteral("newMacro"))->click();
        QTRY_VERIFY(field(QStringLiteral("macroName")));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("macroName"));
        button(QStringLiteral("saveMacro"))->click();
        QTRY_COMPARE(error(), QStringLiteral("A macro needs a name."));
        m_desk.type(QStringLiteral("Refund and resolve"));
        button(QStringLiteral("saveMacro"))->click();
        QTRY_COMPARE(error(), QStringLiteral("A step is not complete: choose or write what it needs."));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("stepLabels"));
        look(QStringLiteral("macro-form-error"));
    }

    void aMacroIsMadeInTheForm()
    {
        m_desk.type(QStringLiteral("billing"));
        button(QStringLiteral("addStep"))->click();
        chooseLast(QStringLiteral("send_message"));
        last<QPlainTextEdit>(QStringLiteral("stepText"))->setPlainText(QStringLiteral("Your money is back."));
        button(QStringLiteral("addStep"))->click();
        chooseLast(QStringLiteral("resolve_conversation"));
        look(QStringLiteral("macro-form-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("macro-form-dark"));
        tests::theme().setMode(ThemeMode::Light);
        button(QStringLiteral("saveMacro"))->click();
        QTRY_COMPARE(workbench().stores().macros.all().size(), std::size_t{1});
        QTRY_VERIFY(!m_desk.find(QStringLiteral("macroSheet")));
        const auto &macro = workbench().stores().macros.all().front();
        QCOMPARE(workbench().stores().macros.effects(macro),
                 QStringLiteral("Add label billing · Send “Your money is back.” · Resolve"));
        QTRY_VERIFY_WITH_TIMEOUT(onServer().size() == 1, patience);
        look(QStringLiteral("macros-light"));
        m_desk.press(Qt::Key_Escape);
    }

    void oneKeyAndAFewLettersRunIt()
    {
        m_desk.find(QStringLiteral("messages"))->setFocus();
        m_desk.press(Qt::Key_M);
        m_desk.type(QStringLiteral("ref"));
        m_desk.shot(QStringLiteral("macro-palette"));
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_visitor->received().contains(QStringLiteral("Your money is back.")),
                                 patience);
        QTRY_COMPARE_WITH_TIMEOUT(conversation().value(QStringLiteral("status")).toString(),
                                  QStringLiteral("resolved"), patience);
        QCOMPARE(conversation().value(QStringLiteral("labels")).toArray(),
                 QJsonArray{QStringLiteral("billing")});
    }

    void itWorksWithoutAServerAndIsWholeAfterwards()
    {
        m_server.call("POST", QStringLiteral("/conversations/1/toggle_status"), R"({"status":"open"})");
        QTRY_VERIFY_WITH_TIMEOUT(status() == domain::ConversationStatus::Open, patience);
        m_server.kill();
        m_desk.find(QStringLiteral("messages"))->setFocus();
        m_desk.press(Qt::Key_M);
        m_desk.type(QStringLiteral("ref"));
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY(status() == domain::ConversationStatus::Resolved);
        QTRY_COMPARE(m_desk.messages().filter(QStringLiteral("Your money is back.")).size(), 2);
        QVERIFY(m_server.restart());
        workbench().stores().session.wake();
        QTRY_COMPARE_WITH_TIMEOUT(workbench().stores().session.connection().queued, 0, patience);
        QTRY_COMPARE_WITH_TIMEOUT(conversation().value(QStringLiteral("status")).toString(),
                                  QStringLiteral("resolved"), patience);
        QCOMPARE(m_server.texts(1).filter(QStringLiteral("Your money is back.")).size(), 2);
    }

    void longNamesLargeTextAndRightToLeftFit()
    {
        m_server.post(
            QStringLiteral("/macros"),
            {{QStringLiteral("name"), QStringLiteral("A name that goes on and on ").repeated(6)},
             {QStringLiteral("visibility"), QStringLiteral("global")},
             {QStringLiteral("actions"),
              QJsonArray{QJsonObject{{QStringLiteral("action_name"), QStringLiteral("add_label")},
                                     {QStringLiteral("action_params"),
                                      QJsonArray{QStringLiteral("one"), QStringLiteral("two")}}}}}});
        QTRY_COMPARE_WITH_TIMEOUT(workbench().stores().macros.all().size(), std::size_t{2}, patience);
        workbench().commands().run(QStringLiteral("account.macros"));
        m_desk.window().resize(1024, 640);
        look(QStringLiteral("macros-small"));
        tests::theme().setTextScale(2);
        look(QStringLiteral("macros-200-small"));
        tests::theme().setTextScale(1);
        qApp->setLayoutDirection(Qt::RightToLeft);
        look(QStringLiteral("macros-rtl"));
        qApp->setLayoutDirection(Qt::LeftToRight);
    }

    void aMacroIsDeletedAfterAQuestion()
    {
        button(QStringLiteral("removeMacro"))->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("removeMacroSheet")));
        QTRY_VERIFY(button(QStringLiteral("agree")));
        button(QStringLiteral("agree"))->click();
        QTRY_COMPARE(workbench().stores().macros.all().size(), std::size_t{1});
        QTRY_COMPARE_WITH_TIMEOUT(onServer().size(), 1, patience);
    }

private:
    client::desktop::Workbench &workbench() { return *m_desk.desktop().workbench(); }
    QLineEdit *field(const QString &name) { return m_desk.find<QLineEdit>(name); }
    QAbstractButton *button(const QString &name) { return m_desk.find<QAbstractButton>(name); }
    QString error()
    {
        const auto *label = m_desk.find<client::widgets::TextLabel>(QStringLiteral("macroError"));
        return label ? label->text() : QString{};
    }
    template <class Widget>
    Widget *last(const QString &name)
    {
        return m_desk.find(QStringLiteral("macroForm"))->findChildren<Widget *>(name).last();
    }
    void chooseLast(const QString &action)
    {
        auto *box = last<QComboBox>(QStringLiteral("stepAction"));
        box->setCurrentIndex(box->findData(action.toUtf8()));
    }
    domain::ConversationStatus status()
    {
        const auto id = workbench().stores().conversations.byNumber(1);
        return workbench().stores().conversations.find(*id)->conversation.status;
    }
    QJsonArray onServer()
    {
        return m_server.get(QStringLiteral("/macros")).value(QStringLiteral("payload")).toArray();
    }
    QJsonObject conversation() { return m_server.get(QStringLiteral("/conversations/1")); }
    void look(const QString &name)
    {
        QTest::qWait(60); // what just came finds its place
        m_desk.shot(name);
        const auto unnamed = tests::unnamedControls(m_desk.window());
        QVERIFY2(unnamed.isEmpty(),
                 qPrintable(name + QStringLiteral(": ") + unnamed.join(QStringLiteral(" · "))));
    }

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
};

REGISTER_TEST(GuiMacrosTest);
#include "tst_macros.moc"
