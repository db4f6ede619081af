#include "client/widgets/theme/house_style.h"

#include "client/widgets/theme/paint.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStyleOption>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

HouseStyle::HouseStyle(Theme &theme) : ThemedStyle{u"Fusion"_s, theme} {}

void HouseStyle::polish(QWidget *widget)
{
    ThemedStyle::polish(widget);
    if (qobject_cast<QMenu *>(widget)) {
        widget->setWindowFlag(Qt::FramelessWindowHint);
        widget->setAttribute(Qt::WA_TranslucentBackground);
    }
    if (qobject_cast<QPushButton *>(widget) || qobject_cast<QComboBox *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

void HouseStyle::drawInput(const QStyleOption &option, QPainter &painter) const
{
    const auto &t = theme().tokens();
    const bool focus = option.state & State_HasFocus;
    const bool enabled = option.state & State_Enabled;
    const QRectF rect{option.rect};
    const qreal corner = theme().px(radius::control);
    fillRounded(painter, rect, corner, enabled ? t.raised : t.sunken, focus ? t.accentFill : t.borderControl);
    if (focus)
        fillRounded(painter, rect.adjusted(1, 1, -1, -1), corner - 1, {}, t.accentFill);
}

void HouseStyle::drawCheckBox(const QStyleOption &option, QPainter &painter, bool round) const
{
    const auto &t = theme().tokens();
    const int side = qMin(option.rect.width(), option.rect.height());
    const QRect box = alignedRect(option.direction, Qt::AlignCenter, {side, side}, option.rect);
    const bool on = option.state & (State_On | State_NoChange);
    const bool enabled = option.state & State_Enabled;
    const qreal corner = round ? side / 2.0 : theme().px(4);
    const auto fill = on ? (enabled ? t.accentFill : t.text3) : (enabled ? t.raised : t.sunken);
    fillRounded(painter, box, corner, fill, on ? QColor{} : t.borderControl);
    if (!on)
        return;
    if (round) {
        const qreal inset = side * .31;
        fillRounded(painter, QRectF{box}.adjusted(inset, inset, -inset, -inset), side, t.onAccent);
    } else {
        const auto icon = option.state & State_NoChange ? u"minus"_s : u"check"_s;
        paintIcon(painter, box, icon, side * .8 / theme().textScale(), t.onAccent);
    }
}

void HouseStyle::drawPushButton(const QStyleOption &option, QPainter &painter) const
{
    const auto &t = theme().tokens();
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(&option);
    const bool primary = button && button->features & QStyleOptionButton::DefaultButton;
    const bool flat = button && button->features & QStyleOptionButton::Flat;
    const bool enabled = option.state & State_Enabled;
    const bool over = enabled && option.state & (State_MouseOver | State_Sunken);
    const qreal corner = theme().px(radius::control);
    if (flat && !over)
        return;
    if (primary && enabled)
        fillRounded(painter, option.rect, corner, over ? t.accentFillHover : t.accentFill);
    else
        fillRounded(painter, option.rect, corner, over ? t.hover : (enabled ? t.raised : t.sunken),
                    flat ? QColor{} : t.borderDefault);
}

void HouseStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                               const QWidget *widget) const
{
    const auto &t = theme().tokens();
    switch (element) {
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame && frame->lineWidth > 0)
            drawInput(*option, *painter);
        return;
    case PE_FrameLineEdit:
        return;
    case PE_IndicatorCheckBox:
        drawCheckBox(*option, *painter, false);
        return;
    case PE_IndicatorRadioButton:
        drawCheckBox(*option, *painter, true);
        return;
    case PE_PanelButtonCommand:
        drawPushButton(*option, *painter);
        return;
    case PE_FrameFocusRect:
        if (theme().isKeyboardInUse())
            paintFocusRing(*painter, option->rect, theme().px(6));
        return;
    case PE_PanelMenu:
        fillRounded(*painter, option->rect, theme().px(radius::card), t.raised, t.borderDefault);
        return;
    case PE_FrameMenu:
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, t.raised);
        painter->setPen(t.borderDefault);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_FrameGroupBox:
        fillRounded(*painter, option->rect, theme().px(radius::card), {}, t.borderSubtle);
        return;
    default:
        ThemedStyle::drawPrimitive(element, option, painter, widget);
    }
}

