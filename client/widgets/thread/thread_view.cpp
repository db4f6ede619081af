#include "client/widgets/thread/thread_view.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/theme/theme.h"
#include "client/widgets/thread/thread_caret.h"
#include "client/widgets/thread/thread_gestures.h"
#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_scroller.h"
#include "client/widgets/thread/thread_text.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

namespace client::widgets {

ThreadView::ThreadView(QWidget *parent)
    : QAbstractScrollArea{parent}
    , m_scroller{std::make_unique<ThreadScroller>(*this)}
    , m_caret{std::make_unique<ThreadCaret>(*this, *m_scroller)}
    , m_gestures{std::make_unique<ThreadGestures>(*this, *m_scroller, *m_caret)}
    , m_live{new QLabel{this}}
{
    // Speaks new messages to assistive technology; shows nothing.
    m_live->resize(1, 1);
    m_live->setAccessibleName(tr("Latest message"));
    setAccessibleName(tr("Messages"));
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::ArrowCursor);
    new OverlayScrollBar{this};
    passOnSignals();
    Theme::current().follow(this, [this] { m_scroller->restyle(); });
}

void ThreadView::passOnSignals()
{
    const auto *scroller = m_scroller.get();
    connect(scroller, &ThreadScroller::topApproached, this, &ThreadView::topApproached);
    connect(scroller, &ThreadScroller::itemSeen, this, &ThreadView::itemSeen);
    const auto *gestures = m_gestures.get();
    connect(gestures, &ThreadGestures::linkActivated, this, &ThreadView::linkActivated);
    connect(gestures, &ThreadGestures::attachmentOpened, this, &ThreadView::attachmentOpened);
    connect(gestures, &ThreadGestures::attachmentSaved, this, &ThreadView::attachmentSaved);
    connect(gestures, &ThreadGestures::actionRequested, this, &ThreadView::actionRequested);
    connect(gestures, &ThreadGestures::itemActivated, this, &ThreadView::itemActivated);
    connect(gestures, &ThreadGestures::contextMenuAboutToShow, this, &ThreadView::contextMenuAboutToShow);
}

ThreadView::~ThreadView()
{
    if (model())
        model()->disconnect(this);
}

ThreadModel *ThreadView::model() const
{
    return m_scroller->model();
}

void ThreadView::setModel(ThreadModel *model)
{
    if (model == m_scroller->model())
        return;
    if (m_scroller->model())
        m_scroller->model()->disconnect(this);
    m_scroller->setModel(model);
    if (model)
        connectModel(*model);
    m_typingName.clear();
    m_scroller->setTyping(false);
    m_caret->reset();
    m_scroller->open();
}

void ThreadView::connectModel(ThreadModel &model)
{
    connect(&model, &ThreadModel::inserted, this, [this](int first, int count) {
        const bool appended = first + count == m_scroller->model()->count();
        m_caret->itemsInserted(first, count);
        m_scroller->itemsInserted(first, count);
        if (appended)
            announce(first, count);
    });
    connect(&model, &ThreadModel::changed, this,
            [this](int first, int count) { m_scroller->itemsChanged(first, count); });
    connect(&model, &ThreadModel::removed, this, [this](int first, int count) {
        m_caret->itemsRemoved(first, count);
        m_scroller->itemsRemoved(first, count);
    });
    connect(&model, &ThreadModel::reset, this, [this] {
        m_caret->reset();
        m_scroller->itemsReset();
    });
    connect(&model, &QObject::destroyed, this, [this] { m_scroller->forgetModel(); });
}

void ThreadView::announce(int first, int count)
{
    // A whole page of history is not news.
    if (count > 5 || !isVisible())
        return;
    for (int i = first; i < first + count; ++i) {
        const auto item = model()->item(i);
        if (item.kind != ThreadItemKind::Incoming)
            continue;
        m_live->setAccessibleName(accessibleText(item));
        QAccessibleEvent event{m_live, QAccessible::NameChanged};
        QAccessible::updateAccessibility(&event);
    }
}

void ThreadView::setTyping(const QString &name, const QString &avatarName)
{
    if (m_typingName == name)
        return;
    m_typingName = name;
    m_typingAvatar = avatarName.isEmpty() ? name : avatarName;
    setAccessibleDescription(name.isEmpty() ? QString{} : tr("%1 is typing").arg(name));
    m_scroller->setTyping(!name.isEmpty());
    m_scroller->settle();
}

QString ThreadView::selectedText() const
{
    return m_caret->selectedText();
}

bool ThreadView::isAtEnd() const
{
    return m_scroller->isAtEnd();
}

int ThreadView::currentItem() const
{
    return m_caret->current();
}

