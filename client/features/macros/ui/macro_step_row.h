#pragma once

#include "client/features/macros/logic/macro_store.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;

namespace client::macros {

/// What a step can be given, as the account has it.
struct StepChoices {
    struct Choice {
        QString text;
        std::string param;
    };
    std::vector<Choice> agents;
    std::vector<Choice> teams;
    std::vector<std::string> labels;

    static StepChoices of(const conversations::Stores &stores);
};

/// One step of a macro while it is edited.
class MacroStepRow : public QWidget {
    Q_OBJECT

public:
    MacroStepRow(const StepChoices &choices, const domain::MacroStep &step, QWidget *parent = nullptr);

    [[nodiscard]] domain::MacroStep step() const;
    void focus();
    /// Moves the focus into what is still to be filled in, if anything is.
    void showMissing();

Q_SIGNALS:
    void moveRequested(int by);
    void removeRequested();

private:
    void build();
    void showEditor();
    void fill(const std::vector<StepChoices::Choice> &choices);
    void set(const domain::MacroStep &step);
    [[nodiscard]] domain::MacroParam param() const;

    const StepChoices m_choices;
    QComboBox *m_action;
    QStackedWidget *m_editors;
    QWidget *m_nothing;
    QPlainTextEdit *m_text;
    QLineEdit *m_labels;
    QComboBox *m_choice;
};

} // namespace client::macros
