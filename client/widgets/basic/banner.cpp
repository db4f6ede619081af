#include "client/widgets/basic/banner.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPainter>
#include <QSpacerItem>
#include <QStyle>
#include <QVBoxLayout>

namespace {

using namespace client::widgets;

QColor Tokens::*textOf(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return &Tokens::text2;
    case Tone::Accent:
        return &Tokens::accent;
    case Tone::Ok:
        return &Tokens::ok;
    case Tone::Warn:
        return &Tokens::warn;
    case Tone::Bad:
        return &Tokens::bad;
    }
    return &Tokens::text2;
}

} // namespace

namespace client::widgets {

Banner::Banner(Tone tone, QWidget *parent)
    : QWidget{parent}
    , m_tone{tone}
    , m_text{new TextLabel{TextRole::ChipStrong, textOf(tone), this}}
    , m_action{new Button{ButtonKind::Quiet, QString{}, this}}
{
    auto *layout = new QHBoxLayout{this};
    layout->setContentsMargins(9, 0, 9, 0);
    layout->setSpacing(2);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] {
        setFixedHeight(Theme::current().px(34));
        update();
    });
    m_action->setTone(tone);
    connect(m_action, &QAbstractButton::clicked, this, &Banner::actionTriggered);
}

void Banner::setMessage(const QString &icon, const QString &text, const QString &action)
{
    const bool news = text != m_text->text();
    m_text->setIconName(icon);
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(text);
    if (!news)
        return;
    QAccessibleEvent announced{this, QAccessible::NameChanged};
    QAccessible::updateAccessibility(&announced);
}

void Banner::setTone(Tone tone)
{
    m_tone = tone;
    m_text->setColour(textOf(tone));
    m_action->setTone(tone);
    update();
}

void Banner::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    QPainter painter{this};
    auto edge = m_tone == Tone::Warn ? t.warnLine : toneText(t, m_tone);
    if (m_tone != Tone::Warn)
        edge.setAlphaF(.3F);
    fillRounded(painter, rect(), theme.px(radius::control), toneFill(t, m_tone), edge);
}

EmptyState::EmptyState(QWidget *parent)
    : QWidget{parent}
    , m_title{new TextLabel{TextRole::ThreadTitle, &Tokens::text1, this}}
    , m_text{new TextLabel{TextRole::Panel, &Tokens::text2, this}}
    , m_action{new Button{ButtonKind::Outline, QString{}, this}}
{
    m_title->setWrapping(true);
    m_text->setWrapping(true);
    m_title->setAlignment(Qt::AlignHCenter);
    m_text->setAlignment(Qt::AlignHCenter);
    auto *layout = new QVBoxLayout{this};
    layout->setContentsMargins(24, 0, 24, 24);
    layout->setSpacing(6);
    layout->addStretch(2);
    // Room for the icon, which is painted above the title.
    auto *room = new QSpacerItem{0, 0};
    layout->addItem(room);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addSpacing(10);
    layout->addWidget(m_action, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    Theme::current().follow(this, [this, layout, room] {
        room->changeSize(0, Theme::current().px(64));
        layout->invalidate();
        update();
    });
    connect(m_action, &QAbstractButton::clicked, this, &EmptyState::actionTriggered);
    setMessage({}, {}, {});
}

void EmptyState::setMessage(const QString &icon, const QString &title, const QString &text,
                            const QString &action)
{
    m_icon = icon;
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(title);
    setAccessibleDescription(text);
    update();
}

void EmptyState::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    QPainter painter{this};
    const int side = theme.px(48);
    const QRect disc{(width() - side) / 2, m_title->y() - side - theme.px(14), side, side};
    if (m_icon.isEmpty())
        return;
    fillRounded(painter, disc, theme.px(14), theme.tokens().sunken);
    paintIcon(painter, disc, m_icon, 22, theme.tokens().text3);
}

Skeleton::Skeleton(Shape shape, QWidget *parent) : QWidget{parent}, m_shape{shape}
{
    setAccessibleName(tr("Loading"));
    Theme::current().follow(this, [this] { update(); });
}

void Skeleton::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto fill = theme.tokens().sunken;
    QPainter painter{this};
    const auto block = [&](int x, int y, int w, int h, qreal corner) {
        const QRect at{theme.px(x), y + theme.px(h > 20 ? 0 : 2), theme.px(w), theme.px(h)};
        fillRounded(painter, QStyle::visualRect(layoutDirection(), rect(), at), corner, fill);
    };
    if (m_shape == Shape::Rows) {
        const int row = theme.px(height::rowComfortable);
        for (int i = 0; i * row < height(); ++i) {
            const int y = i * row + theme.px(12);
            block(20, y, 36, 36, theme.px(18));
            block(68, y, 90 + (i * 37) % 60, 10, 5);
            block(68, y + theme.px(20), 150 + (i * 53) % 80, 10, 5);
            block(68, y + theme.px(42), 110 + (i * 71) % 110, 10, 5);
        }
        return;
    }
    const int wide = qMin(width() - theme.px(120), theme.px(360));
    int y = theme.px(24);
    for (int i = 0; y < height(); ++i) {
        const int lines = 1 + (i * 7) % 3;
        const int tall = theme.px(20 + 21 * lines);
        const bool ours = i % 3 == 1;
        const int w = wide * (60 + (i * 23) % 40) / 100;
        const QRect bubble{ours ? width() - w - theme.px(24) : theme.px(64), y, w, tall};
        fillRounded(painter, QStyle::visualRect(layoutDirection(), rect(), bubble), theme.px(radius::bubble),
                    fill);
        y += tall + theme.px(24);
    }
}

} // namespace client::widgets
