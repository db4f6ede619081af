#include "client/widgets/house.h"

#include "client/widgets/accessibility.h"
#include "client/widgets/theme/house_style.h"

#include <QApplication>

namespace client::widgets {

House::House(QApplication &application) : m_application{application}, m_theme{application}
{
    installAccessibility();
    application.setStyle(new HouseStyle{m_theme});
}

House::~House()
{
    removeAccessibility();
    // The style refers to the theme; nothing may ask it any more.
    m_application.setStyle(QStringLiteral("Fusion"));
}

} // namespace client::widgets
