#include "client/widgets/basic/text_label.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>
#include <QTextLayout>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int iconSize = 14;

// Lines of a wrapped text, laid out by the style's line height; returns the height.
int layOut(QTextLayout &layout, int width, int lineHeight)
{
    int y = 0;
    layout.beginLayout();
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(qMax(1, width));
        line.setPosition({0, y + (lineHeight - line.height()) / 2});
        y += lineHeight;
    }
    layout.endLayout();
    return y;
}

QTextLayout *prepared(QTextLayout &layout, const QString &text, TextRole role, Qt::Alignment alignment)
{
    QTextOption option{alignment & Qt::AlignHorizontal_Mask};
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    layout.setText(QString{text}.replace(QChar::LineFeed, QChar::LineSeparator));
    layout.setFont(Theme::current().font(role));
    layout.setTextOption(option);
    return &layout;
}

} // namespace

namespace client::widgets {

TextLabel::TextLabel(TextRole role, QColor Tokens::*colour, QWidget *parent)
    : QWidget{parent}
    , m_role{role}
    , m_colour{colour}
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void TextLabel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
    setToolTip({});
}

void TextLabel::setRole(TextRole role)
{
    m_role = role;
    updateGeometry();
    update();
}

void TextLabel::setColour(QColor Tokens::*colour)
{
    m_colour = colour;
    update();
}

void TextLabel::setIconName(const QString &icon)
{
    m_icon = icon;
    updateGeometry();
    update();
}

void TextLabel::setWrapping(bool wrapping)
{
    m_wrapping = wrapping;
    auto policy = sizePolicy();
    policy.setHeightForWidth(wrapping);
    policy.setVerticalPolicy(wrapping ? QSizePolicy::Preferred : QSizePolicy::Fixed);
    setSizePolicy(policy);
    updateGeometry();
}

void TextLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

int TextLabel::iconSpace() const
{
    const auto &theme = Theme::current();
    return m_icon.isEmpty() ? 0 : theme.px(iconSize) + theme.px(6);
}

QSize TextLabel::sizeHint() const
{
    const auto &theme = Theme::current();
    const int width = textWidth(m_text, m_role) + iconSpace() + 1;
    if (m_wrapping) {
        const int wrapped = qMin(width, theme.px(360));
        return {wrapped, heightForWidth(wrapped)};
    }
    return {width, theme.lineHeight(m_role)};
}

QSize TextLabel::minimumSizeHint() const
{
    return {qMin(sizeHint().width(), Theme::current().px(24) + iconSpace()),
            Theme::current().lineHeight(m_role)};
}

int TextLabel::heightForWidth(int width) const
{
    const int line = Theme::current().lineHeight(m_role);
    if (!m_wrapping)
        return line;
    QTextLayout layout;
    return qMax(line, layOut(*prepared(layout, m_text, m_role, m_alignment), width - iconSpace(), line));
}

void TextLabel::resizeEvent(QResizeEvent *)
{
    const bool cut = !m_wrapping && textWidth(m_text, m_role) + iconSpace() > width();
    setToolTip(cut ? u"<span>"_s + m_text.toHtmlEscaped() + u"</span>"_s : QString{});
}

void TextLabel::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    auto colour = theme.tokens().*m_colour;
    if (!isEnabled())
        colour = theme.tokens().text3;
    QPainter painter{this};
    QRect text = rect().adjusted(iconSpace(), 0, 0, 0);
    if (!m_icon.isEmpty()) {
        const QRect icon{0, 0, theme.px(iconSize), m_wrapping ? theme.lineHeight(m_role) : height()};
        paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), icon), m_icon, iconSize, colour,
                  layoutDirection());
    }
    text = QStyle::visualRect(layoutDirection(), rect(), text);
    if (!m_wrapping) {
        paintText(painter, text, m_alignment, m_text, m_role, colour, layoutDirection());
        return;
    }
    QTextLayout layout;
    layOut(*prepared(layout, m_text, m_role, QStyle::visualAlignment(layoutDirection(), m_alignment)),
           text.width(), theme.lineHeight(m_role));
    painter.setPen(colour);
    layout.draw(&painter, text.topLeft());
}

Hairline::Hairline(Qt::Orientation orientation, QWidget *parent) : QWidget{parent}, m_orientation{orientation}
{
    const bool flat = orientation == Qt::Horizontal;
    setSizePolicy(flat ? QSizePolicy::Expanding : QSizePolicy::Fixed,
                  flat ? QSizePolicy::Fixed : QSizePolicy::Expanding);
    Theme::current().follow(this, [this] { update(); });
}

QSize Hairline::sizeHint() const
{
    return {1, 1};
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto line = m_orientation == Qt::Horizontal ? QRect{0, 0, width(), 1} : QRect{0, 0, 1, height()};
    paintHairline(painter, line, Theme::current().tokens().borderSubtle);
}

Surface::Surface(QColor Tokens::*colour, QWidget *parent) : QWidget{parent}, m_colour{colour}
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    Theme::current().follow(this, [this] {
        // Children that ask for the background (avatar rings) see this surface.
        auto shades = palette();
        shades.setColor(QPalette::Window, Theme::current().tokens().*m_colour);
        setPalette(shades);
        update();
    });
}

void Surface::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    painter.fillRect(rect(), Theme::current().tokens().*m_colour);
}

} // namespace client::widgets
