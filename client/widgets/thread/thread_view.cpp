#include "client/widgets/thread/thread_view.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/thread/jump_pill.h"
#include "client/widgets/thread/message_metrics.h"
#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_text.h"
#include "client/widgets/thread/thread_view_private.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

ThreadView::Private::Private(ThreadView &view) : q{view}, pill{new JumpPill{&view}}, live{new QLabel{&view}}
{
    // Speaks new messages to assistive technology; shows nothing.
    live->resize(1, 1);
    live->setAccessibleName(tr("Latest message"));
    dragScroll.setInterval(30);
    QObject::connect(pill, &QAbstractButton::clicked, &view, [this] { q.scrollToEnd(); });
    QObject::connect(&dragScroll, &QTimer::timeout, &view, [this] {
        const int over = dragAt.y() < 0 ? dragAt.y() : dragAt.y() - q.viewport()->height();
        q.verticalScrollBar()->setValue(q.verticalScrollBar()->value() + over / 2);
        drag(dragAt);
    });
}

void ThreadView::Private::connectModel()
{
    QObject::connect(model, &ThreadModel::inserted, &q,
                     [this](int first, int count) { onInserted(first, count); });
    QObject::connect(model, &ThreadModel::changed, &q,
                     [this](int first, int count) { onChanged(first, count); });
    QObject::connect(model, &ThreadModel::removed, &q,
                     [this](int first, int count) { onRemoved(first, count); });
    QObject::connect(model, &ThreadModel::reset, &q, [this] { onReset(); });
    QObject::connect(model, &QObject::destroyed, &q, [this] {
        model = nullptr;
        layout.setModel(nullptr);
    });
}

void ThreadView::Private::open()
{
    current = -1;
    news = 0;
    seen = -1;
    topAsked = false;
    selection.clear();
    atEnd = true;
    anchorItem = -1;
    openItem = -1;
    for (int i = 0; model && i < model->count(); ++i) {
        if (model->item(i).kind == ThreadItemKind::NewLine) {
            moveTo(i, .25);
            return;
        }
    }
    settle();
}

void ThreadView::Private::onInserted(int first, int count)
{
    const bool appended = first + count == model->count();
    layout.inserted(first, count);
    selection.itemsInserted(first, count);
    if (current >= first)
        current += count;
    if (anchorItem >= first)
        anchorItem += count;
    if (openItem >= first)
        openItem += count;
    if (seen >= first)
        seen += count;
    if (first == 0)
        topAsked = false;
    if (appended && !atEnd) {
        for (int i = first; i < first + count; ++i)
            news += model->item(i).kind == ThreadItemKind::Incoming ? 1 : 0;
    }
    settle();
    if (appended)
        announce(first, count);
}

void ThreadView::Private::announce(int first, int count)
{
    // A whole page of history is not news.
    if (count > 5 || !q.isVisible())
        return;
    for (int i = first; i < first + count; ++i) {
        const auto item = model->item(i);
        if (item.kind != ThreadItemKind::Incoming)
            continue;
        live->setAccessibleName(accessibleText(item));
        QAccessibleEvent event{live, QAccessible::NameChanged};
        QAccessible::updateAccessibility(&event);
    }
}

void ThreadView::Private::onChanged(int first, int count)
{
    layout.changed(first, count);
    settle();
}

void ThreadView::Private::onRemoved(int first, int count)
{
    layout.removed(first, count);
    selection.itemsRemoved(first, count);
    const auto shifted = [&](int index) {
        return index >= first + count ? index - count : index >= first ? -1 : index;
    };
    current = shifted(current);
    seen = shifted(seen);
    openItem = shifted(openItem);
    anchorItem = anchorItem < first ? anchorItem : std::max(std::max(first - 1, 0), anchorItem - count);
    settle();
}

void ThreadView::Private::onReset()
{
    const auto keep = atEnd ? QString{} : anchorId;
    const int distance = anchorDistance;
    layout.setModel(model);
    selection.clear();
    current = -1;
    topAsked = false;
    for (int i = 0; !keep.isEmpty() && i < model->count(); ++i) {
        if (model->item(i).id == keep) {
            anchorItem = i;
            anchorDistance = distance;
            settle();
            return;
        }
    }
    open();
}

