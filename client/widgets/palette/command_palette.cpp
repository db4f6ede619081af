#include "client/widgets/palette/command_palette.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/palette/palette_model.h"
#include "client/widgets/theme/paint.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int panelWidth = 620;
constexpr int maxHeight = 420;
constexpr int headHeight = 54;
constexpr int footHeight = 34;
constexpr int rowHeight = 38;
constexpr int groupHeight = 28;
constexpr auto prefixes = ">#@/?";

class PaletteDelegate : public QStyledItemDelegate {
public:
    PaletteDelegate(const PaletteModel &model, QObject *parent) : QStyledItemDelegate{parent}, m_model{model}
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const auto &theme = Theme::current();
        return {theme.px(100), theme.px(m_model.entry(index) ? rowHeight : groupHeight)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        if (const auto *entry = m_model.entry(index))
            paintEntry(*painter, option, *entry);
        else
            paintGroup(*painter, option, m_model.title(index));
        painter->restore();
    }

private:
    static void paintGroup(QPainter &painter, const QStyleOptionViewItem &option, const QString &title)
    {
        const auto &theme = Theme::current();
        const auto text = option.rect.adjusted(theme.px(20), theme.px(4), -theme.px(20), 0);
        paintText(painter, text, Qt::AlignLeading | Qt::AlignVCenter, title, TextRole::MetaStrong,
                  theme.tokens().text3, option.direction);
    }

    static void paintEntry(QPainter &painter, const QStyleOptionViewItem &option, const PaletteEntry &entry)
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        const auto visual = [&](const QRect &r) {
            return QStyle::visualRect(option.direction, option.rect, r);
        };
        const bool selected = option.state & QStyle::State_Selected;
        const QRect fill = option.rect.adjusted(theme.px(8), 0, -theme.px(8), 0);
        if (selected)
            fillRounded(painter, fill, theme.px(radius::control), t.sel);
        else if (option.state & QStyle::State_MouseOver)
            fillRounded(painter, fill, theme.px(radius::control), t.hover);
        const QRect icon{fill.x() + theme.px(12), fill.y(), theme.px(18), fill.height()};
        paintIcon(painter, visual(icon), entry.icon, 17, selected ? t.accent : t.text2, option.direction);

        QRect rest{icon.right() + 1 + theme.px(10), fill.y(), 0, fill.height()};
        rest.setRight(fill.right() - theme.px(12));
        const auto keys = entry.shortcut.split(u'+', Qt::SkipEmptyParts);
        if (!keys.isEmpty()) {
            painter.setLayoutDirection(option.direction);
            const int width = keyCapsWidth(keys);
            paintKeyCaps(painter, visual({rest.right() - width + 1, rest.y(), width, rest.height()}), keys,
                         option.direction);
            rest.setRight(rest.right() - width - theme.px(10));
        }
        const int titleSpace = qMin(textWidth(entry.title, TextRole::RowTitle) + 1, rest.width());
        paintText(painter, visual({rest.x(), rest.y(), titleSpace, rest.height()}),
                  Qt::AlignLeading | Qt::AlignVCenter, entry.title, TextRole::RowTitle, t.text1,
                  option.direction);
        rest.setLeft(rest.x() + titleSpace + theme.px(8));
        paintText(painter, visual(rest), Qt::AlignLeading | Qt::AlignVCenter, entry.subtitle,
                  TextRole::Secondary, selected ? t.text2 : t.text3, option.direction);
    }

    const PaletteModel &m_model;
};

