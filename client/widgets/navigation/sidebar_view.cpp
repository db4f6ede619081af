#include "client/widgets/navigation/sidebar_view.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/navigation/sidebar_model.h"
#include "client/widgets/theme/paint.h"

#include <QContextMenuEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int titleHeight = 36;
constexpr int margin = 12;

QRect plusRect(const QRect &row, Qt::LayoutDirection direction)
{
    const auto &theme = Theme::current();
    const int side = theme.px(24);
    const QRect at{row.right() - theme.px(margin) - side + 2, row.bottom() - side, side, side};
    return QStyle::visualRect(direction, row, at);
}

class SidebarDelegate : public QStyledItemDelegate {
public:
    SidebarDelegate(const SidebarModel &model, QObject *parent) : QStyledItemDelegate{parent}, m_model{model}
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const auto &theme = Theme::current();
        if (m_model.row(index).isTitle)
            return {theme.px(64), theme.px(m_model.isRail() ? 13 : titleHeight)};
        return {theme.px(64), theme.px(height::nav + height::navGap)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        const auto &row = m_model.row(index);
        if (row.isTitle)
            paintTitle(*painter, option, row);
        else
            paintItem(*painter, option, row);
        painter->restore();
    }

private:
    void paintTitle(QPainter &painter, const QStyleOptionViewItem &option, const SidebarModel::Row &row) const
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        if (m_model.isRail()) {
            paintHairline(painter,
                          option.rect.adjusted(theme.px(20), option.rect.height() / 2, -theme.px(20),
                                               -option.rect.height() / 2),
                          t.borderDefault);
            return;
        }
        QRect text = option.rect.adjusted(theme.px(margin + 10), theme.px(10), -theme.px(margin + 26), 0);
        paintText(painter, QStyle::visualRect(option.direction, option.rect, text),
                  Qt::AlignLeading | Qt::AlignVCenter, row.item.text, TextRole::MetaStrong, t.text3,
                  option.direction);
        if (!row.canAdd)
            return;
        const auto plus = plusRect(option.rect, option.direction);
        paintIcon(painter, plus, u"plus"_s, 14, option.state & QStyle::State_MouseOver ? t.text1 : t.text2);
    }

    void paintItem(QPainter &painter, const QStyleOptionViewItem &option, const SidebarModel::Row &row) const
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        const auto direction = option.direction;
        const auto visual = [&](const QRect &r) { return QStyle::visualRect(direction, option.rect, r); };
        const QRect fill =
            option.rect.adjusted(theme.px(margin), 0, -theme.px(margin), -theme.px(height::navGap));
        const bool selected = option.state & QStyle::State_Selected;
        const bool over = option.state & QStyle::State_MouseOver;
        if (selected || over)
            fillRounded(painter, fill, theme.px(radius::control), selected ? t.navSel : hoverFill());
        if (option.state & QStyle::State_HasFocus && theme.isKeyboardInUse())
            paintFocusRing(painter, fill, theme.px(radius::control));

        const int icon = theme.px(icon_size::nav);
        const int lead = m_model.isRail() ? (fill.width() - icon) / 2 : theme.px(8);
        const QRect iconRect{fill.x() + lead, fill.y(), icon, fill.height()};
        const auto iconColour = row.item.urgent ? t.bad : selected ? t.accent : t.text2;
        if (row.item.dot.isValid()) {
            const int side = theme.px(9);
            const QRect dot{iconRect.center().x() - side / 2, iconRect.center().y() - side / 2, side, side};
            fillRounded(painter, visual(dot), theme.px(3), row.item.dot);
        } else {
            paintIcon(painter, visual(iconRect), row.item.icon, icon_size::nav, iconColour, direction);
        }
        if (m_model.isRail())
            return;
        QRect rest{iconRect.right() + 1 + theme.px(10), fill.y(), 0, fill.height()};
        rest.setRight(fill.right() - theme.px(10));
        if (row.item.count > 0)
            paintCount(painter, rest, row.item, selected, direction, option.rect);
        paintText(painter, visual(rest), Qt::AlignLeading | Qt::AlignVCenter, row.item.text,
                  selected ? TextRole::RowStrong : TextRole::RowTitle, selected ? t.text1 : t.text2,
                  direction);
    }

    static void paintCount(QPainter &painter, QRect &rest, const NavItem &item, bool selected,
                           Qt::LayoutDirection direction, const QRect &row)
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        if (item.urgent) {
            const auto size = badgeSize(item.count);
            const QRect at{rest.right() - size.width() + 1 + theme.px(3),
                           rest.y() + (rest.height() - size.height()) / 2, size.width(), size.height()};
            paintBadge(painter, QStyle::visualRect(direction, row, at), item.count, Tone::Bad);
            rest.setRight(at.left() - theme.px(8));
            return;
        }
        const auto text = QString::number(item.count);
        const auto role = selected ? TextRole::ChipStrong : TextRole::Secondary;
        const int width = textWidth(text, role) + 1;
        const QRect at{rest.right() - width + 1, rest.y(), width, rest.height()};
        paintText(painter, QStyle::visualRect(direction, row, at), Qt::AlignTrailing | Qt::AlignVCenter, text,
                  role, selected ? t.text1 : t.text3, direction);
        rest.setRight(at.left() - theme.px(8));
    }

    // Half of the selection: the sidebar's ground is darker than the list's.
    static QColor hoverFill()
    {
        auto fill = Theme::current().tokens().navSel;
        fill.setAlphaF(.55F);
        return fill;
    }

    const SidebarModel &m_model;
};

} // namespace

