#include "client/widgets/basic/buttons.h"

#include "client/widgets/theme/paint.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

struct ButtonColours {
    QColor fill;
    QColor edge;
    QColor text;
};

ButtonColours coloursOf(ButtonKind kind, bool enabled, bool over, bool down)
{
    const auto &t = Theme::current().tokens();
    const auto soft = down ? t.navSel : over ? t.hover : QColor{};
    switch (kind) {
    case ButtonKind::Primary:
        if (!enabled)
            return {t.navSel, {}, t.text3};
        return {over || down ? t.accentFillHover : t.accentFill, {}, t.onAccent};
    case ButtonKind::Danger:
        if (!enabled)
            return {t.navSel, {}, t.text3};
        return {t.badSoft, over || down ? t.bad : QColor{}, t.bad};
    case ButtonKind::Outline:
        return {soft.isValid() ? soft : t.raised, t.borderDefault, enabled ? t.text1 : t.text3};
    case ButtonKind::Quiet:
        return {soft.isValid() ? soft : QColor{Qt::transparent}, {}, enabled ? t.text1 : t.text3};
    }
    return {};
}

QString withKeys(const QString &name, const QString &keys)
{
    return keys.isEmpty() ? name : name + u"   "_s + keys;
}

} // namespace

namespace client::widgets {

Button::Button(ButtonKind kind, const QString &text, QWidget *parent) : QAbstractButton{parent}, m_kind{kind}
{
    setText(text);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    Theme::current().follow(this, [this] {
        setFont(Theme::current().font(TextRole::Button));
        updateGeometry();
        update();
    });
}

void Button::setIconName(const QString &name)
{
    m_icon = name;
    updateGeometry();
    update();
}

void Button::setIconTone(Tone tone)
{
    m_iconTone = tone;
    update();
}

void Button::setTone(Tone tone)
{
    m_tone = tone;
    updateGeometry();
    update();
}

TextRole Button::textRole() const
{
    return m_tone ? TextRole::ChipStrong : TextRole::Button;
}

void Button::setQuietText()
{
    m_quietText = true;
    updateGeometry();
}

QSize Button::sizeHint() const
{
    const auto &theme = Theme::current();
    if (m_quietText)
        return {textWidth(text(), TextRole::Secondary) + theme.px(34), theme.px(28)};
    const bool iconOnly = text().isEmpty();
    if (iconOnly)
        return {theme.px(29), theme.px(height::control)};
    int width = textWidth(text(), textRole()) + 2 * theme.px(m_tone ? 8 : 12);
    if (!m_icon.isEmpty())
        width += theme.px(icon_size::button) + theme.px(6);
    return {width, theme.px(m_tone ? 26 : height::control)};
}

QSize Button::minimumSizeHint() const
{
    return m_quietText ? QSize{Theme::current().px(80), sizeHint().height()} : sizeHint();
}

void Button::paintQuiet(QPainter &painter) const
{
    const auto &theme = Theme::current();
    const auto colour = underMouse() ? theme.tokens().text1 : theme.tokens().text2;
    const auto visual = [this](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    const QRect arrow{width() - theme.px(22), 0, theme.px(16), height()};
    paintText(painter, visual({theme.px(6), 0, arrow.x() - theme.px(10), height()}),
              Qt::AlignTrailing | Qt::AlignVCenter, text(), TextRole::Secondary, colour, layoutDirection());
    paintIcon(painter, visual(arrow), u"chevron-down"_s, 14, colour);
    if (showsFocus(this))
        paintFocusRing(painter, rect(), theme.px(6));
}

bool Button::event(QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QAbstractButton::event(event);
}

void Button::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto direction = layoutDirection();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_quietText) {
        paintQuiet(painter);
        return;
    }
    auto colours = coloursOf(m_kind, isEnabled(), underMouse(), isDown());
    if (m_tone && isEnabled())
        colours.text = toneText(theme.tokens(), *m_tone);
    const qreal round = theme.px(radius::control);
    const auto joined = direction == Qt::RightToLeft && m_joined != Edge::None
                            ? (m_joined == Edge::Start ? Edge::End : Edge::Start)
                            : m_joined;
    const qreal left = joined == Edge::Start ? 0 : round;
    const qreal right = joined == Edge::End ? 0 : round;
    QRectF shape{rect()};
    if (colours.edge.isValid())
        shape.adjust(joined == Edge::Start ? -1 : .5, .5, joined == Edge::End ? 1 : -.5, -.5);
    painter.setPen(colours.edge.isValid() ? QPen{colours.edge, 1} : QPen{Qt::NoPen});
    painter.setBrush(colours.fill);
    painter.drawPath(roundedPath(shape, left, right, right, left));
    if (joined == Edge::Start || joined == Edge::End) {
        auto line = m_kind == ButtonKind::Primary ? theme.tokens().onAccent : theme.tokens().borderDefault;
        if (m_kind == ButtonKind::Primary)
            line.setAlphaF(.35F);
        const int inset = m_kind == ButtonKind::Primary ? theme.px(8) : 1;
        if (m_joined == Edge::Start)
            painter.fillRect(QRect{joined == Edge::Start ? 0 : width() - 1, inset, 1, height() - 2 * inset},
                             line);
    }

