#include "client/widgets/thread/thread_gestures.h"

#include "client/widgets/theme/theme.h"
#include "client/widgets/thread/thread_caret.h"
#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_scroller.h"
#include "client/widgets/thread/thread_text.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

ThreadGestures::ThreadGestures(QAbstractScrollArea &area, ThreadScroller &scroller, ThreadCaret &caret)
    : m_area{area}
    , m_scroller{scroller}
    , m_caret{caret}
{
    m_dragScroll.setInterval(30);
    connect(&m_dragScroll, &QTimer::timeout, this, &ThreadGestures::scrollWhileDragging);
}

ThreadHit ThreadGestures::hitAt(const QPoint &point)
{
    using Kind = ThreadHit::Kind;
    const int index = m_scroller.layout().indexAt(m_scroller.toContent(point.y()));
    if (!m_scroller.model() || index < 0)
        return {};
    const auto area = m_scroller.itemRect(index);
    const auto &box = m_scroller.layout().ensureBox(index);
    const auto at = point - area.topLeft();
    for (std::size_t i = 0; i < box.attachments.size(); ++i) {
        const int part = static_cast<int>(i);
        if (box.attachments[i].save.contains(at) && box.item.attachments[i].progress < 0)
            return {Kind::Save, index, part};
        if (box.attachments[i].card.contains(at) || box.attachments[i].preview.contains(at))
            return {Kind::Attachment, index, part};
    }
    if (box.action.contains(at))
        return {Kind::Action, index, -1};
    if (const int link = box.linkAt(at); link >= 0)
        return {Kind::Link, index, link};
    return {box.isOnText(at) ? Kind::Text : Kind::None, index, -1};
}

void ThreadGestures::act(const ThreadHit &hit)
{
    if (hit.item < 0)
        return;
    const auto item = m_scroller.model()->item(hit.item);
    const auto part = static_cast<std::size_t>(std::max(0, hit.part));
    switch (hit.kind) {
    case ThreadHit::Kind::Link:
        Q_EMIT linkActivated(m_scroller.layout().ensureBox(hit.item).links[part].url);
        break;
    case ThreadHit::Kind::Attachment:
        Q_EMIT attachmentOpened(item.id, item.attachments[part].id);
        break;
    case ThreadHit::Kind::Save:
        Q_EMIT attachmentSaved(item.id, item.attachments[part].id);
        break;
    case ThreadHit::Kind::Action:
        Q_EMIT actionRequested(item.id);
        break;
    case ThreadHit::Kind::None:
    case ThreadHit::Kind::Text:
        if (item.kind == ThreadItemKind::Activity)
            Q_EMIT itemActivated(item.id);
        break;
    }
}

void ThreadGestures::hover(const QPoint &point)
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
    case ThreadHit::Kind::Action:
        shape = Qt::PointingHandCursor;
        break;
    }
    if (m_area.viewport()->cursor().shape() != shape)
        m_area.viewport()->setCursor(shape);
}

void ThreadGestures::press(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_scroller.model())
        return;
    const auto point = event.position().toPoint();
    m_pressed = hitAt(point);
    m_pressedAt = point;
    m_caret.leaveCurrent();
    if (m_sinceDoubleClick.isValid() && m_sinceDoubleClick.elapsed() < QApplication::doubleClickInterval() &&
        m_pressed.item >= 0) {
        m_caret.selectWhole(m_pressed.item);
        return;
    }
    if (event.modifiers() & Qt::ShiftModifier && m_caret.selection().hasCursor())
        m_caret.extendTo(point);
    else
        m_caret.beginAt(point);
    m_dragging = true;
}

void ThreadGestures::move(const QMouseEvent &event)
{
    const auto at = event.position().toPoint();
    if (!m_scroller.model())
        return;
    if (!m_dragging) {
        hover(at);
        return;
    }
    // A shaking hand on a link is still a click.
    const bool far = (at - m_pressedAt).manhattanLength() >= QApplication::startDragDistance();
    if (far || !m_caret.selection().isEmpty())
        drag(at);
}

void ThreadGestures::release(const QMouseEvent &event)
{
    m_dragScroll.stop();
    if (event.button() != Qt::LeftButton || !m_dragging)
        return;
    m_dragging = false;
    m_caret.finish();
    const auto hit = hitAt(event.position().toPoint());
    if (m_caret.selection().isEmpty() && hit == m_pressed)
        act(hit);
}

void ThreadGestures::doubleClick(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_scroller.model())
        return;
    m_dragging = false;
    m_caret.selectWord(event.position().toPoint());
    m_sinceDoubleClick.start();
}

