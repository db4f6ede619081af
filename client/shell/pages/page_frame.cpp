#include "client/shell/pages/page_frame.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/theme/theme.h"

#include <QKeyEvent>
#include <QScrollArea>
#include <QVBoxLayout>

namespace client::shell {

PageFrame::PageFrame(const QString &title, QWidget *parent) : Surface{&widgets::Tokens::surface, parent}
{
    setAccessibleName(title);
    auto *outer = new QVBoxLayout{this};
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 12);
    head->setSpacing(8);
    auto *back = new widgets::IconButton{QStringLiteral("chevron-left"), tr("Back to the inbox"), this};
    back->setKeyHint(QStringLiteral("Esc"));
    auto *label = new widgets::TextLabel{widgets::TextRole::PaneTitle, &widgets::Tokens::text1, this};
    label->setText(title);
    head->addWidget(back);
    head->addWidget(label, 1);
    outer->addLayout(head);
    outer->addWidget(new widgets::Hairline{Qt::Horizontal, this});

    auto *area = new QScrollArea{this};
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setAccessibleName(title);
    auto *body = new Surface{&widgets::Tokens::surface, area};
    auto *row = new QHBoxLayout{body};
    row->setContentsMargins(24, 20, 24, 32);
    auto *holder = new QWidget{body};
    holder->setMaximumWidth(640);
    holder->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    row->addStretch(1);
    row->addWidget(holder, 100);
    row->addStretch(1);
    m_column = new QVBoxLayout{holder};
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(12);
    area->setWidget(body);
    new widgets::OverlayScrollBar{area};
    outer->addWidget(area, 1);
    connect(back, &QAbstractButton::clicked, this, &PageFrame::closed);
}

void PageFrame::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
        return;
    }
    Surface::keyPressEvent(event);
}

} // namespace client::shell
