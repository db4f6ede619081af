#include "client/widgets/theme/theme.h"
#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_text.h"
#include "client/widgets/thread/thread_view_private.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

ThreadHit ThreadView::Private::hitAt(const QPoint &point)
{
    using Kind = ThreadHit::Kind;
    const int index = layout.indexAt(toContent(point.y()));
    if (!model || index < 0)
        return {};
    const auto area = itemRect(index);
    const auto &box = layout.ensureBox(index);
    const auto at = point - area.topLeft();
    for (std::size_t i = 0; i < box.attachments.size(); ++i) {
        const int part = static_cast<int>(i);
        if (box.attachments[i].save.contains(at) && box.item.attachments[i].progress < 0)
            return {Kind::Save, index, part};
        if (box.attachments[i].card.contains(at) || box.attachments[i].preview.contains(at))
            return {Kind::Attachment, index, part};
    }
    if (box.retry.contains(at))
        return {Kind::Retry, index, -1};
    if (const int link = box.linkAt(at); link >= 0)
        return {Kind::Link, index, link};
    return {box.isOnText(at) ? Kind::Text : Kind::None, index, -1};
}

ThreadPosition ThreadView::Private::positionAt(const QPoint &point)
{
    const int index = layout.indexAt(toContent(point.y()));
    if (index < 0)
        return {};
    const auto &box = layout.ensureBox(index);
    return {index, std::max(0, box.offsetAt(point - itemRect(index).topLeft()))};
}

void ThreadView::Private::act(const ThreadHit &hit)
{
    if (hit.item < 0)
        return;
    const auto item = model->item(hit.item);
    const auto part = static_cast<std::size_t>(std::max(0, hit.part));
    switch (hit.kind) {
    case ThreadHit::Kind::Link:
        Q_EMIT q.linkActivated(layout.ensureBox(hit.item).links[part].url);
        break;
    case ThreadHit::Kind::Attachment:
        Q_EMIT q.attachmentOpened(item.id, item.attachments[part].id);
        break;
    case ThreadHit::Kind::Save:
        Q_EMIT q.attachmentSaved(item.id, item.attachments[part].id);
        break;
    case ThreadHit::Kind::Retry:
        Q_EMIT q.retryRequested(item.id);
        break;
    case ThreadHit::Kind::None:
    case ThreadHit::Kind::Text:
        if (item.kind == ThreadItemKind::Activity)
            Q_EMIT q.itemActivated(item.id);
        break;
    }
}

void ThreadView::Private::hover(const QPoint &point)
{
    auto shape = Qt::ArrowCursor;
    switch (hitAt(point).kind) {
    case ThreadHit::Kind::None:
        break;
    case ThreadHit::Kind::Text:
        shape = Qt::IBeamCursor;
        break;
    case ThreadHit::Kind::Link:
    case ThreadHit::Kind::Attachment:
    case ThreadHit::Kind::Save:
    case ThreadHit::Kind::Retry:
        shape = Qt::PointingHandCursor;
        break;
    }
    if (q.viewport()->cursor().shape() != shape)
        q.viewport()->setCursor(shape);
}

void ThreadView::Private::press(const QPoint &point, Qt::KeyboardModifiers modifiers)
{
    pressed = hitAt(point);
    pressedAt = point;
    current = -1;
    if (sinceDoubleClick.isValid() && sinceDoubleClick.elapsed() < QApplication::doubleClickInterval() &&
        pressed.item >= 0) {
        selectWhole(pressed.item);
        return;
    }
    if (modifiers & Qt::ShiftModifier && selection.hasCursor())
        selection.extend(positionAt(point));
    else
        selection.begin(positionAt(point));
    dragging = true;
    q.viewport()->update();
}

void ThreadView::Private::drag(const QPoint &point)
{
    dragAt = point;
    const int height = q.viewport()->height();
    const QPoint inside{point.x(), qBound(0, point.y(), height - 1)};
    selection.extend(positionAt(inside));
    if (point.y() < 0 || point.y() >= height) {
        if (!dragScroll.isActive())
            dragScroll.start();
    } else {
        dragScroll.stop();
    }
    q.viewport()->update();
}

void ThreadView::Private::selectWord(const QPoint &point)
{
    const auto at = positionAt(point);
    if (at.item < 0)
        return;
    const auto text = shownText(model->item(at.item));
    QTextBoundaryFinder finder{QTextBoundaryFinder::Word, text};
    finder.setPosition(at.offset);
    const auto start =
        finder.isAtBoundary() && at.offset < text.size() ? at.offset : finder.toPreviousBoundary();
    finder.setPosition(at.offset);
    const auto end = finder.toNextBoundary();
    selection.set({at.item, static_cast<int>(std::max<qsizetype>(0, start))},
                  {at.item, end < 0 ? static_cast<int>(text.size()) : static_cast<int>(end)});
    selectionChanged();
}

