#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QListView>
#include <QTest>

using client::sync::ConnectionState;
using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;

namespace {

constexpr int patience = 40000;

} // namespace

/// What waits for me is told on all my devices, and decided on any of them.
class AttentionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_server.call("PATCH", {}, QByteArrayLiteral("{\"stale_after\":0}"));
        m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
        QVERIFY2(m_visitor->write(QStringLiteral("Where is my order?")), qPrintable(m_visitor->why()));
        for (auto *desk : {&m_laptop, &m_tablet}) {
            QVERIFY(desk->open(m_server.url()));
            QVERIFY(desk->signIn());
            QTRY_COMPARE_WITH_TIMEOUT(desk->rows().size(), 1, patience);
        }
    }

    void cleanupTestCase()
    {
        m_laptop.close();
        m_tablet.close();
    }

    void aReplyHeldOnOneDeviceCountsOnTheOther()
    {
        QCOMPARE(footer(m_tablet), QStringLiteral("Online · synced"));
        m_laptop.close();
        QVERIFY(m_laptop.open({}, true));
        auto *list = m_laptop.find<QListView>(QStringLiteral("conversationList"));
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTRY_VERIFY(m_laptop.messages().size() > 1);
        m_laptop.press(Qt::Key_R);
        auto *box = m_laptop.find<client::widgets::Composer>(QStringLiteral("composer"));
        QTRY_COMPARE(QApplication::focusWidget(), box->edit());
        m_laptop.type(QStringLiteral("On its way."));
        m_laptop.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(m_laptop.desktop().workbench()->stores().connection.state().queued, 1);
        QTest::qWait(1200); // a widget may write once a second
        QVERIFY2(m_visitor->write(QStringLiteral("It has come, thanks!")), qPrintable(m_visitor->why()));

        m_laptop.close();
        QVERIFY(m_laptop.open({}));
        QTRY_COMPARE_WITH_TIMEOUT(footer(m_laptop), QStringLiteral("1 needs attention"), patience);
        QTRY_COMPARE_WITH_TIMEOUT(footer(m_tablet), QStringLiteral("1 needs attention"), patience);
        QCOMPARE(m_tablet.desktop().workbench()->stores().problems.rowCount(), 1);
        m_tablet.shot(QStringLiteral("state-attention-elsewhere-light"));
    }

    void decidedOnTheOtherItIsOverOnBoth()
    {
        auto &problems = m_tablet.desktop().workbench()->stores().problems;
        problems.act(problems.entry(0).mid, client::conversations::Problem::Action::Discard);
        QTRY_COMPARE_WITH_TIMEOUT(footer(m_tablet), QStringLiteral("Online · synced"), patience);
        QTRY_COMPARE_WITH_TIMEOUT(footer(m_laptop), QStringLiteral("Online · synced"), patience);
    }

private:
    static QString footer(GuiDesk &desk)
    {
        return desk.desktop().workbench()->stores().connection.state().footer;
    }

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_laptop;
    GuiDesk m_tablet;
};

REGISTER_TEST(AttentionTest);
#include "tst_attention.moc"