void ThreadGestures::drag(const QPoint &point)
{
    m_dragAt = point;
    const int height = m_area.viewport()->height();
    m_caret.extendTo({point.x(), qBound(0, point.y(), height - 1)});
    if (point.y() >= 0 && point.y() < height)
        m_dragScroll.stop();
    else if (!m_dragScroll.isActive())
        m_dragScroll.start();
}

void ThreadGestures::scrollWhileDragging()
{
    const int over = m_dragAt.y() < 0 ? m_dragAt.y() : m_dragAt.y() - m_area.viewport()->height();
    auto *bar = m_area.verticalScrollBar();
    bar->setValue(bar->value() + over / 2);
    drag(m_dragAt);
}

QString ThreadGestures::toolTip(const QPoint &point)
{
    const auto hit = hitAt(point);
    if (hit.item < 0)
        return {};
    const auto item = m_scroller.model()->item(hit.item);
    const auto part = static_cast<std::size_t>(std::max(0, hit.part));
    QString text;
    if (hit.kind == ThreadHit::Kind::Link)
        text = m_scroller.layout().ensureBox(hit.item).links[part].url.toDisplayString();
    else if (hit.kind == ThreadHit::Kind::Attachment || hit.kind == ThreadHit::Kind::Save)
        text = item.attachments[part].name;
    else if (hit.kind == ThreadHit::Kind::Action)
        text = item.stateDetail;
    // Never mark-up, whatever a customer wrote.
    return text.isEmpty() ? QString{} : u"<span>"_s + text.toHtmlEscaped() + u"</span>"_s;
}

void ThreadGestures::addCopyActions(QMenu &menu, const ThreadItem &item, const ThreadHit &hit)
{
    const auto &theme = Theme::current();
    if (!m_caret.selection().isEmpty())
        menu.addAction(theme.themedIcon(u"copy"_s), tr("Copy"), this, [this] { m_caret.copy(); });
    if (isMessage(item.kind))
        menu.addAction(theme.themedIcon(u"copy"_s), tr("Copy message"), this,
                       [text = copiedText(item)] { QGuiApplication::clipboard()->setText(text); });
    if (hit.kind == ThreadHit::Kind::Link) {
        const auto url =
            m_scroller.layout().ensureBox(hit.item).links[static_cast<std::size_t>(hit.part)].url;
        menu.addAction(theme.themedIcon(u"link"_s), tr("Copy link"), this,
                       [url] { QGuiApplication::clipboard()->setText(url.toString()); });
    }
}

void ThreadGestures::addAttachmentActions(QMenu &menu, const ThreadItem &item)
{
    for (const auto &attachment : item.attachments) {
        menu.addAction(tr("Open %1").arg(attachment.name), this,
                       [this, item = item.id, id = attachment.id] { Q_EMIT attachmentOpened(item, id); });
        menu.addAction(tr("Save %1…").arg(attachment.name), this,
                       [this, item = item.id, id = attachment.id] { Q_EMIT attachmentSaved(item, id); });
    }
}

void ThreadGestures::showMenu(const QPoint &point, const QPoint &globalPoint, bool byKey)
{
    const auto hit = byKey ? ThreadHit{ThreadHit::Kind::None, m_caret.current(), -1} : hitAt(point);
    if (!m_scroller.model() || hit.item < 0 || hit.item >= m_scroller.model()->count())
        return;
    const auto item = m_scroller.model()->item(hit.item);
    auto *menu = new QMenu{&m_area};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addCopyActions(*menu, item, hit);
    if (hasAction(item))
        menu->addAction(Theme::current().themedIcon(item.undoable ? u"undo-2"_s : u"rotate-ccw"_s),
                        item.undoable ? tr("Take back into the reply box") : tr("Try again"), this,
                        [this, id = item.id] { Q_EMIT actionRequested(id); });
    addAttachmentActions(*menu, item);
    Q_EMIT contextMenuAboutToShow(menu, item.id);
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(globalPoint);
}

void ThreadGestures::actOnCurrent()
{
    const int current = m_caret.current();
    if (current < 0)
        return;
    const auto item = m_scroller.model()->item(current);
    if (hasAction(item))
        Q_EMIT actionRequested(item.id);
    else if (!item.attachments.empty())
        Q_EMIT attachmentOpened(item.id, item.attachments.front().id);
    else if (const auto &links = m_scroller.layout().ensureBox(current).links; !links.empty())
        Q_EMIT linkActivated(links.front().url);
    else
        Q_EMIT itemActivated(item.id);
}

} // namespace client::widgets