// The raised panel: field above, list, hints below.
class Panel : public QWidget {
public:
    explicit Panel(QWidget *parent) : QWidget{parent} {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        QPainter painter{this};
        fillRounded(painter, rect(), theme.px(radius::palette), t.raised, t.borderDefault);
        const int head = theme.px(headHeight);
        const int foot = height() - theme.px(footHeight);
        paintHairline(painter, {1, head, width() - 2, 1}, t.borderSubtle);
        paintHairline(painter, {1, foot, width() - 2, 1}, t.borderSubtle);
        const QRect icon{theme.px(18), 0, theme.px(18), head};
        paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), icon), u"search"_s, 17, t.text2);
        const auto hints = QCoreApplication::translate(
            "client::widgets::CommandPalette", "\u2191\u2193 move    \u21B5 run    Tab more    Esc close");
        const QRect text{theme.px(20), foot, width() - theme.px(40), theme.px(footHeight)};
        paintText(painter, text, Qt::AlignLeading | Qt::AlignVCenter, hints, TextRole::Meta, t.text3,
                  layoutDirection());
    }

    void mousePressEvent(QMouseEvent *event) override { event->accept(); }
};

} // namespace

namespace client::widgets {

CommandPalette::CommandPalette(QWidget *window)
    : QWidget{window}
    , m_panel{new Panel{this}}
    , m_field{new QLineEdit{m_panel}}
    , m_context{new Pill{{}, m_panel}}
    , m_list{new QListView{m_panel}}
    , m_model{new PaletteModel{this}}
{
    hide();
    setAccessibleName(tr("Command palette"));
    m_panel->setAccessibleName(tr("Command palette"));
    m_field->setFrame(false);
    m_field->setAccessibleName(tr("Type a command or a name"));
    m_field->setPlaceholderText(tr("Type a command or a name"));
    m_field->installEventFilter(this);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PaletteDelegate{*m_model, this});
    m_list->setAccessibleName(tr("Results"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QListView::ScrollPerPixel);
    m_list->setEditTriggers(QListView::NoEditTriggers);
    m_list->viewport()->setAutoFillBackground(false);
    m_list->viewport()->setAttribute(Qt::WA_Hover);
    new OverlayScrollBar{m_list};
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this] { fill(false); });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        if (m_model->entry(index)) {
            m_list->setCurrentIndex(index);
            run(false);
        }
    });
    Theme::current().follow(this, [this] {
        auto font = Theme::current().font(TextRole::ThreadTitle);
        font.setFamilies(Theme::current().font(TextRole::Body).families());
        font.setWeight(QFont::Normal);
        m_field->setFont(font);
        auto colours = Theme::current().tokens();
        auto shades = palette();
        shades.setColor(QPalette::Base, colours.raised);
        shades.setColor(QPalette::Text, colours.text1);
        shades.setColor(QPalette::PlaceholderText, colours.text3);
        m_field->setPalette(shades);
        place();
    });
}

void CommandPalette::open(const PaletteSource &source, const QString &context, const QString &text)
{
    if (!isVisible())
        m_focusBefore = QApplication::focusWidget();
    m_levels = {{&source, context, text}};
    setGeometry(parentWidget()->rect());
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
    if (m_field->text() == text)
        fill(false);
    else
        m_field->setText(text);
}

void CommandPalette::drillInto(const PaletteSource &source, const QString &context)
{
    m_levels.back().text = m_field->text();
    m_levels.push_back({&source, context, {}});
    if (m_field->text().isEmpty())
        fill(false);
    else
        m_field->clear();
}

void CommandPalette::refresh()
{
    fill(true);
}

void CommandPalette::dismiss()
{
    if (!isVisible())
        return;
    hide();
    m_levels.clear();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::PopupFocusReason);
    Q_EMIT dismissed();
}

void CommandPalette::fill(bool keepCurrent)
{
    if (m_levels.empty())
        return;
    auto query = m_field->text().trimmed();
    QChar prefix;
    if (!query.isEmpty() && QString::fromLatin1(prefixes).contains(query.at(0))) {
        prefix = query.at(0);
        query = query.mid(1).trimmed();
    }
    const auto before = m_model->entry(m_list->currentIndex());
    const auto keep = before ? before->id : QString{};
    m_model->show(m_levels.back().source->entries(prefix, query), query);
    // The best match is current, unless results merely arrived below it.
    int first = -1;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto *entry = m_model->entry(m_model->index(row));
        if (!entry)
            continue;
        if (first < 0)
            first = row;
        if (keepCurrent && entry->id == keep) {
            first = row;
            break;
        }
    }
    m_list->setCurrentIndex(first < 0 ? QModelIndex{} : m_model->index(first));
    if (!keepCurrent)
        m_list->scrollToTop();
    place();
}

