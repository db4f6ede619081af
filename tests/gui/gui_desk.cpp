#include "tests/gui/gui_desk.h"

#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/widgets/house.h"
#include "client/widgets/thread/thread_view.h"
#include "tests/gui/real_server.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QTest>

namespace tests {

namespace {

constexpr int patience = 60'000;

QStringList childNames(QWidget *widget)
{
    QStringList names;
    auto *interface = widget ? QAccessible::queryAccessibleInterface(widget) : nullptr;
    for (int i = 0; interface && i < interface->childCount(); ++i)
        if (auto *child = interface->child(i))
            names << child->text(QAccessible::Name);
    return names;
}

void walk(QAccessibleInterface *at, int depth, QStringList &found)
{
    if (!at || depth > 40 || !at->isValid())
        return;
    const auto state = at->state();
    if (state.invisible)
        return;
    if (state.focusable && at->text(QAccessible::Name).isEmpty() && at->object()) {
        auto *widget = qobject_cast<QWidget *>(at->object());
        const bool isFrame = widget && widget->isWindow();
        if (!isFrame)
            found << QStringLiteral("%1 %2 in %3")
                         .arg(QString::fromLatin1(at->object()->metaObject()->className()),
                              at->object()->objectName(),
                              widget && widget->parentWidget() ? widget->parentWidget()->objectName()
                                                               : QString{});
    }
    for (int i = 0; i < qMin(at->childCount(), 60); ++i)
        walk(at->child(i), depth + 1, found);
}

} // namespace

client::widgets::Theme &theme()
{
    static auto *house =
        new client::widgets::House{*qApp}; // lives as long as the application, whose style it serves
    return house->theme();
}

bool GuiDesk::open(const QString &server, bool offline)
{
    client::desktop::Options options{.server = server,
                                     .profile = m_profile.path(),
                                     .theme = client::widgets::ThemeMode::Light,
                                     .language = QStringLiteral("en"),
                                     .useKeychain = false,
                                     .offline = offline};
    auto desktop = client::desktop::Desktop::start(*qApp, theme(), options);
    if (!desktop)
        return false;
    m_desktop = std::move(*desktop);
    m_desktop->show();
    m_desktop->window().resize(1440, 900); // the design's size, whatever screen the tests have
    m_desktop->window().activateWindow();
    return QTest::qWaitForWindowActive(&m_desktop->window());
}

void GuiDesk::close()
{
    m_desktop.reset();
}

bool GuiDesk::signIn(const QString &address, const QString &password)
{
    auto *email = find<QLineEdit>(QStringLiteral("emailField"));
    if (!email)
        return false;
    email->setFocus();
    type(address.isEmpty() ? RealServer::email : address);
    press(Qt::Key_Tab);
    type(password.isEmpty() ? RealServer::password : password);
    press(Qt::Key_Return);
    return QTest::qWaitFor([this] { return m_desktop->workbench() != nullptr; }, patience) &&
           QTest::qWaitFor([this] { return m_desktop->workbench()->stores().session.connection().everLive; },
                           patience);
}

bool GuiDesk::addAccount(const QString &server, const QString &email, const QString &password)
{
    m_desktop->addAccount();
    auto *address = find<QLineEdit>(QStringLiteral("serverField"));
    if (!address)
        return false;
    address->setFocus();
    type(server);
    press(Qt::Key_Tab);
    return signIn(email, password);
}

QWidget &GuiDesk::window()
{
    return m_desktop->window();
}

QStringList GuiDesk::rows()
{
    return childNames(find<QListView>(QStringLiteral("conversationList")));
}

QStringList GuiDesk::messages()
{
    return childNames(find<client::widgets::ThreadView>(QStringLiteral("messages")));
}

void GuiDesk::type(const QString &text)
{
    QTest::keyClicks(QApplication::focusWidget() ? QApplication::focusWidget() : &window(), text);
}

void GuiDesk::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &window(), key, modifiers);
}

void GuiDesk::shot(const QString &name)
{
    QCoreApplication::processEvents();
    const QDir build{qEnvironmentVariable("DESKBELL_BUILD", QDir::tempPath())};
    build.mkpath(QStringLiteral("screenshots"));
    window().grab().save(build.filePath(QStringLiteral("screenshots/%1.png").arg(name)));
}

QStringList unnamedControls(QWidget &widget)
{
    QStringList found;
    walk(QAccessible::queryAccessibleInterface(&widget), 0, found);
    return found;
}

} // namespace tests