int ThreadView::Private::contentHeight() const
{
    return layout.totalHeight() + (typingName.isEmpty() ? 0 : typingHeight());
}

int ThreadView::Private::shift() const
{
    // A short thread stands at the bottom, beside the composer.
    return std::max(0, q.viewport()->height() - contentHeight());
}

int ThreadView::Private::toContent(int y) const
{
    return y + q.verticalScrollBar()->value() - shift();
}

QRect ThreadView::Private::itemRect(int index) const
{
    if (index < 0 || index >= layout.count())
        return {};
    const int y = layout.top(index) - q.verticalScrollBar()->value() + shift();
    return {0, y, q.viewport()->width(), layout.height(index)};
}

void ThreadView::Private::settle()
{
    if (settling)
        return;
    settling = true;
    const int page = std::max(1, q.viewport()->height());
    auto *bar = q.verticalScrollBar();
    layout.setWidth(q.viewport()->width(), q.layoutDirection());
    // Each round can only move what has just been measured; a few are always enough.
    for (int round = 0; round < 8; ++round) {
        const int most = std::max(0, contentHeight() - page);
        bar->setPageStep(page);
        bar->setRange(0, most);
        int value = most;
        if (openItem >= 0 && openItem < layout.count())
            value = layout.top(openItem) - static_cast<int>(page * openPart);
        else if (!atEnd && anchorItem >= 0 && anchorItem < layout.count())
            value = layout.top(anchorItem) + layout.height(anchorItem) + anchorDistance - page;
        bar->setValue(std::clamp(value, 0, most));
        if (!layout.ensure(bar->value() - page, bar->value() + 2 * page))
            break;
    }
    layout.trim(bar->value() - 4 * page, bar->value() + 5 * page);
    settling = false;
    remember();
    placePill();
    q.viewport()->update();
    report();
}

void ThreadView::Private::remember()
{
    const auto *bar = q.verticalScrollBar();
    const int bottom = bar->value() + q.viewport()->height();
    atEnd = bar->value() >= bar->maximum() - 2;
    anchorItem = layout.indexAt(bottom - 1);
    if (anchorItem < 0)
        return;
    anchorDistance = bottom - layout.top(anchorItem) - layout.height(anchorItem);
    anchorId = model->item(anchorItem).id;
}

void ThreadView::Private::scrolled()
{
    if (settling)
        return;
    openItem = -1;
    remember();
    settle();
}

void ThreadView::Private::moveTo(int item, double part)
{
    openItem = item;
    openPart = part;
    settle();
}

void ThreadView::Private::placePill()
{
    const auto *bar = q.verticalScrollBar();
    const bool far = bar->maximum() - bar->value() > q.viewport()->height() / 2;
    if (atEnd)
        news = 0;
    pill->setNews(news);
    pill->setVisible(!atEnd && (far || news > 0));
    const auto size = pill->sizeHint();
    const QRect at{q.width() - size.width() - 4, q.height() - size.height() + 2, size.width(), size.height()};
    pill->setGeometry(QStyle::visualRect(q.layoutDirection(), q.rect(), at));
}

void ThreadView::Private::report()
{
    if (!model || model->count() == 0 || !q.isVisible())
        return;
    const int bottom = q.verticalScrollBar()->value() + q.viewport()->height() - shift();
    int last = layout.indexAt(bottom - 1);
    if (last >= 0 && layout.top(last) + layout.height(last) > bottom)
        --last;
    if (last > seen) {
        seen = last;
        const auto id = model->item(last).id;
        if (id != seenId) {
            seenId = id;
            Q_EMIT q.itemSeen(id);
        }
    }
    if (!topAsked && q.verticalScrollBar()->value() < q.viewport()->height()) {
        topAsked = true;
        Q_EMIT q.topApproached();
    }
}

ThreadView::ThreadView(QWidget *parent) : QAbstractScrollArea{parent}, d{std::make_unique<Private>(*this)}
{
    setAccessibleName(tr("Messages"));
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::ArrowCursor);
    new OverlayScrollBar{this};
    Theme::current().follow(this, [this] {
        const auto &theme = Theme::current();
        verticalScrollBar()->setSingleStep(theme.px(40));
        d->layout.invalidate(qFuzzyCompare(d->scale, theme.textScale()));
        d->scale = theme.textScale();
        d->settle();
    });
}

