#include "client/features/conversations/ui/outbox_view.h"

#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace client::conversations {

using widgets::Button;
using widgets::ButtonKind;
using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

class Card : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter{this};
        const auto &tokens = widgets::Theme::current().tokens();
        widgets::fillRounded(painter, rect(), 10, tokens.surface, tokens.borderDefault);
    }
};

TextLabel *addText(QVBoxLayout &column, const QString &text, TextRole role, QColor Tokens::*colour,
                   QWidget *parent)
{
    auto *label = new TextLabel{role, colour, parent};
    label->setText(text);
    label->setWrapping(true);
    column.addWidget(label);
    return label;
}

} // namespace

OutboxView::OutboxView(ProblemsModel &problems, QWidget *parent)
    : QWidget{parent}
    , m_problems{problems}
    , m_column{new QVBoxLayout{this}}
{
    setObjectName(QStringLiteral("outbox"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(10);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&problems, signal, this, &OutboxView::refresh);
    connect(&problems, &QAbstractItemModel::modelReset, this, &OutboxView::refresh);
    connect(&problems, &QAbstractItemModel::dataChanged, this, &OutboxView::refresh);
    refresh();
}

void OutboxView::setQueued(const QStringList &lines)
{
    if (lines == m_queued)
        return;
    m_queued = lines;
    refresh();
}

void OutboxView::refresh()
{
    while (auto *item = m_column->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater(); // the button that was pressed may be in it
        delete item;
    }
    if (m_problems.rowCount() == 0 && m_queued.isEmpty()) {
        auto *empty = new widgets::EmptyState{this};
        empty->setMessage(
            QStringLiteral("check-check"), tr("Everything is sent"),
            tr("What waits for a connection, or was refused by the server, would be listed here."));
        empty->setMinimumHeight(260);
        m_column->addWidget(empty);
    }
    if (m_problems.rowCount() > 0)
        addText(*m_column, tr("Refused by the server"), TextRole::RowTitle, &Tokens::text1, this);
    for (int i = 0; i < m_problems.rowCount(); ++i)
        m_column->addWidget(card(m_problems.entry(i)));
    if (!m_queued.isEmpty())
        addText(*m_column, tr("Waiting to be sent"), TextRole::RowTitle, &Tokens::text1, this);
    for (const auto &line : m_queued) {
        auto *label = addText(*m_column, line, TextRole::Panel, &Tokens::text2, this);
        label->setIconName(QStringLiteral("clock"));
    }
    m_column->addStretch(1);
}

QWidget *OutboxView::card(const ProblemsModel::Entry &entry)
{
    auto *card = new Card{this};
    card->setAccessibleName(tr("%1. %2").arg(entry.title, entry.reason));
    auto *column = new QVBoxLayout{card};
    column->setContentsMargins(16, 12, 12, 10);
    column->setSpacing(4);
    auto *title = addText(*column, entry.title, TextRole::RowTitle, &Tokens::text1, card);
    title->setIconName(QStringLiteral("triangle-alert"));
    addText(*column, entry.reason, TextRole::Panel, &Tokens::bad, card);
    if (!entry.content.isEmpty())
        addText(*column, entry.content, TextRole::Panel, &Tokens::text2, card);

    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->setContentsMargins(0, 6, 0, 0);
    const auto add = [&](ButtonKind kind, const QString &text, auto action) {
        auto *button = new Button{kind, text, card};
        button->setAccessibleDescription(entry.title);
        connect(button, &QAbstractButton::clicked, this, action);
        row->addWidget(button);
    };
    const auto mid = entry.mid;
    if (entry.canRetry)
        add(ButtonKind::Outline, tr("Try again"), [this, mid] { m_problems.retry(mid); });
    if (entry.canBecomeNote)
        add(ButtonKind::Quiet, tr("Keep as a note"), [this, mid] { m_problems.turnIntoNote(mid); });
    if (!entry.content.isEmpty())
        add(ButtonKind::Quiet, tr("Copy text"), [this, text = entry.content] {
            QGuiApplication::clipboard()->setText(text);
            Q_EMIT said(tr("Copied"));
        });
    if (!entry.conversation.isNull())
        add(ButtonKind::Quiet, tr("Open conversation"),
            [this, id = entry.conversation] { Q_EMIT conversationChosen(id); });
    add(ButtonKind::Quiet, tr("Dismiss"), [this, mid] { m_problems.discard(mid); });
    row->addStretch(1);
    column->addLayout(row);
    return card;
}

} // namespace client::conversations
