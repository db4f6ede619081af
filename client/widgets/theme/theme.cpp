#include "client/widgets/theme/theme.h"

#include "client/widgets/theme/font_set.h"
#include "client/widgets/theme/icon_cache.h"
#include "client/widgets/theme/shadow_cache.h"
#include "client/widgets/theme/system_appearance.h"
#include "client/widgets/theme/themed_style.h"

#include <QApplication>
#include <QIconEngine>
#include <QKeyEvent>
#include <QPainter>
#include <QPalette>
#include <QWidget>
#include <QtMath>

static void initWidgetResources()
{
    Q_INIT_RESOURCE(deskbell_widgets);
}

namespace {

using namespace client::widgets;

class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QString name, QColor Tokens::*colour) : m_name{std::move(name)}, m_colour{colour} {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const int side = qMin(rect.width(), rect.height());
        const QRect square{rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side,
                           side};
        painter->drawPixmap(square, icon(square.size(), mode, painter->device()->devicePixelRatioF()));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override { return icon(size, mode, 1); }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        return icon(size / scale, mode, scale);
    }

    QIconEngine *clone() const override { return new ThemedIconEngine{*this}; }

private:
    QPixmap icon(const QSize &size, QIcon::Mode mode, qreal ratio) const
    {
        const auto &theme = Theme::current();
        auto colour = theme.tokens().*m_colour;
        if (mode == QIcon::Disabled)
            colour.setAlphaF(.45F);
        return theme.icon(m_name, qMin(size.width(), size.height()), colour, ratio,
                          QGuiApplication::layoutDirection());
    }

    QString m_name;
    QColor Tokens::*m_colour;
};

QPalette paletteOf(const Tokens &t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.app);
    p.setColor(QPalette::WindowText, t.text1);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.hover);
    p.setColor(QPalette::Text, t.text1);
    p.setColor(QPalette::PlaceholderText, t.text3);
    p.setColor(QPalette::Button, t.raised);
    p.setColor(QPalette::ButtonText, t.text1);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::Highlight, t.accentFill);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::ToolTipBase, t.raised);
    p.setColor(QPalette::ToolTipText, t.text1);
    p.setColor(QPalette::Light, t.raised);
    p.setColor(QPalette::Midlight, t.hover);
    p.setColor(QPalette::Mid, t.borderDefault);
    p.setColor(QPalette::Dark, t.borderControl);
    p.setColor(QPalette::Shadow, t.shadow);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.text3);
    return p;
}

} // namespace

namespace client::widgets {

Theme::Theme(QApplication &application) : m_application{application}
{
    initWidgetResources();
    const bool darkAtStart = application.palette().color(QPalette::Window).lightness() < 128;
    m_fonts = std::make_unique<FontSet>();
    m_icons = std::make_unique<IconCache>();
    m_shadows = std::make_unique<ShadowCache>();
    m_system = std::make_unique<SystemAppearance>(darkAtStart);
    application.installEventFilter(this);
    connect(m_system.get(), &SystemAppearance::changed, this, [this] {
        if (m_mode == ThemeMode::System)
            apply();
    });
    apply();
}

Theme::~Theme() = default;

Theme &Theme::current()
{
    auto *style = qobject_cast<ThemedStyle *>(QApplication::style());
    if (!style)
        qFatal("house widgets need a House");
    return style->theme();
}

int Theme::px(double length) const
{
    return qRound(length * m_scale);
}

QFont Theme::font(TextRole role) const
{
    return m_fonts->font(role);
}

const QFontMetrics &Theme::metrics(TextRole role) const
{
    return m_fonts->metrics(role);
}

int Theme::lineHeight(TextRole role) const
{
    return px(textStyles[static_cast<std::size_t>(role)].line);
}

QPixmap Theme::icon(const QString &name, int size, const QColor &colour, qreal ratio,
                    Qt::LayoutDirection direction) const
{
    const bool mirrored = direction == Qt::RightToLeft && isDirectional(name);
    return m_icons->pixmap(name, size, colour, ratio, mirrored);
}

QIcon Theme::themedIcon(const QString &name, QColor Tokens::*colour) const
{
    return QIcon{new ThemedIconEngine{name, colour}};
}

void Theme::setMode(ThemeMode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    apply();
}

void Theme::setTextScale(double scale)
{
    const double allowed = qBound(.8, scale, 2.);
    if (qFuzzyCompare(allowed, m_scale))
        return;
    m_scale = allowed;
    apply();
}

void Theme::setReducedMotion(bool reduced)
{
    m_reducedMotion = reduced;
}

void Theme::apply()
{
    m_dark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_system->isDark());
    m_tokens = m_dark ? darkTokens() : lightTokens();
    m_fonts->setScale(m_scale);
    m_application.setPalette(paletteOf(m_tokens));
    m_application.setFont(font(TextRole::Panel));
    Q_EMIT changed();
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    const auto type = event->type();
    if (type == QEvent::KeyPress || type == QEvent::MouseButtonPress) {
        const bool keyboard = type == QEvent::KeyPress;
        if (keyboard != m_keyboardInUse) {
            m_keyboardInUse = keyboard;
            if (auto *focus = QApplication::focusWidget())
                focus->update();
        }
    }
    return QObject::eventFilter(watched, event);
}

QColor toneText(const Tokens &tokens, Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return tokens.text2;
    case Tone::Accent:
        return tokens.accent;
    case Tone::Ok:
        return tokens.ok;
    case Tone::Warn:
        return tokens.warn;
    case Tone::Bad:
        return tokens.bad;
    }
    return tokens.text2;
}

QColor toneFill(const Tokens &tokens, Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return tokens.sunken;
    case Tone::Accent:
        return tokens.accentSoft;
    case Tone::Ok:
        return tokens.okSoft;
    case Tone::Warn:
        return tokens.warnSoft;
    case Tone::Bad:
        return tokens.badSoft;
    }
    return tokens.sunken;
}

} // namespace client::widgets