void ThreadView::Private::selectWhole(int item)
{
    selection.set({item, 0}, {item, textLength(item)});
    selectionChanged();
}

void ThreadView::Private::selectionChanged()
{
    auto *clipboard = QGuiApplication::clipboard();
    if (clipboard->supportsSelection() && !selection.isEmpty())
        clipboard->setText(q.selectedText(), QClipboard::Selection);
    q.viewport()->update();
}

QString ThreadView::Private::toolTip(const ThreadHit &hit) const
{
    if (hit.item < 0)
        return {};
    const auto item = model->item(hit.item);
    QString text;
    if (hit.kind == ThreadHit::Kind::Link)
        text = layout.box(hit.item)->links[static_cast<std::size_t>(hit.part)].url.toDisplayString();
    else if (hit.kind == ThreadHit::Kind::Attachment || hit.kind == ThreadHit::Kind::Save)
        text = item.attachments[static_cast<std::size_t>(hit.part)].name;
    else if (hit.kind == ThreadHit::Kind::Retry)
        text = item.stateDetail;
    // Never mark-up, whatever a customer wrote.
    return text.isEmpty() ? QString{} : u"<span>"_s + text.toHtmlEscaped() + u"</span>"_s;
}

void ThreadView::Private::addAttachmentActions(QMenu &menu, const ThreadItem &item)
{
    for (const auto &attachment : item.attachments) {
        menu.addAction(tr("Open %1").arg(attachment.name), &q,
                       [this, item = item.id, id = attachment.id] { Q_EMIT q.attachmentOpened(item, id); });
        menu.addAction(tr("Save %1…").arg(attachment.name), &q,
                       [this, item = item.id, id = attachment.id] { Q_EMIT q.attachmentSaved(item, id); });
    }
}

void ThreadView::Private::showMenu(const QPoint &point, const QPoint &globalPoint, bool byKey)
{
    const auto hit = byKey ? ThreadHit{ThreadHit::Kind::None, current, -1} : hitAt(point);
    if (!model || hit.item < 0 || hit.item >= model->count())
        return;
    const auto item = model->item(hit.item);
    const auto &theme = Theme::current();
    auto *menu = new QMenu{&q};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!selection.isEmpty())
        menu->addAction(theme.themedIcon(u"copy"_s), tr("Copy"), &q, [this] { q.copy(); });
    if (isMessage(item.kind))
        menu->addAction(theme.themedIcon(u"copy"_s), tr("Copy message"), &q,
                        [text = copiedText(item)] { QGuiApplication::clipboard()->setText(text); });
    if (hit.kind == ThreadHit::Kind::Link) {
        const auto url = layout.ensureBox(hit.item).links[static_cast<std::size_t>(hit.part)].url;
        menu->addAction(theme.themedIcon(u"link"_s), tr("Copy link"), &q,
                        [url] { QGuiApplication::clipboard()->setText(url.toString()); });
    }
    if (canRetry(item))
        menu->addAction(theme.themedIcon(u"rotate-ccw"_s), tr("Try again"), &q,
                        [this, id = item.id] { Q_EMIT q.retryRequested(id); });
    addAttachmentActions(*menu, item);
    Q_EMIT q.contextMenuAboutToShow(menu, item.id);
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(globalPoint);
}

int ThreadView::Private::textLength(int item) const
{
    return static_cast<int>(shownText(model->item(item)).size());
}

void ThreadView::Private::walk(int by)
{
    int next = current < 0 && by < 0 ? layout.count() - 1 : current + by;
    while (next >= 0 && next < layout.count() && !isMessage(model->item(next).kind))
        next += by;
    if (next >= 0 && next < layout.count())
        q.setCurrentItem(next);
}

void ThreadView::Private::actOnCurrent()
{
    if (current < 0)
        return;
    const auto item = model->item(current);
    if (canRetry(item))
        Q_EMIT q.retryRequested(item.id);
    else if (!item.attachments.empty())
        Q_EMIT q.attachmentOpened(item.id, item.attachments.front().id);
    else if (const auto &links = layout.ensureBox(current).links; !links.empty())
        Q_EMIT q.linkActivated(links.front().url);
    else
        Q_EMIT q.itemActivated(item.id);
}

ThreadPosition ThreadView::Private::stepped(ThreadPosition from, int by, bool word) const
{
    const auto text = shownText(model->item(from.item));
    QTextBoundaryFinder finder{word ? QTextBoundaryFinder::Word : QTextBoundaryFinder::Grapheme, text};
    finder.setPosition(from.offset);
    const auto next = by > 0 ? finder.toNextBoundary() : finder.toPreviousBoundary();
    if (next >= 0)
        return {from.item, static_cast<int>(next)};
    const int item = from.item + by;
    if (item < 0 || item >= model->count())
        return from;
    return {item, by > 0 ? 0 : textLength(item)};
}

