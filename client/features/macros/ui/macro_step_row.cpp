#include "client/features/macros/ui/macro_step_row.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/labels/logic/label_store.h"
#include "client/features/teams/logic/team_store.h"
#include "client/widgets/basic/buttons.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace client::macros {

using domain::MacroParam;

namespace {

using Choice = StepChoices::Choice;

QString actionText(std::string_view name)
{
    if (name == "send_message")
        return MacroStepRow::tr("Send a message");
    if (name == "add_private_note")
        return MacroStepRow::tr("Write a private note");
    if (name == "add_label")
        return MacroStepRow::tr("Add labels");
    if (name == "remove_label")
        return MacroStepRow::tr("Remove labels");
    if (name == "assign_agent")
        return MacroStepRow::tr("Assign to");
    if (name == "remove_assigned_agent")
        return MacroStepRow::tr("Unassign");
    if (name == "assign_team")
        return MacroStepRow::tr("Give to a team");
    if (name == "remove_assigned_team")
        return MacroStepRow::tr("Take from its team");
    if (name == "change_status")
        return MacroStepRow::tr("Set the status");
    if (name == "resolve_conversation")
        return MacroStepRow::tr("Resolve");
    if (name == "open_conversation")
        return MacroStepRow::tr("Open");
    if (name == "pending_conversation")
        return MacroStepRow::tr("Set pending");
    if (name == "snooze_conversation")
        return MacroStepRow::tr("Snooze until the next reply");
    return MacroStepRow::tr("Set the priority");
}

std::vector<Choice> statuses()
{
    using domain::ConversationStatus;
    std::vector<Choice> all;
    for (const auto status : {ConversationStatus::Open, ConversationStatus::Pending,
                              ConversationStatus::Snoozed, ConversationStatus::Resolved})
        all.push_back(
            {conversations::ConversationStore::statusText(status), std::string{domain::toText(status)}});
    return all;
}

std::vector<Choice> priorities()
{
    using domain::Priority;
    std::vector<Choice> all{{conversations::ConversationStore::priorityText(Priority::None), "nil"}};
    for (const auto priority : {Priority::Urgent, Priority::High, Priority::Medium, Priority::Low})
        all.push_back({conversations::ConversationStore::priorityText(priority),
                       std::string{domain::toText(priority)}});
    return all;
}

} // namespace

StepChoices StepChoices::of(const conversations::Stores &stores)
{
    StepChoices choices;
    choices.agents.push_back({MacroStepRow::tr("Whoever runs it"), std::string{domain::macroSelf}});
    for (const auto &user : stores.users.agents())
        choices.agents.push_back({QString::fromStdString(user.name), std::to_string(user.number)});
    for (const auto &team : stores.teams.all())
        choices.teams.push_back({QString::fromStdString(team.name), std::to_string(team.number)});
    for (const auto &label : stores.labels.all())
        choices.labels.push_back(label.title);
    return choices;
}

MacroStepRow::MacroStepRow(const StepChoices &choices, const domain::MacroStep &step, QWidget *parent)
    : QWidget{parent}
    , m_choices{choices}
    , m_action{new QComboBox{this}}
    , m_editors{new QStackedWidget{this}}
    , m_nothing{new QWidget{this}}
    , m_text{new QPlainTextEdit{this}}
    , m_labels{new QLineEdit{this}}
    , m_choice{new QComboBox{this}}
{
    build();
    set(step);
}

