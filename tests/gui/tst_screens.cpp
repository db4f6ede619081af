#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/shell/frame/workspace.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/palette/command_palette.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QApplication>
#include <QListView>
#include <QTest>

using client::widgets::ThemeMode;
using tests::GuiDesk;
using tests::RealServer;

namespace {

constexpr int patience = 60'000;

} // namespace

/// Each screen, light and dark, narrow and mirrored: pictures to look at, and no control without a name.
class ScreensTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(120), qPrintable(m_server.why()));
        QVERIFY(m_desk.open(m_server.url()));
        look(QStringLiteral("sign-in-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("sign-in-dark"));
        tests::theme().setMode(ThemeMode::Light);
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.rows().isEmpty(), patience);
        m_desk.window().resize(1440, 900);
        for (auto *toast : m_desk.window().findChildren<client::widgets::Toast *>())
            toast->dismiss(); // about the missing keychain
    }

    void cleanupTestCase()
    {
        tests::theme().setTextScale(1);
        m_desk.close();
    }

    void theInbox()
    {
        openRow(0);
        look(QStringLiteral("inbox-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("inbox-dark"));
        tests::theme().setMode(ThemeMode::Light);
        openRow(3);
        look(QStringLiteral("inbox-light-other"));
    }

    void aNote()
    {
        desk().commands().run(QStringLiteral("composer.note"));
        m_desk.type(QStringLiteral("Second crushed box from this depot this week."));
        look(QStringLiteral("note-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("note-dark"));
        tests::theme().setMode(ThemeMode::Light);
        m_desk.press(Qt::Key_Escape);
    }

    void thePalette()
    {
        tests::theme().setMode(ThemeMode::Dark);
        desk().palette().open(QStringLiteral("assign"));
        look(QStringLiteral("palette-dark"));
        tests::theme().setMode(ThemeMode::Light);
        desk().palette().open();
        look(QStringLiteral("palette-light"));
        desk().palette().view().dismiss();
        desk().palette().openLevel(QStringLiteral("conversation.assign"));
        look(QStringLiteral("palette-people"));
        desk().palette().view().dismiss();
    }

    void pages()
    {
        for (const auto *id : {"window.settings", "go.outbox"}) {
            desk().commands().run(QString::fromLatin1(id));
            look(QString::fromLatin1(id).section(QLatin1Char{'.'}, 1) + QStringLiteral("-light"));
            tests::theme().setMode(ThemeMode::Dark);
            look(QString::fromLatin1(id).section(QLatin1Char{'.'}, 1) + QStringLiteral("-dark"));
            tests::theme().setMode(ThemeMode::Light);
        }
        desk().commands().run(QStringLiteral("go.inbox"));
        desk().commands().run(QStringLiteral("window.shortcuts"));
        look(QStringLiteral("shortcuts-light"));
        m_desk.press(Qt::Key_Escape);
        QTRY_VERIFY(!m_desk.find(QStringLiteral("shortcutSheet")));
    }

    void emptyLists()
    {
        desk().commands().run(QStringLiteral("go.drafts"));
        desk().commands().run(QStringLiteral("go.pending"));
        look(QStringLiteral("pending-light"));
        desk().commands().run(QStringLiteral("go.inbox"));
        desk().commands().run(QStringLiteral("go.mine"));
        look(QStringLiteral("mine-light"));
        desk().commands().run(QStringLiteral("go.all"));
    }

    void narrowWindowsFold()
    {
        openRow(1);
        m_desk.window().resize(900, 600);
        QTRY_VERIFY(!m_desk.find(QStringLiteral("contactPane")));
        look(QStringLiteral("small-light"));
        desk().commands().run(QStringLiteral("window.contact"));
        QTRY_VERIFY(m_desk.find(QStringLiteral("contactPane")));
        look(QStringLiteral("small-contact-light"));
        desk().commands().run(QStringLiteral("window.contact"));
        m_desk.window().resize(1440, 900);
        QTRY_VERIFY(m_desk.find(QStringLiteral("contactPane")));
    }

    void mirroredAndLarge()
    {
        qApp->setLayoutDirection(Qt::RightToLeft);
        look(QStringLiteral("inbox-rtl"));
        qApp->setLayoutDirection(Qt::LeftToRight);
        tests::theme().setTextScale(1.5);
        look(QStringLiteral("inbox-150"));
        tests::theme().setTextScale(1);
        desk().list().setCompact(true);
        look(QStringLiteral("inbox-compact"));
        desk().list().setCompact(false);
    }

private:
    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }

    void openRow(int row)
    {
        auto *list = m_desk.find<QListView>(QStringLiteral("conversationList"));
        QVERIFY(list);
        list->setCurrentIndex(list->model()->index(row, 0));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk.messages().size() > 1, patience);
        QTest::qWait(300); // thumbnails
    }

    void look(const QString &name)
    {
        m_desk.shot(name);
        const auto unnamed = tests::unnamedControls(m_desk.window());
        QVERIFY2(unnamed.isEmpty(),
                 qPrintable(name + QStringLiteral(": ") + unnamed.join(QStringLiteral(" · "))));
    }

    RealServer m_server;
    GuiDesk m_desk;
};

REGISTER_TEST(ScreensTest);
#include "tst_screens.moc"
