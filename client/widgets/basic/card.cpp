#include "client/widgets/basic/card.h"

#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QPainter>

namespace client::widgets {

Card::Card(QWidget *parent) : QWidget{parent} {}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto &theme = Theme::current();
    fillRounded(painter, rect(), theme.px(10), theme.tokens().surface, theme.tokens().borderDefault);
}

} // namespace client::widgets
