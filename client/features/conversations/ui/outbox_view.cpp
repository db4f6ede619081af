#include "client/features/conversations/ui/outbox_view.h"

#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/ui/problem_buttons.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/card.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QSaveFile>
#include <QVBoxLayout>

namespace client::conversations {

using widgets::Button;
using widgets::ButtonKind;
using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

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
    connect(&problems, &ProblemsModel::refused, this, &OutboxView::said);
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
        m_column->addWidget(heading());
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

QWidget *OutboxView::heading()
{
    auto *line = new QWidget{this};
    auto *row = new QHBoxLayout{line};
    row->setContentsMargins(0, 0, 0, 0);
    auto *title = new TextLabel{TextRole::RowTitle, &Tokens::text1, line};
    title->setText(tr("Needs your attention"));
    row->addWidget(title, 1);
    auto *save = new Button{ButtonKind::Quiet, tr("Export\u2026"), line};
    save->setObjectName(QStringLiteral("exportProblems"));
    connect(save, &QAbstractButton::clicked, this, &OutboxView::exportAll);
    row->addWidget(save);
    return line;
}

QWidget *OutboxView::card(const Problem &problem)
{
    auto *card = new widgets::Card{this};
    card->setObjectName(QStringLiteral("problem:") + QString::fromStdString(problem.mid.text()));
    card->setAccessibleName(tr("%1. %2").arg(problem.title, problem.reason));
    auto *column = new QVBoxLayout{card};
    column->setContentsMargins(16, 12, 12, 10);
    column->setSpacing(4);
    auto *title = addText(*column, problem.title, TextRole::RowTitle, &Tokens::text1, card);
    title->setIconName(problem.isHeld      ? QStringLiteral("hourglass")
                       : problem.isWaiting ? QStringLiteral("clock")
                                           : QStringLiteral("triangle-alert"));
    auto *reason = addText(*column, problem.reason, TextRole::Panel,
                           problem.isHeld || problem.isWaiting ? &Tokens::warn : &Tokens::bad, card);
    reason->setObjectName(QStringLiteral("reason"));
    if (!problem.now.isEmpty())
        addText(*column, problem.now, TextRole::Panel, &Tokens::text3, card);
    if (!problem.content.isEmpty())
        addText(*column, problem.content, TextRole::Panel, &Tokens::text1, card);
    for (const auto &file : problem.files)
        addText(*column, file, TextRole::Panel, &Tokens::text2, card)
            ->setIconName(QStringLiteral("paperclip"));
    const auto at = QDateTime::fromMSecsSinceEpoch(base::toMs(problem.at));
    addText(*column, tr("Written %1").arg(QLocale{}.toString(at, QLocale::ShortFormat)), TextRole::Secondary,
            &Tokens::text3, card);

    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->setContentsMargins(0, 6, 0, 0);
    for (const auto action : problem.actions) {
        const bool first = action == problem.actions.front();
        auto *button =
            new Button{first ? ButtonKind::Outline : ButtonKind::Quiet, buttonText(problem, action), card};
        button->setObjectName(QString::fromStdString(actionName(action)));
        button->setAccessibleDescription(problem.title);
        connect(button, &QAbstractButton::clicked, this, [this, problem, action] { act(problem, action); });
        row->addWidget(button);
    }
    row->addStretch(1);
    column->addLayout(row);
    return card;
}

void OutboxView::act(const Problem &problem, Problem::Action action)
{
    switch (action) {
    case Problem::Action::ShowBoth:
    case Problem::Action::Open:
        Q_EMIT conversationChosen(problem.conversation);
        return;
    case Problem::Action::EditAndSend:
        Q_EMIT editRequested(problem.conversation, domain::MessageId{problem.mid});
        return;
    case Problem::Action::CopyText:
        QGuiApplication::clipboard()->setText(problem.content);
        Q_EMIT said(tr("Copied"));
        return;
    default:
        m_problems.act(problem.mid, action);
    }
}

void OutboxView::exportAll()
{
    auto *dialog = new QFileDialog{this, tr("Export problems")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Text (*.txt)"), tr("JSON (*.json)")});
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    dialog->selectFile(QStringLiteral("deskbell-problems.txt"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const bool isJson = path.endsWith(QStringLiteral(".json"));
        const auto bytes =
            isJson ? problemsAsJson(m_problems.entries()) : problemsAsText(m_problems.entries()).toUtf8();
        QSaveFile file{path};
        const bool saved =
            file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
        Q_EMIT said(saved ? tr("Saved as %1").arg(QFileInfo{path}.fileName())
                          : tr("The file could not be saved there."));
    });
    dialog->open();
}

} // namespace client::conversations