ThreadPosition ThreadView::Private::inNextLine(ThreadPosition from, int by)
{
    const int offset = layout.ensureBox(from.item).offsetInNextLine(from.offset, by);
    if (offset >= 0)
        return {from.item, offset};
    const int item = from.item + by;
    if (item < 0 || item >= model->count())
        return {from.item, by > 0 ? textLength(from.item) : 0};
    return {item, by > 0 ? 0 : textLength(item)};
}

bool ThreadView::Private::extendByKey(int key, Qt::KeyboardModifiers modifiers)
{
    if (layout.count() == 0)
        return false;
    if (!selection.hasCursor()) {
        // Without a caret a selection begins at the message walked to, else at the newest.
        const int item = current >= 0 ? current : layout.count() - 1;
        selection.begin({item, key == Qt::Key_Left || key == Qt::Key_Up ? textLength(item) : 0});
    }
    const bool word = modifiers & Qt::ControlModifier;
    auto to = selection.cursor();
    const auto direction = shownText(model->item(to.item)).isRightToLeft() ? -1 : 1;
    switch (key) {
    case Qt::Key_Left:
        to = stepped(to, -direction, word);
        break;
    case Qt::Key_Right:
        to = stepped(to, direction, word);
        break;
    case Qt::Key_Up:
        to = word ? ThreadPosition{std::max(0, to.item - 1), 0} : inNextLine(to, -1);
        break;
    case Qt::Key_Down:
        to = word && to.item + 1 < layout.count() ? ThreadPosition{to.item + 1, textLength(to.item + 1)}
                                                  : inNextLine(to, 1);
        break;
    case Qt::Key_Home:
        to = word ? ThreadPosition{0, 0} : ThreadPosition{to.item, 0};
        break;
    case Qt::Key_End:
        to.item = word ? layout.count() - 1 : to.item;
        to.offset = textLength(to.item);
        break;
    default:
        return false;
    }
    selection.extend(to);
    reveal(to);
    selectionChanged();
    return true;
}

void ThreadView::Private::reveal(ThreadPosition position)
{
    const auto rect = itemRect(position.item);
    auto *bar = q.verticalScrollBar();
    if (rect.top() < 0 && rect.bottom() < q.viewport()->height() / 3)
        bar->setValue(bar->value() - bar->singleStep() * 2);
    else if (rect.bottom() > q.viewport()->height())
        bar->setValue(bar->value() + std::min(rect.bottom() - q.viewport()->height(), bar->singleStep() * 2));
}

void ThreadView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && d->model)
        d->press(event->position().toPoint(), event->modifiers());
}

void ThreadView::mouseMoveEvent(QMouseEvent *event)
{
    const auto at = event->position().toPoint();
    if (!d->model)
        return;
    if (!d->dragging) {
        d->hover(at);
        return;
    }
    // A shaking hand on a link is still a click.
    const bool far = (at - d->pressedAt).manhattanLength() >= QApplication::startDragDistance();
    if (far || !d->selection.isEmpty())
        d->drag(at);
}

void ThreadView::mouseReleaseEvent(QMouseEvent *event)
{
    d->dragScroll.stop();
    if (event->button() != Qt::LeftButton || !d->dragging)
        return;
    d->dragging = false;
    d->selectionChanged();
    const auto hit = d->hitAt(event->position().toPoint());
    if (d->selection.isEmpty() && hit == d->pressed)
        d->act(hit);
}

void ThreadView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !d->model)
        return;
    d->dragging = false;
    d->selectWord(event->position().toPoint());
    d->sinceDoubleClick.start();
}

void ThreadView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    if (byKey && d->current < 0)
        d->walk(-1);
    const auto at = byKey ? viewport()->mapToGlobal(itemRect(d->current).center()) : event->globalPos();
    d->showMenu(viewport()->mapFromGlobal(event->globalPos()), at, byKey);
}

void ThreadView::keyPressEvent(QKeyEvent *event)
{
    auto *bar = verticalScrollBar();
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (!d->model) {
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
        d->extendByKey(event->key(), modifiers))
        return;
    if (modifiers == Qt::AltModifier && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        d->walk(event->key() == Qt::Key_Up ? -1 : 1);
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
        d->actOnCurrent();
        return;
    case Qt::Key_Escape:
        if (!d->selection.isEmpty()) {
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
    if (event->type() == QEvent::ToolTip && d->model) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), d->toolTip(d->hitAt(help->pos())), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace client::widgets