    const int side = theme.px(icon_size::button);
    const int gap = text().isEmpty() ? 0 : theme.px(6);
    const int textSpace = qMin(textWidth(text(), textRole()), width() - theme.px(12));
    const int total = textSpace + (m_icon.isEmpty() ? 0 : side + gap);
    int x = (width() - total) / 2;
    if (!m_icon.isEmpty()) {
        const auto colour = m_iconTone && isEnabled() ? toneText(theme.tokens(), *m_iconTone) : colours.text;
        paintIcon(painter, QStyle::visualRect(direction, rect(), {x, 0, side, height()}), m_icon,
                  icon_size::button, colour, direction);
        x += side + gap;
    }
    paintText(painter, QStyle::visualRect(direction, rect(), {x, 0, textSpace + 1, height()}),
              Qt::AlignLeading | Qt::AlignVCenter, text(), textRole(), colours.text, direction);
    if (showsFocus(this))
        paintFocusRing(painter, rect(), round);
}

IconButton::IconButton(const QString &icon, const QString &name, QWidget *parent)
    : QAbstractButton{parent}
    , m_icon{icon}
    , m_name{name}
{
    setAccessibleName(name);
    setToolTip(name);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void IconButton::setIconName(const QString &icon)
{
    m_icon = icon;
    update();
}

void IconButton::setKeyHint(const QString &keys)
{
    setToolTip(withKeys(m_name, keys));
}

void IconButton::setExtent(int extent)
{
    m_extent = extent;
    updateGeometry();
}

void IconButton::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

QSize IconButton::sizeHint() const
{
    const int side = Theme::current().px(m_extent);
    return {side, side};
}

bool IconButton::event(QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QAbstractButton::event(event);
}

void IconButton::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    QPainter painter{this};
    const bool active = isEnabled() && (underMouse() || isDown() || isChecked());
    if (active)
        fillRounded(painter, rect(), theme.px(radius::control), isDown() || isChecked() ? t.navSel : t.hover);
    auto colour = m_tone == Tone::Neutral ? (active ? t.text1 : t.text2) : toneText(t, m_tone);
    if (!isEnabled())
        colour.setAlphaF(.45F);
    paintIcon(painter, rect(), m_icon, m_extent <= 24 ? 14 : icon_size::button, colour, layoutDirection());
    if (showsFocus(this))
        paintFocusRing(painter, rect(), theme.px(radius::control));
}

SplitButton::SplitButton(ButtonKind kind, const QString &text, QWidget *parent)
    : QWidget{parent}
    , m_main{new Button{kind, text, this}}
    , m_arrow{new Button{kind, QString{}, this}}
{
    auto *layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_main);
    layout->addWidget(m_arrow);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_arrow->setIconName(u"chevron-down"_s);
    m_arrow->setAccessibleName(tr("More ways: %1").arg(text));
    m_arrow->setToolTip(tr("More"));
    m_arrow->m_joined = Button::Edge::Start;
    setMenu(nullptr);
    connect(m_main, &QAbstractButton::clicked, this, &SplitButton::clicked);
    connect(m_arrow, &QAbstractButton::clicked, this, [this] {
        if (!m_menu)
            return;
        const auto size = m_menu->sizeHint();
        const bool rtl = layoutDirection() == Qt::RightToLeft;
        const auto corner = mapToGlobal(QPoint{rtl ? 0 : width() - size.width(), 0});
        const bool above = opensAbove();
        m_menu->popup(corner + QPoint{0, above ? -size.height() - 4 : height() + 4});
    });
}

bool SplitButton::opensAbove() const
{
    const auto *top = window();
    return mapTo(top, QPoint{}).y() > top->height() / 2;
}

void SplitButton::setMenu(QMenu *menu)
{
    m_menu = menu;
    m_arrow->setVisible(menu != nullptr);
    m_main->m_joined = menu ? Button::Edge::End : Button::Edge::None;
    m_main->update();
}

} // namespace client::widgets