ThreadView::~ThreadView()
{
    if (d->model)
        d->model->disconnect(this);
}

ThreadModel *ThreadView::model() const
{
    return d->model;
}

void ThreadView::setModel(ThreadModel *model)
{
    if (model == d->model)
        return;
    if (d->model)
        d->model->disconnect(this);
    d->model = model;
    d->seenId.clear();
    d->layout.setWidth(viewport()->width(), layoutDirection());
    d->layout.setModel(model);
    if (model)
        d->connectModel();
    d->typingName.clear();
    d->open();
}

void ThreadView::setTyping(const QString &name, const QString &avatarName)
{
    if (d->typingName == name)
        return;
    d->typingName = name;
    d->typingAvatar = avatarName.isEmpty() ? name : avatarName;
    setAccessibleDescription(name.isEmpty() ? QString{} : tr("%1 is typing").arg(name));
    d->settle();
}

QString ThreadView::selectedText() const
{
    return d->model ? d->selection.text(*d->model) : QString{};
}

bool ThreadView::isAtEnd() const
{
    return d->atEnd;
}

int ThreadView::currentItem() const
{
    return d->current;
}

QRect ThreadView::itemRect(int index) const
{
    return d->itemRect(index);
}

const ThreadLayout &ThreadView::layoutState() const
{
    return d->layout;
}

void ThreadView::scrollToEnd()
{
    d->openItem = -1;
    d->atEnd = true;
    d->settle();
}

void ThreadView::showItem(const QString &id)
{
    for (int i = 0; d->model && i < d->model->count(); ++i) {
        if (d->model->item(i).id != id)
            continue;
        d->moveTo(i, .3);
        setCurrentItem(i);
        return;
    }
}

void ThreadView::selectAll()
{
    if (!d->model || d->model->count() == 0)
        return;
    const int last = d->model->count() - 1;
    d->selection.set({0, 0}, {last, d->textLength(last)});
    d->selectionChanged();
}

void ThreadView::copy() const
{
    const auto text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ThreadView::clearSelection()
{
    d->selection.clear();
    d->selectionChanged();
}

void ThreadView::setCurrentItem(int index)
{
    if (index >= d->layout.count())
        return;
    d->current = index;
    if (index >= 0) {
        d->layout.ensureBox(index);
        d->settle();
        const auto rect = itemRect(index);
        auto *bar = verticalScrollBar();
        if (rect.top() < 0)
            bar->setValue(bar->value() + rect.top() - 12);
        else if (rect.bottom() > viewport()->height())
            bar->setValue(bar->value() + std::min(rect.top(), rect.bottom() - viewport()->height()) + 12);
        QAccessibleEvent event{this, QAccessible::Focus};
        event.setChild(index);
        QAccessible::updateAccessibility(&event);
    }
    viewport()->update();
}

void ThreadView::paintEvent(QPaintEvent *event)
{
    QPainter painter{viewport()};
    painter.fillRect(event->rect(), Theme::current().tokens().surface);
    if (!d->model || d->layout.count() == 0)
        return;
    const int first = d->layout.indexAt(d->toContent(event->rect().top()));
    const int last = d->layout.indexAt(d->toContent(event->rect().bottom()));
    for (int i = first; i <= last; ++i) {
        const auto &box = d->layout.ensureBox(i);
        const auto [from, to] = d->selection.rangeIn(i, static_cast<int>(box.text.size()));
        const bool current = i == d->current && hasFocus() && Theme::current().isKeyboardInUse();
        paintMessage(painter, itemRect(i).topLeft(), box, {from, to, current});
    }
    if (d->typingName.isEmpty())
        return;
    const auto end = itemRect(d->layout.count() - 1);
    paintTyping(painter, {0, end.bottom() + 1, viewport()->width(), typingHeight()}, d->typingAvatar,
                layoutDirection());
}

void ThreadView::resizeEvent(QResizeEvent *)
{
    d->settle();
}

void ThreadView::scrollContentsBy(int, int)
{
    d->scrolled();
}

void ThreadView::focusInEvent(QFocusEvent *event)
{
    const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    if (byKey && d->current < 0 && d->layout.count() > 0) {
        d->current = d->layout.count();
        d->walk(-1);
    }
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
        d->settle();
}

} // namespace client::widgets