void MacroStepRow::build()
{
    auto *row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    auto *column = new QVBoxLayout;
    column->setSpacing(4);
    m_action->setObjectName(QStringLiteral("stepAction"));
    m_action->setAccessibleName(tr("What to do"));
    for (const auto &action : domain::macroActions())
        m_action->addItem(actionText(action.name),
                          QByteArray{action.name.data(), static_cast<qsizetype>(action.name.size())});
    m_text->setObjectName(QStringLiteral("stepText"));
    m_text->setAccessibleName(tr("Text"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(widgets::Theme::current().px(72));
    m_labels->setObjectName(QStringLiteral("stepLabels"));
    m_labels->setAccessibleName(tr("Labels"));
    m_labels->setPlaceholderText(tr("Labels, with commas between them"));
    QStringList titles;
    for (const auto &title : m_choices.labels)
        titles << QString::fromStdString(title);
    auto *completer = new QCompleter{titles, m_labels};
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_labels->setCompleter(completer);
    m_choice->setObjectName(QStringLiteral("stepChoice"));
    m_choice->setAccessibleName(tr("Which"));
    for (auto *editor : {m_nothing, static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_labels),
                         static_cast<QWidget *>(m_choice)})
        m_editors->addWidget(editor);
    column->addWidget(m_action);
    column->addWidget(m_editors);
    row->addLayout(column, 1);
    const auto add = [&](const QString &icon, const QString &name) {
        auto *button = new widgets::IconButton{icon, name, this};
        button->setExtent(28);
        row->addWidget(button, 0, Qt::AlignTop);
        return button;
    };
    connect(add(QStringLiteral("arrow-up"), tr("Earlier")), &QAbstractButton::clicked, this,
            [this] { Q_EMIT moveRequested(-1); });
    connect(add(QStringLiteral("arrow-down"), tr("Later")), &QAbstractButton::clicked, this,
            [this] { Q_EMIT moveRequested(1); });
    connect(add(QStringLiteral("x"), tr("Remove this step")), &QAbstractButton::clicked, this,
            &MacroStepRow::removeRequested);
    connect(m_action, &QComboBox::currentIndexChanged, this, &MacroStepRow::showEditor);
}

MacroParam MacroStepRow::param() const
{
    return domain::macroParam(m_action->currentData().toByteArray().toStdString()).value_or(MacroParam::None);
}

void MacroStepRow::fill(const std::vector<Choice> &choices)
{
    m_choice->clear();
    for (const auto &choice : choices)
        m_choice->addItem(choice.text, QByteArray::fromStdString(choice.param));
}

void MacroStepRow::showEditor()
{
    switch (param()) {
    case MacroParam::None:
        m_editors->setCurrentWidget(m_nothing);
        break;
    case MacroParam::Text:
        m_editors->setCurrentWidget(m_text);
        break;
    case MacroParam::Labels:
        m_editors->setCurrentWidget(m_labels);
        break;
    case MacroParam::Agent:
        fill(m_choices.agents);
        m_editors->setCurrentWidget(m_choice);
        break;
    case MacroParam::Team:
        fill(m_choices.teams);
        m_editors->setCurrentWidget(m_choice);
        break;
    case MacroParam::Status:
        fill(statuses());
        m_editors->setCurrentWidget(m_choice);
        break;
    case MacroParam::Priority:
        fill(priorities());
        m_editors->setCurrentWidget(m_choice);
        break;
    }
    auto *shown = m_editors->currentWidget();
    m_editors->setVisible(shown != m_nothing);
    m_editors->setFixedHeight(shown == m_text ? m_text->height() : shown->sizeHint().height());
}

void MacroStepRow::set(const domain::MacroStep &step)
{
    const auto at = m_action->findData(QByteArray::fromStdString(step.action));
    m_action->setCurrentIndex(qMax(0, at));
    showEditor();
    const auto only = step.params.empty() ? std::string{} : step.params.front();
    QStringList labels;
    for (const auto &param : step.params)
        labels << QString::fromStdString(param);
    if (param() == MacroParam::Text)
        m_text->setPlainText(QString::fromStdString(only));
    else if (param() == MacroParam::Labels)
        m_labels->setText(labels.join(QStringLiteral(", ")));
    else if (const auto row = m_choice->findData(QByteArray::fromStdString(only)); row >= 0)
        m_choice->setCurrentIndex(row);
}

domain::MacroStep MacroStepRow::step() const
{
    domain::MacroStep step{m_action->currentData().toByteArray().toStdString(), {}};
    switch (param()) {
    case MacroParam::None:
        break;
    case MacroParam::Text:
        step.params.push_back(m_text->toPlainText().toStdString());
        break;
    case MacroParam::Labels:
        for (const auto &title : m_labels->text().split(QLatin1Char{','}, Qt::SkipEmptyParts))
            if (!title.trimmed().isEmpty())
                step.params.push_back(title.trimmed().toStdString());
        break;
    default:
        if (m_choice->currentIndex() >= 0)
            step.params.push_back(m_choice->currentData().toByteArray().toStdString());
        break;
    }
    return step;
}

void MacroStepRow::focus()
{
    m_action->setFocus(Qt::OtherFocusReason);
}

void MacroStepRow::showMissing()
{
    const bool isMissing = (param() == MacroParam::Text && m_text->toPlainText().trimmed().isEmpty()) ||
                           (param() == MacroParam::Labels && step().params.empty());
    if (isMissing)
        m_editors->currentWidget()->setFocus(Qt::OtherFocusReason);
}

} // namespace client::macros
