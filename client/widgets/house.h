#pragma once

#include "client/widgets/theme/theme.h"

namespace client::widgets {

/// Everything the house widgets need of an application: theme, style and accessibility.
///
/// Make one after the QApplication and keep it until the end; no house widget may be made before it.
class House {
public:
    explicit House(QApplication &application);
    ~House();
    House(const House &) = delete;
    House &operator=(const House &) = delete;

    [[nodiscard]] Theme &theme() { return m_theme; }

private:
    QApplication &m_application;
    Theme m_theme;
};

} // namespace client::widgets
