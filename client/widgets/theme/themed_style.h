#pragma once

#include <QProxyStyle>

namespace client::widgets {

class Theme;

/// A style that knows the theme it paints with; through the application's one, everybody finds the theme.
class ThemedStyle : public QProxyStyle {
    Q_OBJECT

public:
    ThemedStyle(const QString &base, Theme &theme) : QProxyStyle{base}, m_theme{theme} {}

    Theme &theme() const { return m_theme; }

private:
    Theme &m_theme;
};

} // namespace client::widgets
