#include "client/widgets/list/row_delegate.h"

#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/list/row_metrics.h"
#include "client/widgets/theme/paint.h"

#include <QCoreApplication>
#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int maxLabels = 2;

struct Row {
    const QModelIndex &index;

    QString text(int role) const { return index.data(role).toString(); }
    int number(int role) const { return index.data(role).toInt(); }
    bool flag(int role) const { return index.data(role).toBool(); }
};

// One row while it is painted: takes space from both ends of a line, mirrors at the last moment.
class RowPainter {
public:
    RowPainter(QPainter &painter, const QStyleOptionViewItem &option, const RowMetrics &metrics)
        : m_painter{painter}
        , m_option{option}
        , m_metrics{metrics}
        , m_selected{(option.state & QStyle::State_Selected) != 0}
    {
    }

    void paint(const Row &row)
    {
        const bool fresh = row.number(RowUnreadRole) > 0;
        const auto ground = paintGround();
        paintLead(row, ground);
        paintFirstLine(row, fresh);
        paintSecondLine(row, fresh);
        if (m_metrics.thirdLine > 0)
            paintThirdLine(row);
    }

private:
    const Tokens &tokens() const { return Theme::current().tokens(); }
    QRect mirrored(const QRect &rect) const
    {
        return QStyle::visualRect(m_option.direction, m_option.rect, rect);
    }

    QRect line(int y) const
    {
        const QRect &all = m_option.rect;
        const int left = all.x() + m_metrics.textX;
        const int right = all.right() - m_metrics.marginX - Theme::current().px(12);
        return {left, all.y() + y, right - left + 1, m_metrics.lineHeight};
    }

    QColor paintGround()
    {
        const auto fill = m_option.rect.adjusted(m_metrics.marginX, m_metrics.marginY, -m_metrics.marginX,
                                                 -m_metrics.marginY);
        if (m_selected) {
            fillRounded(m_painter, fill, m_metrics.corner, tokens().sel, tokens().selLine);
            if (m_option.state & QStyle::State_HasFocus && Theme::current().isKeyboardInUse())
                paintFocusRing(m_painter, fill, m_metrics.corner);
            return tokens().sel;
        }
        if (m_option.state & QStyle::State_MouseOver) {
            fillRounded(m_painter, fill, m_metrics.corner, tokens().hover);
            return tokens().hover;
        }
        return tokens().surface;
    }

    void paintLead(const Row &row, const QColor &ground)
    {
        const QRect circle{m_option.rect.x() + m_metrics.marginX + Theme::current().px(12),
                           m_option.rect.y() + m_metrics.avatarY, m_metrics.avatar, m_metrics.avatar};
        if (row.flag(RowCheckableRole)) {
            const int side = Theme::current().px(18);
            const QRect box{circle.center() - QPoint{side / 2, side / 2}, QSize{side, side}};
            const bool on = row.flag(RowCheckedRole);
            fillRounded(m_painter, mirrored(box), 5, on ? tokens().accentFill : tokens().raised,
                        on ? QColor{} : tokens().borderControl);
            if (on)
                paintIcon(m_painter, mirrored(box), u"check"_s, 14, tokens().onAccent);
            return;
        }
        const AvatarLook look{row.text(RowNameRole), row.text(RowChannelIconRole),
                              static_cast<Presence>(row.number(RowPresenceRole)),
                              row.index.data(RowPictureRole).value<QPixmap>()};
        paintAvatar(m_painter, mirrored(circle), look, ground);
    }

    // Paints at the end of `rest` and takes the room from it.
    void takeText(QRect &rest, const QString &text, TextRole role, const QColor &colour)
    {
        if (text.isEmpty())
            return;
        const int width = textWidth(text, role) + 1;
        const QRect at{rest.right() - width + 1, rest.y(), width, rest.height()};
        paintText(m_painter, mirrored(at), Qt::AlignTrailing | Qt::AlignVCenter, text, role, colour,
                  m_option.direction);
        rest.setRight(at.left() - m_metrics.gap - 1);
    }