namespace client::widgets {

int SidebarModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SidebarModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &entry = row(index);
    switch (role) {
    case Qt::DisplayRole:
        return entry.item.text;
    case Qt::AccessibleTextRole:
        if (entry.isTitle || entry.item.count == 0)
            return entry.item.text;
        return entry.item.urgent ? tr("%1, %2 urgent").arg(entry.item.text).arg(entry.item.count)
                                 : tr("%1, %2").arg(entry.item.text).arg(entry.item.count);
    case Qt::ToolTipRole:
        if (entry.isTitle)
            return {};
        return m_rail && entry.item.hint.isEmpty() ? entry.item.text : entry.item.hint;
    default:
        return {};
    }
}

Qt::ItemFlags SidebarModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    // The cursor passes over what is not enabled.
    return row(index).isTitle ? Qt::ItemFlags{Qt::ItemNeverHasChildren}
                              : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

QModelIndex SidebarModel::indexOf(const QString &id) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].isTitle && m_rows[i].item.id == id)
            return index(static_cast<int>(i));
    }
    return {};
}

void SidebarModel::setSections(const std::vector<NavSection> &sections)
{
    beginResetModel();
    m_rows.clear();
    for (const auto &section : sections) {
        if (!section.title.isEmpty())
            m_rows.push_back({true, section.canAdd, {.id = section.id, .text = section.title}});
        for (const auto &item : section.items)
            m_rows.push_back({false, false, item});
    }
    endResetModel();
}

void SidebarModel::setCount(const QString &id, int count, bool urgent)
{
    const auto at = indexOf(id);
    if (!at.isValid())
        return;
    auto &item = m_rows[static_cast<std::size_t>(at.row())].item;
    if (item.count == count && item.urgent == urgent)
        return;
    item.count = count;
    item.urgent = urgent;
    Q_EMIT dataChanged(at, at);
}

void SidebarModel::setRail(bool rail)
{
    beginResetModel();
    m_rail = rail;
    endResetModel();
}

SidebarView::SidebarView(const QString &name, QWidget *parent)
    : QListView{parent}
    , m_model{new SidebarModel{this}}
{
    setAccessibleName(name);
    setModel(m_model);
    setItemDelegate(new SidebarDelegate{*m_model, this});
    setFrameShape(NoFrame);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_Hover);
    new OverlayScrollBar{this};
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) {
        const auto &row = m_model->row(index);
        if (!row.isTitle)
            Q_EMIT chosen(row.item.id);
    });
    Theme::current().follow(this, [this] {
        scheduleDelayedItemsLayout();
        viewport()->update();
    });
}

QString SidebarView::current() const
{
    const auto index = currentIndex();
    return index.isValid() ? m_model->row(index).item.id : QString{};
}

void SidebarView::setSections(const std::vector<NavSection> &sections)
{
    const auto before = current();
    m_model->setSections(sections);
    setCurrent(before);
}

void SidebarView::setCount(const QString &id, int count, bool urgent)
{
    m_model->setCount(id, count, urgent);
}

void SidebarView::setCurrent(const QString &id)
{
    m_silent = true;
    setCurrentIndex(m_model->indexOf(id));
    m_silent = false;
}

void SidebarView::setRail(bool rail)
{
    const auto before = current();
    m_model->setRail(rail);
    setCurrent(before);
}

void SidebarView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    if (!m_silent && current.isValid() && !m_model->row(current).isTitle)
        Q_EMIT chosen(m_model->row(current).item.id);
}

void SidebarView::mousePressEvent(QMouseEvent *event)
{
    // A click is reported by clicked(), also on the entry that is current already.
    m_silent = true;
    QListView::mousePressEvent(event);
    m_silent = false;
}

void SidebarView::mouseMoveEvent(QMouseEvent *event)
{
    // Dragging over entries does not walk through them.
    if (event->buttons() == Qt::NoButton)
        QListView::mouseMoveEvent(event);
}

void SidebarView::mouseReleaseEvent(QMouseEvent *event)
{
    const auto at = event->position().toPoint();
    const auto index = indexAt(at);
    if (index.isValid() && m_model->row(index).canAdd &&
        plusRect(visualRect(index), layoutDirection()).contains(at))
        Q_EMIT addRequested(m_model->row(index).item.id);
    QListView::mouseReleaseEvent(event);
}

void SidebarView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto index = byKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid() || m_model->row(index).isTitle)
        return;
    const auto at = byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos();
    Q_EMIT contextMenuRequested(m_model->row(index).item.id, at);
}

void SidebarView::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && currentIndex().isValid()) {
        Q_EMIT chosen(current());
        return;
    }
    if (!event->text().isEmpty() && event->text().at(0).isPrint()) {
        event->ignore();
        return;
    }
    QListView::keyPressEvent(event);
}

} // namespace client::widgets
