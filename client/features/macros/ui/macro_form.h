#pragma once

#include "client/features/macros/ui/macro_step_row.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace client::widgets {
class TextLabel;
}

namespace client::macros {

/// Name, sharing and steps of one macro. Saves it by itself.
class MacroForm : public QWidget {
    Q_OBJECT

public:
    MacroForm(MacroStore &macros, StepChoices choices, domain::Macro macro, QWidget *parent = nullptr);

    [[nodiscard]] QWidget *firstField() const;

Q_SIGNALS:
    void cancelled();
    /// Durable here, on its way to the server.
    void saved(const QString &name);
    /// Needs more or less room than before.
    void grown();

private:
    void addStep(const domain::MacroStep &step, bool isNew);
    void moveStep(MacroStepRow *row, int by);
    void removeStep(MacroStepRow *row);
    void save();
    void complain(const base::Error &error);

    MacroStore &m_macros;
    StepChoices m_choices;
    domain::Macro m_macro;
    QLineEdit *m_name;
    QCheckBox *m_shared;
    QVBoxLayout *m_steps;
    std::vector<MacroStepRow *> m_rows; ///< in order
    widgets::TextLabel *m_error;
};

} // namespace client::macros