    void takeIcon(QRect &rest, const QString &icon, const QColor &colour)
    {
        const int side = Theme::current().px(14);
        const QRect at{rest.right() - side + 1, rest.y(), side, rest.height()};
        paintIcon(m_painter, mirrored(at), icon, icon_size::small, colour, m_option.direction);
        rest.setRight(at.left() - Theme::current().px(4) - 1);
    }

    void takePill(QRect &rest, const PillLook &look)
    {
        const auto size = pillSize(look);
        const QRect at{rest.right() - size.width() + 1, rest.y() + (rest.height() - size.height()) / 2,
                       size.width(), size.height()};
        m_painter.setLayoutDirection(m_option.direction);
        paintPill(m_painter, mirrored(at), look, m_selected);
        rest.setRight(at.left() - Theme::current().px(4) - 1);
    }

    void paintFirstLine(const Row &row, bool fresh)
    {
        auto rest = line(m_metrics.firstLine);
        takeText(rest, row.text(RowTimeRole), fresh ? TextRole::MetaStrong : TextRole::Meta,
                 fresh ? tokens().accent : tokens().text3);
        if (static_cast<RowSendState>(row.number(RowSendStateRole)) == RowSendState::Failed)
            takeIcon(rest, u"circle-alert"_s, tokens().bad);
        else if (static_cast<RowSendState>(row.number(RowSendStateRole)) == RowSendState::Pending)
            takeIcon(rest, u"clock"_s, tokens().warn);
        if (!row.text(RowSnoozedRole).isEmpty())
            takeIcon(rest, u"alarm-clock"_s, tokens().text3);
        if (row.flag(RowMutedRole))
            takeIcon(rest, u"bell-off"_s, tokens().text3);
        paintText(m_painter, mirrored(rest), Qt::AlignLeading | Qt::AlignVCenter, row.text(RowNameRole),
                  TextRole::RowStrong, tokens().text1, m_option.direction);
    }

    void paintSecondLine(const Row &row, bool fresh)
    {
        auto rest = line(m_metrics.secondLine);
        if (const int unread = row.number(RowUnreadRole); unread > 0) {
            const auto size = badgeSize(unread);
            const QRect at{rest.right() - size.width() + 1, rest.y() + (rest.height() - size.height()) / 2,
                           size.width(), size.height()};
            paintBadge(m_painter, mirrored(at), unread);
            rest.setRight(at.left() - m_metrics.gap - 1);
        }
        if (const auto assignee = row.text(RowAssigneeRole); !assignee.isEmpty()) {
            const int side = Theme::current().px(16);
            const QRect at{rest.right() - side + 1, rest.y() + (rest.height() - side) / 2, side, side};
            paintAvatar(m_painter, mirrored(at), {.name = assignee}, tokens().surface);
            rest.setRight(at.left() - m_metrics.gap - 1);
        }
        const auto title = row.text(RowTitleRole);
        paintMarks(rest, title, row.index.data(RowMarksRole).toList(), fresh);
        paintText(m_painter, mirrored(rest), Qt::AlignLeading | Qt::AlignVCenter, title,
                  fresh ? TextRole::RowStrong : TextRole::Panel, fresh ? tokens().text1 : tokens().text2,
                  m_option.direction);
    }

    // What was found, as with a marker. Left out where letters are not measured from the left.
    void paintMarks(const QRect &rest, const QString &title, const QVariantList &marks, bool fresh)
    {
        if (marks.isEmpty() || title.isRightToLeft() || m_option.direction == Qt::RightToLeft)
            return;
        const auto &metrics = Theme::current().metrics(fresh ? TextRole::RowStrong : TextRole::Panel);
        const int height = qMin(rest.height(), metrics.height());
        for (qsizetype i = 0; i + 1 < marks.size(); i += 2) {
            const int from = metrics.horizontalAdvance(title.left(marks[i].toInt()));
            const int width = metrics.horizontalAdvance(title.mid(marks[i].toInt(), marks[i + 1].toInt()));
            const QRect at{rest.x() + from, rest.y() + (rest.height() - height) / 2,
                           qMin(width, rest.width() - from), height};
            if (at.width() > 0)
                fillRounded(m_painter, at, 3, tokens().warnSoft);
        }
    }