void CommandPalette::place()
{
    const auto &theme = Theme::current();
    int content = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        content += theme.px(m_model->entry(m_model->index(row)) ? rowHeight : groupHeight);
    const int chrome = theme.px(headHeight) + theme.px(footHeight) + theme.px(20);
    const int room = qMin(theme.px(maxHeight), height() - 32);
    const int tall = qMin(chrome + qMax(content, theme.px(rowHeight)), room);
    const int wide = qMin(theme.px(panelWidth), width() - 32);
    m_panel->setGeometry((width() - wide) / 2, qMin(height() / 8, (height() - tall) / 2), wide, tall);

    const auto visual = [&](const QRect &r) {
        return QStyle::visualRect(layoutDirection(), m_panel->rect(), r);
    };
    const auto context = m_levels.empty() ? QString{} : m_levels.back().context;
    m_context->setLook({context});
    m_context->setVisible(!context.isEmpty());
    const int chip = context.isEmpty() ? 0 : m_context->sizeHint().width();
    const int head = theme.px(headHeight);
    const int chipHeight = m_context->sizeHint().height();
    m_context->setGeometry(visual({wide - theme.px(18) - chip, (head - chipHeight) / 2, chip, chipHeight}));
    m_field->setGeometry(
        visual({theme.px(46), theme.px(8), wide - theme.px(78) - chip, head - theme.px(16)}));
    m_list->setGeometry(1, head + theme.px(10), wide - 2, tall - chrome);
    update();
}

void CommandPalette::move(int by)
{
    int row = m_list->currentIndex().row() + by;
    while (row >= 0 && row < m_model->rowCount() && !m_model->entry(m_model->index(row)))
        row += by;
    if (row < 0 || row >= m_model->rowCount())
        return;
    m_list->setCurrentIndex(m_model->index(row));
    if (row == 1)
        m_list->scrollToTop();
}

void CommandPalette::run(bool drill)
{
    const auto *entry = m_model->entry(m_list->currentIndex());
    if (!entry || (drill && !entry->canDrill))
        return;
    const auto id = entry->id;
    if (drill) {
        Q_EMIT drilled(id);
        return;
    }
    dismiss();
    Q_EMIT activated(id);
}

bool CommandPalette::keyPressed(int key, Qt::KeyboardModifiers modifiers)
{
    const bool control = modifiers & Qt::ControlModifier;
    switch (key) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_N:
    case Qt::Key_P:
        if (control)
            move(key == Qt::Key_N ? 1 : -1);
        return control;
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
        for (int i = 0; i < 6; ++i)
            move(key == Qt::Key_PageDown ? 1 : -1);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        run(false);
        return true;
    case Qt::Key_Tab:
        run(true);
        return true;
    case Qt::Key_Backtab:
        return true;
    case Qt::Key_Escape:
        dismiss();
        return true;
    case Qt::Key_Backspace:
        if (!m_field->text().isEmpty() || m_levels.size() < 2)
            return false;
        m_levels.pop_back();
        if (m_levels.back().text.isEmpty())
            fill(false);
        else
            m_field->setText(m_levels.back().text);
        return true;
    default:
        return false;
    }
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        setGeometry(parentWidget()->rect());
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (keyPressed(key->key(), key->modifiers()))
            return true;
    }
    if (watched == m_field && event->type() == QEvent::ShortcutOverride) {
        // No shortcut of the window acts while the palette is open.
        event->accept();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool CommandPalette::focusNextPrevChild(bool)
{
    return true;
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    QPainter painter{this};
    painter.fillRect(rect(), theme.tokens().scrim);
    paintShadow(painter, m_panel->geometry(), theme.px(radius::palette), ShadowKind::Popover);
}

void CommandPalette::mousePressEvent(QMouseEvent *)
{
    dismiss();
}

void CommandPalette::resizeEvent(QResizeEvent *)
{
    place();
}

} // namespace client::widgets