QRect ThreadView::itemRect(int index) const
{
    return m_scroller->itemRect(index);
}

const ThreadLayout &ThreadView::layoutState() const
{
    return m_scroller->layout();
}

void ThreadView::scrollToEnd()
{
    m_scroller->toEnd();
}

void ThreadView::showItem(const QString &id)
{
    for (int i = 0; model() && i < model()->count(); ++i) {
        if (model()->item(i).id != id)
            continue;
        m_scroller->moveTo(i, .3);
        setCurrentItem(i);
        return;
    }
}

void ThreadView::selectAll()
{
    m_caret->selectAll();
}

void ThreadView::copy() const
{
    m_caret->copy();
}

void ThreadView::clearSelection()
{
    m_caret->clear();
}

void ThreadView::setCurrentItem(int index)
{
    m_caret->setCurrent(index);
}

void ThreadView::paintEvent(QPaintEvent *event)
{
    QPainter painter{viewport()};
    painter.fillRect(event->rect(), Theme::current().tokens().surface);
    auto &layout = m_scroller->layout();
    if (!model() || layout.count() == 0)
        return;
    const int first = layout.indexAt(m_scroller->toContent(event->rect().top()));
    const int last = layout.indexAt(m_scroller->toContent(event->rect().bottom()));
    for (int i = first; i <= last; ++i) {
        const auto &box = layout.ensureBox(i);
        const auto [from, to] = m_caret->selection().rangeIn(i, static_cast<int>(box.text.size()));
        const bool current = i == currentItem() && hasFocus() && Theme::current().isKeyboardInUse();
        paintMessage(painter, itemRect(i).topLeft(), box, {from, to, current});
    }
    if (m_typingName.isEmpty())
        return;
    const auto end = itemRect(layout.count() - 1);
    paintTyping(painter, {0, end.bottom() + 1, viewport()->width(), typingHeight()}, m_typingAvatar,
                layoutDirection());
}

void ThreadView::resizeEvent(QResizeEvent *)
{
    m_scroller->settle();
}

void ThreadView::scrollContentsBy(int, int)
{
    m_scroller->scrolled();
}

void ThreadView::focusInEvent(QFocusEvent *event)
{
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && currentItem() < 0)
        m_caret->walk(-1);
    viewport()->update();
}

void ThreadView::focusOutEvent(QFocusEvent *)
{
    viewport()->update();
}

void ThreadView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange)
        m_scroller->settle();
}

void ThreadView::mousePressEvent(QMouseEvent *event)
{
    m_gestures->press(*event);
}

void ThreadView::mouseMoveEvent(QMouseEvent *event)
{
    m_gestures->move(*event);
}

void ThreadView::mouseReleaseEvent(QMouseEvent *event)
{
    m_gestures->release(*event);
}

void ThreadView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_gestures->doubleClick(*event);
}

void ThreadView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    if (byKey && currentItem() < 0)
        m_caret->walk(-1);
    const auto at = byKey ? viewport()->mapToGlobal(itemRect(currentItem()).center()) : event->globalPos();
    m_gestures->showMenu(viewport()->mapFromGlobal(event->globalPos()), at, byKey);
}

void ThreadView::keyPressEvent(QKeyEvent *event)
{
    auto *bar = verticalScrollBar();
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (!model()) {
        event->ignore();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return;
    }
    if (modifiers & Qt::ShiftModifier && !(modifiers & Qt::AltModifier) &&
        m_caret->extendByKey(event->key(), modifiers))
        return;
    if (modifiers == Qt::AltModifier && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        m_caret->walk(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        bar->triggerAction(QAbstractSlider::SliderSingleStepSub);
        return;
    case Qt::Key_Down:
        bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
        return;
    case Qt::Key_PageUp:
        bar->triggerAction(QAbstractSlider::SliderPageStepSub);
        return;
    case Qt::Key_PageDown:
        bar->triggerAction(QAbstractSlider::SliderPageStepAdd);
        return;
    case Qt::Key_Home:
        bar->setValue(0);
        return;
    case Qt::Key_End:
        scrollToEnd();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        m_gestures->actOnCurrent();
        return;
    case Qt::Key_Escape:
        if (!m_caret->selection().isEmpty()) {
            clearSelection();
            return;
        }
        break;
    default:
        break;
    }
    const bool plain = modifiers == Qt::NoModifier || modifiers == Qt::ShiftModifier;
    if (plain && !event->text().isEmpty() && event->text().at(0).isPrint())
        Q_EMIT textTyped(event->text());
    event->ignore();
}

bool ThreadView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && model()) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), m_gestures->toolTip(help->pos()), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace client::widgets
