#pragma once

#include "client/widgets/tokens.h"

#include <QFont>
#include <QFontMetrics>
#include <QIcon>
#include <QObject>
#include <QPixmap>
#include <QString>

#include <memory>

class QApplication;
class QWidget;

namespace client::widgets {

class FontSet;
class IconCache;
class ShadowCache;
class SystemAppearance;

enum class ThemeMode { System, Light, Dark };

/// Colours, fonts, icons and sizes of the whole application; switches live.
///
/// A House makes it and installs what uses it; alone it sets palette and font of the application. GUI thread
/// only. Nothing fails: a missing font falls back to the system's, an unknown icon is an empty pixmap and a
/// line in the log.
class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(QApplication &application);
    ~Theme() override;

    /// The theme installed in the application's style. There must be one.
    static Theme &current();

    ThemeMode mode() const { return m_mode; }
    bool isDark() const { return m_dark; }
    const Tokens &tokens() const { return m_tokens; }
    /// 0.8 to 2.0.
    double textScale() const { return m_scale; }
    bool reducedMotion() const { return m_reducedMotion; }
    /// False after a mouse press: focus rings are for people who walk by keyboard.
    bool isKeyboardInUse() const { return m_keyboardInUse; }

    /// A length of the design at the current text scale.
    int px(double length) const;
    QFont font(TextRole role) const;
    const QFontMetrics &metrics(TextRole role) const;
    int lineHeight(TextRole role) const;

    /// An icon of resources/icons in one colour, for the given device pixel ratio. Cached.
    QPixmap icon(const QString &name, int size, const QColor &colour, qreal ratio,
                 Qt::LayoutDirection direction = Qt::LeftToRight) const;
    /// The same as a QIcon for menus and actions: follows the theme by itself.
    QIcon themedIcon(const QString &name, QColor Tokens::*colour = &Tokens::text2) const;
    /// A soft shadow for 9-slice drawing; see paint.h.
    const ShadowCache &shadows() const { return *m_shadows; }

    void setMode(ThemeMode mode);
    /// Clamped to 0.8-2.0.
    void setTextScale(double scale);
    void setReducedMotion(bool reduced);

    /// Calls `update` at once and after every change, as long as `context` lives.
    template <class Function>
    void follow(QObject *context, Function update)
    {
        update();
        connect(this, &Theme::changed, context, update);
    }

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void changed();

private:
    void apply();

    QApplication &m_application;
    std::unique_ptr<FontSet> m_fonts;
    std::unique_ptr<IconCache> m_icons;
    std::unique_ptr<ShadowCache> m_shadows;
    std::unique_ptr<SystemAppearance> m_system;
    Tokens m_tokens;
    ThemeMode m_mode = ThemeMode::System;
    double m_scale = 1;
    bool m_dark = false;
    bool m_reducedMotion = false;
    bool m_keyboardInUse = false;
};

/// What a colour says; always beside a word, a shape or an icon.
enum class Tone { Neutral, Accent, Ok, Warn, Bad };

QColor toneText(const Tokens &tokens, Tone tone);
QColor toneFill(const Tokens &tokens, Tone tone);

} // namespace client::widgets
