#include "client/features/macros/ui/macros_view.h"

#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/card.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/text_label.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace client::macros {

using widgets::Button;
using widgets::ButtonKind;
using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

MacrosView::MacrosView(MacroStore &macros, QWidget *parent)
    : QWidget{parent}
    , m_macros{macros}
    , m_cards{new QVBoxLayout}
{
    setObjectName(QStringLiteral("macros"));
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto *intro = new TextLabel{TextRole::Panel, &Tokens::text2, this};
    intro->setText(tr("A macro does several things to a conversation at once: all of them, or none."));
    intro->setWrapping(true);
    column->addWidget(intro);
    m_cards->setSpacing(8);
    column->addLayout(m_cards);
    auto *fresh = new Button{ButtonKind::Outline, tr("New macro…"), this};
    fresh->setObjectName(QStringLiteral("newMacro"));
    fresh->setIconName(QStringLiteral("plus"));
    column->addWidget(fresh, 0, Qt::AlignLeading);
    connect(fresh, &QAbstractButton::clicked, this, [this] { Q_EMIT editRequested(m_macros.fresh()); });
    connect(&macros, &MacroStore::changed, this, &MacrosView::render);
    render();
}

void MacrosView::render()
{
    while (auto *item = m_cards->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // the button that was pressed may be in it
            item->widget()->setObjectName({});
        }
        delete item;
    }
    for (const auto &macro : m_macros.all())
        m_cards->addWidget(card(macro));
    if (!m_macros.all().empty())
        return;
    auto *empty = new widgets::EmptyState{this};
    empty->setMessage(QStringLiteral("zap"), tr("No macros yet"),
                      tr("For what you do again and again: label, assign, answer and resolve with one key."));
    empty->setMinimumHeight(220);
    m_cards->addWidget(empty);
}

QWidget *MacrosView::card(const domain::Macro &macro)
{
    const auto name = QString::fromStdString(macro.name);
    const auto what = m_macros.effects(macro);
    auto *card = new widgets::Card{this};
    card->setObjectName(QStringLiteral("macro:") + QString::fromStdString(macro.id.text()));
    card->setAccessibleName(tr("%1. %2").arg(name, what));
    auto *row = new QHBoxLayout{card};
    row->setContentsMargins(14, 10, 10, 10);
    row->setSpacing(8);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(2);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *title = new TextLabel{TextRole::RowStrong, &Tokens::text1, card};
    title->setText(name);
    head->addWidget(title);
    if (macro.isShared)
        head->addWidget(new widgets::Pill{
            {.text = tr("Shared"), .icon = QStringLiteral("users"), .tone = widgets::Tone::Neutral}, card});
    head->addStretch(1);
    lines->addLayout(head);
    auto *text = new TextLabel{TextRole::Secondary, &Tokens::text2, card};
    text->setText(what);
    text->setWrapping(true);
    lines->addWidget(text);
    row->addLayout(lines, 1);
    if (!m_macros.mayChange(macro))
        return card;
    auto *edit = new widgets::IconButton{QStringLiteral("pencil"), tr("Change %1").arg(name), card};
    edit->setObjectName(QStringLiteral("editMacro"));
    auto *remove = new widgets::IconButton{QStringLiteral("trash-2"), tr("Delete %1").arg(name), card};
    remove->setObjectName(QStringLiteral("removeMacro"));
    row->addWidget(edit, 0, Qt::AlignTop);
    row->addWidget(remove, 0, Qt::AlignTop);
    connect(edit, &QAbstractButton::clicked, this, [this, macro] { Q_EMIT editRequested(macro); });
    connect(remove, &QAbstractButton::clicked, this,
            [this, id = macro.id, name] { Q_EMIT removeRequested(id, name); });
    return card;
}

} // namespace client::macros