void HouseStyle::drawMenuItem(const QStyleOption &option, QPainter &painter) const
{
    const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(&option);
    if (!item)
        return;
    const auto &t = theme().tokens();
    const QRect row = option.rect.adjusted(4, 0, -4, 0);
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        paintHairline(painter, {row.x(), row.center().y(), row.width(), 1}, t.borderSubtle);
        return;
    }
    const bool enabled = option.state & State_Enabled;
    const bool over = enabled && option.state & State_Selected;
    if (over)
        fillRounded(painter, row, theme().px(6), t.navSel);
    const auto colour = enabled ? t.text1 : t.text3;
    const int gap = theme().px(10);
    const int lead = theme().px(16);
    const auto visual = [&](const QRect &rect) { return visualRect(option.direction, option.rect, rect); };
    const QRect mark{row.x() + gap, row.y(), lead, row.height()};
    if (item->checkType != QStyleOptionMenuItem::NotCheckable) {
        if (item->checked)
            paintIcon(painter, visual(mark), u"check"_s, 15, t.accent);
    } else if (!item->icon.isNull()) {
        const auto mode = enabled ? QIcon::Normal : QIcon::Disabled;
        item->icon.paint(&painter, visual(mark), Qt::AlignCenter, mode);
    }
    QRect text = row.adjusted(2 * gap + lead, 0, -gap, 0);
    const auto parts = item->text.split(u'\t');
    const bool submenu = item->menuItemType == QStyleOptionMenuItem::SubMenu;
    if (submenu)
        paintIcon(painter, visual({text.right() - lead, row.y(), lead, row.height()}), u"chevron-right"_s, 14,
                  t.text3, option.direction);
    if (parts.size() > 1) {
        const int width = textWidth(parts[1], TextRole::Secondary);
        paintText(painter, visual({text.right() - width, row.y(), width + 1, row.height()}),
                  Qt::AlignTrailing | Qt::AlignVCenter, parts[1], TextRole::Secondary, t.text3,
                  option.direction);
        text.setRight(text.right() - width - gap);
    }
    painter.setFont(theme().font(TextRole::Panel));
    painter.setPen(colour);
    painter.setLayoutDirection(option.direction);
    painter.drawText(visual(text),
                     Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextHideMnemonic,
                     parts[0]);
}

void HouseStyle::drawProgress(const QStyleOption &option, QPainter &painter) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(&option);
    if (!bar)
        return;
    const auto &t = theme().tokens();
    const int height = theme().px(6);
    const QRect track{option.rect.x(), option.rect.center().y() - height / 2, option.rect.width(), height};
    fillRounded(painter, track, height / 2.0, t.navSel);
    const int range = bar->maximum - bar->minimum;
    // An endless bar stands at a third instead of running for ever.
    const double part = range > 0 ? double(bar->progress - bar->minimum) / range : .33;
    QRect done = track;
    done.setWidth(qBound(0, qRound(part * track.width()), track.width()));
    if (done.width() > 0)
        fillRounded(painter, visualRect(option.direction, track, done), height / 2.0, t.accentFill);
}

void HouseStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                             const QWidget *widget) const
{
    switch (element) {
    case CE_MenuItem:
        drawMenuItem(*option, *painter);
        return;
    case CE_MenuEmptyArea:
        return;
    case CE_ProgressBar:
        drawProgress(*option, *painter);
        return;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            const bool primary = button->features & QStyleOptionButton::DefaultButton;
            QStyleOptionButton coloured{*button};
            const auto &t = theme().tokens();
            const bool enabled = option->state & State_Enabled;
            coloured.palette.setColor(QPalette::ButtonText, !enabled  ? t.text3
                                                            : primary ? t.onAccent
                                                                      : t.text1);
            painter->setFont(theme().font(TextRole::RowTitle));
            ThemedStyle::drawControl(element, &coloured, painter, widget);
            return;
        }
        break;
    default:
        break;
    }
    ThemedStyle::drawControl(element, option, painter, widget);
}

void HouseStyle::drawComboBox(const QStyleOptionComplex &option, QPainter &painter) const
{
    const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(&option);
    if (!combo)
        return;
    if (combo->frame)
        drawInput(option, painter);
    const int side = theme().px(16);
    const QRect arrow{option.rect.right() - side - theme().px(8), option.rect.y(), side,
                      option.rect.height()};
    paintIcon(painter, visualRect(option.direction, option.rect, arrow), u"chevron-down"_s, 14,
              theme().tokens().text2);
}

