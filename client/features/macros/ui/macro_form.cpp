#include "client/features/macros/ui/macro_form.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace client::macros {

using widgets::Button;
using widgets::ButtonKind;
using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

constexpr int stepsHeight = 300;

} // namespace

MacroForm::MacroForm(MacroStore &macros, StepChoices choices, domain::Macro macro, QWidget *parent)
    : QWidget{parent}
    , m_macros{macros}
    , m_choices{std::move(choices)}
    , m_macro{std::move(macro)}
    , m_name{new QLineEdit{QString::fromStdString(m_macro.name), this}}
    , m_shared{new QCheckBox{tr("Shared with everybody"), this}}
    , m_steps{new QVBoxLayout}
    , m_error{new TextLabel{TextRole::Panel, &Tokens::bad, this}}
{
    setObjectName(QStringLiteral("macroForm"));
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_name->setObjectName(QStringLiteral("macroName"));
    m_name->setAccessibleName(tr("Name"));
    m_name->setPlaceholderText(tr("Name, as “Refund and resolve”"));
    m_name->setMaxLength(static_cast<int>(domain::maxMacroName));
    column->addWidget(m_name);
    m_shared->setObjectName(QStringLiteral("macroShared"));
    m_shared->setChecked(m_macro.isShared);
    m_shared->setVisible(macros.mayShare());
    column->addWidget(m_shared);

    auto *area = new QScrollArea{this};
    area->setAccessibleName(tr("Steps"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setMinimumHeight(stepsHeight);
    auto *inner = new widgets::Surface{&Tokens::raised, area};
    auto *list = new QVBoxLayout{inner};
    list->setContentsMargins(0, 0, 0, 0);
    m_steps->setSpacing(8);
    list->addLayout(m_steps);
    auto *more = new Button{ButtonKind::Quiet, tr("Add a step"), inner};
    more->setObjectName(QStringLiteral("addStep"));
    more->setIconName(QStringLiteral("plus"));
    list->addWidget(more, 0, Qt::AlignLeading);
    list->addStretch(1);
    area->setWidget(inner);
    column->addWidget(area, 1);
    connect(more, &QAbstractButton::clicked, this, [this] { addStep({"add_label", {}}, true); });
    // A step that was just added is to be seen.
    connect(area->verticalScrollBar(), &QScrollBar::rangeChanged, area,
            [area](int, int max) { area->verticalScrollBar()->setValue(max); });

    m_error->setObjectName(QStringLiteral("macroError"));
    m_error->setIconName(QStringLiteral("circle-alert"));
    m_error->setWrapping(true);
    m_error->hide();
    column->addWidget(m_error);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    auto *cancel = new Button{ButtonKind::Quiet, tr("Cancel"), this};
    auto *save = new Button{ButtonKind::Primary, tr("Save"), this};
    save->setObjectName(QStringLiteral("saveMacro"));
    row->addWidget(cancel);
    row->addWidget(save);
    column->addLayout(row);
    connect(cancel, &QAbstractButton::clicked, this, &MacroForm::cancelled);
    connect(save, &QAbstractButton::clicked, this, &MacroForm::save);
    for (const auto &step : m_macro.steps)
        addStep(step, false);
    if (m_macro.steps.empty())
        addStep({"add_label", {}}, false);
}

QWidget *MacroForm::firstField() const
{
    return m_name;
}

void MacroForm::addStep(const domain::MacroStep &step, bool isNew)
{
    if (m_rows.size() >= domain::maxMacroSteps)
        return;
    auto *row = new MacroStepRow{m_choices, step, this};
    m_steps->addWidget(row);
    m_rows.push_back(row);
    connect(row, &MacroStepRow::moveRequested, this, [this, row](int by) { moveStep(row, by); });
    connect(row, &MacroStepRow::removeRequested, this, [this, row] { removeStep(row); });
    if (isNew)
        row->focus();
}

void MacroForm::moveStep(MacroStepRow *row, int by)
{
    const auto at = std::find(m_rows.begin(), m_rows.end(), row);
    const auto to = (at - m_rows.begin()) + by;
    if (to < 0 || to >= static_cast<std::ptrdiff_t>(m_rows.size()))
        return;
    std::iter_swap(at, m_rows.begin() + to);
    m_steps->removeWidget(row);
    m_steps->insertWidget(static_cast<int>(to), row);
}

void MacroForm::removeStep(MacroStepRow *row)
{
    std::erase(m_rows, row);
    m_steps->removeWidget(row);
    row->hide();
    row->deleteLater();
}

void MacroForm::save()
{
    auto macro = m_macro;
    macro.name = m_name->text().toStdString();
    macro.isShared = m_shared->isChecked();
    macro.steps.clear();
    for (const auto *row : m_rows)
        macro.steps.push_back(row->step());
    m_macros.save(macro, [this, name = m_name->text().trimmed()](const base::Status &status) {
        if (status)
            Q_EMIT saved(name);
        else
            complain(status.error());
    });
}

void MacroForm::complain(const base::Error &error)
{
    const bool isName = error.detail == "name";
    m_error->setText(isName ? tr("A macro needs a name.")
                     : error.code == base::ErrorCode::Invalid
                         ? (m_rows.empty() ? tr("A macro needs a step.")
                                           : tr("A step is not complete: choose or write what it needs."))
                         : conversations::ConversationActions::explain(error.code));
    m_error->show();
    Q_EMIT grown();
    if (isName)
        return m_name->setFocus(Qt::OtherFocusReason);
    for (auto row = m_rows.rbegin(); row != m_rows.rend(); ++row)
        (*row)->showMissing(); // the first that lacks something has the focus at last
}

} // namespace client::macros