    void paintThirdLine(const Row &row)
    {
        auto rest = line(m_metrics.thirdLine);
        if (const auto due = row.text(RowDueRole); !due.isEmpty())
            takePill(rest, {due, u"timer"_s, static_cast<Tone>(row.number(RowDueToneRole))});
        const auto labels = row.index.data(RowLabelsRole).toStringList();
        if (labels.size() > maxLabels)
            takePill(rest, {u"+%1"_s.arg(labels.size() - maxLabels)});
        for (auto i = qMin<qsizetype>(maxLabels, labels.size()) - 1; i >= 0; --i)
            takePill(rest, {shortened(labels[i])});
        rest.setRight(rest.right() - Theme::current().px(2));

        const auto flags = Qt::AlignLeading | Qt::AlignVCenter;
        if (const auto typing = row.text(RowTypingRole); !typing.isEmpty()) {
            paintText(m_painter, mirrored(rest), flags, typing, TextRole::Chip, tokens().accent,
                      m_option.direction);
            return;
        }
        const auto draft = row.text(RowDraftRole);
        const auto prefix = draft.isEmpty()
                                ? row.text(RowPreviewPrefixRole)
                                : QCoreApplication::translate("client::widgets::RowDelegate", "Draft");
        if (!prefix.isEmpty()) {
            const int width = textWidth(prefix, TextRole::Secondary) + 1;
            const QRect at{rest.x(), rest.y(), qMin(width, rest.width()), rest.height()};
            paintText(m_painter, mirrored(at), flags, prefix, TextRole::Secondary,
                      draft.isEmpty() ? tokens().text3 : tokens().bad, m_option.direction);
            rest.setLeft(at.right() + 1 + Theme::current().px(4));
        }
        paintText(m_painter, mirrored(rest), flags, draft.isEmpty() ? row.text(RowPreviewRole) : draft,
                  TextRole::Secondary, tokens().text3, m_option.direction);
    }

    // A label must leave room for the preview.
    QString shortened(const QString &label) const
    {
        const auto &theme = Theme::current();
        return theme.metrics(TextRole::PillText).elidedText(label, Qt::ElideRight, theme.px(76));
    }

    QPainter &m_painter;
    const QStyleOptionViewItem &m_option;
    const RowMetrics &m_metrics;
    bool m_selected;
};

} // namespace

namespace client::widgets {

RowMetrics RowMetrics::make(bool compact)
{
    const auto &theme = Theme::current();
    RowMetrics m;
    m.height = theme.px(compact ? height::rowCompact : height::rowComfortable);
    m.avatar = theme.px(36);
    m.gap = theme.px(8);
    m.corner = theme.px(radius::row);
    m.marginX = 8;
    m.marginY = 1;
    m.textX = m.marginX + theme.px(12) + m.avatar + theme.px(12);
    m.lineHeight = theme.px(18);
    m.firstLine = compact ? (m.height - theme.px(38)) / 2 : theme.px(10);
    m.secondLine = m.firstLine + theme.px(20);
    m.thirdLine = compact ? 0 : theme.px(54);
    m.avatarY = compact ? (m.height - m.avatar) / 2 : theme.px(12);
    return m;
}

RowDelegate::RowDelegate(QObject *parent) : QStyledItemDelegate{parent}
{
    Theme::current().follow(
        this, [this] { m_metrics = std::make_unique<RowMetrics>(RowMetrics::make(m_compact)); });
}

RowDelegate::~RowDelegate() = default;

void RowDelegate::setCompact(bool compact)
{
    m_compact = compact;
    *m_metrics = RowMetrics::make(compact);
}

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    RowPainter{*painter, option, *m_metrics}.paint({index});
    painter->restore();
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.rect.width(), m_metrics->height};
}

} // namespace client::widgets