void HouseStyle::drawScrollBar(const QStyleOptionComplex &option, QPainter &painter,
                               const QWidget *widget) const
{
    const auto slider = subControlRect(CC_ScrollBar, &option, SC_ScrollBarSlider, widget);
    const bool over = option.state & (State_MouseOver | State_Sunken);
    auto colour = theme().tokens().text3;
    colour.setAlphaF(over ? .8F : .4F);
    const bool upright = !(option.state & State_Horizontal);
    const int inset = over ? 2 : 3;
    const auto thumb =
        upright ? slider.adjusted(inset, 2, -inset, -2) : slider.adjusted(2, inset, -2, -inset);
    fillRounded(painter, thumb, 4, colour);
}

void HouseStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                    QPainter *painter, const QWidget *widget) const
{
    switch (control) {
    case CC_ComboBox:
        drawComboBox(*option, *painter);
        return;
    case CC_ScrollBar:
        drawScrollBar(*option, *painter, widget);
        return;
    default:
        ThemedStyle::drawComplexControl(control, option, painter, widget);
    }
}

QRect HouseStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl sub,
                                 const QWidget *widget) const
{
    if (control == CC_ComboBox && sub == SC_ComboBoxEditField) {
        const auto field = option->rect.adjusted(theme().px(10), 1, -theme().px(28), -1);
        return visualRect(option->direction, option->rect, field);
    }
    if (control == CC_ScrollBar && (sub == SC_ScrollBarAddLine || sub == SC_ScrollBarSubLine))
        return {};
    if (control == CC_ScrollBar && sub == SC_ScrollBarGroove)
        return option->rect;
    if (control == CC_ScrollBar && sub == SC_ScrollBarSlider) {
        const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
        const bool upright = slider && slider->orientation == Qt::Vertical;
        const int length = upright ? option->rect.height() : option->rect.width();
        const double range = slider ? slider->maximum - slider->minimum : 0;
        if (!slider || range <= 0)
            return option->rect;
        const int thumb = qMax(24, static_cast<int>(length * slider->pageStep / (range + slider->pageStep)));
        const int at = sliderPositionFromValue(slider->minimum, slider->maximum, slider->sliderPosition,
                                               length - thumb, slider->upsideDown);
        return upright ? QRect{0, at, option->rect.width(), thumb}
                       : QRect{at, 0, thumb, option->rect.height()};
    }
    return ThemedStyle::subControlRect(control, option, sub, widget);
}

QSize HouseStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                                   const QWidget *widget) const
{
    auto size = ThemedStyle::sizeFromContents(type, option, contents, widget);
    const int control = theme().px(height::control);
    switch (type) {
    case CT_PushButton:
        return {qMax(size.width(), contents.width() + theme().px(28)), control};
    case CT_LineEdit:
        return {size.width(), control};
    case CT_ComboBox:
        return {contents.width() + theme().px(44), control};
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width(), theme().px(9)};
            const auto parts = item->text.split(u'\t');
            int width = theme().px(60) + textWidth(parts[0], TextRole::Panel);
            if (parts.size() > 1)
                width += theme().px(24) + textWidth(parts[1], TextRole::Secondary);
            return {qMax(width, theme().px(180)), theme().px(30)};
        }
        return size;
    default:
        return size;
    }
}

int HouseStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return 10;
    case PM_MenuHMargin:
    case PM_MenuPanelWidth:
        return 0;
    case PM_MenuVMargin:
        return 4;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return theme().px(16);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return theme().px(8);
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
        return theme().px(16);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_DefaultFrameWidth:
        // Room between the rounded edge of an input and its text.
        return qobject_cast<const QLineEdit *>(widget) ? theme().px(8) : 1;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return theme().px(8);
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return theme().px(12);
    case PM_TextCursorWidth:
        return 2;
    default:
        return ThemedStyle::pixelMetric(metric, option, widget);
    }
}

int HouseStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                          QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_UnderlineShortcut:
    case SH_Menu_Scrollable:
    case SH_ScrollBar_Transient:
        return 0;
    case SH_ComboBox_Popup:
    case SH_Menu_MouseTracking:
    case SH_MenuBar_MouseTracking:
        return 1;
    // No animation may run while nothing happens.
    case SH_Widget_Animation_Duration:
        return 0;
    case SH_ToolTip_WakeUpDelay:
        return 500;
    default:
        return ThemedStyle::styleHint(hint, option, widget, data);
    }
}

} // namespace client::widgets
