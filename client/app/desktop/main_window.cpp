#include "client/app/desktop/main_window.h"

#include "client/shell/frame/app_icon.h"
#include "client/shell/settings.h"
#include "client/widgets/theme/theme.h"

#include <QCloseEvent>
#include <QScreen>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>

#include <utility>

namespace client::desktop {

namespace {

const QString geometryKey = QStringLiteral("geometry");

} // namespace

MainWindow::MainWindow(shell::Settings &settings) : m_settings{settings}, m_stack{new QStackedWidget{this}}
{
    setObjectName(QStringLiteral("mainWindow"));
    auto *layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    setMinimumSize(900, 600);
    resize(firstSize());
    restoreGeometry(m_settings.state(geometryKey));
    widgets::Theme::current().follow(this, [this] { setWindowIcon(shell::appIcon()); });
    setTitle({}, 0);
}

// The size of the design, or what the screen has room for. The frame is not known before the window shows; a
// title bar has about the height that the style gives one.
QSize MainWindow::firstSize() const
{
    const QSize titleBar{0, style()->pixelMetric(QStyle::PM_TitleBarHeight)};
    return QSize{1440, 900}.boundedTo(screen()->availableSize() - titleBar).expandedTo(minimumSize());
}

void MainWindow::setContent(QWidget &content)
{
    if (m_stack->indexOf(&content) < 0)
        m_stack->addWidget(&content);
    m_stack->setCurrentWidget(&content);
}

void MainWindow::setTitle(const QString &title, int unread)
{
    auto text = title.isEmpty() ? tr("Deskbell") : tr("%1 · Deskbell").arg(title);
    if (unread > 0)
        text = QStringLiteral("(%1) ").arg(unread) + text;
    setWindowTitle(text);
    setAccessibleName(text);
}

void MainWindow::bringToFront()
{
    if (isMinimized())
        showNormal();
    else
        show();
    raise();
    activateWindow();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_settings.setState(geometryKey, saveGeometry());
    if (m_closeHides) {
        event->ignore();
        hide();
        Q_EMIT frontChanged(false);
        return;
    }
    event->accept();
    Q_EMIT closed();
}

void MainWindow::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
    if (!std::exchange(m_wasPainted, true))
        Q_EMIT painted();
}

void MainWindow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ActivationChange || event->type() == QEvent::WindowStateChange)
        Q_EMIT frontChanged(isActiveWindow() && !isMinimized() && isVisible());
}

} // namespace client::desktop
